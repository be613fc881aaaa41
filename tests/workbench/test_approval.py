"""The policy: a table of risk and confidence, and what the modes make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import settings
from workbench.approval import RISKS, RULES, Assessment, Case, Mode, Origin, Policy, Risk, Rule, decide, parse_row
from workbench.errors import BadInputError
from workbench.settings import Settings

MODES: tuple[Mode, ...] = ("ask", "auto", "risky", "never")
ORIGINS: tuple[Origin, ...] = ("reviewed", "unreviewed", "model")
ROWS = st.lists(st.sampled_from(RULES), min_size=3, max_size=3).map(lambda rules: tuple(sorted(rules, key=RULES.index)))
POLICIES = st.builds(Policy, ROWS, ROWS, ROWS, ROWS, misplaced=st.sampled_from(RULES))
CASES = st.builds(
    Case,
    st.builds(Assessment, st.sampled_from(RISKS), misplaced=st.booleans()),
    st.none() | st.floats(0, 1),
    st.sampled_from(ORIGINS),
)


def word(mode: Mode, risk: Risk, confidence: float | None = None, *, origin: Origin = "model") -> str:
    decision = decide(mode, Case(Assessment(risk), confidence, origin), Policy())
    return decision.word if decision else "asks"


@pytest.mark.parametrize(
    ("risk", "confidence", "expected"),
    [
        ("harmless", 0.9, "approve"),
        ("harmless", 0.5, "asks"),
        ("reversible", None, "approve"),
        ("reversible", 0.75, "approve"),
        ("reversible", 0.74, "asks"),
        ("leaves-machine", 1.0, "asks"),
        ("leaves-machine", 0.1, "asks"),
        ("irreversible", 0.9, "asks"),
        ("irreversible", 0.29, "reject"),
    ],
)
def test_the_table_that_comes_along_lets_sure_small_steps_happen_and_asks_about_the_rest(
    risk: Risk, confidence: float | None, expected: str
) -> None:
    assert word("risky", risk, confidence) == expected


def test_the_modes_ask_about_everything_nothing_or_refuse_what_would_be_asked() -> None:
    assert word("ask", "harmless") == "asks"
    assert word("auto", "irreversible") == "approve"
    assert word("never", "irreversible") == "reject"
    assert word("never", "reversible") == "approve"


def test_a_trajectory_that_nobody_has_reviewed_asks_at_every_step_unless_all_is_approved_ahead() -> None:
    assert word("risky", "harmless", origin="unreviewed") == "asks"
    assert word("never", "harmless", origin="unreviewed") == "reject"
    assert word("auto", "harmless", origin="unreviewed") == "approve"


@given(POLICIES, CASES)
def test_what_the_policy_blocks_stays_blocked_in_every_mode(policy: Policy, case: Case) -> None:
    table = policy.rule(case.assessment.risk, case.confidence)
    blocked = table == "block" or (case.assessment.misplaced and policy.misplaced == "block")
    for mode in MODES:
        decision = decide(mode, case, policy)
        if blocked:
            assert decision is not None
            assert (decision.word, decision.by) == ("reject", "policy")
        elif mode == "auto":
            assert decision is not None
            assert decision.word == "approve"
        elif mode == "ask":
            assert decision is None


@given(POLICIES, CASES, st.floats(0, 1))
def test_no_step_is_treated_more_mildly_because_less_is_sure(policy: Policy, case: Case, less: float) -> None:
    sure, unsure = case.confidence, min(less, 1.0 if case.confidence is None else case.confidence)
    risk = case.assessment.risk
    assert RULES.index(policy.rule(risk, unsure)) >= RULES.index(policy.rule(risk, sure))


def test_a_blocked_step_says_why_and_what_would_change_it() -> None:
    decision = decide("ask", Case(Assessment("leaves-machine", "a secret would go astray", misplaced=True)), Policy())
    assert decision is not None
    assert "a secret would go astray" in decision.reason
    assert "settings" in decision.reason


@given(ROWS)
def test_a_row_that_was_written_is_read_again(row: tuple[Rule, Rule, Rule]) -> None:
    assert parse_row(" ".join(row)) == row
    assert parse_row(", ".join(row)) == row


@pytest.mark.parametrize(
    "text", ["", "auto", "auto ask", "auto ask ask ask", "auto maybe ask", "block ask ask", "Auto ask ask"]
)
def test_what_is_no_row_or_grows_milder_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadInputError, match="three of auto, ask, block"):
        parse_row(text)


def test_the_defaults_of_the_settings_are_the_table_that_comes_along() -> None:
    assert settings.policy(Settings()) == Policy()


def test_a_table_that_was_set_is_the_one_that_holds() -> None:
    chosen = settings.overridden(
        Settings(), ["approval.irreversible=block block block", "approval.sure_from=0.1", "approval.doubt_below=0.6"]
    )
    policy = settings.policy(chosen)
    assert policy.rule("irreversible", None) == "block"
    assert (policy.sureness(0.6), policy.sureness(0.59)) == ("sure", "doubtful")


def test_a_setting_that_is_no_row_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(BadInputError, match="three of auto, ask, block"):
        settings.overridden(Settings(), ["approval.harmless=sometimes"])
