"""Files of lines that a recorder wrote until it died: the last line may be torn."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from workbench.errors import BadInputError
from workbench.library.importing.source import decoded

if TYPE_CHECKING:
    from workbench.library.importing.source import Source
    from workbench.library.importing.tape import Losses

T = TypeVar("T")


def json_lines(source: "Source", kind: type[T], name: str, losses: "Losses") -> Iterator[tuple[int, T]]:
    """The values of a file with one in each line, with line numbers from 1.

    A last line that cannot be read is left out and counted; any other raises `BadInputError`.
    """
    torn: BadInputError | None = None
    for number, line in source.lines(name):
        if not line.strip():
            continue
        if torn is not None:
            raise torn
        try:
            found = decoded(line, kind, what=f"{source.path / name} line {number}")
        except BadInputError as error:
            torn = error
        else:
            yield number, found
    if torn is not None:
        losses.add(f"the last line of {name or source.name} is torn and was left out")
