"""Trajectories of cua: what its agent kit saves turn by turn, and the sessions of its command line.

Both keep the calls of a model that uses a computer, with places in pixels of the screenshot; they differ in the files
around them. A screenshot shows the desktop after the call of its turn, so it is what the next call sees. Screenshots
with a cross drawn into them are passed over.
"""

import re
from collections.abc import Iterator
from itertools import chain

import msgspec
from msgspec import Raw, Struct, field

from workbench.actions import Finish
from workbench.errors import BadInputError
from workbench.library.importing.assembling import Assembly, called
from workbench.library.importing.collecting import title_of
from workbench.library.importing.cua_calls import Call, Calls
from workbench.library.importing.drafts import Draft
from workbench.library.importing.pictures import Pictures
from workbench.library.importing.source import Source, decoded

METADATA = "metadata.json"

_TURN = re.compile(r"turn_\d{3,}")
_NUMBERED = re.compile(r"(\d{4,})_(.+)\.(json|png)")
_UUID_EPOCH = 0x01B21DD213814000
"""Steps of 100 ns from the reform of the calendar in 1582 to 1970, as UUIDs count them."""


class _Part(Struct):
    text: str | None = None


class _Output(Struct):
    type: str = ""
    content: list[_Part] | str | None = None
    summary: list[_Part] | None = None
    action: Call | None = None


class _Response(Struct):
    output: list[_Output] = field(default_factory=list)
    created_at: float | None = None


class _AgentResponse(Struct):
    response: _Response = field(default_factory=_Response)


class _Item(Struct):
    type: str = ""
    action: Call | None = None
    name: str = ""
    arguments: str | None = None


class _Result(Struct):
    item: _Item = field(default_factory=_Item)
    created_at: str | int | None = None


class _Keywords(Struct):
    messages: Raw = field(default_factory=Raw)


class _Metadata(Struct):
    trajectory_id: str
    created_at: str | int | None = None
    completed_at: str | int | None = None
    status: str | None = None
    kwargs: _Keywords = field(default_factory=_Keywords)


class _Message(Struct):
    role: str | None = None
    content: str | list[_Part] | None = None


def is_trajectory(source: Source) -> bool:
    """Whether the folder is what the agent kit's callback saves."""
    return source.has(METADATA) and b'"trajectory_id"' in source.start(METADATA) and any(_turns(source))


def is_session(source: Source) -> bool:
    """Whether the folder is a session of the command line: every turn has its one call."""
    first = next(_turns(source), None)
    return first is not None and b'"computer_call"' in source.start(_call_file(first))


def read_trajectory(source: Source, pictures: Pictures) -> Draft:
    """One run of the agent kit; its artifacts are numbered through all turns."""
    metadata = source.json(_Metadata, METADATA)
    task, made = _task(metadata.kwargs.messages), Assembly()
    made.told(_since_1582(metadata.created_at))
    calls, last_words = Calls(made), ""
    for name, kind in _artifacts(source):
        if kind == "agent_response":
            last_words = _take_response(source, name, calls)
        elif kind.endswith("_result"):
            _take_result(source, name, calls)
            last_words = ""
        elif "action" not in kind:
            calls.see(pictures.file(source, name))
        else:
            made.remark_once("pictures with a cross drawn into them were passed over")
    calls.end()
    if metadata.status == "completed" and last_words:
        calls.put(Finish(last_words))
    elif metadata.status != "completed":
        made.remark_once("the run was not completed")
    made.told(_since_1582(metadata.completed_at))
    return made.draft(title_of(task, source.name), task=task)


def read_session(source: Source, pictures: Pictures) -> Draft:
    """One session of `cua do`: a call in each turn, and mostly a screenshot after it."""
    made = Assembly()
    calls = Calls(made)
    for turn in _turns(source):
        answer = source.json(_AgentResponse, _call_file(turn)).response
        calls.at(answer.created_at)
        for output in answer.output:
            if output.action:
                calls.take(output.action)
        if source.has(f"{turn}/screenshot.png"):
            calls.see(pictures.file(source, f"{turn}/screenshot.png"))
    calls.end()
    return made.draft(source.name)


