"""The frame of every page: head, navigation, live region; and the report's blocks as parts of a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from htmltools import HTML, Tag, TagList, tags

from allegiance import __version__
from allegiance.report.html import environment
from allegiance.report.page import Block

PAGES = {
    "home": "Home",
    "cases": "Cases",
    "whatif": "What if",
    "why": "Why",
    "day": "War desk",
    "claims": "Claims",
    "assess": "Assess an army",
    "forecasts": "Forecasts",
    "evidence": "Evidence",
    "yours": "Your case",
}
STATIC = ("app", "export", "chart", "scenarios", "army", "desk")
"""Our own scripts, in the order in which they are read."""
SCRIPTS = "<!-- scripts of Shiny -->"
"""Where `main` puts the addresses of Shiny's own scripts into a page."""


@cache
def _style() -> str:
    return (resources.files("allegiance.report") / "templates" / "page.css").read_text(encoding="utf-8")


def page(name: str, title: str, *body: Any) -> Tag:
    """A whole page: `name` is its key in PAGES, `title` its heading."""
    links = [
        tags.li(tags.a(label, href=f"?page={key}", aria_current="page" if key == name else None))
        for key, label in PAGES.items()
    ]
    return tags.html(
        tags.head(
            tags.title(f"{title} · Allegiance"),
            tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
            tags.meta(name="color-scheme", content="light dark"),
            tags.style(HTML(_style())),
            tags.link(rel="stylesheet", href="static/app.css"),
            tags.link(rel="icon", href="static/icon.svg"),
            HTML(SCRIPTS),
            *(tags.script(src=f"static/{name}.js", defer="") for name in STATIC),
        ),
        tags.body(
            tags.a("Skip to the page", href="#main", class_="skip"),
            tags.header(
                tags.p(tags.a("Allegiance", href="?page=home"), class_="brand"),
                tags.nav(tags.ul(*links), aria_label="Pages"),
                class_="masthead",
            ),
            tags.main(tags.h1(title), *body, id="main", tabindex="-1"),
            tags.footer(
                tags.p(
                    f"allegiance {__version__}, on this machine only. A model’s output is an argument to weigh, not a"
                    " forecast to act on alone."
                )
            ),
            data_page=name,
        ),
        lang="en",
    )


def blocks(parts: Iterable[Block | None]) -> HTML:
    """Blocks of a report as they look there; text in them is escaped by the report's templates."""
    env = environment()
    return HTML("".join(env.get_template(f"blocks/{b.kind}.html.j2").render(block=b) for b in parts if b is not None))


def markdown(text: str) -> str:
    """Markdown as HTML; markup in the text itself is shown as text, headings start at the third level."""
    from markdown_it import MarkdownIt

    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    for level in (3, 2, 1):  # the page has its own h1 and h2
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")


def choice(name: str, label: str, options: dict[str, str], chosen: str, go: bool = False) -> Tag:
    """A labelled select; with `go`, choosing loads the page anew with `name` in its address."""
    picked = [tags.option(text, value=key, selected="" if key == chosen else None) for key, text in options.items()]
    return tags.p(
        tags.label(label, for_=f"f-{name}"),
        tags.select(*picked, id=f"f-{name}", name=name, data_go=name if go else None),
        class_="field",
    )


def progress() -> TagList:
    """Where the page says how far an answer is; read out by screen readers."""
    return TagList(
        tags.div(
            tags.progress(id="bar", max="1", value="0", aria_label="Progress of the answer"),
            tags.p("", id="status", role="status", aria_live="polite"),
            class_="progress",
            id="progress",
        ),
    )


def notice(text: str, tone: str = "warn") -> Tag:
    """A message the reader must not overlook; line breaks are kept."""
    return tags.div(tags.p(text, class_="told"), class_=f"notice {tone}", role="alert" if tone == "bad" else None)
