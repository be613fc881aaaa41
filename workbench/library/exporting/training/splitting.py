"""Which trajectories are for training and which for testing: by their ids alone, so that it never changes."""

import hashlib
from collections.abc import Iterable
from typing import Literal

from workbench.errors import BadInputError

Split = Literal["train", "test"]

SPLITS: tuple[Split, ...] = ("train", "test")

_OUT_OF = 2**64


def split_of(trajectory_id: str, test_share: float) -> Split:
    """Where a trajectory belongs when that share of all of them, 0 to below 1, is for testing.

    A trajectory that is for testing stays so when the share grows. Raises `BadInputError` for any other share.
    """
    if not 0 <= test_share < 1:
        raise BadInputError(f"{test_share} is no share for testing; choose one from 0 to below 1, such as 0.1")
    number = int.from_bytes(hashlib.sha256(trajectory_id.encode()).digest()[:8])
    return "test" if number < test_share * _OUT_OF else "train"


def common_split(trajectory_ids: Iterable[str], test_share: float) -> Split | None:
    """Where something belongs that was made from several trajectories; None where they are on different sides."""
    sides = {split_of(one, test_share) for one in trajectory_ids}
    return sides.pop() if len(sides) == 1 else None
