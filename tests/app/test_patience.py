"""Slow connections are closed, and however many there are, others are served."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from uvicorn import Config

from allegiance.app import patience
from allegiance.app.main import bind
from allegiance.app.patience import CONNECTIONS, HALF_OPEN, PatientServer, Punctual
from allegiance.base.errors import AllegianceError

LARGE = b"x" * 20_000_000


async def _pages(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        body = LARGE if scope["path"] == "/large" else b"page"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    sock = bind("127.0.0.1", 0)
    config = Config(_pages, log_level="error", limit_concurrency=CONNECTIONS, http=Punctual, lifespan="off")
    server = PatientServer(config)
    thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield sock.getsockname()[1]
    server.should_exit = True
    thread.join(10)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "REQUEST_SECONDS", 1.0)
    monkeypatch.setattr(patience, "UNREAD_SECONDS", 1.0)


def dial(port: int, said: bytes) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), 5)
    found.sendall(said)
    return found


def served(port: int) -> float:
    """Seconds until another visitor has the page."""
    start = time.monotonic()
    assert urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read() == b"page"
    return time.monotonic() - start


def over(sock: socket.socket, seconds: float = 6.0) -> bool:
    """Whether the server hangs up within some seconds."""
    sock.settimeout(seconds)
    try:
        while sock.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


WHOLE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HALVES = {
    "nothing": b"",
    "a letter": b"G",
    "half a line": b"GET / HT",
    "half the headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: ",
    "one whole and half of another": WHOLE + b"GET / HTTP/1.1\r\nHost",
    "a body that does not come": b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx",
    "a piece of a body": b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
}


@pytest.mark.parametrize("said", HALVES.values(), ids=HALVES)
def test_a_request_that_does_not_come_whole_is_hung_up(port: int, said: bytes) -> None:
    assert over(dial(port, said), 8.0)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", WHOLE + b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_a_request_in_drops_is_hung_up(port: int, said: bytes) -> None:
    sock = dial(port, said)
    start = time.monotonic()
    with contextlib.suppress(OSError):
        while time.monotonic() - start < 8:
            sock.sendall(b"X-a: 1\r\n")
            time.sleep(0.1)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("said", HALVES.values(), ids=HALVES)
def test_hundreds_of_half_requests_shut_nobody_out(port: int, said: bytes) -> None:
    socks = [dial(port, said) for _ in range(320)]
    assert served(port) < 3
    time.sleep(0.5)
    assert served(port) < 3
    for sock in socks:
        sock.close()


def test_the_oldest_half_requests_go_first(port: int) -> None:
    socks = [dial(port, b"G") for _ in range(HALF_OPEN + 20)]
    assert all(over(sock, 0.9) for sock in socks[:5])


def test_an_answer_that_is_not_read_is_given_up(port: int) -> None:
    sock = dial(port, b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    time.sleep(4)
    sock.settimeout(5)
    got = 0
    try:
        while piece := sock.recv(1 << 20):
            got += len(piece)
    except OSError:
        pass
    assert got < len(LARGE)


def test_an_answer_that_is_read_slowly_comes_whole(port: int) -> None:
    sock = dial(port, b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    got = 0
    while piece := sock.recv(1_000_000):
        got += len(piece)
        time.sleep(0.1)
    assert got > len(LARGE)


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        "\t",
        "\n ",
        "\0",
        "127.0.0.1\0",
        "256.1.1.1",
        "1.2.3.4.5",
        "::g",
        "[::1]",
        "a" * 300,
        "é..",
        "127.0.0.1/8",
        "*",
    ],
)
def test_a_host_that_is_none_is_told(host: str) -> None:
    with pytest.raises(AllegianceError) as caught:
        bind(host, 0)
    assert "host" in str(caught.value) or "listen" in str(caught.value)
    assert caught.value.cure


def test_a_port_that_is_taken_is_told() -> None:
    taken = bind("127.0.0.1", 0)
    with pytest.raises(AllegianceError, match="cannot listen"):
        bind("127.0.0.1", taken.getsockname()[1])
    taken.close()
