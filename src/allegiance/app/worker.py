"""The process that computes: it advances tasks step by step as it is told, and knows nothing of sessions.

A task is a generator of `Update`s. Between two steps of one task the worker may advance another, so that a long run
of one user does not keep another waiting.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.base.lifetime import end_with

MESSAGE = 4000
"""Most characters of a message about a fault."""
BESIDE = threading.BoundedSemaphore(4)
"""Long functions at once in threads of their own, those that nobody wants any more among them."""
Task = Iterator["Update"]
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Update:
    """What a step came to: the share done, in [0, 1], a word on it, and the result so far if there is one."""

    done: float
    text: str
    result: Any = None


class Dropped(BaseException):
    """Raised inside a task that is no longer wanted."""


def stepped(function: Callable[[Progress], Any]) -> Task:
    """A function that reports progress, as a task: each report ends a step, the last update carries its value.

    The function runs in a thread that waits at each report until the next step is asked for.
    """
    go, told = threading.Semaphore(0), threading.Semaphore(0)
    said: list[Update] = []
    fault: list[BaseException] = []
    dropped = False

    def progress(done: float, text: str) -> None:
        said.append(Update(min(done, 0.99), text))
        told.release()
        go.acquire()
        if dropped:
            raise Dropped

    def body() -> None:
        go.acquire()
        try:
            if not dropped:
                said.append(Update(1.0, "ready", function(progress)))
        except BaseException as error:
            fault.append(error)
        told.release()

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    try:
        while True:
            go.release()
            told.acquire()
            if fault:
                raise fault[0]
            yield said[-1]
            if said[-1].done >= 1.0:
                return
            said.clear()
    finally:
        dropped = True
        go.release()
        thread.join(timeout=60)


def beside(function: Callable[[], Any], text: str) -> Task:
    """A long function that reports nothing, as a task: it runs in a thread, and others have their turns meanwhile.

    A task that is dropped leaves the thread to end by itself; while a few such go on, others wait.
    """
    while not BESIDE.acquire(timeout=0.02):
        yield Update(0.0, "waiting until other long questions end")
    found: list[Any] = []
    fault: list[BaseException] = []

    def body() -> None:
        try:
            found.append(function())
        except BaseException as error:
            fault.append(error)
        finally:
            BESIDE.release()

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    turns = 0
    while thread.is_alive():
        thread.join(timeout=0.1)
        turns += 1
        yield Update(min(0.9, 1 - 1 / (1 + turns / 600)), text)
    if fault:
        raise fault[0]
    yield Update(1.0, "ready", found[0])


def memory() -> int:
    """Bytes this process holds in memory; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as stream:
            return int(stream.read().split()[1]) * 4096
    except (OSError, ValueError, IndexError):
        return 0


def serve(connection: Connection, tasks: str, options: dict[str, Any], parent: int, nice: int = 0) -> None:
    """Say that all is loaded, then answer requests until the other end closes or the parent process ends.

    Requests: ("step", job, kind, payload), ("drop", job). Answers to a step: (job, state, update or message, bytes)
    with state "more", "done" or "failed".
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent)
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    with contextlib.suppress(EOFError, OSError):  # the server has gone
        _answer(connection, tasks, options)


def _answer(connection: Connection, tasks: str, options: dict[str, Any]) -> None:
    offered: dict[str, Callable[..., Task]] = import_module(tasks).TASKS
    connection.send("ready")

    open_tasks: dict[int, Task] = {}
    while True:
        order, job, *rest = connection.recv()
        if order == "drop":
            _close(open_tasks.pop(job, None))
            continue
        try:
            if job not in open_tasks:
                kind, payload = rest
                open_tasks[job] = offered[kind](options, **payload)
            said: Any = next(open_tasks[job])
            state = "more" if said.done < 1.0 else "done"
        except AllegianceError as error:
            state, said = "failed", str(error)[:MESSAGE]
        except Exception as error:
            sys.stderr.write(f"task failed: {type(error).__name__}: {str(error)[:MESSAGE]!r}\n")
            state, said = "failed", "the computation failed; the server's log says why"
        if state != "more":
            _close(open_tasks.pop(job, None))
        connection.send((job, state, said, memory()))


def _close(task: Task | None) -> None:
    if task is not None and hasattr(task, "close"):
        with contextlib.suppress(Exception, Dropped):
            task.close()
