"""HTML and SVG built from values, so that nothing foreign can ever become markup."""

import html

from workbench.report.words import is_shown


class Html(str):
    """Text that is HTML already; every other string is escaped where it is put into a tag."""

    __slots__ = ()


_EMPTY = frozenset({"meta", "br", "hr", "img"})


def text(value: object) -> Html:
    """The value as HTML text: escaped, and without characters that nobody can see or that turn the line around."""
    if isinstance(value, Html):
        return value
    kept = "".join(c for c in str(value) if c in "\n\t" or is_shown(c))
    return Html(html.escape(kept, quote=True))


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """One element with its children; those that are None or empty are left out.

    Attributes: a trailing underscore is dropped and others become hyphens (`class_`, `aria_label`), None and False
    leave the attribute out, True gives it without a value.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in _EMPTY:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{joined(*children)}</{name}>")


def joined(*children: object) -> Html:
    """Several pieces one after the other."""
    return Html("".join(text(child) for child in children if child is not None))


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f" {name}" if value else ""
    shown = f"{value:g}" if isinstance(value, float) else value
    return f' {name}="{text(shown)}"'
