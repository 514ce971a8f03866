"""A visitor's line to the pages: what a browser may say over its socket, how fast, and how long it may stay silent.

Shiny handles one message at a time for all visitors together, so nothing here may wait for one visitor's network, and
no message may cost more than a moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]

MAX_MESSAGE = 3_000_000
"""Most bytes of one message from a browser; a case file may have 2 MB."""
MAX_LINES = 200
"""Most visitors on the line; one more, and the one heard from longest ago has to call again."""
PATIENCE = 10.0
"""Seconds until a page must have said which one it is."""
_INPUTS = 500
"""Most inputs in one message, and twice as many in a visit. The longest page has about a hundred."""
_LONG = {"text": 2_100_000}
"""Inputs that may be long, in characters."""
_CHARACTERS = 40_000
_NAME = re.compile(r"[A-Za-z.][\w.-]{0,150}(?::shiny\.(?:number|action|symbol))?", re.ASCII)
_PACE, _BURST = 20.0, 120.0
"""Messages a second in the long run, and at once."""
_BYTES, _BYTES_BURST = 300_000.0, 5_000_000.0
_PENDING = 20_000_000
"""Most bytes that wait for a browser that does not take them."""


class Refused(Exception):
    """A message that no page of ours sends; says what is wrong with it."""


class Line:
    """One socket between a browser and the pages.

    Args:
        app: the pages. scope, receive, send: the connection, as ASGI has them.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], scope: Message, receive: Any, send: Any) -> None:
        self.heard = self._paid = time.monotonic()
        self._app, self._scope, self._receive, self._send = app, scope, receive, send
        self._out: asyncio.Queue[Message] = asyncio.Queue()
        self._pending = 0
        self._begun = self._closed = False
        self._names: set[str] = set()
        self._budget = [(_PACE, _BURST, _BURST), (_BYTES, _BYTES_BURST, _BYTES_BURST)]

    async def run(self) -> None:
        """Serve the pages over this line until one of the two ends hangs up."""
        pump = asyncio.create_task(self._pump())
        try:
            await self._app(self._scope, self.receive, self.send)
        finally:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._out.join(), 1)  # why the line ends is still to be said
            pump.cancel()

    def hang_up(self, why: str, code: int = 1008) -> None:
        """End the line; the pages hear that the browser has gone."""
        if not self._closed:
            self._closed = True
            self._out.put_nowait({"type": "websocket.close", "code": code, "reason": why[:100]})

    async def send(self, message: Message) -> None:
        """Take a message for the browser without waiting for it to arrive; what a closed line is told is lost."""
        if self._closed:
            return
        if message["type"] == "websocket.accept":
            await self._send(message)
            return
        self._pending += len(message.get("text") or "") + len(message.get("bytes") or b"")
        if self._pending > _PENDING:
            self.hang_up("what was sent is not read")
            return
        self._closed = message["type"] == "websocket.close"
        self._out.put_nowait(message)

    async def receive(self) -> Message:
        """The next message of the browser, when its turn has come."""
        try:
            limit = None if self._begun or self._closed else PATIENCE
            message: Message = await asyncio.wait_for(self._receive(), limit)
            if message["type"] == "websocket.receive" and not self._closed:
                await self._paced(len(message.get("text") or message.get("bytes") or ""))
                self._check(message.get("text"))
                self.heard = time.monotonic()
                return message
        except TimeoutError:
            self.hang_up("the page did not say which one it is")
            message = {"type": "websocket.disconnect", "code": 1008}
        except Refused as error:
            self.hang_up(str(error))
            message = {"type": "websocket.disconnect", "code": 1008}
        if message["type"] == "websocket.receive":  # said after the line was closed
            message = {"type": "websocket.disconnect", "code": 1008}
        return message

    async def _pump(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):  # the browser has gone
            while True:
                message = await self._out.get()
                await self._send(message)
                self._pending -= len(message.get("text") or "") + len(message.get("bytes") or b"")
                self._out.task_done()

    async def _paced(self, size: int) -> None:
        """Wait until a message of this size is within the visitor's budget; only this visitor waits."""
        now = time.monotonic()
        waits = []
        for k, (cost, (pace, most, left)) in enumerate(zip((1, size), self._budget, strict=True)):
            left = min(most, left + pace * (now - self._paid)) - cost
            self._budget[k] = (pace, most, left)
            waits.append(-left / pace)
        self._paid = now
        await asyncio.sleep(max(0.0, *waits))

    def _check(self, text: Any) -> None:
        """Raise Refused if a page of ours would not have said this."""
        try:
            said = json.loads(text) if isinstance(text, str) else None
        except (ValueError, RecursionError):
            said = None
        data = said.get("data") if isinstance(said, dict) else None
        if not isinstance(said, dict) or not isinstance(data, dict):
            raise Refused("not a message of a page")
        if said.get("method") != ("update" if self._begun else "init") or "tag" in said:
            raise Refused("a page says `init` once, then `update`")
        if not self._begun and not isinstance(data.get(".clientdata_url_search"), str):
            raise Refused("a page says its address first")
        if len(data) > _INPUTS:
            raise Refused(f"more than {_INPUTS} inputs in a message")
        for name, value in data.items():
            if not _NAME.fullmatch(name) or not _plain(value, _LONG.get(name, _CHARACTERS)):
                raise Refused("an input that no page has")
        self._names |= data.keys()
        if len(self._names) > 2 * _INPUTS:
            raise Refused(f"more than {2 * _INPUTS} inputs in a visit")
        self._begun = True


def _plain(value: Any, most: int) -> bool:
    """Whether a value is a scalar, a short list of scalars or a small mapping of such, no text longer than `most`."""
    left, seen = [value], 0
    while left:
        one = left.pop()
        seen += 1
        if isinstance(one, str) and len(one) > most:
            return False
        if isinstance(one, dict | list):
            if seen + len(left) + len(one) > 64:
                return False
            left += one.values() if isinstance(one, dict) else one
    return True


class Lines:
    """All lines that are open."""

    def __init__(self) -> None:
        self._open: set[Line] = set()

    async def serve(self, line: Line) -> None:
        """Serve a line; if there are too many, the one heard from longest ago is hung up."""
        self._open.add(line)
        if len(self._open) > MAX_LINES:
            oldest = min(self._open, key=lambda one: one.heard)
            self._open.discard(oldest)
            oldest.hang_up("too many pages are open; reload this one", 1013)
        try:
            await line.run()
        finally:
            self._open.discard(line)
