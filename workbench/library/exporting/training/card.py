"""The data card of a set: what is in it, how it came about, what is not in it, and what its owner has yet to say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from workbench.actions import kind
from workbench.library.exporting.training.study import Example
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Trajectory

_SOURCES = {
    "human": "recorded while a person did the task",
    "agent": "made by a model with the workbench, a person approving where the settings asked for it",
    "import": "imported from a recording of another program",
}
_DECIDERS = {
    "human": "a person who was recorded",
    "agent": "a model",
    "person": "a person who put another step in the place of a model's",
    "import": "whoever made the imported recording",
}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))


@dataclass
class Tally:
    """What a card counts, as the set is written."""

    trajectories: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    deciders: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    def take(self, trajectory: Trajectory, examples: Sequence[Example], remarks: Sequence[Remark]) -> None:
        """Count a trajectory."""
        self.steps += len(trajectory.steps)
        self.trajectories[trajectory.source] += 1
        self.deciders.update(example.by for example in examples)
        self.kinds.update(kind(example.step.action) for example in examples)
        for remark in remarks:
            self.left_out[remark.what] += len(trajectory.steps) if remark.step == 0 else 1


def card(tally: Tally) -> str:
    """The card as Markdown, its header as YAML."""
    return f"---\n{_header(tally)}---\n\n{_body(tally)}"


def _header(tally: Tally) -> str:
    count = tally.rows.total()
    size = next((name for most, name in _SIZES if count < most), "100K<n<1M")
    lines = [
        f"pretty_name: {_quoted('Trajectories of work on a desktop')}",
        "task_categories:",
        "- image-text-to-text",
        "tags:",
        "- gui-agents",
        "- trajectories",
        "size_categories:",
        f"- {size}",
        "configs:",
        "- config_name: default",
        "  data_files:",
    ]
    for split in tally.rows:
        lines += [f"  - split: {split}", f"    path: {_quoted(f'{split}/**')}"]
    return "\n".join(lines) + "\n"


def _body(tally: Tally) -> str:
    parts = [
        "# Trajectories of work on a desktop",
        f"{_count(tally.rows.total(), 'state')} of {_count(tally.trajectories.total(), 'trajectory')}, each with its "
        "picture, the task, the steps before in words, and the action that was taken.",
        "## What is inside",
        _list(f"`{split}`: {count} rows" for split, count in tally.rows.items()),
        "A row of `metadata.jsonl` has",
        _list(_FIELDS),
        "Actions by kind:",
        _list(f"`{name}`: {count}" for name, count in tally.kinds.most_common()),
        "## How it was recorded",
        _list(
            f"{_count(count, 'trajectory')} {_SOURCES[source]}" for source, count in tally.trajectories.most_common()
        ),
        "Who decided on the actions:",
        _list(f"{_count(count, 'action')} by {_DECIDERS[by]}" for by, count in tally.deciders.most_common()),
        "Pictures are of the whole desktop, without loss, from right before the action. All trajectories are on one "
        "side of the split as a whole, chosen by their ids.",
        "## What was masked and left out",
        "Password fields, excluded applications and regions that somebody made unreadable are covered in the pictures. "
        "Secrets were never recorded. Steps of which privacy left something out, or which type secrets, are not in "
        "the set; in the steps before they appear as “a step that is kept back for privacy”. Where `▇▇▇` stands in a "
        "text, somebody had it masked on export, and covered in the pictures.",
        f"Of {tally.steps} steps there are no rows for",
        _list(f"{count}: {why}" for why, count in tally.left_out.most_common()) or "- none",
        "Notes are no actions and have no rows either.",
        "## Loading",
        '```python\nfrom datasets import load_dataset\n\nload_dataset("imagefolder", data_dir="THIS FOLDER")\n```',
        "## Licence and consent",
        "No licence was chosen. Whoever publishes this has to choose one, and to make sure that everybody whose work "
        "or data can be seen has agreed.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_FIELDS = (
    "`file_name`: the picture; `id`, `trajectory`, `step`: where it is from, the step counted from 1",
    "`title`, `task`, `history`: what was asked, and the steps before, one on each line",
    "`thought`, `action`, `answer`: what was thought, if anybody said; the action as JSON, with `at` and `to` in "
    "thousandths of the picture's width and height; and both as a model would say them",
    "`by`: who decided; `app`, `window`: where it went; `width`, `height`: of the picture, in pixels",
)


def _count(number: int, noun: str) -> str:
    plural = f"{noun.removesuffix('y')}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
