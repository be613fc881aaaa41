"""One step of a run as a section of the report: sentence, pictures, facts and what every witness said."""

from collections.abc import Callable

from workbench.actions import TypeText
from workbench.locate.verdict import Cause, Verdict, Vote
from workbench.report.album import Album
from workbench.report.lending import loan_line
from workbench.report.markup import Html, tag
from workbench.report.panels import figures, halted, points_of
from workbench.report.story import StepStory
from workbench.report.views import WITNESS_NAMES
from workbench.report.words import caption, duration, quoted, sentence, tidy

STATUS_NAMES = {
    "done": "done",
    "failed": "failed",
    "skipped": "skipped",
    "repaired": "repaired",
    "would-do": "would do",
}

CAUSES: dict[Cause, str] = {
    "wrong-application": "another application stands there",
    "wrong-window": "another window stands there",
    "renamed": "something of another name or role stands there",
    "missing": "it is nowhere to be seen",
    "ambiguous": "two places look alike",
    "disagreement": "the witnesses name different places",
    "disabled": "it is there but cannot be used",
    "weak": "one witness alone is not sure enough",
    "covered": "another window lies over it",
    "no-witness": "the recording has nothing but a point",
    "unsteady": "it does not stand still",
}

_ANSWERS = {"found": "found it", "absent": "not there", "blind": "cannot see", "veto": "objects"}


def section(story: StepStory, album: Album, called: Callable[[str], str] = str) -> Html:
    """The whole step; its id is `step-N`. `called` tells what people call something that was lent."""
    number = story.index
    return tag(
        "article",
        tag(
            "header",
            tag("span", number, class_="number", aria_hidden="true"),
            tag("h2", tag("span", f"Step {number}: ", class_="aside"), sentence(caption(story.step))),
            chip(story),
        ),
        _trouble(story),
        tag("div", *figures(story, album), class_="pictures"),
        _facts(story),
        _loans(story, called),
        _witnesses(story),
        id=f"step-{number}",
        class_=f"step {story.status}",
        tabindex="-1",
    )


def chip(story: StepStory) -> Html:
    """The step's status as a word in its colour."""
    proven = story.ended is not None and story.ended.verified is True and story.status != "failed"
    word = STATUS_NAMES[story.status] + (" and verified" if proven else "")
    return tag("span", word, class_=f"chip {story.status}")


def _trouble(story: StepStory) -> Html | None:
    differed = story.ended.differed if story.ended else ()
    if not story.message and not differed:
        return None
    cause = story.located.verdict.cause if story.located and halted(story) else ""
    explained = f"Why it stopped: {CAUSES[cause]}." if cause else ""
    more = [line for line in differed if tidy(line, 500) not in story.message]
    return tag(
        "div",
        tag("p", sentence(tidy(story.message, 500)), class_="message") if story.message else None,
        tag("p", explained) if explained else None,
        tag("ul", *[tag("li", tidy(line, 500)) for line in more]) if more else None,
        class_="trouble" if story.status == "failed" else "remark",
    )


def _facts(story: StepStory) -> Html:
    facts = [
        ("Acted at", _acted(story)),
        ("Typed", _typed(story)),
        ("Approved by", _approved(story)),
        ("Verified by", _verified(story)),
        ("Time", _timing(story)),
        ("Why", tidy(story.proposed.why, 500)),
        ("Left out for privacy", tidy(story.step.masked, 500)),
    ]
    return tag("dl", *[tag("div", tag("dt", name), tag("dd", value)) for name, value in facts if value], class_="facts")


def _acted(story: StepStory) -> str:
    if not points_of(story) or story.located is None:
        return ""
    verdict = story.located.verdict
    places = " to ".join(f"{point.x}, {point.y}" for point in points_of(story))
    named = ", ".join(WITNESS_NAMES[name] for name in verdict.located_by)
    return f"{places}" + (f", found by {named}" if named else "") + f", confidence {verdict.confidence:.0%}"


def _typed(story: StepStory) -> str | Html:
    action, target = story.step.action, story.step.target
    if not isinstance(action, TypeText):
        return ""
    if action.secret is not None:
        return tag("span", f"secret {quoted(action.secret)}", class_="secret")
    field = (target.element if target else None) or story.step.observation.focused
    return tag("span", "hidden", class_="secret") if field and field.password else tag("pre", action.text)


def _approved(story: StepStory) -> str:
    decision = story.decision
    if decision is None:
        return ""
    who = "a person" if decision.by == "person" else "the policy"
    word = {"approve": who, "modify": f"{who}, with a change"}.get(decision.word, f"nobody: {who} said {decision.word}")
    return f"{word} ({tidy(decision.reason, 200)})" if decision.reason else word


def _verified(story: StepStory) -> str:
    ended = story.ended
    if ended is None or ended.verified is None or halted(story):
        return ""
    return tidy(ended.verified_by, 200) or "what followed" if ended.verified else "nothing: it did not come about"


def _timing(story: StepStory) -> str:
    parts = [f"located in {duration(story.located.elapsed_ms)}"] if story.located else []
    if story.ended:
        waited = story.ended.waited_ms
        parts += [f"waited {duration(waited)}"] if waited else []
        parts.append(f"{duration(story.ended.elapsed_ms)} in all")
    return ", ".join(parts)


def _loans(story: StepStory, called: Callable[[str], str]) -> Html | None:
    """What past work was found for the step, where any was."""
    if story.lent is None or not story.lent.loans:
        return None
    wanted = f" for {quoted(story.lent.wanted, 200)}" if story.lent.wanted else ""
    lines = [tag("li", sentence(loan_line(loan, called(loan.lent)))) for loan in story.lent.loans]
    return tag("details", tag("summary", f"What past work was found{wanted}"), tag("ul", *lines))


def _witnesses(story: StepStory) -> Html | None:
    if story.located is None:
        return None
    tables = [_table(verdict) for verdict in (story.located.verdict, story.located.end) if verdict and verdict.votes]
    if not tables:
        return None
    return tag("details", tag("summary", "What each witness said"), *tables, open=halted(story))


def _table(verdict: Verdict) -> Html:
    heads = ("Witness", "Answer", "Confidence", "Runner-up", "Place", "Time", "Why")
    head = tag("tr", *[tag("th", name, scope="col") for name in heads])
    table = tag("table", tag("thead", head), tag("tbody", *[_row(vote) for vote in verdict.votes]))
    said = tag("p", sentence(tidy(verdict.reason, 500))) if verdict.reason else None
    return tag("div", table, said, class_="scores")


def _row(vote: Vote) -> Html:
    swatch = tag("span", class_=f"swatch {vote.witness}")
    bar = tag("meter", f"{vote.confidence:.2f}", min=0, max=1, value=vote.confidence)
    cells = (
        tag("span", _ANSWERS[vote.state], class_=f"answer {vote.state}"),
        tag("span", bar, f" {vote.confidence:.2f}"),
        f"{vote.runner_up:.2f}",
        f"{vote.point.x}, {vote.point.y}" if vote.point else "–",
        duration(vote.elapsed_ms),
        tidy(vote.reason, 300) or CAUSES.get(vote.cause, "–"),
    )
    name = tag("th", swatch, WITNESS_NAMES[vote.witness], scope="row")
    return tag("tr", name, *[tag("td", cell) for cell in cells])
