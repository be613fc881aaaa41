"""What `workbench-cli models` says of a model that runs: checked, calibrated, asked."""

from collections.abc import Callable

from ui.cli.console import Console, one_line
from ui.orders.model_trials import Question, asked, calibrated, opened, report_text, shown


def check_model(name: str, console: Console) -> int:
    """Print what works and how fast; exit code 1 where something does not."""
    from msgspec.structs import replace

    from agents.runtime.checking import check

    with opened(name, console.say) as model:
        report = check(model, name)
    gpu = shown(report.gpu) if report.gpu else None
    report = replace(report, gpu=gpu, problems=tuple(map(one_line, report.problems)))
    console.data(report, report_text(report))
    return 0 if report.ok else 1


def calibrate_model(name: str, console: Console) -> int:
    """Find out how the model counts and keep that; exit code 1 where nothing explains its answers."""
    from agents.runtime.models.registry import Registry
    from agents.runtime.pointing.calibrating import table

    registry = Registry.usual()
    with opened(name, console.say) as model:
        found = calibrated(model, name, registry, _progress(console))
    profile, picture = found.profile, found.picture
    console.data({"profile": profile, "picture": str(picture)}, f"{table(profile)}\n\nhits and misses: {picture}")
    return 0 if profile.convention else 1


def try_model(name: str, question: Question, console: Console) -> int:
    """Ask, and print the answer alone as it comes."""
    with opened(name, console.say) as model:
        answer = asked(model, name, question, None if console.json else _printing(console))
    if console.json:
        console.data({"name": name, "answer": shown(answer.text), "finish": answer.finish, "timings": answer.timings})
    else:
        console.piece("\n")
    if answer.finish == "length":
        console.say(_cut_off(name, answer.timings.answer_tokens, question.max_tokens))
    return 0


def _cut_off(name: str, tokens: int, most: int) -> str:
    """Why an answer ended early, and what gives it more room."""
    if tokens >= most or not tokens:  # some servers do not count
        return f"the answer was cut off after {tokens} tokens; --max-tokens gives it more"
    return (
        f"the answer was cut off after {tokens} tokens: the context of “{name}” is full; "
        "ask for less, or add it again with more --context and --replace"
    )


def _printing(console: Console) -> Callable[[str], None]:
    return lambda piece: console.piece(shown(piece))


def _progress(console: Console) -> Callable[[int, int], None]:
    """Says every quarter of the way."""

    def tell(done: int, of: int) -> None:
        if done * 4 // of > (done - 1) * 4 // of:
            console.say(f"{done} of {of} questions answered")

    return tell
