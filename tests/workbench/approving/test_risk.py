"""What a step could cost, rule by rule and language by language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.actions import Action, Call, Click, Drag, Hover, Note, PressKeys, Scroll, TypeText
from workbench.approval import RISKS, Risk
from workbench.approving.risk import Scene, assess, named_risk
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, Step, Target

BOX = Rect(0, 0, 10, 10)


def element(name: str, role: str = "push button", *, password: bool = False) -> Element:
    return Element("app", "window", role, name, BOX, password=password)


def step(action: Action, name: str | None = None, **more: str) -> Step:
    target = Target(Point(5, 5), element=element(name)) if name is not None else None
    return Step("s", action, target=target, **more)


def risk(action: Action, name: str | None = None, *, scene: Scene | None = None) -> Risk:
    return assess(step(action, name), scene or Scene()).risk


@pytest.mark.parametrize(
    "name",
    [
        "Delete",
        "Löschen",
        "Endgültig löschen",
        "Supprimer",
        "Eliminar",
        "Elimina",
        "Excluir",
        "Borrar",
        "Cancella definitivamente",
        "Pay now",
        "Bezahlen",
        "Payer",
        "Pagar",
        "Paga",
        "Nicht speichern",
        "Ne pas enregistrer",
        "Don’t Save",
        "Não guardar",
    ],
)
def test_a_button_that_destroys_or_pays_is_irreversible_in_every_language(name: str) -> None:
    assert risk(Click(), name) == "irreversible"
    assert named_risk(step(Click(), name)).risk == "irreversible"


@pytest.mark.parametrize(
    "name",
    [
        "Send",
        "Log in",
        "Absenden",
        "Senden",
        "Anmelden",
        "Envoyer",
        "Se connecter",
        "Enviar",
        "Invia",
        "Accedi",
        "Submeter",
    ],
)
def test_a_button_that_sends_or_logs_in_leaves_the_machine_in_every_language(name: str) -> None:
    assert risk(Click(), name) == "leaves-machine"
    assert named_risk(step(Click(), name)).risk == "leaves-machine"


@pytest.mark.parametrize("name", ["Sender", "Bold", "7", "Payload", "Undelete", "Abbrechen", "Copy", "Reordering", ""])
def test_words_count_only_when_they_stand_whole(name: str) -> None:
    assert risk(Click(), name) == "reversible"


@pytest.mark.parametrize("action", [Hover(), Scroll(dy=1), Note("delete all")])
def test_looking_scrolling_and_noting_change_nothing(action: Action) -> None:
    assert risk(action, "Delete") == "harmless"


def test_a_secret_leaves_the_machine_and_is_misplaced_outside_a_password_field() -> None:
    secret = step(TypeText(secret="mail"))
    field, plain = element("Password", "password text", password=True), element("Search", "entry")
    assert assess(secret, Scene(element=field)).risk == "leaves-machine"
    assert not assess(secret, Scene(element=field)).misplaced
    assert assess(secret, Scene(element=plain)).misplaced
    assert assess(secret, Scene()).misplaced


def test_what_stands_at_the_place_today_counts_even_if_the_recording_called_it_otherwise() -> None:
    assert risk(Click(), "Next", scene=Scene(element=element("Delete account"))) == "irreversible"


@pytest.mark.parametrize("title", ["Delete 14 files?", "14 Dateien löschen?", "Supprimer ?"])
def test_agreeing_to_a_dialog_costs_what_its_title_asks(title: str) -> None:
    assert risk(Click(), "OK", scene=Scene(title=title)) == "irreversible"
    assert risk(PressKeys(("Return",)), scene=Scene(title=title)) == "irreversible"
    assert risk(Click(), "Cancel", scene=Scene(title=title)) == "reversible"


def test_replacing_loses_a_file_on_saving_and_nothing_in_a_search() -> None:
    assert risk(Click(), "Replace", scene=Scene(title="Save As")) == "irreversible"
    assert risk(Click(), "Ersetzen", scene=Scene(title="Speichern unter")) == "irreversible"
    assert risk(Click(), "Replace", scene=Scene(title="Find and Replace")) == "reversible"


@pytest.mark.parametrize("keys", [("ctrl", "Return"), ("ctrl", "s"), ("ctrl", "KP_Enter"), ("alt", "s")])
def test_sending_keys_leave_the_machine_in_mail_windows_only(keys: tuple[str, ...]) -> None:
    assert risk(PressKeys(keys), scene=Scene("thunderbird", "Write: Hello")) == "leaves-machine"
    assert risk(PressKeys(keys), scene=Scene("firefox", "Neue Nachricht – Posteingang")) == "leaves-machine"
    assert risk(PressKeys(keys), scene=Scene("mousepad", "notes.txt")) == "reversible"


def test_enter_sends_in_a_chat_also_at_the_end_of_a_text() -> None:
    chat = Scene("slack", "general")
    assert risk(PressKeys(("Return",)), scene=chat) == "leaves-machine"
    assert risk(TypeText("hello\n"), scene=chat) == "leaves-machine"
    assert risk(TypeText("hello"), scene=chat) == "reversible"


def test_enter_in_a_form_costs_what_its_buttons_cost() -> None:
    assert risk(PressKeys(("Return",)), scene=Scene(buttons=("Cancel", "Submit"))) == "leaves-machine"
    assert risk(TypeText("Ada\n"), scene=Scene(buttons=("Delete all",))) == "irreversible"
    assert risk(PressKeys(("Tab",)), scene=Scene(buttons=("Submit",))) == "reversible"
    assert risk(PressKeys(("Return",)), scene=Scene(buttons=("Bold", "Italic"))) == "reversible"


@pytest.mark.parametrize(
    "title", ["*notes.txt - Mousepad", "notes.txt* - Kate", "● main.py", "letter [modified]", "Brief (geändert)"]
)
def test_closing_a_window_with_unsaved_changes_is_irreversible(title: str) -> None:
    for keys in (("alt", "F4"), ("ctrl", "w"), ("ctrl", "q")):
        assert risk(PressKeys(keys), scene=Scene(title=title)) == "irreversible"
    assert risk(Click(), "Close", scene=Scene(title=title)) == "irreversible"
    assert risk(Click(), "Schließen", scene=Scene(title=title)) == "irreversible"
    assert risk(Click(), "Close", scene=Scene(title="notes.txt - Mousepad")) == "reversible"
    assert risk(Click(), "Bold", scene=Scene(title=title)) == "reversible"


def test_commands_typed_into_a_terminal_cost_what_they_do() -> None:
    for scene in (Scene("xterm", "bash"), Scene("code", "main.py", element("", "terminal"))):
        assert risk(TypeText("rm -rf notes\n"), scene=scene) == "irreversible"
        assert risk(TypeText("curl example.org"), scene=scene) == "leaves-machine"
        assert risk(TypeText("ls -l\n"), scene=scene) == "reversible"
    assert risk(TypeText("rm -rf notes\n"), scene=Scene("mousepad", "notes")) == "reversible"


def test_enter_in_a_terminal_costs_what_stands_on_its_line() -> None:
    assert risk(PressKeys(("Return",)), scene=Scene("xterm", line="ada@pc:~$ sudo reboot")) == "irreversible"
    assert risk(PressKeys(("Return",)), scene=Scene("xterm", line="ada@pc:~$ ls")) == "reversible"


def test_the_planner_s_own_words_speak_where_the_target_has_no_name() -> None:
    assert risk(Click(), "", scene=Scene(said="I click the bin to delete the file")) == "irreversible"
    assert risk(Click(), "Bold", scene=Scene(said="so that I can send it later")) == "reversible"
    assert assess(step(Click(), "Go", description="send the letter"), Scene()).risk == "leaves-machine"


def test_where_a_drag_ends_counts() -> None:
    dropped = Step("s", Drag(), destination=Target(Point(1, 1), element=element("Upload here")))
    assert assess(dropped, Scene()).risk == "leaves-machine"
    assert risk(Drag(), "file") == "reversible"


def test_a_reviewed_recording_is_judged_by_the_names_in_it_alone() -> None:
    assert named_risk(step(PressKeys(("Delete",)))).risk == "irreversible"
    assert named_risk(step(PressKeys(("Return",)), "Name")).risk == "reversible"
    assert named_risk(step(Call("send the report"))).risk == "reversible"
    assert named_risk(step(Drag())).risk == "harmless"


@given(
    st.sampled_from([Click(), PressKeys(("Return",)), TypeText("a\n"), Drag(), Hover(), TypeText(secret="s")]),
    st.text(max_size=20),
    st.builds(
        Scene, st.text(max_size=12), st.text(max_size=30), st.none(), st.tuples(st.text(max_size=9)), said=st.text()
    ),
)
def test_no_surroundings_make_a_step_cheaper_than_it_is_alone(action: Action, name: str, scene: Scene) -> None:
    alone = step(action, name)
    assert RISKS.index(assess(alone, scene).risk) >= RISKS.index(named_risk(alone).risk)
