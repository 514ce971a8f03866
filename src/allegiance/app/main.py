"""Puts the pages together into one application and serves it."""

from __future__ import annotations

import contextlib
import logging
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context, Options, read_query
from allegiance.app.downloads import Kept, register
from allegiance.app.jobs import Desk, Desks
from allegiance.app.line import MAX_MESSAGE
from allegiance.app.security import Guard, is_loopback
from allegiance.app.shell import PAGES, SCRIPTS, notice, page
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.report.glossary import marked

_LOG = logging.getLogger("uvicorn.error")
STATIC = Path(__file__).with_name("static")
CHECK_SECONDS = 10.0
"""Seconds that the check of a visitor's own case may take. The largest of the library takes about one."""
OWN_TASKS = ("run", "ratio", "whatif", "whatif_report", "history", "why", "day", "why_brigade")
"""What can be asked of a visitor's own case; each step is ended after `STEP_SECONDS`."""
WARMING = "reference"
"""The case that a worker for visitors' own cases plays first, to have the compiled model at hand: a short one."""
STEP_SECONDS = 120.0
"""Seconds that one step of playing a visitor's own case may take; see `admission.SOLDIER_DAYS`."""


def _module(query: Mapping[str, str]) -> Any:
    name = query.get("page", "home")
    return import_module(f"allegiance.app.{name if name in PAGES else 'home'}")


def build(options: Options, token: str = "") -> tuple[Any, Desks]:
    """The application behind its guard, and the desks that it asks.

    Raises:
        AllegianceError: shiny is not installed.
    """
    shiny = require("shiny", "web")
    folders = {"data": options.data, "ledger": options.ledger, "world": options.world}
    told = {name: str(folder) if folder else "" for name, folder in folders.items()}
    shelf = Catalogue()
    desk = desks(told, shelf.is_own)
    threading.Thread(target=shelf.fill, daemon=True).start()
    if options.warm:
        desk.submit("server", "warm", case=options.case)

    def server(input: Any, output: Any, session: Any) -> None:
        with shiny.reactive.isolate():
            query = Context(read_query(str(input[".clientdata_url_search"]())), options)
        kept = Kept()
        register(kept, output)
        serve = getattr(_module(query), "serve", None)  # a page that computes nothing has none
        if serve:
            serve(Talk(desk, session), query, shelf, _listener(shiny, input), kept)

    app = shiny.App(shiny.ui.TagList(), server, static_assets={"/static": STATIC}, debug=False)
    app.sanitize_errors = True
    scripts = _scripts(app.ui["html"])

    def document(text: str) -> tuple[str, int]:
        made, status = _made(text, Context(read_query(text), options), shelf)
        return "<!DOCTYPE html>\n" + marked(str(made)).replace(SCRIPTS, scripts), status

    return Guard(_front(app, document), token), desk


def _made(text: str, query: Context, shelf: Catalogue) -> tuple[Any, int]:
    """The page that an address asks for, and its status; one that cannot be made is told on a page."""
    try:
        return _module(query).render(query, shelf), 200
    except AllegianceError as error:
        said = str(error)
    except Exception as error:  # the last boundary: a visitor sees no traceback, the log says what it was
        _LOG.error("page %.200r: %s: %.500s", text, type(error).__name__, error)
        said = "An unexpected fault; the server's log says which. The other pages are not touched."
    return page("home", "This page could not be made", notice(said, "bad")), 500


def desks(options: dict[str, Any], is_own: Callable[[Any], bool] = lambda _: False) -> Desks:
    """Who computes what: cases of the library at one desk, visitors' own at two others, which they may keep busy.

    A case in the making is checked in a process that may be ended at any moment; one that is played waits for
    its like alone, at a lower priority than what-ifs.
    """
    checking = Desk(options, "allegiance.app.check_task", limits={"check": CHECK_SECONDS}, lazy=True)
    limits = dict.fromkeys(OWN_TASKS, STEP_SECONDS)
    own = Desk(options, limits=limits, lazy=True, first=("warm", {"case": WARMING}), nice=10)
    return Desks(Desk(options), {"check": checking, "run": own, "ratio": own}, is_own)


def _scripts(html: str) -> str:
    """Shiny's own scripts and style sheets by their addresses; what stands inline is left out (the policy bars it)."""
    return "".join(re.findall(r"<script src=[^>]*></script>|<link [^>]*stylesheet[^>]*>", html)) + "".join(
        re.findall(r'<script type="application/html-dependencies">[^<]*</script>', html)
    )


def _front(app: Any, document: Callable[[str], tuple[str, int]]) -> Any:
    """Our documents at `/`, each made in a thread so that none waits for another; everything else from Shiny."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import HTMLResponse

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            text = scope.get("query_string", b"").decode("latin-1")
            html, status = await run_in_threadpool(document, text)
            await HTMLResponse(html, status)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return serve


def _listener(shiny: Any, inputs: Any) -> Callable[[str, Callable[[Any], Any]], None]:
    """A function that calls another whenever the page sends a message of a name."""

    def on(name: str, function: Callable[[Any], Any]) -> None:
        async def heard() -> None:
            value = inputs[name]()
            # the page wraps what it sends with a counter, so that the same text twice is two messages
            text = value.get("value") if isinstance(value, dict) else None
            try:
                await function(text if isinstance(text, str | int | float) else "")
            except Exception as error:  # one message that cannot be answered does not end the visit
                _LOG.error("message %.40r: %s: %.500s", name, type(error).__name__, error)

        shiny.reactive.effect(shiny.reactive.event(inputs[name])(heard))

    return on


def run(options: Options, host: str, port: int, token: str, opened: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        host: address to bind; elsewhere than this machine a token is needed and made up if not given.
        opened: called with the address to open, once the server listens.

    Raises:
        AllegianceError: the port is taken, or a token is unfit for an address.
    """
    uvicorn = require("uvicorn", "web")
    if token and not (token.isascii() and token.isalnum() and len(token) >= 16):
        raise AllegianceError("a token needs at least 16 letters and digits", "leave it out and one is made up")
    if not is_loopback(host) and not token:
        token = secrets.token_hex(16)
    sock = bind(host, port)
    from allegiance.app.patience import CONNECTIONS, PatientServer, Punctual

    app, desk = build(options, token)
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=MAX_MESSAGE,
        limit_concurrency=CONNECTIONS,
        server_header=False,
        http=Punctual,
        ws="auto",
        timeout_graceful_shutdown=2,
    )
    shown = f"[{host}]" if ":" in host else host
    opened(f"http://{shown}:{sock.getsockname()[1]}/" + (f"?token={token}" if token else ""))
    try:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to be stopped
            PatientServer(config).run(sockets=[sock])
    finally:
        desk.stop()


def bind(host: str, port: int) -> Any:
    """A socket that listens.

    Raises:
        AllegianceError: the host is empty, or this machine has no such address or port free.
    """
    import socket

    if not host.strip():  # the system would take it for every address of this machine
        raise AllegianceError(
            "--host is empty", "give an address: 127.0.0.1 for this machine, 0.0.0.0 for all networks"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)
    except (OSError, OverflowError, ValueError, TypeError) as error:  # the latter two: no text for an address
        reason = getattr(error, "strerror", None) or error
        raise AllegianceError(
            f"cannot listen on {host[:200]!r}, port {port}: {reason}", "choose another with --port"
        ) from error
    return found
