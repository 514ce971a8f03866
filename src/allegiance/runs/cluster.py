"""The one door to other machines: pure tasks go to a Dask cluster where one was joined, and results come back here.

Whoever spreads tasks (runs/workers.py) asks `current()`. The client keeps every result as soon as it comes, so a
lost worker, scheduler or client loses no finished part; tasks of a lost worker are played again by another.
"""

from __future__ import annotations

import contextlib
import platform
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextvars import ContextVar
from typing import Any, TypeVar

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.extras import require

T = TypeVar("T")
WAIT = 20.0
"""Seconds to wait for a scheduler and for its first worker."""
_AHEAD = 4
"""Tasks given out ahead, a thread of a worker: enough to keep it busy, few enough to spread evenly at the end."""
_joined: ContextVar[Any] = ContextVar("cluster", default=None)
_CURE = "write local:N for N processes here, or the scheduler's address, such as tcp://10.0.0.5:8786"


def current() -> Any:
    """The client of the cluster that was joined, None without one."""
    return _joined.get()


@contextlib.contextmanager
def joined(where: str | None) -> Iterator[None]:
    """Spread tasks on a cluster while the block runs; on this machine, as ever, if `where` is None.

    Args:
        where: "local:N" starts N worker processes here and ends them afterwards; an address joins a scheduler.

    Raises:
        AllegianceError: Dask is not installed, the text is no address, nobody answers there, or a worker runs another
            version of this package or of its code.
    """
    if where is None:
        yield
        return
    count = _local(where)
    distributed = require("distributed", "cluster")
    with contextlib.ExitStack() as stack:
        if count:
            made = distributed.LocalCluster(
                n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50,
                host="127.0.0.1",
            )  # fmt: skip
            address = stack.enter_context(made)
        else:
            address = where
        client = stack.enter_context(_client(distributed, address, where))
        _alike(client, where)
        token = _joined.set(client)
        try:
            yield
        finally:
            _joined.reset(token)


def _local(where: str) -> int:
    """Processes of "local:N", 0 for an address."""
    found = re.fullmatch(r"local:([1-9]\d{0,3})", where)
    if found:
        return int(found[1])
    if re.fullmatch(r"(tcp|tls|ws|wss|ucx)://[^\s/]+:\d{1,5}/?", where) is None:
        raise AllegianceError(f"--cluster {shown(where)} is no cluster", _CURE)
    return 0


def _client(distributed: Any, address: Any, where: str) -> Any:
    try:
        return distributed.Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise AllegianceError(
            f"no Dask scheduler answers at {shown(where)}",
            f"start one there (dask scheduler) and workers (dask worker {where}); see docs/clusters.md",
        ) from error


def _mine() -> dict[str, str]:
    from allegiance import __version__
    from allegiance.base.compiler import sources_hash
    from allegiance.theory.stamp import theory_hash

    return {"version": __version__, "code": sources_hash(), "theory": theory_hash()}


def _alike(client: Any, where: str) -> None:
    """Refuse a cluster without workers, and one of whose workers runs other code."""
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except (TimeoutError, OSError) as error:
        raise AllegianceError(
            f"the scheduler at {shown(where)} has no worker", f"start some: dask worker {where} --nthreads 1"
        ) from error
    try:
        theirs = client.run(_mine)
    except Exception as error:  # whatever a worker of another version raises: it cannot be asked
        raise AllegianceError(
            f"a worker of {shown(where)} cannot say what it runs: {type(error).__name__}",
            "install the same version of allegiance on every worker, then start the workers anew",
        ) from error
    mine = _mine()
    for worker, told in sorted(theirs.items()):
        other = [key for key in mine if told.get(key) != mine[key]]
        if other:
            raise AllegianceError(
                f"worker {worker} runs another {other[0]}: {told.get(other[0], '')[:12]}, here {mine[other[0]][:12]}",
                "install the same version of allegiance on every worker, then start the workers anew",
            )


def spread_on(client: Any, function: Callable[..., T], jobs: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, T]]:
    """`function(*job)` for each job on the workers of `client`, with the job's number, in the order in which they end.

    A worker that joins later is used, once it has been found to run the same code; tasks of one that is lost go to
    another, as often as the scheduler allows.

    Raises:
        AllegianceError: the scheduler or every worker is lost, or a worker runs other code.
    """
    distributed = require("distributed", "cluster")
    expected = _mine()
    waiting = iter(range(len(jobs)))
    numbers: dict[str, int] = {}

    def more() -> Any:
        number = next(waiting, None)
        if number is None:
            return None
        future = client.submit(_checked, expected, function, jobs[number], pure=False)
        numbers[future.key] = number
        return future

    ahead = max(8, _AHEAD * sum(client.nthreads().values()))
    first = [future for _ in range(ahead) if (future := more()) is not None]
    running = distributed.as_completed(first, loop=client.loop)
    for future in running:
        number = numbers.pop(future.key)  # each future comes once, however often its task was begun anew
        result = _result(distributed, future)
        future.release()
        if (following := more()) is not None:
            running.add(following)
        yield number, result


def _result(distributed: Any, future: Any) -> Any:
    lost = (distributed.KilledWorker, distributed.CancelledError, CancelledError, OSError)
    try:
        return future.result()
    except AllegianceError:
        raise
    except lost as error:
        raise AllegianceError(
            f"the Dask cluster was lost ({type(error).__name__})",
            "see the workers' logs (often memory); the same command goes on from what is finished",
        ) from error


def _checked(expected: dict[str, str], function: Callable[..., T], job: tuple[Any, ...]) -> T:
    """Run a task, unless this worker, which may have joined later, runs other code."""
    mine = _mine()
    if mine != expected:
        raise AllegianceError(
            f"a worker on {platform.node()} runs another version of allegiance",
            "install the same version on every worker, then give the same command again: it goes on",
        )
    return function(*job)
