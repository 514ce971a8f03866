"""Plays many small worlds side by side, each in a process of its own.

A day of a small world spends about half of its time in the interpreter, which only one thread of a process can hold.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from allegiance.base.lifetime import end_with
from allegiance.runs.cluster import current, spread_on
from allegiance.theory.registry import foreign

T = TypeVar("T")


def spread(function: Callable[..., T], jobs: Sequence[tuple[Any, ...]], workers: int) -> Iterator[tuple[int, T]]:
    """`function(*job)` for each job, with the job's number, in the order in which they end.

    The processes end with this one, even if it is killed. Where a cluster was joined (runs/cluster.py) its
    workers play instead, and `workers` says nothing. Mechanisms registered while this process ran are known to it
    alone, so that with them everything is done here.

    Args:
        function: one that other processes can import. workers: processes; with one, everything is done here.
    """
    if (client := current()) is not None:
        yield from spread_on(client, function, jobs)
        return
    if min(workers, len(jobs)) < 2 or foreign():
        for number, job in enumerate(jobs):
            yield number, function(*job)
        return
    import joblib  # dear to import, and needed for long work alone

    tasks = (joblib.delayed(_numbered)(os.getpid(), function, number, job) for number, job in enumerate(jobs))
    # arrays are passed by value: a task may write into its own
    pool = joblib.Parallel(min(workers, len(jobs)), return_as="generator_unordered", max_nbytes=None)
    yield from pool(tasks)


def _numbered(parent: int, function: Callable[..., T], number: int, job: tuple[Any, ...]) -> tuple[int, T]:
    if os.getppid() == parent:  # a worker behind a helper process has nobody to look at
        end_with(parent)
    return number, function(*job)