def _turns(source: Source) -> Iterator[str]:
    return (name for name in source.folders("turn_*") if _TURN.fullmatch(name))


def _call_file(turn: str) -> str:
    return f"{turn}/{turn}_agent_response.json"


_ORDER = {"agent_response": 0, "computer_call_result": 1, "function_call_result": 1}
"""Within a turn a call comes before its picture, whichever was saved first; other files say nothing new."""


_Artifact = tuple[int, int, str, str]
"""When it comes in its turn, its number, its name, and its kind without number and ending."""


def _artifacts(source: Source) -> Iterator[tuple[str, str]]:
    """What is read of each turn, in its order: name, and kind without number and ending."""
    for turn in _turns(source):
        found = [
            (order, int(match[1][:12]), f"{turn}/{name}", match[2])
            for name in source.child(turn).files()
            if (match := _NUMBERED.fullmatch(name)) and (order := _order(match[2], match[3])) is not None
        ]
        yield from ((name, kind) for *_, name, kind in _paired(sorted(found)))


def _paired(found: list[_Artifact]) -> list[_Artifact]:
    """The artifacts of a turn, which are sorted; of several calls with as many pictures each has its own after it."""
    calls = [one for one in found if one[0] == 1]
    shots = [one for one in found if one[0] == 2 and "action" not in one[3]]
    if len(calls) < 2 or len(calls) != len(shots):
        return found
    others = [one for one in found if one not in calls and one not in shots]
    return [*others, *chain.from_iterable(zip(calls, shots, strict=True))]


def _order(kind: str, ending: str) -> int | None:
    if ending == "png":
        return 2 if kind.startswith("screenshot") else None
    return _ORDER.get(kind)


def _take_result(source: Source, name: str, calls: Calls) -> None:
    found = source.json(_Result, name)
    calls.at(_since_1582(found.created_at))
    item = found.item
    if item.action:
        calls.take(item.action)
    elif item.arguments is not None:
        call = _function_call(item.arguments)
        if call is None:
            calls.made.remark(f"the call of {called(item.name)} was dropped: it is none of the computer")
        else:
            calls.take(call)


def _function_call(arguments: str) -> Call | None:
    """A call of the computer that came as a function with JSON for arguments."""
    try:
        call = msgspec.json.decode(arguments, type=Call, strict=False)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return call if call.type or call.action else None


def _take_response(source: Source, name: str, calls: Calls) -> str:
    """What the agent said; its thoughts go to the next call."""
    output = source.json(_AgentResponse, name).response.output
    calls.think("\n".join(filter(None, (_words(part.summary) for part in output if part.type == "reasoning"))))
    said = "\n".join(filter(None, (_words(part.content) for part in output if part.type == "message")))
    if any(part.type.endswith("_call") for part in output):
        calls.think(said)
        return ""
    return said


def _words(content: list[_Part] | str | None) -> str:
    if isinstance(content, str):
        return content.strip()
    return "\n".join(part.text.strip() for part in content or () if part.text and part.text.strip())


def _task(messages: Raw) -> str:
    """What the person asked last, which is what the run is about."""
    if not bytes(messages):
        return ""
    try:
        found = decoded(bytes(messages), str | list[_Message] | None, what=METADATA)  # type: ignore[arg-type]  # a union is a type to msgspec
    except BadInputError:
        return ""
    if isinstance(found, str):
        return found.strip()
    return next((_words(message.content) for message in reversed(found or ()) if message.role == "user"), "")


def _since_1582(ticks: str | int | None) -> float | None:
    """Seconds since 1970 for the time of a UUID."""
    try:
        return (int(str(ticks)[:24]) - _UUID_EPOCH) / 1e7 if ticks is not None else None
    except ValueError:
        return None
