"""A server that hangs up on those who keep it waiting, so that a few slow connections do not shut everyone out."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 600
"""Most connections at once; one more is told that the server is busy."""
HALF_OPEN = 64
"""Most connections that have not sent a whole request; the oldest beyond it are closed."""
REQUEST_SECONDS = 10.0
"""Seconds in which a request must have come whole."""
UNREAD_SECONDS = 30.0
"""Seconds in which a browser must have taken what was sent, or a kilobyte a second of it."""
_TAKEN = 30_000
_RESTING = 16_384
"""Bytes that may lie with the network at any time."""


class Punctual(H11Protocol):
    """Uvicorn's connection, which also knows since when it waits for a whole request; None while it has one."""

    since: float | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        self.since = time.monotonic()
        super().connection_made(transport)


class PatientServer(Server):
    """Uvicorn's server; ten times a second it looks for connections that keep it waiting."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._unread: WeakKeyDictionary[Any, tuple[float, int, int]] = WeakKeyDictionary()

    async def on_tick(self, counter: int) -> bool:
        """Look at every connection, then do what uvicorn does."""
        now = time.monotonic()
        half = [c for c in self.server_state.connections if isinstance(c, Punctual) and _waits(c, now)]
        half.sort(key=lambda c: c.since or now)
        late = [c for c in half if now - (c.since or now) > REQUEST_SECONDS]
        stalled = [c for c in self.server_state.connections if self._stalled(c, now)]
        for connection in (*late, *half[: max(0, len(half) - HALF_OPEN)], *stalled):
            connection.transport.abort()
        return await super().on_tick(counter)

    def _stalled(self, connection: Any, now: float) -> bool:
        """Whether the other end has stopped taking what it asked for."""
        size = connection.transport.get_write_buffer_size()
        since, first, least = self._unread.get(connection, (now, size, size))
        least = min(least, size)
        if least <= _RESTING or now - since > UNREAD_SECONDS:
            self._unread[connection] = (now, size, size)
            return bool(least > max(_RESTING, first - _TAKEN))
        self._unread[connection] = (since, first, least)
        return False

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn does; but being told to end is an exception afterwards, so that `finally` still has its turn."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGTERM, _ended)
        try:
            with super().capture_signals():
                yield
        finally:
            signal.signal(signal.SIGTERM, before)


def _waits(connection: Punctual, now: float) -> bool:
    """Whether a connection waits for a request to come whole; notes since when."""
    cycle = connection.cycle
    waits = (cycle is None or cycle.response_complete) and not connection.transport.get_write_buffer_size()
    connection.since = (connection.since or now) if waits else None
    return waits


def _ended(number: int, _: Any) -> None:
    raise SystemExit(128 + number)
