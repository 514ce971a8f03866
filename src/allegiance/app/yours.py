"""Your case: asked for by questions, written or uploaded in the browser, checked as it is typed, played, reported.

The text is parsed as data by the reader of the command line, with its messages and line numbers; it never becomes a
file on the server's disk under a name of the visitor's, and it is read by a process that is ended if it takes long.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from htmltools import Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.check_task import SHOWN, Checked
from allegiance.app.context import Context
from allegiance.app.downloads import Kept, case_file, links, offer
from allegiance.app.shell import notice, page, progress
from allegiance.app.talk import Talk
from allegiance.app.wizard import QUESTIONS, ROLES, Question, anchors, answered, blank, side_of, value
from allegiance.base.errors import AllegianceError, Fault
from allegiance.cases.paths import basis_counts
from allegiance.cases.schema import Case, Side
from allegiance.report.figures.capability import ratio_text

_LONGEST = 600
"""Most characters of a fault."""


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent: the questions about a war without anything of its own."""
    return page(
        "yours",
        "Your case",
        tags.p(
            "Answer a dozen questions about two armies; the case file is written from your answers and checked as ",
            tags.code("allegiance case check"),
            " does. Or open a case file and change it by hand.",
            class_="lead",
        ),
        tags.div(questions(blank(), bool(query.options.data)), id="questions"),
        tags.div(
            tags.section(
                tags.h2("Check"),
                tags.p("", id="check-status", class_="about"),
                tags.div(id="faults", role="status", aria_live="polite"),
                tags.p("", id="ratio-status", role="status", class_="about"),
                tags.p("", id="start-ratio", class_="headline"),
                tags.div(id="answer"),
            ),
            tags.section(
                tags.h2("Play it"),
                tags.p(tags.button("Open it on every page", type="button", data_send="keep"), class_="takeaway"),
                tags.div(id="kept"),
                progress(),
                links("Play 64 wars and write the report", with_case=True),
            ),
            class_="split even",
        ),
        tags.details(
            tags.summary("Case file"),
            tags.p(
                tags.label("Open a case file (YAML, at most 2 MB)", for_="upload"),
                tags.input(type="file", id="upload", data_shiny_no_bind_input="", accept=".yaml,.yml,text/yaml"),
                class_="field",
            ),
            tags.label("Text of the case file", for_="editor"),
            tags.textarea(
                case_file(blank()), id="editor", data_shiny_no_bind_input="", class_="code", spellcheck="false",
                wrap="off",
            ),
            id="file",
        ),
    )  # fmt: skip


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer the questions' form (`draft`, `answers`), `text` (the whole case), `name`, `keep` and `prepare`."""
    state: dict[str, Any] = {"name": "case.yaml", "found": None, "base": blank()}

    async def named(text: Any) -> None:
        state["name"] = re.sub(r"[^\w. -]", "_", str(text)[:80]) or "case.yaml"

    async def checked(found: Checked, _: Any) -> None:
        state["found"], case = found, found.case
        kept.case = None if case is None else lambda: (case.id, case)
        said = _faults(state["name"], found.faults, found.count) if case is None else _sound(case, found.barred)
        await talk.send("html", {"target": "faults", "html": str(said)})
        await talk.send("checked", {"ok": case is not None})
        if case is not None and not found.barred and len(case.sides) == 2:
            talk.ask("ratio", reckoned, "ratio", case=case)

    async def reckoned(found: dict[str, Any], _: Any) -> None:
        await talk.send("html", {"target": "start-ratio", "html": str(tags.span(_ratio(found["ratio"])))})

    async def written(text: Any) -> None:
        state["found"], kept.case = None, None
        talk.ask("check", checked, "check", text=str(text), name=state["name"])

    async def told(text: Any) -> None:
        try:
            case = answered(state["base"], _form(text))
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "check"})
            return
        await talk.send("editor", {"text": case_file(case)})

    async def drafted(case: Case, _: Any) -> None:
        state["base"] = case
        form = str(questions(case, bool(query.options.data)))
        await talk.send("html", {"target": "questions", "html": form})
        await talk.send("editor", {"text": case_file(case)})

    async def drafting(text: Any) -> None:
        asked = _form(text)
        country, against, day = (str(asked.get(k, "")).strip()[:60] for k in ("attacker", "defender", "start"))
        talk.ask("draft", drafted, "draft", country=country, against=against, day=day)

    async def keep(_: Any) -> None:
        try:
            case = shelf.keep(job()[1]["case"])
        except AllegianceError as error:
            await talk.send("html", {"target": "kept", "html": str(notice(str(error)))})
            return
        await talk.send("html", {"target": "kept", "html": str(_opened(case))})

    def job() -> tuple[str, dict[str, Any]]:
        found: Checked | None = state["found"]
        if found is None:
            raise AllegianceError("the case has not been checked yet", "wait until Check says what it found")
        if found.case is None:
            raise AllegianceError("the case has faults", "mend what is listed under Check, then play it")
        if found.barred:
            raise AllegianceError(found.barred)
        return "run", {"case": found.case}

    for name, work in (("name", named), ("text", written), ("answers", told), ("keep", keep)):
        on(name, work)
    if query.options.data:
        on("draft", drafting)
    offer(talk, on, kept, job)


