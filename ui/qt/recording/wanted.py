"""What a person may want done with a recording under review."""

from dataclasses import dataclass

from workbench.geometry import Rect


@dataclass(frozen=True)
class Keep:
    """Keep it under this title and task, and show it if `then_open`."""

    title: str
    task: str
    then_open: bool


@dataclass(frozen=True)
class Discard:
    """Delete all of it."""


@dataclass(frozen=True)
class DeleteStep:
    """Leave a step out."""

    step_id: str


@dataclass(frozen=True)
class ForgetStep:
    """Purge a step with its events and pictures."""

    step_id: str


@dataclass(frozen=True)
class Undo:
    """Bring the step back that was left out last."""


@dataclass(frozen=True)
class HideTyped:
    """Purge what a step typed; it types the secret of that name instead."""

    step_id: str
    name: str


@dataclass(frozen=True)
class RemoveText:
    """Purge a text."""

    text: str


@dataclass(frozen=True)
class Cover:
    """Paint over a part of the desktop in the pictures of one step, or in all where `step_id` is empty."""

    area: Rect
    step_id: str


Wanted = Keep | Discard | DeleteStep | ForgetStep | Undo | HideTyped | RemoveText | Cover
