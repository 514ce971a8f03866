"""Who is let in, what may be asked, and the headers on every answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from allegiance.app.security import COOKIE, Guard

TOKEN = "0123456789abcdef0123"


async def _pages(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOW")]})
    await send({"type": "http.response.body", "body": b"page"})


def ask(
    token: str = "", query: str = "", kind: str = "http", method: str = "GET", extensions: Any = None,
    headers_as_sent: Any = None, **headers: str,
) -> Any:  # fmt: skip
    """(status, headers, body) of one request; for a socket that is closed or accepted, what it is told."""
    named = {"host": "127.0.0.1:8765"} | {k.replace("_", "-"): v for k, v in headers.items()}
    scope = {
        "type": kind, "method": method, "path": "/", "raw_path": b"/", "query_string": query.encode(),
        "headers": headers_as_sent or [(k.encode(), v.encode("latin-1")) for k, v in named.items()],
        "extensions": extensions,
    }  # fmt: skip
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(Guard(_pages, token)(scope, receive, send))
    if "status" not in sent[0]:
        return sent[0]["type"]
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"]


def test_a_plain_request_is_answered_with_the_headers_on() -> None:
    status, headers, body = ask()
    assert (status, body) == (200, b"page")
    assert headers["x-frame-options"] == "DENY"
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "10.0.0.5:8765"])
def test_another_name_for_this_machine_is_refused(host: str) -> None:
    assert ask(host=host)[0] == 421


NO_HOSTS = [
    "[", "[::1", "::1", "[::1]x", "[zz]", "[zz]:80", "[]", "[1:2:3]", "[127.0.0.1]", "127.0.0.1:abc", "127.0.0.1:99999",
    "127.0.0.1:-1", "127.0.0.1:80:80", "127.0.0.1, localhost", "127.0.0.1 localhost", "me@127.0.0.1", "127.0.0.1/x",
    "127.0.0.1?x", "127.0.0.1#x", "http://127.0.0.1", "127.0.0.1\x00", "127.0.0.1\xff", "\xe9", "%31", ":", ":8765",
    "?", "[fe80::1%eth0]", "x" * 60 + "[",
]  # fmt: skip


@pytest.mark.parametrize("host", NO_HOSTS)
@pytest.mark.parametrize("token", ["", TOKEN])
def test_a_host_that_is_no_address_is_a_bad_request(host: str, token: str) -> None:
    assert ask(token, host=host)[0] == 400
    assert ask(token, kind="websocket", host=host, origin=f"http://{host}") == "websocket.close"


@pytest.mark.parametrize("host", NO_HOSTS)
def test_an_origin_that_is_none_is_a_bad_request(host: str) -> None:
    assert ask(origin=f"http://{host}")[0] == 400
    assert ask(kind="websocket", origin=f"http://{host}") == "websocket.close"


@pytest.mark.parametrize(
    "origin", ["x", "127.0.0.1:8765", "//127.0.0.1:8765", "http:/127.0.0.1", "http://", "://a", "http://a/"]
)
def test_an_origin_without_scheme_or_with_a_path_is_a_bad_request(origin: str) -> None:
    assert ask(origin=origin)[0] == 400
    assert ask(kind="websocket", origin=origin) == "websocket.close"


@pytest.mark.parametrize("name", ["host", "origin"])
def test_two_hosts_or_origins_are_a_bad_request(name: str) -> None:
    twice = [(b"host", b"127.0.0.1:1")] + [
        (name.encode(), b"http://127.0.0.1:1" if name == "origin" else b"127.0.0.1:1")
    ] * 2
    assert ask(headers_as_sent=twice)[0] == 400


@pytest.mark.parametrize(("headers", "status"), [
    ({"host": "[::1"}, 400), ({"origin": "http://[::1"}, 400), ({"origin": "null"}, 403), ({"origin": ""}, 403),
    ({"origin": "http://evil.example"}, 403), ({"host": "evil.example", "origin": "http://evil.example"}, 421),
])  # fmt: skip
def test_a_socket_is_refused_with_the_status_of_the_reason(headers: dict[str, str], status: int) -> None:
    assert ask(kind="websocket", extensions={"websocket.http.response": {}}, **headers)[0] == status


@pytest.mark.parametrize(
    "host", ["localhost:8765", "LOCALHOST", "127.0.0.1", "127.0.0.1:", "127.8.9.1", "[::1]:8765", "[::1]"]
)
def test_this_machines_own_names_are_fine(host: str) -> None:
    assert ask(host=host)[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_but_reading(method: str) -> None:
    assert ask(method=method)[0] == 405


def test_a_very_long_address_is_refused() -> None:
    assert ask(query="a" * 17_000)[0] == 414


def test_a_socket_opened_by_a_foreign_page_is_closed() -> None:
    assert ask(kind="websocket", origin="http://evil.example") == "websocket.close"
    assert ask(kind="websocket") == "websocket.close"
    assert ask(kind="websocket", origin="http://127.0.0.1:8765") == "websocket.accept"


def test_without_the_token_nothing_is_served() -> None:
    assert ask(TOKEN, host="10.0.0.5:8765")[0] == 401
    assert ask(TOKEN, host="10.0.0.5:8765", query="token=wrong")[0] == 401
    assert ask(TOKEN, host="10.0.0.5:8765", query="token=")[0] == 401
    assert ask(TOKEN, host="10.0.0.5:8765", cookie=f"{COOKIE}=wrong")[0] == 401
    assert ask(TOKEN, kind="websocket", host="a:1", origin="http://a:1") == "websocket.close"


def test_the_token_becomes_a_cookie_and_leaves_the_address() -> None:
    status, headers, _ = ask(TOKEN, host="10.0.0.5:8765", query=f"page=whatif&token={TOKEN}")
    assert (status, headers["location"]) == (303, "/?page=whatif")
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert ask(TOKEN, host="10.0.0.5:8765", cookie=cookie.split(";")[0])[0] == 200
    kept = f"{COOKIE}={TOKEN}"
    assert ask(TOKEN, kind="websocket", host="a:1", origin="http://a:1", cookie=kept) == "websocket.accept"
