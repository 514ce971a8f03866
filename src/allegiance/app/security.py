"""What stands between the network and the pages: who may ask, which questions pass, what a browser may do with it."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import ipaddress
import re
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from allegiance.app.line import Line, Lines

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "allegiance"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""Scripts come from this server alone. Styles may be inline, because drawings carry them as attributes."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}


_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{0,5}))?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def host_of(text: str) -> str | None:
    """The host in a `Host` header, in small letters and without its port; None if the text is no address.

    >>> [host_of(text) for text in ("LocalHost:8765", "[::1]:80", "[::1", "a:b", "a@b", "a:99999")]
    ['localhost', '::1', None, None, None, None]
    """
    match = _HOST.fullmatch(text)
    if match is None or int(match[3] or 0) > 65535:
        return None
    if match[1] is None:
        return match[2].lower()
    try:
        return str(ipaddress.IPv6Address(match[1]))
    except ValueError:
        return None


def origin_of(text: str) -> str | None:
    """What stands after the scheme in an `Origin` header, `null` for a page without one; None if it is no origin.

    >>> origin_of("http://127.0.0.1:8765"), origin_of("null"), origin_of("http://[::1"), origin_of("http://a/b")
    ('127.0.0.1:8765', 'null', None, None)
    """
    if text == "null":
        return text
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else ""
    return rest if host_of(rest) is not None else None


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """Lets a request through to `app`, or answers it with a plain refusal.

    Args:
        app: the pages. token: what a visitor must bring in `?token=` once; none is asked for if empty. Without one,
            only requests addressed to this machine are let through, so that a foreign page cannot reach the server
            under another name.
    """

    def __init__(self, app: App, token: str = "") -> None:
        self.app = app
        self.token = token
        self.lines = Lines()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        refused = self._refusal(scope, headers)
        if refused and scope["type"] == "websocket":
            await _turned_away(scope, receive, send, *refused)
        elif refused:
            await _answer(send, *refused)
        elif scope["type"] == "websocket":
            await self.lines.serve(Line(self.app, scope, receive, send))
        elif self.token and "token" in dict(_query(scope)):
            await self._welcome(scope, send)
        else:
            await self.app(scope, receive, _dressed(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if (host and host_of(host) is None) or (origin and origin_of(origin) is None) or _twice(scope):
            return 400, "The request names a host or an origin that is no address."
        if not self.token and not is_loopback(host_of(host) or ""):
            return 421, "This server answers only on this machine's own address."
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            return 405, "Only reading is possible here."
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > 16_000:
            return 414, "The address is too long."
        if b"\0" in str(scope.get("path", "")).encode("utf-8", "replace"):
            return 404, "There is no such page."
        if scope["type"] == "websocket" and origin_of(origin) != host:
            return 403, "The page asking is not one of this server's."
        if self.token and not self._known(scope, headers):
            return 401, "This page needs its token: open the address that `allegiance serve` printed."
        return None

    def _known(self, scope: Scope, headers: dict[str, str]) -> bool:
        given = dict(_query(scope)).get("token", "") if scope["type"] == "http" else ""
        try:
            kept = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            kept = None
        return any(
            hmac.compare_digest(self.token.encode(), text.encode("utf-8", "replace"))
            for text in (given, kept.value if kept else "")
        )

    async def _welcome(self, scope: Scope, send: Send) -> None:
        """Turn the token in the address into a cookie, so that it does not stay in the address bar."""
        rest = urlencode([(k, v) for k, v in _query(scope) if k != "token"])
        cookie = f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        await _answer(send, 303, "", {"location": f"/?{rest}" if rest else "/", "set-cookie": cookie})


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True, max_num_fields=None)


def _twice(scope: Scope) -> bool:
    """Whether a header that says where a request goes or comes from is given more than once."""
    names = [name for name, _ in scope["headers"]]
    return any(names.count(name) > 1 for name in (b"host", b"origin"))


async def _turned_away(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    """Refuse a socket: as a plain answer where the server can give one, else by closing it."""
    await receive()
    if "websocket.http.response" in (scope.get("extensions") or {}):
        await _answer(send, status, text, kind="websocket.http.response")
        with contextlib.suppress(TimeoutError):  # uvicorn complains if this ends before the connection does
            await asyncio.wait_for(_gone(receive), 1)
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": text[:100]})


async def _gone(receive: Receive) -> None:
    for _ in range(2):  # said once when refused, once when the connection is closed
        await receive()


async def _answer(
    send: Send, status: int, text: str, headers: dict[str, str] | None = None, kind: str = "http.response"
) -> None:
    full = {**HEADERS, "content-type": "text/plain; charset=utf-8", **(headers or {})}
    encoded = [(k.encode(), v.encode()) for k, v in full.items()]
    await send({"type": f"{kind}.start", "status": status, "headers": encoded})
    await send({"type": f"{kind}.body", "body": text.encode()})


def _dressed(send: Send) -> Send:
    """Every answer of the pages with the security headers on."""

    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            kept = [(k, v) for k, v in message["headers"] if k.decode("latin-1").lower() not in HEADERS]
            message = {**message, "headers": kept + [(k.encode(), v.encode()) for k, v in HEADERS.items()]}
        await send(message)

    return wrapped
