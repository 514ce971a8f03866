"""Kind 8: a running server under attack: others are served meanwhile, and nothing of it is left when it is ended."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from allegiance.cases.template import TEMPLATE

GOOD = TEMPLATE.read_text(encoding="utf-8")
PAGE = 15.0
"""Seconds in which another visitor has a page, on a busy machine; an attack that holds up others costs a minute."""
SERVE = """
from pathlib import Path
from allegiance.app.context import Options
from allegiance.app.main import run

KIND = "The web page"
run(Options(ledger=Path({ledger!r}), warm=False), "127.0.0.1", 0, "", lambda address: print(address, flush=True))
"""


class Server:
    """A server in a session of its own, with a damaged ledger."""

    def __init__(self, folder: Path) -> None:
        (folder / "x.json").write_text("{")
        self.log = folder / "log"
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE.format(ledger=str(folder))], stdout=stream, stderr=stream,
                start_new_session=True,
            )  # fmt: skip
        assert within(60, lambda: re.search(r"http://\S+", self.log.read_text())), self.log.read_text()
        found = re.search(r"http://\S+", self.log.read_text())
        self.address = found[0] if found else ""

    def get(self, path: str = "?page=claims", timeout: float = 30, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def others(self) -> set[int]:
        """Its worker processes."""
        found = set()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.add(int(stat.parent.name))
        return found - {self.process.pid}


def within(seconds: float, true: Callable[[], Any]) -> bool:
    stop = time.monotonic() + seconds
    while not true():
        if time.monotonic() > stop:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pytest.importorskip("websockets")
    found = Server(tmp_path_factory.mktemp("serve"))
    found.get()  # the first page reads the library
    yield found
    found.process.kill()
    found.process.wait(10)


class Visitor:
    """A browser's end of a visit to one page."""

    def __init__(self, server: Server, page: str = "yours") -> None:
        self.server, self.page = server, page

    async def __aenter__(self) -> Visitor:
        import websockets

        base = self.server.address.rstrip("/")
        address = base.replace("http", "ws") + "/websocket/"
        self.socket = await websockets.connect(address, origin=base, max_size=None, open_timeout=60)  # type: ignore[arg-type]
        await self.say("init", {".clientdata_url_search": f"?page={self.page}"})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def say(self, method: str, data: dict[str, Any]) -> None:
        await self.socket.send(json.dumps({"method": method, "data": data}))

    async def write(self, text: str) -> None:
        await self.say("update", {"text": {"count": time.monotonic_ns(), "value": text}})

    async def hears(self, seconds: float, kind: str) -> Any:
        """The next message of a kind."""
        async with asyncio.timeout(seconds):
            while True:
                found = json.loads(await self.socket.recv()).get("custom", {})
                if kind in found:
                    return found[kind]


async def page_seconds(server: Server) -> float:
    start = time.monotonic()
    status, _ = await asyncio.to_thread(server.get)
    assert status == 200
    return time.monotonic() - start


