"""What cua records, in its three layouts: the agent kit's trajectories, `cua do` sessions, and cua-driver's turns."""

from collections.abc import Iterator
from functools import partial

from workbench.errors import BadInputError
from workbench.library.importing import cua_agent, cua_driver
from workbench.library.importing.drafts import Item
from workbench.library.importing.source import Source

TITLE = "cua"

_LAYOUTS = (
    (cua_agent.is_trajectory, cua_agent.read_trajectory),
    (cua_agent.is_session, cua_agent.read_session),
    (cua_driver.is_recording, cua_driver.read_recording),
)


def recognises(source: Source) -> bool:
    """Whether the folder is in one of the layouts."""
    return source.is_folder and any(is_one(source) for is_one, _ in _LAYOUTS)


def items(source: Source) -> Iterator[Item]:
    """The one in the folder."""
    for is_one, read in _LAYOUTS:
        if is_one(source):
            yield Item(source.name, partial(read, source))
            return
    raise BadInputError(f"{source.path} is in none of cua's layouts; name the folder with the turns")
