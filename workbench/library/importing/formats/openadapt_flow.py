"""What openadapt-flow keeps: recordings of what was done, and bundles of steps that were compiled from them."""

from collections.abc import Iterator
from functools import partial

import msgspec

from workbench.errors import BadInputError
from workbench.library.importing import openadapt_flow_bundle, openadapt_flow_recording
from workbench.library.importing.drafts import Item
from workbench.library.importing.openadapt_flow_parts import KINDS
from workbench.library.importing.source import Source

TITLE = "openadapt-flow"

START_BYTES = 64 * 1024


class _Head(msgspec.Struct):
    """What the first line of a recording has at least."""

    kind: str
    t: float


def recognises(source: Source) -> bool:
    """A folder with a recording or a bundle in it."""
    return source.is_folder and (_is_recording(source) or _is_bundle(source))


def items(source: Source) -> Iterator[Item]:
    """The folder is one; a bundle beside a recording comes second."""
    recording, bundle = _is_recording(source), _is_bundle(source)
    if recording or (not bundle and source.has(openadapt_flow_recording.EVENTS)):
        yield Item(source.name, partial(openadapt_flow_recording.read, source))
    elif not bundle and not source.has(openadapt_flow_bundle.WORKFLOW):
        raise BadInputError(f"{source.path} has neither a recording nor a bundle of openadapt-flow; name its folder")
    if bundle or (not recording and source.has(openadapt_flow_bundle.WORKFLOW)):
        yield Item(source.name, partial(openadapt_flow_bundle.read, source))


def _is_recording(source: Source) -> bool:
    first = source.start(openadapt_flow_recording.EVENTS, count=START_BYTES).lstrip().partition(b"\n")[0]
    try:
        source.json(openadapt_flow_recording.Meta, openadapt_flow_recording.META, limit=START_BYTES)
        return msgspec.json.decode(first, type=_Head, strict=False).kind in KINDS
    except (BadInputError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


def _is_bundle(source: Source) -> bool:
    start = source.start(openadapt_flow_bundle.WORKFLOW, count=START_BYTES)
    return all(field in start for field in (b'"schema_version"', b'"recording_id"', b'"steps"'))
