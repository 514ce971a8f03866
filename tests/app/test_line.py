"""What a browser may say over its socket, how fast, and how long it may stay silent."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from allegiance.app import line
from allegiance.app.line import Line, Lines

HELLO = {"method": "init", "data": {".clientdata_url_search": "?page=yours"}}
CASE = {"method": "update", "data": {"text": {"value": "x" * 1_900_000, "count": 3}}}


def said(message: Any) -> dict[str, Any]:
    return {"type": "websocket.receive", "text": message if isinstance(message, str) else json.dumps(message)}


def update(**inputs: Any) -> dict[str, Any]:
    return {"method": "update", "data": inputs}


class Browser:
    """One end of a line: says what is in `words`, then stays silent; keeps what it is sent."""

    def __init__(self, *words: Any, slow: float = 0.0) -> None:
        self.words: asyncio.Queue[Any] = asyncio.Queue()
        for word in ({"type": "websocket.connect"}, *(w if "type" in w else said(w) for w in words)):
            self.words.put_nowait(word)
        self.sent: list[Any] = []
        self.slow = slow

    async def receive(self) -> Any:
        return await self.words.get()

    async def send(self, message: Any) -> None:
        await asyncio.sleep(self.slow)
        self.sent.append(message)
        if message["type"] == "websocket.close":
            self.words.put_nowait({"type": "websocket.disconnect", "code": message["code"]})

    @property
    def closed(self) -> str:
        return next((m["reason"] for m in self.sent if m["type"] == "websocket.close"), "")


def talk(browser: Browser, count: int = 99, seconds: float = 60.0) -> list[str]:
    """What reaches the pages of what a browser says, until it is cut off or has said `count` messages."""
    heard: list[str] = []

    async def pages(_: Any, receive: Callable[[], Any], send: Any) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        while len(heard) < count and (message := await receive())["type"] == "websocket.receive":
            heard.append(message["text"])
            await send({"type": "websocket.send", "text": "heard"})
        await asyncio.sleep(0.05)

    asyncio.run(asyncio.wait_for(Line(pages, {}, browser.receive, browser.send).run(), seconds))
    return heard


def test_what_a_page_says_is_passed_on_as_it_is() -> None:
    browser = Browser(HELLO, update(levers={"value": "{}", "count": 1}), update(**{"f-from:shiny.number": 1946}), CASE)
    heard = talk(browser, 4)
    assert json.loads(heard[0]) == HELLO
    assert len(heard[3]) > 1_900_000
    assert browser.closed == ""
    assert [m["type"] for m in browser.sent][:2] == ["websocket.accept", "websocket.send"]


MANY = {f"i{k}": 1 for k in range(100_000)}
FIRST = {
    "update before init": update(levers=1),
    "no method": {"data": {}},
    "method of another kind": {"method": ["init"], "data": {}},
    "unknown method": {"method": "bookmark", "data": {}},
    "no data": {"method": "init"},
    "data that is a list": {"method": "init", "data": [1]},
    "no address": {"method": "init", "data": {}},
    "an address that is a number": {"method": "init", "data": {".clientdata_url_search": 7}},
    "100,000 inputs at once": {"method": "init", "data": MANY | HELLO["data"]},  # type: ignore[operator]
    "a request of Shiny's": {"method": "uploadInit", "args": [], "tag": 1},
    "not JSON": "init",
    "a list": "[1]",
    "brackets": "[" * 100_000,
    "a number of a million digits": "1" * 1_000_000,
    "nothing": "",
    "bytes": {"type": "websocket.receive", "bytes": b"\x00\x01"},
}
LATER = {
    "init again": HELLO,
    "100,000 inputs": update(**MANY),
    "501 inputs": update(**{f"i{k}": 1 for k in range(501)}),
    "a file by its path": update(**{"x:shiny.file": [{"datapath": "/etc/passwd"}]}),
    "an unknown type": update(**{"x:evil": 1}),
    "two types": update(**{"x:shiny.number:shiny.number": 1}),
    "a name of 5,000 letters": update(**{"x" * 5000: 1}),
    "a name with a space": update(**{"a b": 1}),
    "an empty name": update(**{"": 1}),
    "letters of another script": update(ключ=1),
    "a long text where none belongs": update(levers="x" * 50_000),
    "a long text in a mapping": update(levers={"value": "x" * 50_000, "count": 1}),
    "a case of 2.2 MB": update(text={"value": "x" * 2_200_000, "count": 1}),
    "a list of 100,000": update(levers=[1] * 100_000),
    "a list of 470,000 lists": update(levers=[[1]] * 470_000),
    "a mapping of 100 entries": update(levers={str(k): 1 for k in range(100)}),
    "a nest": update(levers=[[[[[1] * 20] * 20]]]),
    "a request of Shiny's": update(x=1) | {"tag": 1, "args": []},
}


@pytest.mark.parametrize("message", FIRST.values(), ids=FIRST)
def test_what_no_page_says_first_ends_the_line(message: Any) -> None:
    browser = Browser(message)
    assert talk(browser) == []
    assert browser.closed


@pytest.mark.parametrize("message", LATER.values(), ids=LATER)
def test_what_no_page_says_later_ends_the_line(message: Any) -> None:
    browser = Browser(HELLO, message, update(x=1))
    assert len(talk(browser)) == 1
    assert browser.closed


def test_inputs_are_counted_over_the_visit() -> None:
    words = [update(**{f"i{k}": 1 for k in range(n, n + 400)}) for n in range(0, 4000, 400)]
    browser = Browser(HELLO, *words)
    assert len(talk(browser)) == 3
    assert "in a visit" in browser.closed


def test_a_page_that_never_says_which_it_is_is_hung_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PATIENCE", 0.2)
    browser = Browser()
    start = time.monotonic()
    assert talk(browser) == []
    assert time.monotonic() - start < 2
    assert "which one it is" in browser.closed


def test_a_flood_is_heard_at_a_pace_and_only_its_sender_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "_PACE", 50.0)
    monkeypatch.setattr(line, "_BURST", 10.0)
    start = time.monotonic()
    assert len(talk(Browser(HELLO, *[update(x=k) for k in range(40)]), 41)) == 41
    assert time.monotonic() - start > 0.4  # 31 beyond the first ten, fifty a second
    start = time.monotonic()
    assert len(talk(Browser(HELLO, *[update(x=k) for k in range(5)]), 6)) == 6
    assert time.monotonic() - start < 0.4


def test_many_bytes_are_heard_at_a_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "_BYTES", 2e6)
    monkeypatch.setattr(line, "_BYTES_BURST", 1e6)
    start = time.monotonic()
    assert len(talk(Browser(HELLO, CASE, CASE), 3)) == 3
    assert time.monotonic() - start > 1.2  # 2.8 MB beyond the first one


def test_a_browser_that_takes_nothing_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shiny handles one message at a time for all: sending may not wait for a browser."""
    monkeypatch.setattr(line, "_PENDING", 50_000)
    browser = Browser(slow=3600)

    async def pages() -> float:
        deaf = Line(None, {}, browser.receive, browser.send)  # type: ignore[arg-type]
        pump = asyncio.create_task(deaf._pump())
        start = time.monotonic()
        for _ in range(100):
            await deaf.send({"type": "websocket.send", "text": "x" * 1000})
        assert deaf._closed
        pump.cancel()
        return time.monotonic() - start

    assert asyncio.run(pages()) < 0.5


def test_with_too_many_lines_the_quietest_has_to_call_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MAX_LINES", 3)
    browsers = [Browser(HELLO) for _ in range(5)]

    async def pages(_: Any, receive: Any, send: Any) -> None:
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async def all_of_them() -> None:
        lines = Lines()
        tasks = []
        for browser in browsers:
            tasks.append(asyncio.create_task(lines.serve(Line(pages, {}, browser.receive, browser.send))))
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        assert [bool(b.closed) for b in browsers] == [True, True, False, False, False]
        for task in tasks:
            task.cancel()

    asyncio.run(all_of_them())
