"""The queue in front of the one worker: turns are taken by user, a new question drops the old one.

Every step of a task is one turn. Users take turns, and each has one task per place on the page, so that nobody waits
for more than one step of everybody else.
"""

from __future__ import annotations

import itertools
import multiprocessing
import threading
from collections import deque
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
            TASKS the worker offers.
    """

    def __init__(self, options: dict[str, Any] | None = None, tasks: str = "allegiance.app.tasks") -> None:
        self.options = options or {}
        self._tasks = tasks
        self._numbers = itertools.count(1)
        self._line: deque[Job] = deque()
        self._change = threading.Condition()
        self._dropped: list[Job] = []
        self._stopping = threading.Event()
        self.restarts = 0
        self.worker_bytes = 0
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
        """Process id of the worker."""
        return self._process.pid or 0

    def stop(self) -> None:
        """End the worker."""
        with self._change:
            self._stopping.set()
            self._change.notify()
        self._connection.close()
        self._process.terminate()
        self._process.join(5)

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
        self._process: SpawnProcess = context.Process(
            target=serve, args=(theirs, self._tasks, self.options), daemon=True
        )
        self._process.start()
        theirs.close()

    def _work(self) -> None:
        while True:
            with self._change:
                while not self._line and not self._stopping.is_set():
                    self._change.wait()
                if self._stopping.is_set():
                    return
                job = self._line[0]
                job.state = "running"
                gone, self._dropped = self._dropped, []
            try:
                for old in gone:
                    self._connection.send(("drop", old.id))
                self._connection.send(("step", job.id, job.kind, job.payload if job.turns == 0 else {}))
                answer = self._connection.recv()
            except (EOFError, OSError):
                if self._stopping.is_set():
                    return
                self._replace()
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
            self._connection.close()
            self._process.terminate()
            self._process.join(5)
            self._start_worker()

    def _replace(self) -> None:
        """A fresh worker; questions already begun are lost and say so, those in line stay."""
        self._process.kill()
        self._process.join(5)
        self._start_worker()
        with self._change:
            self.restarts += 1
            self._dropped = []
            for job in [j for j in self._line if j.turns or j.state == "running"]:
                self._line.remove(job)
                job.state, job.message, job.version = "failed", KILLED, job.version + 1
