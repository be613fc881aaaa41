"""The page around what it shows: one file that loads nothing and runs nothing but the few lines of its own."""

import base64
import hashlib

from workbench.report.dress import SCRIPT, STYLE
from workbench.report.markup import Html, tag


def sheet(title: str, *content: object, more_style: str = "") -> str:
    """A whole HTML page with the look of the reports; the element with the id `steps` is its main part.

    Its content policy forbids it to load anything but pictures that are inside. `more_style` is added to the style.
    """
    body = tag(
        "body",
        tag("a", "Skip to the steps", href="#steps", class_="skip"),
        *content,
        tag("script", Html(SCRIPT)),
    )
    return "<!DOCTYPE html>\n" + tag("html", _head(title, STYLE + more_style), body, lang="en")


def footer() -> Html:
    """How the page is used, in a line."""
    return tag(
        "footer", tag("p", "Left and right arrow keys go from step to step; a picture opens when it is clicked.")
    )


def _head(title: str, style: str) -> Html:
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Html(style)),
    )


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode("ascii")
