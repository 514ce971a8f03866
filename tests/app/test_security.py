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


def ask(token: str = "", query: str = "", kind: str = "http", method: str = "GET", **headers: str) -> Any:
    """(status or message type, headers, body) of one request."""
    named = {"host": "127.0.0.1:8765"} | {k.replace("_", "-"): v for k, v in headers.items()}
    scope = {
        "type": kind, "method": method, "path": "/", "raw_path": b"/", "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in named.items()],
    }  # fmt: skip
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(Guard(_pages, token)(scope, receive, send))
    if kind == "websocket":
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


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:8765"])
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
