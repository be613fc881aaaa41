"""Server-sent events: how a server streams an answer (WHATWG HTML, section 9.2). Pure; only the data is kept."""

from collections.abc import Iterable, Iterator

from agents.runtime.ports import ModelError

LONGEST_LINE_BYTES = 4 * 1024**2


def events(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event; lines end with LF or CRLF, wherever the chunks are cut.

    An event that no empty line ends is left out, unless the stream ends behind it. Raises `ModelError` where a line
    never ends.
    """
    data: list[bytes] = []
    for line in _lines(chunks):
        if not line and data:
            yield b"\n".join(data)
            data = []
        elif line.startswith(b"data:"):
            data.append(line.removeprefix(b"data:").removeprefix(b" "))
    if data:
        yield b"\n".join(data)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = bytearray()
    for chunk in chunks:
        searched = len(rest)
        rest += chunk
        while (end := rest.find(b"\n", searched)) >= 0:
            yield bytes(rest[:end]).removesuffix(b"\r")
            del rest[: end + 1]
            searched = 0
        if len(rest) > LONGEST_LINE_BYTES:
            raise ModelError(f"the server sent a line of more than {LONGEST_LINE_BYTES // 1024**2} MiB")
    if rest:
        yield bytes(rest).removesuffix(b"\r")