HOSTILE = {
    "470,000 lists": "a: [" + ",".join(["[a]"] * 470_000) + "]\n",
    "150,000 unknown keys": "".join(f"k{n}: 1\n" for n in range(150_000)),
    "9,000 nearly known keys": GOOD + "".join(f"sidez{n}: 1\n" for n in range(9000)),
    "a word of 1.9 MB": "a: " + "x" * 1_900_000,
    "a number of 1.9 million digits": "days: " + "9" * 1_900_000,
    "40 million soldiers": re.sub(
        r"(strength: {value: )[0-9]+(.*?)(, range: \[[^]]*\])?}",
        r"\g<1>20000000\2}",
        GOOD.replace("days: 180", "days: 3650"),
    ),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_case_of_one_visitor_holds_up_nobody(server: Server, text: str) -> None:
    async def attack() -> None:
        async with Visitor(server) as evil, Visitor(server) as other, Visitor(server, "whatif") as third:
            await evil.write(text)
            await evil.say("update", {"prepare": {"count": 1, "value": ""}})
            await asyncio.sleep(0.2)
            assert await page_seconds(server) < PAGE
            await other.write("titel: x\n")
            assert "faults" in (await other.hears(60, "html"))["html"]
            await third.say("update", {"levers": {"count": 1, "value": '{"no.such": 1}'}})
            assert "is not a lever" in (await third.hears(30, "failed"))["text"]

    asyncio.run(attack())


def test_a_flood_of_messages_holds_up_nobody(server: Server) -> None:
    async def attack() -> None:
        async with Visitor(server, "whatif") as evil:
            for k in range(600):
                await evil.say("update", {"levers": {"count": k, "value": '{"no.such": 1}'}})
            assert await page_seconds(server) < PAGE

    asyncio.run(attack())


def test_hundreds_of_visits_that_say_nothing_hold_up_nobody(server: Server) -> None:
    async def attack() -> None:
        import websockets

        base = server.address.rstrip("/")
        address = base.replace("http", "ws") + "/websocket/"
        socks = [await websockets.connect(address, origin=base, open_timeout=60) for _ in range(250)]  # type: ignore[arg-type]
        assert await page_seconds(server) < PAGE
        async with Visitor(server) as other:
            await other.write("titel: x\n")
            assert "faults" in (await other.hears(60, "html"))["html"]
        for sock in socks:
            sock.transport.abort()

    asyncio.run(attack())


WRONG = {
    "an empty mapping": "{}",
    "update first": '{"method": "update", "data": {"levers": 1}}',
    "brackets": "[" * 100_000,
    "100,000 inputs": json.dumps({"method": "init", "data": {f"i{k}": 1 for k in range(100_000)}}),
    "a word": "nothing",
    "bytes": b"\x00",
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
def test_a_visit_that_begins_wrong_is_ended(server: Server, said: Any) -> None:
    async def attack() -> int:
        import websockets

        base = server.address.rstrip("/")
        async with websockets.connect(
            base.replace("http", "ws") + "/websocket/", origin=base, open_timeout=60
        ) as socket:  # type: ignore[arg-type]
            await socket.send(said)
            async with asyncio.timeout(10):
                await socket.wait_closed()
            return socket.close_code or 0

    assert asyncio.run(attack()) == 1008


@pytest.mark.parametrize("name", ["Host", "Origin"])
@pytest.mark.parametrize("value", ["http://[::1", "[::1", "[zz]:1", "127.0.0.1:x", "a b"])
def test_headers_that_are_no_addresses_are_bad_requests(server: Server, name: str, value: str) -> None:
    assert server.get("", **{name: value})[0] == 400


@pytest.mark.parametrize(
    "path",
    [
        "static/%00", "%00", "static/" + "a" * 5000, "static/..%2f..%2fmain.py", "session/x/dataobj/y", "websocket/",
        "session/%00/download/report", "lib/%2e%2e/x", "?page=%ff%00", "?" + "&" * 9000,
    ],
)  # fmt: skip
def test_hostile_paths_are_not_found_or_pages_like_any_other(server: Server, path: str) -> None:
    assert server.get(path)[0] in (200, 400, 404)


def test_a_damaged_ledger_is_told_on_the_page(server: Server) -> None:
    status, html = server.get("?page=forecasts")
    assert status == 200
    assert "is not a forecast" in html


def test_nothing_of_this_reached_the_log_as_a_traceback(server: Server) -> None:
    assert "Traceback" not in server.log.read_text()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGHUP])
def test_no_process_is_left_when_the_server_ends(number: int, tmp_path: Path) -> None:
    if signal.getsignal(number) == signal.SIG_IGN:
        pytest.skip("the signal is ignored here, as under nohup, and so it is by what is started")
    server = Server(tmp_path)

    async def busy() -> None:
        async with Visitor(server) as visitor, Visitor(server, "whatif"):
            await visitor.write("a: " + "x" * 1_900_000)
            assert within(30, lambda: len(server.others()) >= 3)
            os.kill(server.process.pid, number)

    asyncio.run(busy())
    server.process.wait(15)
    gone = within(10, lambda: not server.others())
    left = server.others()
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert gone, left
    if number != signal.SIGKILL:  # a worker that is just being started then misses its first message, and says so
        assert "Traceback" not in server.log.read_text()
