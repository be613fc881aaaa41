"""An application's name as prompts tell it: a program names itself, so that its name is text like any other."""

import re

from agents.screen.listing import cut

LONGEST_APP = 40
"""In characters."""

_NAME = re.compile(r"[\w.+#-]+")


def app_words(app: str) -> str:
    """The name without anything but letters, digits and the signs of file names; on one line and not long.

    It stands outside quotation marks in the element list, where sentences would read like ours.
    """
    return cut(" ".join(_NAME.findall(app)), LONGEST_APP)
