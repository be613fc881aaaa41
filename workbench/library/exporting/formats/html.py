"""One HTML file that shows every step with its picture: it opens anywhere, offline, and needs nothing beside it.

The page has the look of the run reports and runs nothing but their few lines of script. It is for eyes: it holds the
head's words, places and pictures, not what `PICTURED_ONLY` lists.
"""

from pathlib import Path

from workbench.library.exporting.material import Material
from workbench.library.importing.drafts import Remark

TITLE = "page with pictures"
SUFFIX = ".html"
SEVERAL = False
USES_RUNS = False

PICTURED_ONLY = ("raw events", "revisions", "crops and texts of witnesses", "timing of single steps", "windows' bounds")
"""What the page does not hold; it cannot be read back."""


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the page and tell of the steps without a picture; see `material.Writer`."""
    from workbench.library.exporting.page import page
    from workbench.report.album import Album

    (trajectory,) = material.trajectories
    made = page(trajectory, Album(material.picture), told=material.told)
    path.write_bytes(made.html.encode("utf-8", "replace"))
    return made.remarks
