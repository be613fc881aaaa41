"""Episodes on a Ray cluster, which is a local one here; Ray is an optional extra."""

import sys
from functools import partial

import pytest
import toy_suite
from toy_suite import CASTING, TASKS

from agents.evaluation.harness.conditions import Condition
from agents.evaluation.harness.crews import alone, on_cluster
from agents.evaluation.harness.evaluation import evaluate
from agents.evaluation.harness.plan import Plan, seeds_from
from agents.evaluation.harness.results import Results
from workbench.errors import UnavailableError

IDENTITY = {"suite": "toy"}
PLAN = Plan(TASKS, seeds_from(1, 2), (Condition(), Condition(1)))

on_local_cluster = partial(on_cluster, CASTING, address="local", players=2)


@pytest.fixture
def results(tmp_path):
    with Results.begin(tmp_path / "out", IDENTITY) as results:
        yield results


def test_without_ray_it_is_said_how_to_get_it(toys, results, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(
        UnavailableError, match=r"Ray is not installed; get it with: pip install 'gui-agent-workbench\[ray\]'"
    ):
        evaluate(PLAN, results, on_local_cluster)


def test_a_cluster_comes_to_what_one_process_comes_to(toys, results, tmp_path):
    pytest.importorskip("ray", reason="Ray is not installed")
    clustered = evaluate(PLAN, results, on_local_cluster)
    assert clustered.complete
    assert len({line.split()[0] for line in toy_suite.played()}) == 2
    with Results.begin(tmp_path / "alone", IDENTITY) as other:
        assert evaluate(PLAN, other, partial(alone, CASTING)).played == clustered.played


def test_an_actor_that_dies_begins_anew_and_what_nobody_can_play_is_said_as_it_is(toys, results):
    pytest.importorskip("ray", reason="Ray is not installed")
    (toys / "odd").write_text("dies")
    found = evaluate(PLAN, results, on_local_cluster)
    assert [one.episode.task for one in found.unplayed] == ["odd"]
    assert len(found.played) == len(PLAN) - 1
    (toys / "no-stage").touch()
    with pytest.raises(UnavailableError, match="there is no stage; build one"):
        evaluate(PLAN, results, on_local_cluster)