def _form(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(str(text)[:20_000])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _ratio(found: float | None) -> str:
    if found is None:
        return "Nobody fights back in this case."
    return f"Forces in the field on the first day: {ratio_text(math.log(found))}, attacker to defender."


def _opened(case: Case) -> Tag:
    pages = (("whatif", "What if?"), ("why", "Why?"), ("day", "War desk"))
    return tags.p(
        "It is open, as long as this server runs, at ",
        *(TagList(tags.a(words, href=f"?page={name}&case={case.id}"), " ") for name, words in pages),
    )


def questions(case: Case, data: bool) -> Tag:
    """The form: names and dates, then each question for both sides, with anchors from the library."""
    names = {role: side.name for role in ROLES if (side := _side(case, role))}
    fields = [
        _text("title", "Title", case.title),
        *(_text(role, f"The {role}: name, or state to draft from data", name) for role, name in names.items()),
        _text("start", "First day (YYYY-MM-DD)", case.start.isoformat()),
        _text("days", "Days", str(case.days)),
        _text("decided", "Reservists are called up on (a day, or empty)", ""),
    ]
    heads = [tags.th(name, scope="col") for name in names.values()]
    rows = [
        tags.tr(
            tags.th(q.words, tags.span(_anchors(q.key), class_="about"), scope="row"),
            *(tags.td(_answer(q, role, side)) for role in names if (side := _side(case, role))),
        )
        for q in QUESTIONS
    ]
    fill = tags.button("Fill both armies from data", type="button", id="fill") if data else None
    return tags.form(
        tags.div(*fields, class_="fields"),
        tags.p(fill, tags.span("", id="draft-status", role="status", class_="about"), class_="takeaway"),
        tags.div(
            tags.table(
                tags.caption("From 0 (none) to 1 (all) where nothing else is said; small type: sides of the library."),
                tags.thead(tags.tr(tags.th("question", scope="col"), *heads)), tags.tbody(*rows), class_="wizard",
            ),
            class_="scroll", tabindex="0",
        ),
        id="wizard",
    )  # fmt: skip


def _side(case: Case, role: str) -> Side | None:
    key = side_of(case, role)
    return case.sides[key] if key else None


def _text(name: str, label: str, value: str) -> Tag:
    box = tags.input(type="text", name=name, id=f"w-{name}", value=value, data_shiny_no_bind_input="")
    return tags.p(tags.label(label, for_=f"w-{name}"), box, class_="field")


def _answer(q: Question, role: str, side: Side) -> Tag:
    found = value(side, q)
    return tags.input(
        type="number", name=f"{role}.{q.key}", min=f"{q.low:g}", max=f"{q.high:.0f}", step="any",
        value="" if found is None else f"{found:.10g}", aria_label=f"{q.words}, {side.name}",
        data_shiny_no_bind_input="",
    )  # fmt: skip


def _anchors(key: str) -> str:
    return " " + ", ".join(f"{name} {answer:,.4g}" if answer < 1000 else f"{name} {answer:,.0f}" for name, answer in
                           anchors(key))  # fmt: skip


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
