"""Pages as one self-contained HTML file: no network, text escaped, a content policy that forbids the rest."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from allegiance import __version__
from allegiance.base.files import write_text
from allegiance.report.glossary import marked
from allegiance.report.page import Page

if TYPE_CHECKING:
    import polars as pl

    from allegiance.cases.schema import Case


@cache
def environment() -> Environment:
    """The template environment: everything is escaped unless a template says that it is our own drawing."""
    env = Environment(
        loader=PackageLoader("allegiance.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    env.filters["web"] = web_address
    env.filters["breakable"] = _breakable
    env.filters["undivided"] = _undivided
    return env


def _unbroken(value: Any) -> Any:
    """Text in which a number and its percent sign stay on one line; markup of ours is left alone."""
    if type(value) is not str:
        return value
    return value.replace(" %", "\N{NO-BREAK SPACE}%").replace("≥ ", "≥\N{NO-BREAK SPACE}")


def _breakable(text: str) -> Markup:
    """A dotted path that may run on to the next line after a dot."""
    return Markup(str(escape(text)).replace(".", ".<wbr>")) if " " not in text else escape(text)


def _undivided(title: str) -> str:
    """A title whose dates stay on one line.

    >>> _undivided("Mali, 2012-06-01").count("-")
    0
    """
    return re.sub(r"\b(\d{4})-(\d\d)-(\d\d)\b", "\\1\N{NON-BREAKING HYPHEN}\\2\N{NON-BREAKING HYPHEN}\\3", title)


def web_address(address: str) -> str:
    """An address that is safe to follow: http, https, or a page of the server itself; anything else becomes empty.

    >>> web_address("https://example.org/a"), web_address("?page=cases"), web_address("javascript:alert(1)")
    ('https://example.org/a', '?page=cases', '')
    """
    return address if address.startswith(("https://", "http://", "?page=")) else ""


@cache
def _asset(name: str) -> str:
    return (resources.files("allegiance.report") / "templates" / name).read_text(encoding="utf-8").strip()


@cache
def _policy() -> str:
    """A content policy that lets only this page's own script run; styles are inline because drawings carry them."""
    digest = base64.b64encode(hashlib.sha256(_asset("page.js").encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def render(template: str, **context: Any) -> str:
    """Fill a template of this package; the page's style, script and content policy are at hand in it.

    Args:
        template: a file name in `report/templates`, such as `page.html.j2`.
        context: what the template names.
    """
    shared = {"css": _asset("page.css"), "js": _asset("page.js"), "policy": _policy(), "version": __version__}
    return environment().get_template(template).render(**shared, **context)


def render_page(page: Page) -> str:
    """A page as a whole HTML document, with each term of the glossary explained where it is first used."""
    return marked(render("page.html.j2", page=page))


def write_page(path: Path, page: Page) -> Path:
    """Write a page, whole or not at all; return its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    write_text(path, render_page(page))
    return path


def write_report(
    folder: Path,
    case: Case,
    summary: dict[str, Any],
    daily: pl.DataFrame,
    events: pl.DataFrame,
    members: pl.DataFrame,
    story: pl.DataFrame,
    kind: str = "run",
) -> Path:
    """Write `report.html` of a run into `folder`.

    Args:
        folder: the bundle's folder.
        case: the case as it was run (settings applied).
        summary: the content of `summary.json`.
        daily: one row per member, day, side and force.
        events: one row per event.
        members: one row per member.
        story: date and text of what one typical member lived through.
        kind: word for the line above the title.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    from allegiance.report.run_page import run_page

    return write_page(folder / "report.html", run_page(case, summary, daily, events, members, story, kind))
