"""The pages of the installed package `miniwob`: where they are, and which of them are tasks of the suite.

Only the package's HTML is used; its Python, which needs selenium and gymnasium, is never imported.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from workbench.errors import BadInputError, UnavailableError

VERSION = "1.1.0"
"""The release whose pages the list of tasks was made from."""

HOW_TO_GET = f"pip install --no-deps miniwob=={VERSION}"
"""Its dependencies are those of its Python, which nobody needs here."""

_ACCESSIBLE = """
    ascending-numbers book-flight book-flight-nodelay button-delay buy-ticket choose-date choose-date-easy
    choose-date-medium choose-date-nodelay choose-list click-button click-button-sequence click-checkboxes
    click-checkboxes-large click-checkboxes-soft click-checkboxes-transfer click-collapsible click-collapsible-2
    click-collapsible-2-nodelay click-collapsible-nodelay click-dialog click-dialog-2 click-link click-menu
    click-option click-pie click-pie-nodelay click-scroll-list click-tab click-tab-2 click-tab-2-easy
    click-tab-2-hard click-tab-2-medium click-test click-test-2 click-test-transfer click-widget copy-paste
    copy-paste-2 daily-calendar drag-items drag-items-grid drag-sort-numbers email-inbox-forward
    email-inbox-forward-nl email-inbox-forward-nl-turk email-inbox-reply enter-date enter-password enter-text
    enter-text-2 enter-text-dynamic enter-time find-word focus-text focus-text-2 form-sequence form-sequence-2
    form-sequence-3 generate-number guess-number highlight-text highlight-text-2 login-user login-user-popup
    multi-layouts multi-orderings navigate-tree odd-or-even phone-book read-table read-table-2 scroll-text
    scroll-text-2 search-engine sign-agreement simple-algebra simple-arithmetic stock-market terminal
    text-transform unicode-test use-autocomplete use-autocomplete-nodelay use-colorwheel use-slider use-slider-2
    use-spinner
"""
_DRAWN = """
    bisect-angle chase-circle circle-center click-color click-menu-2 click-shades click-shape count-shape
    count-sides drag-box drag-circle drag-cube drag-shapes drag-shapes-2 drag-single-shape draw-circle draw-line
    email-inbox email-inbox-delete email-inbox-important email-inbox-nl-turk email-inbox-noscroll
    email-inbox-star-reply find-greatest find-midpoint grid-coordinate hot-cold hover-shape identify-shape
    moving-items number-checkboxes order-food resize-textarea right-angle simon-says social-media
    social-media-all social-media-some text-editor tic-tac-toe use-colorwheel-2 visual-addition
"""

ACCESSIBLE = tuple(_ACCESSIBLE.split())
"""Tasks in which everything that is named or needed says so itself, to whoever asks the accessibility."""

DRAWN = tuple(_DRAWN.split())
"""Tasks that only a reader of the picture can do: drawn shapes, colours, icons without a name, games of skill."""


@dataclass(frozen=True)
class Pages:
    """The folder with the pages, one HTML file per task."""

    folder: Path

    @classmethod
    def installed(cls) -> "Pages":
        """Those of the installed package; raises `UnavailableError` where there is none."""
        found = find_spec("miniwob")
        places = found.submodule_search_locations if found else None
        folder = Path(next(iter(places))) / "html" / "miniwob" if places else None
        if folder is None or not folder.is_dir():
            raise UnavailableError(f"the pages of MiniWoB++ are not installed; get them with: {HOW_TO_GET}")
        return cls(folder)

    def page(self, task: str) -> str:
        """The address of the task's page; raises `BadInputError` where there is no such task."""
        if task not in (*ACCESSIBLE, *DRAWN) or not self.has(task):
            raise BadInputError(f"there is no task {task!r} in MiniWoB++; one that there is would be click-test")
        return self._path(task).as_uri()

    def has(self, task: str) -> bool:
        """Whether there is a page of that name."""
        return self._path(task).is_file()

    def _path(self, task: str) -> Path:
        return self.folder / f"{task}.html"
