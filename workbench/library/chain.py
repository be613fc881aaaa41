"""The chain that binds the events of a run to their order: nothing can be changed, left out or added unnoticed.

Each event's body (its JSON) is sealed: its payload digest is SHA-256 of a random salt and the body. Each link is
SHA-256 of the link before it, the event's position and its payload digest. So the chain needs the payload digests and
not the bodies: when content is purged, body and salt go, the payload digest stays, and without the salt it proves no
guess of what was removed. What is left of a purged event is sealed anew, and an `EventsPurged` at the end of the chain
vouches for it.

This finds damage and changes by hand; it is no proof against somebody who makes the whole chain anew.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from workbench.codec import from_json
from workbench.errors import BadInputError
from workbench.events import Event, EventsPurged

SALT_BYTES = 16


@dataclass(frozen=True)
class Sealed:
    """What a body was sealed with: salt and payload digest in hexadecimal."""

    salt: str
    payload: str


@dataclass(frozen=True)
class Link:
    """One stored event; `position` counts from 1, `payload` is the digest of the body that was first written."""

    position: int
    body: str
    salt: str
    payload: str
    digest: str


@dataclass(frozen=True)
class Flaw:
    """What is wrong with the event at that position."""

    position: int
    what: str


def seal(body: str) -> Sealed:
    """A body with a fresh salt."""
    salt = secrets.token_hex(SALT_BYTES)
    return Sealed(salt, payload_of(salt, body))


def payload_of(salt: str, body: str) -> str:
    """The payload digest of a body with its salt."""
    return sha256(f"{salt}\n{body}".encode()).hexdigest()


def link(previous: str, position: int, payload: str) -> str:
    """The digest of a link; `previous` is that of the one before, empty for the first."""
    return sha256(f"{previous}\n{position}\n{payload}".encode()).hexdigest()


def decode(body: str) -> Event:
    """One stored event; raises `BadInputError` when it is damaged."""
    event: Event = from_json(body, Event, what="an event of a run")  # type: ignore[arg-type]  # a union is no type[T]
    return event


def flaws(links: Sequence[Link], last: str) -> Iterator[Flaw]:
    """Everything that is wrong with a chain, in order; `last` is the digest at which it has to end."""
    previous, expected, number = "", 1, 0
    vouched = _vouched(links)
    for one in links:
        if one.position > expected:
            yield Flaw(expected, _missing(expected, one.position - 1))
        elif one.digest != link(previous, one.position, one.payload):
            yield Flaw(one.position, "it does not belong behind the event before it")
        if payload_of(one.salt, one.body) != vouched.get(one.position, one.payload):
            yield Flaw(one.position, "it was changed after it was written")
        said = _number(one)
        if isinstance(said, str):
            yield Flaw(one.position, said)
        elif said:
            if said <= number:
                yield Flaw(one.position, f"it says that it is number {said}, after number {number}")
            number = said
        previous, expected = one.digest, one.position + 1
    if previous != last:
        yield Flaw(expected, "the log ends too early: the events from here on are missing")


def _missing(first: int, last: int) -> str:
    return "it is missing" if first == last else f"it and the events up to {last} are missing"


def _number(one: Link) -> int | str:
    """The number that the event gives itself, 0 for none; words where it cannot be read."""
    try:
        return decode(one.body).number
    except BadInputError as error:
        return str(error)


def _vouched(links: Sequence[Link]) -> Mapping[int, str]:
    """The payload digest of what is left of each purged event, by position."""
    found: dict[int, str] = {}
    for one in links:
        if '"events-purged"' not in one.body or payload_of(one.salt, one.body) != one.payload:
            continue
        event = decode(one.body)
        if isinstance(event, EventsPurged):
            found |= dict(zip(event.events, event.payloads, strict=False))
    return found
