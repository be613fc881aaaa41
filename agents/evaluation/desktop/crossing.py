"""Tasks that carry something from one application to another."""

from dataclasses import replace
from random import Random

from agents.evaluation.desktop import calculator, editor, pages
from agents.evaluation.desktop.deeds import Way, click, go_to, write
from agents.evaluation.desktop.forms import TITLE, Form
from agents.evaluation.desktop.problems import Problem, Task, goal, on_the_way, together
from agents.evaluation.desktop.words import FIRST_NAMES, GOODS, drawn

TO_EDITOR, TO_CALCULATOR = go_to(editor.APP), go_to(calculator.APP)
TO_PAGE = go_to("chromium", TITLE)


def _to_editor(random: Random) -> Problem:
    first, second = random.sample(range(12, 99), 2)
    text = f"{first}*{second}"
    product = calculator.value_of(text)
    return Problem(
        f"Work out {first} times {second} with the calculator, write the result into the empty document in the text "
        "editor and save it.",
        together((calculator.SETTING, editor.opened())),
        (*calculator.keyed(f"{text}="), TO_EDITOR, write(str(product)), *editor.SAVE),
        (
            on_the_way(f"the calculator shows {product}", calculator.displayed(str(product))),
            on_the_way("the result is written", editor.typed(str(product))),
            goal("it is saved", editor.in_file(str(product))),
        ),
    )


def _from_editor(random: Random) -> Problem:
    labels = ("Guest", "Room", "Nights", "Breakfast")
    values = dict(zip(labels, (random.choice(FIRST_NAMES), *_numbers(random, 2), "yes please"), strict=True))
    form = Form("stay", "Stay", pages.texts(*labels), "Save stay")
    text = "\n".join(f"{label}: {value}" for label, value in values.items())
    told = f'The document in the text editor describes a stay. Enter it on the page and press "{form.save}".'
    problem = pages.form_problem(form, values, told)
    setting = together((problem.setting, editor.opened(text)))
    return replace(problem, setting=setting, way=(TO_PAGE, *problem.way))


def _numbers(random: Random, count: int) -> list[str]:
    return [str(number) for number in random.sample(range(2, 99), count)]


def _to_page(random: Random) -> Problem:
    labels = drawn(random, GOODS, 3)
    sums = [f"{first}*{second}" for first, second in zip(_numbers(random, 3), _numbers(random, 3), strict=True)]
    form = Form("costs", "Costs", pages.texts(*labels), "Save costs")
    values = {label: str(calculator.value_of(text)) for label, text in zip(labels, sums, strict=True)}
    ways = [
        (TO_CALCULATOR, *calculator.keyed(f"{text}="), TO_PAGE, *pages.text_in(label, values[label]))
        for label, text in zip(labels, sums, strict=True)
    ]
    products = ", ".join(
        f"{text.replace('*', ' times ')} for {label}" for label, text in zip(labels, sums, strict=True)
    )
    told = f'Work out with the calculator: {products}. Enter the costs on the page and press "{form.save}".'
    way: Way = (*(deed for part in ways for deed in part), pages.save(form))
    return Problem(told, together((pages.setting(form), calculator.SETTING)), way, pages.kept(form, values))


def _report(random: Random) -> Problem:
    first, second = random.sample(range(1112, 9999), 2)
    total, last = str(first + second), str(random.randint(1, 9))
    form = Form("total", "Total", pages.texts("Total"), "Save total")
    way = (
        *calculator.keyed(f"{first}+{second}="),
        TO_EDITOR,
        write(f"total {total}"),
        *editor.SAVE,
        TO_PAGE,
        *pages.filling(form, {"Total": total}),
        TO_CALCULATOR,
        click("button", last),
    )
    told = (
        f"Add {first} and {second} with the calculator. Write the word total and the result into the empty document in "
        f'the text editor and save it. Enter the result on the page, too, and press "{form.save}". In the end have the '
        "calculator show 0 again."
    )
    nodes = (
        on_the_way(f"the calculator shows {total}", calculator.displayed(total)),
        goal("the result is saved in the document", editor.in_file(f"total {total}")),
        *pages.kept(form, {"Total": total}),
        goal(f"the calculator shows {last}", calculator.displayed(last)),
    )
    return Problem(told, together((pages.setting(form), editor.opened(), calculator.SETTING)), way, nodes)


TASKS = (
    Task("calculator-to-editor", 12, _to_editor),
    Task("editor-to-page", 12, _from_editor),
    Task("calculator-to-page", 20, _to_page),
    Task("calculator-to-both", 20, _report),
)
