"""The queue in front of the one worker: turns are taken by user, a new question drops the old one.

Every step of a task is one turn. Users take turns, and each has one task per place on the page, so that nobody waits
for more than one step of everybody else.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from allegiance.app.worker import Update, serve

MAX_JOBS = 64
"""Most questions open at once, over all users."""
FRESH = 4
"""Turns for which a new question goes before refinements of old ones."""
MAX_BYTES = 3_000_000_000
"""A worker that holds more is replaced when nobody waits for it."""
KILLED = "The worker that computes ended unexpectedly, and a fresh one was started. Please ask again."
LATE = "This took more than {:g} seconds and was stopped, so that others need not wait. The command line has no limit."
FULL = "Too many questions are waiting. Please try again in a minute."


@dataclass(eq=False)
class Job:
    """One question. `version` grows with every change, so that a page can tell whether to look again."""

    id: int
    owner: str
    place: str
    kind: str
    payload: dict[str, Any]
    state: str = "waiting"
    """waiting, running, done, failed or dropped"""
    update: Update = field(default_factory=lambda: Update(0.0, "waiting"))
    result: Any = None
    message: str = ""
    version: int = 0
    turns: int = 0

    @property
    def fresh(self) -> bool:
        """Whether it still waits for its first answer, and has not had more than a few turns for it."""
        return self.turns < FRESH and self.result is None

    @property
    def open(self) -> bool:
        """Whether an answer or a better one is still to come."""
        return self.state in ("waiting", "running")


class Desk:
    """Takes questions, gives turns, keeps a worker alive.

    Args:
        options: what the worker must know of the server, such as the data folder. tasks: name of the module whose
            TASKS the worker offers. limits: most seconds for a step, by kind of question; a worker that takes longer
            is replaced. lazy: start the worker with the first question. first: a question that a fresh worker is asked
            before all others. nice: how far the worker stands back from other processes.
    """

    def __init__(
        self,
        options: dict[str, Any] | None = None,
        tasks: str = "allegiance.app.tasks",
        limits: Mapping[str, float] | None = None,
        lazy: bool = False,
        first: tuple[str, dict[str, Any]] | None = None,
        nice: int = 0,
    ) -> None:
        self.options = options or {}
        self._tasks, self._limits, self._first, self._nice = tasks, limits or {}, first, nice
        self._numbers = itertools.count(1)
        self._line: deque[Job] = deque()
        self._change = threading.Condition()
        self._dropped: list[Job] = []
        self._stopping = threading.Event()
        self.restarts = 0
        self.worker_bytes = 0
        self._process: SpawnProcess | None = None
        if not lazy:
            self._start_worker()
        self._thread = threading.Thread(target=self._work, daemon=True, name="desk")
        self._thread.start()

    def submit(self, owner: str, kind: str, place: str = "main", /, **payload: Any) -> Job:
        """Put a question in line; an open one of the same owner and place is dropped."""
        job = Job(next(self._numbers), owner, place, kind, payload)
        with self._change:
            self._drop([j for j in self._line if (j.owner, j.place) == (owner, place)])
            if len(self._line) >= MAX_JOBS:
                job.state, job.message = "failed", FULL
                return job
            self._join(job)
            self._change.notify()
        return job

    def drop(self, job: Job | None) -> None:
        """No answer to this question is wanted any more."""
        with self._change:
            self._drop([j for j in self._line if j is job])

    def leave(self, owner: str) -> None:
        """Drop every question of a user who has gone."""
        with self._change:
            self._drop([j for j in self._line if j.owner == owner])

    def position(self, job: Job) -> int:
        """How many questions come before this one; 0 if its turn is now."""
        with self._change:
            return next((k for k, j in enumerate(self._line) if j is job), 0)

    @property
    def pid(self) -> int:
        """Process id of the worker, 0 while there is none."""
        return (self._process.pid if self._process else 0) or 0

    def stop(self) -> None:
        """End the worker."""
        with self._change:
            self._stopping.set()
            self._change.notify()
        if self._process is not None:
            self._process.kill()  # the desk's thread may wait for it
        self._thread.join(5)
        self._end_worker()

    def _join(self, job: Job) -> None:
        """Put a job in line: first answers in the order of the questions, then all others by turns."""
        place = len(self._line)
        if job.fresh:
            place = 0 if job.turns else next((k for k, j in enumerate(self._line) if not j.fresh), place)
        self._line.insert(place, job)

    def _drop(self, jobs: list[Job]) -> None:
        for job in jobs:
            self._line.remove(job)
            job.state, job.version = "dropped", job.version + 1
            if job.turns:
                self._dropped.append(job)

    def _start_worker(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._connection: Connection = ours
        self._ready = False
        arguments = (theirs, self._tasks, self.options, os.getpid(), self._nice)
        self._process = context.Process(target=serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        if self._first:
            self._line.appendleft(Job(0, "server", "main", self._first[0], self._first[1]))

    def _end_worker(self) -> None:
        if self._process is not None:
            self._process.kill()  # it holds nothing that would have to be put away
            self._process.join(5)
            self._connection.close()

    def _next(self) -> Job | None:
        """The job whose turn it is, waited for; None if the desk is closed."""
        with self._change:
            while not self._line and not self._stopping.is_set():
                self._change.wait()
            if self._stopping.is_set():
                return None
            if self._process is None:
                self._start_worker()
            self._line[0].state = "running"
            return self._line[0]

    def _work(self) -> None:
        while (job := self._next()) is not None:
            with self._change:
                gone, self._dropped = self._dropped, []
            limit = self._limits.get(job.kind)
            try:
                if not self._ready:  # what it takes to load is not the question's time
                    self._connection.recv()
                    self._ready = True
                for old in gone:
                    self._connection.send(("drop", old.id))
                self._connection.send(("step", job.id, job.kind, job.payload if job.turns == 0 else {}))
                if not self._connection.poll(limit):
                    self._replace(job, LATE.format(limit))
                    continue
                answer = self._connection.recv()
            except (EOFError, OSError):
                if self._stopping.is_set():
                    return
                self._replace(job, KILLED)
                continue
            self._note(job, answer)

    def _note(self, job: Job, answer: tuple[int, str, Any, int]) -> None:
        _, state, said, self.worker_bytes = answer
        with self._change:
            job.turns += 1
            if job.state == "dropped":
                self._dropped.append(job)
                return
            self._line.remove(job)
            if state == "failed":
                job.state, job.message = "failed", said
            else:
                job.update = said
                job.result = said.result if said.result is not None else job.result
                job.state = "done" if state == "done" else "running"
            job.version += 1
            if job.state == "running":
                self._join(job)
            idle = not any(j.turns for j in self._line)
        if self.worker_bytes > MAX_BYTES and idle:
            self._end_worker()
            with self._change:
                self._start_worker()

    def _replace(self, job: Job, message: str) -> None:
        """A fresh worker; the question in hand is lost and told so, all others begin anew."""
        self._end_worker()
        with self._change:
            self.restarts += 1
            self._dropped = []
            if job in self._line:
                self._line.remove(job)
                job.state, job.message, job.version = "failed", message, job.version + 1
            for other in self._line:
                other.turns, other.state = 0, "waiting"
            self._line = deque(j for j in self._line if j.owner != "server")
            self._start_worker()


class Desks:
    """Several desks as one: each kind of question goes to its own, the others to the first.

    Args:
        main: for everything else. others: kind of question -> the desk that takes it.
        own: whether a case is a visitor's own; questions about such go to the desk that takes `run`.
    """

    def __init__(self, main: Desk, others: Mapping[str, Desk], own: Callable[[Any], bool] = lambda _: False) -> None:
        self.main, self.others, self.own = main, dict(others), own

    def _of(self, kind: str, payload: Mapping[str, Any]) -> Desk:
        kind = "run" if kind not in self.others and self.own(payload.get("case")) else kind
        return self.others.get(kind, self.main)

    def submit(self, owner: str, kind: str, place: str = "main", /, **payload: Any) -> Job:
        """Put a question in line; an open one of the same owner and place at the same desk is dropped."""
        return self._of(kind, payload).submit(owner, kind, place, **payload)

    def position(self, job: Job) -> int:
        """How many questions come before this one at its desk; 0 if its turn is now."""
        return self._of(job.kind, job.payload).position(job)

    def leave(self, owner: str) -> None:
        """Drop every question of a user who has gone."""
        for desk in self._all():
            desk.leave(owner)

    def stop(self) -> None:
        """End all workers."""
        for desk in self._all():
            desk.stop()

    def _all(self) -> list[Desk]:
        return [self.main, *self.others.values()]
