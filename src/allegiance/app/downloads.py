"""What a page hands out: the case as a file, the report, the bundle. Nothing is found by a name from the network."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from htmltools import Tag, tags

from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import dump
from allegiance.cases.schema import Case


@dataclass
class Kept:
    """What one visitor may download now."""

    case: Callable[[], tuple[str, Case]] | None = None
    files: Any = None
    table: str = ""


def case_file(case: Case) -> str:
    """A case as the text of a case file."""
    from ruamel.yaml import YAML

    stream = io.StringIO()
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 110
    yaml.dump(_bare(dump(case)), stream)
    return stream.getvalue()


def _bare(value: Any) -> Any:
    """Plain data without empty values that the format leaves out."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if v not in (None, "")}
    return [_bare(v) for v in value] if isinstance(value, list) else value


def links(prepare: str, with_case: bool = False) -> Tag:
    """Buttons and links of a page for `offer`."""
    from shiny import ui

    return tags.div(
        tags.h3("Downloads"),
        tags.p(
            ui.download_link("case_file_download", "Case file (YAML)") if with_case else None,
            tags.button(prepare, type="button", data_send="prepare"),
            tags.span(
                ui.download_link("report", "Report (HTML)"),
                ui.download_link("bundle", "Bundle (ZIP)"),
                id="ready",
                hidden="",
            ),
            class_="takeaway",
        ),
        tags.p("", id="prepare-status", role="status", class_="about"),
    )


def offer(talk: Talk, on: Any, kept: Kept, job: Callable[[], tuple[str, dict[str, Any]]]) -> None:
    """On `prepare`, ask for the report and bundle that `job` names; the links appear when they are there."""

    async def finished(files: Any, _: Any) -> None:
        kept.files = files
        await talk.send("ready", {})

    async def prepare(_: Any) -> None:
        kept.files = None
        try:
            kind, payload = job()
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "prepare"})
            return
        talk.ask(kind, finished, "prepare", **payload)

    on("prepare", prepare)


def register(kept: Kept, output: Any) -> None:
    """Declare the downloads of a session (Shiny needs them declared while it starts)."""
    from shiny import render

    link = getattr(render, "download_link", None) or render.download  # the older name, before shiny 1.8

    async def case_file_download() -> AsyncIterator[str]:
        yield await asyncio.to_thread(case_file, _case(kept)[1])  # a third of a second, in which others go on

    def report() -> Iterator[str]:
        yield _files(kept).report

    def bundle() -> Iterator[bytes]:
        yield _files(kept).archive

    def events_csv() -> Iterator[str]:
        yield kept.table

    declare = output(suspend_when_hidden=False)  # the links are hidden until there is something behind them
    declare(link(filename=lambda: f"{_case(kept)[0]}.yaml")(case_file_download))
    declare(link(filename="report.html", media_type="text/html")(report))
    declare(link(filename="bundle.zip", media_type="application/zip")(bundle))
    declare(link(filename="events.csv", media_type="text/csv")(events_csv))


def _case(kept: Kept) -> tuple[str, Case]:
    if kept.case is None:
        raise AllegianceError("there is no case to download yet")
    return kept.case()


def _files(kept: Kept) -> Any:
    if kept.files is None:
        raise AllegianceError("the report is not ready yet", "press the button and wait")
    return kept.files
