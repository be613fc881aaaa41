"""A task is split where one instruction ends and the next begins, never within quotation marks, and nothing is lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.planning.clauses import clauses, split
from agents.planning.imperatives import ANDS, COMMANDS, ORDER_WORDS, PLACE_WORDS


@pytest.mark.parametrize(
    ("task", "wanted"),
    [
        ("open the menu, then click Save", ("open the menu", "click Save")),
        ("open the menu then click Save", ("open the menu", "click Save")),
        ("Type Bob; click Save", ("Type Bob", "click Save")),
        ("Type Bob\nclick Save\n", ("Type Bob", "click Save")),
        ("1. open x 2. click y 3. save", ("open x", "click y", "save")),
        ("1) open x\n2) click y\n- be done", ("open x", "click y", "be done")),
        ("First open it, second click Save, finally close it.", ("open it", "click Save", "close it.")),
        ("type Bob and press Enter", ("type Bob", "press Enter")),
        ("Type Bob. After that, save the file. Close it", ("Type Bob", "save the file", "Close it")),
        ("Öffne die Datei, dann drücke F5 und schließe sie", ("Öffne die Datei", "drücke F5", "schließe sie")),
        ("Ouvrez le menu puis cliquez sur OK, enfin fermez", ("Ouvrez le menu", "cliquez sur OK", "fermez")),
        ("Abre el menú, luego haz clic en OK y cierra todo", ("Abre el menú", "haz clic en OK", "cierra todo")),
        ("Apri il menu, poi clicca OK e chiudi tutto", ("Apri il menu", "clicca OK", "chiudi tutto")),
        ("Abra o menu, depois clique em OK e feche tudo", ("Abra o menu", "clique em OK", "feche tudo")),
    ],
)
def test_instructions_are_told_apart(task, wanted):
    assert clauses(task) == wanted


@pytest.mark.parametrize(
    "task",
    [
        "click Save and close",
        "use the find and replace dialog",
        "add Bob, Eve and Mallory",
        "search for black and white photos",
        "wait since then",
        "if a dialog appears, then click OK",
        "después de abrir el menú",
        "type 3. June as the date",
        "go to the next page",
        "put Bob into the First name",
        'type "open it, then close it; done"',
        "compute 7 + 8",
    ],
)
def test_what_is_one_instruction_stays_in_one_piece(task):
    assert clauses(task) == (task,)


def test_behind_a_condition_the_second_joint_splits():
    assert clauses("if it asks, then click OK and then close it") == ("if it asks, then click OK", "close it")


@pytest.mark.parametrize("task", ["", "   ", "\n"])
def test_a_task_that_says_nothing_has_no_instructions(task):
    assert clauses(task) == ()


PIECES = st.sampled_from(
    [
        *sorted(COMMANDS)[::37],
        *ORDER_WORDS[::3],
        *PLACE_WORDS[::3],
        *ANDS,
        *("if", "wenn", "file", "Save", "first", "it", ",", ";", ".", "\n", "1.", "2.", "3)", "-", "*"),
        *('"', "'", "“", "”", "„", "«", "»", "…", "é", "7", "+"),
    ]
)
TASKS = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", " ", "  "]))).map(
    lambda parts: "".join(word + space for word, space in parts)
)


@given(TASKS | st.text())
@example("abra and , abra")
def test_joints_and_words_are_the_task_again(task):
    found = split(task)
    assert "".join(clause.joint + clause.words for clause in found) == task.strip()
    assert all(clause.words == clause.words.strip() and clause.words for clause in found)


QUOTED = st.sampled_from(['"{}"', "“{}”", "„{}“", "«{}»"]).flatmap(
    lambda marks: st.sampled_from(["a, then open it", "x; y", "1. a 2. b", "and close the window", "a\nb"]).map(
        marks.format
    )
)


@given(st.lists(QUOTED, min_size=1, max_size=4), st.lists(st.sampled_from(["type", "then", ", and click", ";", "\n"])))
def test_a_quotation_stays_whole(quotes, between):
    joints = [*between, *["and click"] * len(quotes)]
    task = "type " + " ".join(part for pair in zip(quotes, joints, strict=False) for part in pair) + " x"
    whole = clauses(task)
    for quote in quotes:
        assert any(quote in clause for clause in whole), (quote, whole)
