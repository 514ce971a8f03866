"""A run in processes of its own is the run in threads; what one process alone knows stays in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from allegiance.cases.schema import Case
from allegiance.runs import ensemble
from allegiance.runs.ensemble import Ensemble, simulate
from allegiance.runs.spec import RunSpec
from allegiance.runs.workers import spread
from allegiance.theory import registry


def played(case: Case, threads: int = 2) -> Ensemble:
    return simulate(case, RunSpec(members=5, days=12, scale=1.0, threads=threads))


def same(a: Ensemble, b: Ensemble) -> bool:
    return a.members.equals(b.members) and a.daily.equals(b.daily) and a.events.equals(b.events)


def test_processes_play_what_threads_play(small: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    in_threads = played(small)
    monkeypatch.setattr(ensemble, "LONG", 0.0)
    asked: list[int] = []
    monkeypatch.setattr(ensemble, "spread", lambda f, jobs, n: asked.append(len(jobs)) or spread(f, jobs, n))
    assert same(in_threads, played(small))
    assert asked == [2]


def test_a_cluster_plays_what_threads_play(small: Case) -> None:
    pytest.importorskip("distributed", reason="needs the extra: cluster")
    from allegiance.runs.cluster import joined

    with joined("local:2"):
        there = played(small)
    assert same(played(small), there)


def test_a_mechanism_of_this_process_alone_is_played_here(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [(n,) for n in range(4)]
    elsewhere = dict(spread(_where, jobs, 2))
    assert os.getpid() not in elsewhere.values()
    monkeypatch.setattr(registry, "_EVERYWHERE", registry._EVERYWHERE - {"ruler"})
    assert registry.foreign() == ["ruler"]
    assert set(dict(spread(_where, jobs, 2)).values()) == {os.getpid()}


def _where(_: int) -> int:
    return os.getpid()


def test_every_command_that_plays_many_wars_takes_a_cluster() -> None:
    commands = Path(ensemble.__file__).parents[1] / "cli"
    for name in ("run", "compare", "why", "sweep", "claims", "sensitivity", "score", "campaigns", "world"):
        text = (commands / f"{name}.py").read_text(encoding="utf-8")
        assert "cluster: Cluster = None" in text, name
        assert "joined(cluster)" in text, name
