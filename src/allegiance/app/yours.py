"""Your case: written or uploaded in the browser, checked as it is typed, played, reported.

The text is parsed as data by the reader of the command line, with its messages and line numbers; it never becomes a
file on the server's disk under a name of the visitor's, and it is read by a process that is ended if it takes long.
"""

from __future__ import annotations

import re
from typing import Any

from htmltools import Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.check_task import SHOWN, Checked
from allegiance.app.context import Context
from allegiance.app.downloads import Kept, links, offer
from allegiance.app.shell import notice, page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError, Fault
from allegiance.cases.paths import basis_counts
from allegiance.cases.schema import Case
from allegiance.cases.template import TEMPLATE

_LONGEST = 600
"""Most characters of a fault."""


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent, with the annotated template in the editor."""
    template = TEMPLATE.read_text(encoding="utf-8")
    return page(
        "yours",
        "Your case",
        tags.p(
            "Start from the annotated template below, or open a case file. It is checked while you type; what is"
            " wrong is said as ",
            tags.code("allegiance case check"),
            " says it.",
            class_="lead",
        ),
        tags.p(
            tags.label("Open a case file (YAML, at most 2 MB)", for_="upload"),
            tags.input(type="file", id="upload", data_shiny_no_bind_input="", accept=".yaml,.yml,text/yaml"),
            class_="field",
        ),
        tags.div(
            tags.section(
                tags.h2(tags.label("Case file", for_="editor")),
                tags.textarea(
                    template, id="editor", data_shiny_no_bind_input="", class_="code", spellcheck="false", wrap="off"
                ),
            ),
            tags.section(
                tags.h2("Check"),
                tags.p("", id="check-status", class_="about"),
                tags.div(id="faults", role="status", aria_live="polite"),
                tags.div(id="answer"),
                tags.h2("Play it"),
                progress(),
                links("Play 32 wars and write the report", with_case=True),
            ),
            class_="split even",
        ),
    )


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer `text` (the whole case), `name` (of the file opened) and `prepare` (play it)."""
    state: dict[str, Any] = {"name": "case.yaml", "found": None}

    async def named(text: Any) -> None:
        state["name"] = re.sub(r"[^\w. -]", "_", str(text)[:80]) or "case.yaml"

    async def answered(found: Checked, _: Any) -> None:
        state["found"], case = found, found.case
        kept.case = None if case is None else lambda: (case.id, case)
        said = _faults(state["name"], found.faults, found.count) if case is None else _sound(case, found.barred)
        await talk.send("html", {"target": "faults", "html": str(said)})
        await talk.send("checked", {"ok": case is not None})

    async def written(text: Any) -> None:
        state["found"], kept.case = None, None
        talk.ask("check", answered, "check", text=str(text), name=state["name"])

    def job() -> tuple[str, dict[str, Any]]:
        found: Checked | None = state["found"]
        if found is None:
            raise AllegianceError("the case has not been checked yet", "wait until Check says what it found")
        if found.case is None:
            raise AllegianceError("the case has faults", "mend what is listed under Check, then play it")
        if found.barred:
            raise AllegianceError(found.barred)
        return "run", {"case": found.case}

    on("name", named)
    on("text", written)
    offer(talk, on, kept, job)


def _sound(case: Case, barred: str = "") -> TagList:
    counts = basis_counts(case)
    shown = ", ".join(f"{count} {basis}" for basis, count in counts.items())
    return TagList(
        tags.p(tags.strong("ok "), f"{case.id}: {sum(counts.values())} numbers ({shown})", class_="good"),
        tags.p(case.title),
        notice(f"It is not played here: {barred}") if barred else None,
    )


def _faults(name: str, faults: list[Fault], total: int | None = None) -> TagList:
    """The list of faults; `total` is how many there are if not all are given."""
    total = len(faults) if total is None else total
    count = f"{total} fault" + ("s" if total != 1 else "")
    items = []
    for fault in faults[:SHOWN]:
        line = fault.place.rpartition(":")[2]
        go = tags.button(f"line {line}", type="button", data_line=line) if line.isdigit() else None
        items.append(tags.li(go, " " if go else None, tags.span(_short(str(fault)), class_="told")))
    more = tags.p(f"and {total - len(items)} more") if total > len(items) else None
    return TagList(tags.p(tags.strong(f"{name}: {count}"), class_="bad"), tags.ul(*items, class_="faults"), more)


def _short(text: str) -> str:
    """A message that fits the page; a key may be as long as the file."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"
