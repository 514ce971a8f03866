"""Your case: written or uploaded in the browser, checked as it is typed, played, reported.

The text is parsed as data by the reader of the command line, with its messages and line numbers; it never becomes a
file on the server's disk under a name of the visitor's.
"""

from __future__ import annotations

import re
from typing import Any

from htmltools import Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept, links, offer
from allegiance.app.shell import page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError, Fault, FaultyInput
from allegiance.cases.faults import validated
from allegiance.cases.paths import basis_counts
from allegiance.cases.reader import LIMIT_BYTES, parse
from allegiance.cases.schema import Case
from allegiance.cases.template import TEMPLATE

_SHOWN = 60
"""Most faults listed at once."""


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
                tags.div(id="faults", role="status", aria_live="polite"),
                tags.div(id="answer"),
                tags.h2("Play it"),
                progress(),
                links("Play 32 wars and write the report", with_case=True),
            ),
            class_="split even",
        ),
    )


def read_case(text: str, name: str = "case.yaml") -> Case:
    """The case that a text holds.

    Raises:
        AllegianceError: the text is empty, too large or binary.
        FaultyInput: all its faults.
    """
    if len(text.encode("utf-8", "replace")) > LIMIT_BYTES:
        raise AllegianceError(f"{name} is too large for a case, at most {LIMIT_BYTES / 1e6:g} MB")
    if "\0" in text:
        raise AllegianceError(f"{name} is a binary file, not YAML text", "give a case file as UTF-8 text")
    if not text.strip():
        raise AllegianceError(f"{name} is empty", "start from a template: allegiance case new FILE")
    return validated(parse(text, name), Case)


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer `text` (the whole case), `name` (of the file opened) and `prepare` (play it)."""
    state: dict[str, Any] = {"name": "case.yaml", "case": None}

    async def named(text: Any) -> None:
        state["name"] = re.sub(r"[^\w. -]", "_", str(text))[:80] or "case.yaml"

    async def checked(text: Any) -> None:
        state["case"], kept.case = None, None
        try:
            case = read_case(str(text), state["name"])
            state["case"], kept.case = case, lambda: (case.id, case)
            said = _sound(case)
        except FaultyInput as error:
            said = _faults(state["name"], error.faults)
        except AllegianceError as error:
            said = _faults(state["name"], [Fault(state["name"], error.message, cure=error.cure or "")])
        await talk.send("html", {"target": "faults", "html": str(said)})
        await talk.send("checked", {"ok": state["case"] is not None})

    def job() -> tuple[str, dict[str, Any]]:
        if state["case"] is None:
            raise AllegianceError("the case has faults", "mend what is listed under Check, then play it")
        return "run", {"case": state["case"]}

    on("name", named)
    on("text", checked)
    offer(talk, on, kept, job)


def _sound(case: Case) -> TagList:
    counts = basis_counts(case)
    shown = ", ".join(f"{count} {basis}" for basis, count in counts.items())
    return TagList(
        tags.p(tags.strong("ok "), f"{case.id}: {sum(counts.values())} numbers ({shown})", class_="good"),
        tags.p(case.title),
    )


def _faults(name: str, faults: list[Fault]) -> TagList:
    count = f"{len(faults)} fault" + ("s" if len(faults) != 1 else "")
    items = []
    for fault in faults[:_SHOWN]:
        line = fault.place.rpartition(":")[2]
        go = tags.button(f"line {line}", type="button", data_line=line) if line.isdigit() else None
        items.append(tags.li(go, " " if go else None, tags.span(str(fault), class_="told")))
    more = tags.p(f"and {len(faults) - _SHOWN} more") if len(faults) > _SHOWN else None
    return TagList(tags.p(tags.strong(f"{name}: {count}"), class_="bad"), tags.ul(*items, class_="faults"), more)
