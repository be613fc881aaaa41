"""What evaluations on desktops came to, as tables and sentences for a terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ui.cli.tables import table

if TYPE_CHECKING:
    from agents.evaluation.harness.comparing import Comparison, Difference
    from agents.evaluation.harness.summary import Row, Total
    from agents.evaluation.intervals import Interval

MOST_PASSES = (1, 2, 3, 5, 10)
"""The k of which pass@k is shown, where there are as many episodes of each task."""


def rows_table(rows: "Sequence[Row]", totals: "Sequence[Total]") -> str:
    """A line for each task: with one condition all that is known, with several the successes of each, numbered."""
    if len(totals) == 1:
        heads = ("TASK", "EPISODES", "SUCCESS", "REWARD", "NODES", "STEPS", "TOKENS", "SECONDS", "ASKED")
        return table(heads, (_row(row) for row in rows))
    tasks = dict.fromkeys(row.task for row in rows)
    numbers = (f"({number})" for number in range(1, len(totals) + 1))
    return table(("TASK", *numbers), ((task, *_cells(task, rows, totals)) for task in tasks))


def totals_table(totals: "Sequence[Total]") -> str:
    """A line for each condition, with 95 % intervals in brackets."""
    passes = [str(k) for k in MOST_PASSES if k > 1 and all(str(k) in total.pass_at for total in totals)]
    heads = ("CONDITION", "TASKS", "EPISODES", "SUCCESS", *(f"PASS@{k}" for k in passes))
    costs = ("NODES", "STEPS", "TOKENS", "SECONDS", "ASKED")
    return table((*heads, *costs), (_total(number, total, passes) for number, total in enumerate(totals, 1)))


def conclusions(compared: "Sequence[Comparison]") -> Iterator[str]:
    """What one side gains over the other, in a line for each comparison."""
    for one in compared:
        success = one.differences["success"]
        costs = [
            f"{name} {_grew(one.differences[name])}"
            for name in ("steps", "tokens", "seconds")
            if name in one.differences
        ]
        yield (
            f"{_sides(one)}: success {success.grew * 100:+.0f} points{_points(success.grew_95)} "
            f"in {one.pairs} episodes ({one.better} better, {one.worse} worse, sign test p = {one.sign_p:.2g}); "
            f"{', '.join(costs)}"
        )


def _sides(one: "Comparison") -> str:
    return one.after if one.before == one.after else f"{one.after}, against {one.before}"


def changed_table(one: "Comparison") -> str:
    """The tasks that went otherwise; empty where none did."""
    lines = ((each.task, f"{each.before}/{each.episodes}", f"{each.after}/{each.episodes}") for each in one.changed)
    return table(("TASK", "BEFORE", "AFTER"), lines) if one.changed else ""


def _row(row: "Row") -> tuple[str, ...]:
    return (
        row.task,
        f"{row.episodes}",
        f"{row.success:.0%}",
        f"{row.reward:.2f}",
        _share(row.completion),
        f"{row.steps:.1f}",
        _whole(row.tokens),
        f"{row.seconds:.1f}",
        f"{row.asked:.1f}",
    )


def _cells(task: str, rows: "Sequence[Row]", totals: "Sequence[Total]") -> Iterator[str]:
    for total in totals:
        found = next((row for row in rows if row.task == task and _same(row, total)), None)
        yield f"{round(found.success * found.episodes)}/{found.episodes}" if found else "-"


def _same(row: "Row", total: "Total") -> bool:
    condition = total.condition
    own = (row.exemplars, row.lend, row.workflows, row.memory, row.hints)
    return own == (condition.exemplars, condition.lend, condition.workflows, condition.memory, condition.hints)


def _total(number: int, total: "Total", passes: Sequence[str]) -> tuple[str, ...]:
    return (
        f"({number}) {total.name}",
        f"{total.tasks}",
        f"{total.episodes}",
        f"{total.success:.0%} [{total.success_95.low:.0%}, {total.success_95.high:.0%}]",
        *(f"{total.pass_at[k]:.0%}" for k in passes),
        _share(total.completion),
        f"{total.steps:.1f}{_within(total.steps_95, 1)}",
        f"{_whole(total.tokens)}{_within(total.tokens_95, 0)}",
        f"{total.seconds:.1f}{_within(total.seconds_95, 1)}",
        f"{total.asked:.1f}",
    )


def _grew(difference: "Difference") -> str:
    within = difference.grew_95
    return f"{difference.grew:+.1f}" + (f" [{within.low:+.1f}, {within.high:+.1f}]" if within else "")


def _points(within: "Interval | None") -> str:
    return f" [{within.low * 100:+.0f}, {within.high * 100:+.0f}]" if within else ""


def _within(interval: "Interval | None", digits: int) -> str:
    return f" [{interval.low:.{digits}f}, {interval.high:.{digits}f}]" if interval else ""


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _whole(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
