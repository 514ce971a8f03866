"""Tasks on Dask: the same results with one and two workers and without, a killed worker, refusals with a cure."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.runs import cluster
from allegiance.runs.cluster import current, joined
from allegiance.runs.workers import spread

pytest.importorskip("distributed", reason="needs the extra: cluster")


def slow_square(seconds: float) -> Any:
    """A task that workers get by value, for they cannot import this file."""

    def square(n: int) -> int:
        time.sleep(seconds)
        return n * n

    square.__module__ = "__main__"
    return square


JOBS = [(n,) for n in range(12)]
RIGHT = {n: n * n for n in range(12)}


@pytest.mark.parametrize("count", [1, 2])
def test_a_local_cluster_gives_what_this_process_gives(count: int) -> None:
    with joined(f"local:{count}"):
        assert current() is not None
        assert dict(spread(slow_square(0.0), JOBS, 1)) == RIGHT
    assert current() is None
    assert dict(spread(slow_square(0.0), JOBS, 1)) == RIGHT


def test_a_worker_killed_half_way_loses_no_part() -> None:
    found = {}
    with joined("local:2"):
        victims = list(current().run(os.getpid).values())
        for number, result in spread(slow_square(0.2), JOBS, 1):
            found[number] = result
            if len(found) == 2:
                os.kill(victims[0], signal.SIGKILL)
    assert found == RIGHT


def test_a_lost_scheduler_is_told_and_what_came_is_kept() -> None:
    from distributed import LocalCluster

    found = {}

    def until_lost(made: Any) -> None:
        with joined(made.scheduler_address):
            for number, result in spread(slow_square(0.2), JOBS, 1):
                found[number] = result
                if len(found) == 2:
                    made.close()

    made = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
    with made, pytest.raises(AllegianceError, match="cluster was lost") as told:
        until_lost(made)
    assert "goes on from what is finished" in str(told.value)
    assert len(found) >= 2
    assert all(found[n] == n * n for n in found)


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from allegiance.base import compiler

    monkeypatch.setattr(compiler, "sources_hash", lambda: "another")
    with pytest.raises(AllegianceError, match="runs another code") as told, joined("local:1"):
        pytest.fail("joined a cluster of other code")
    assert "same version" in str(told.value)


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WAIT", 0.5)
    said = r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"
    with pytest.raises(AllegianceError, match=said) as told, joined("tcp://127.0.0.1:9"):
        pass
    assert "dask scheduler" in str(told.value)


@pytest.mark.parametrize("text", ["local", "local:0", "10.0.0.5:8786", "tcp://nowhere", ""])
def test_what_is_no_cluster_is_refused(text: str) -> None:
    with pytest.raises(AllegianceError, match="is no cluster"), joined(text):
        pass


def test_without_the_extra_the_line_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(AllegianceError, match=r"allegiance\[cluster\]"), joined("local:1"):
        pass


def test_a_fault_of_a_task_is_told_as_it_is() -> None:
    def faulty(n: int) -> int:
        raise AllegianceError(f"no {n}", "choose another")

    faulty.__module__ = "__main__"
    with joined("local:1"), pytest.raises(AllegianceError, match="no 3"):
        list(spread(faulty, [(3,)], 1))
