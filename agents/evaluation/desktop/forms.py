"""The page of the browser: forms made for a task, which keep what is done to them where the stage can read it.

Nothing on the page says how well a task goes; a form only says that it was saved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

from agents.evaluation.desktop.evidence import FormState, Holds

FieldKind = Literal["text", "box", "choice", "button", "link"]

TITLE = "Desk"
PRESSED, OPENED, TICKED, CLEAR = "pressed", "opened", "yes", ""
"""Under which name a form keeps the button or link of its own that was used last; the values of a box."""

READ = "window.desk()"
"""The script that returns the state of the page."""


@dataclass(frozen=True)
class Field:
    """One control with its label; a `choice` has `options`, of which the first is chosen."""

    kind: FieldKind
    label: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A part of the page; with `save`, the words on its button, what it holds can be saved."""

    name: str
    heading: str
    fields: tuple[Field, ...]
    save: str = ""


def page_of(forms: Iterable[Form]) -> str:
    """The page as HTML; it loads nothing."""
    return _PAGE % {"title": TITLE, "forms": "\n".join(map(_form, forms))}


def state_of(told: Mapping[str, Mapping[str, Mapping[str, str] | None]]) -> Mapping[str, FormState]:
    """The state of the page as `READ` gave it."""
    return {name: FormState(form["now"] or {}, form["saved"]) for name, form in told.items()}


def saved(form: Form, values: Mapping[str, str]) -> Holds:
    """That the form was last saved with these values, by label, and everything else as it was to begin with."""
    wanted = {one.label: values.get(one.label, _beginning(one)) for one in form.fields}
    assert set(values) <= set(wanted), values
    return lambda seen: _state(seen.page(), form).saved == wanted


def filled(form: Form, label: str, value: str) -> Holds:
    """That a field of the form holds the value now."""
    return lambda seen: _state(seen.page(), form).now.get(label) == value


def used(form: Form, how: str, label: str) -> Holds:
    """That this button or link was the last to be used; `how` is `PRESSED` or `OPENED`."""
    return lambda seen: _state(seen.page(), form).now.get(how) == label


def ticked(form: Form, labels: Iterable[str]) -> Holds:
    """That exactly these boxes are ticked."""
    wanted = set(labels)
    boxes = [one.label for one in form.fields if one.kind == "box"]
    return lambda seen: {box for box in boxes if _state(seen.page(), form).now.get(box) == TICKED} == wanted


def _state(page: Mapping[str, FormState], form: Form) -> FormState:
    return page.get(form.name, FormState({}))


def _beginning(field: Field) -> str:
    return field.options[0] if field.options else CLEAR


def _form(form: Form) -> str:
    save = f"<p><button>{escape(form.save)}</button> <output></output></p>" if form.save else ""
    fields = "\n".join(map(_field, form.fields))
    return f'<form id="{escape(form.name)}"><h2>{escape(form.heading)}</h2>\n{fields}\n{save}</form>'


def _field(field: Field) -> str:
    label = escape(field.label)
    match field.kind:
        case "text":
            return f'<label>{label} <input data-label="{label}" autocomplete="off" spellcheck="false"></label>'
        case "box":
            return f'<label><input type="checkbox" data-label="{label}"> {label}</label>'
        case "choice":
            options = "".join(f"<option>{escape(option)}</option>" for option in field.options)
            return f'<label>{label} <select data-label="{label}">{options}</select></label>'
        case "button":
            return f'<button type="button">{label}</button>'
        case "link":
            return f'<a href="#">{label}</a>'


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>%(title)s</title>
<style>
body { font: 16px sans-serif; margin: 12px; column-width: 370px; column-gap: 20px }
form { break-inside: avoid; border: 1px solid #999; border-radius: 4px; padding: 4px 12px; margin-bottom: 12px }
h2 { font-size: 18px; margin: 4px 0 }
label { display: inline-block; margin: 3px 8px 3px 0 }
a { display: inline-block; margin: 3px 12px 3px 0 }
input, select, button { font: inherit }
</style></head><body>
%(forms)s
<script>
const kept = {}, last = {};
const value = (field) => field.type === 'checkbox' ? (field.checked ? 'yes' : '') : field.value;
const now = (form) => Object.fromEntries(
  [...form.querySelectorAll('[data-label]')].map((field) => [field.dataset.label, value(field)]));
for (const form of document.forms) {
  last[form.id] = {};
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    kept[form.id] = now(form);
    form.querySelector('output').textContent = 'Saved.';
  });
  for (const button of form.querySelectorAll('button[type=button]'))
    button.addEventListener('click', () => { last[form.id].pressed = button.textContent; });
  for (const link of form.querySelectorAll('a'))
    link.addEventListener('click', (event) => { event.preventDefault(); last[form.id].opened = link.textContent; });
}
window.desk = () => Object.fromEntries([...document.forms].map(
  (form) => [form.id, {now: {...now(form), ...last[form.id]}, saved: kept[form.id] || null}]));
</script></body></html>
"""
