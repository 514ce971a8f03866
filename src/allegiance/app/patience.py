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


class PatientServer(Server):
    """Uvicorn's server; ten times a second it looks for connections that keep it waiting."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._waiting: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
        self._unread: WeakKeyDictionary[Any, tuple[float, int, int]] = WeakKeyDictionary()

    async def on_tick(self, counter: int) -> bool:
        """Look at every connection, then do what uvicorn does."""
        now = time.monotonic()
        self._close_half_open(now)
        for connection in list(self.server_state.connections):
            if self._stalled(connection, now):
                connection.transport.abort()
        return await super().on_tick(counter)

    def _close_half_open(self, now: float) -> None:
        half = [c for c in self.server_state.connections if isinstance(c, H11Protocol) and _half_open(c)]
        self._waiting = WeakKeyDictionary({c: self._waiting.get(c, now) for c in half})
        by_age = sorted(half, key=lambda c: self._waiting[c])
        late = [c for c in by_age if now - self._waiting[c] > REQUEST_SECONDS]
        for connection in {*late, *by_age[: max(0, len(by_age) - HALF_OPEN)]}:
            connection.transport.abort()

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


def _half_open(connection: H11Protocol) -> bool:
    return connection.cycle is None or connection.cycle.response_complete


def _ended(number: int, _: Any) -> None:
    raise SystemExit(128 + number)
