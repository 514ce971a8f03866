"""The queue takes turns, drops what is no longer wanted, and survives a worker that dies."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from allegiance.app import worker
from allegiance.app.jobs import FULL, KILLED, MAX_JOBS, Desk, Desks, Job
from allegiance.app.worker import beside

sys.path.insert(0, str(Path(__file__).parent))  # the worker process imports the tasks from here


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    found = Desk(tasks="desk_tasks")
    yield found
    found.stop()


def ended(*jobs: Job, seconds: float = 20.0) -> None:
    stop = time.monotonic() + seconds
    while any(job.open for job in jobs):
        assert time.monotonic() < stop, [(j.state, j.update) for j in jobs]
        time.sleep(0.005)


def test_a_job_ends_with_its_last_result(desk: Desk) -> None:
    job = desk.submit("a", "count", steps=3, name="x")
    ended(job)
    assert (job.state, job.result, job.turns) == ("done", ("x", 3), 3)


def test_reports_of_a_function_become_steps(desk: Desk) -> None:
    job = desk.submit("a", "reported")
    ended(job)
    assert (job.state, job.result, job.turns) == ("done", "result", 5)


def test_users_take_turns_and_a_new_question_waits_for_one_step_only(desk: Desk) -> None:
    long = desk.submit("a", "count", steps=40, seconds=0.03)
    while long.turns < 3:
        time.sleep(0.005)
    short = desk.submit("b", "count", steps=1)
    ended(short)
    assert long.turns <= 6
    desk.drop(long)
    assert long.state == "dropped"


def test_a_long_function_beside_does_not_keep_others_waiting(desk: Desk) -> None:
    slow = desk.submit("a", "slow")
    while slow.turns < 2:
        time.sleep(0.005)
    short = desk.submit("b", "count", steps=2)
    ended(short)
    assert slow.open
    ended(slow)
    assert slow.result == "slow result"


def test_two_long_jobs_advance_alike(desk: Desk) -> None:
    first = desk.submit("a", "count", steps=60, seconds=0.01)
    second = desk.submit("b", "count", steps=60, seconds=0.01)
    while second.turns < 10:
        time.sleep(0.002)
    assert abs(first.turns - second.turns) <= 3
    desk.leave("a")
    desk.leave("b")


def test_a_moved_lever_drops_the_older_question_but_not_another_users(desk: Desk) -> None:
    old = desk.submit("a", "count", steps=100, seconds=0.01)
    other = desk.submit("b", "count", steps=2, seconds=0.01)
    beside = desk.submit("a", "count", "prepare", steps=2, seconds=0.01)
    new = desk.submit("a", "count", steps=2, seconds=0.01)
    ended(new, other, beside)
    assert [j.state for j in (old, other, beside, new)] == ["dropped", "done", "done", "done"]


def test_position_in_line(desk: Desk) -> None:
    running = desk.submit("a", "count", steps=50, seconds=0.02)
    while not running.turns:
        time.sleep(0.002)
    waiting = [desk.submit(f"u{k}", "count", steps=1, seconds=0.05) for k in range(4)]
    positions = [desk.position(job) for job in waiting]
    assert positions == sorted(positions)
    assert positions[-1] >= 2
    ended(*waiting)
    desk.drop(running)


def test_a_users_fault_is_told_and_an_inner_one_is_not_leaked(desk: Desk) -> None:
    known, unknown = desk.submit("a", "fault"), desk.submit("b", "surprise")
    ended(known, unknown)
    assert known.state == unknown.state == "failed"
    assert "no army" in known.message
    assert "add one" in known.message
    assert "secret" not in unknown.message


def test_a_worker_that_dies_is_told_and_replaced(desk: Desk) -> None:
    before = desk.pid
    job = desk.submit("a", "die")
    ended(job)
    assert (job.state, job.message) == ("failed", KILLED)
    again = desk.submit("a", "count", steps=2)
    ended(again)
    assert again.state == "done"
    assert desk.pid != before


def test_a_killed_worker_loses_begun_questions_and_keeps_those_in_line(desk: Desk) -> None:
    begun = desk.submit("a", "count", steps=200, seconds=0.05)
    while not begun.turns:
        time.sleep(0.005)
    waiting = desk.submit("b", "count", steps=1)
    os.kill(desk.pid, signal.SIGKILL)
    ended(begun, waiting)
    assert begun.state == "failed"
    assert waiting.state in ("done", "failed")  # failed only if its turn had come
    last = desk.submit("b", "count", steps=1)
    ended(last)
    assert last.state == "done"


def test_the_line_is_bounded(desk: Desk) -> None:
    jobs = [desk.submit(f"user{k}", "count", steps=50, seconds=0.02) for k in range(MAX_JOBS + 1)]
    assert jobs[-1].message == FULL
    for k in range(MAX_JOBS):
        desk.leave(f"user{k}")
    assert not any(j.open for j in jobs)


def test_a_step_that_takes_too_long_is_stopped_and_others_begin_anew() -> None:
    desk = Desk(tasks="desk_tasks", limits={"hang": 1.0})
    try:
        other = desk.submit("b", "count", steps=60, seconds=0.02, name="x")
        while other.turns < 3:
            time.sleep(0.005)
        before, start = desk.pid, time.monotonic()
        hung = desk.submit("a", "hang")
        ended(hung, other)
        assert time.monotonic() - start < 15
        assert hung.state == "failed"
        assert "more than 1 seconds" in hung.message
        assert (other.state, other.result) == ("done", ("x", 60))
        assert desk.pid != before
    finally:
        desk.stop()


def test_a_lazy_desk_starts_its_worker_with_the_first_question_and_asks_its_own_before() -> None:
    desk = Desk(tasks="desk_tasks", lazy=True, first=("count", {"steps": 3}), nice=5)
    try:
        assert desk.pid == 0
        job = desk.submit("a", "nice")
        ended(job)
        assert job.result == os.nice(0) + 5
        assert desk.pid
    finally:
        desk.stop()
    Desk(tasks="desk_tasks", lazy=True).stop()  # one that never started


def test_questions_go_to_their_own_desks() -> None:
    main, own = Desk(tasks="desk_tasks"), Desk(tasks="desk_tasks", limits={"hang": 2.0}, lazy=True)
    desks = Desks(main, {"hang": own})
    try:
        hung = desks.submit("a", "hang")
        job = desks.submit("b", "count", steps=5)
        ended(job)
        assert job.state == "done"
        assert hung.open
        assert desks.position(hung) == 0
        desks.leave("a")
        assert hung.state == "dropped"
    finally:
        desks.stop()


def test_a_worker_ends_with_its_desk_in_the_middle_of_a_step() -> None:
    desk = Desk(tasks="desk_tasks")
    desk.submit("a", "hang")
    time.sleep(1)
    pid = desk.pid
    desk.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_long_functions_that_nobody_wants_do_not_pile_up() -> None:
    running: list[int] = []
    most: list[int] = []

    def long() -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(1.0)
        running.pop()

    tasks = [beside(long, "asking") for _ in range(12)]
    for task in tasks:
        next(task)
    for task in tasks:
        task.close()  # type: ignore[attr-defined]
    while running:
        time.sleep(0.01)
    assert max(most) == 4
    assert worker.BESIDE.acquire(timeout=1)
    worker.BESIDE.release()
