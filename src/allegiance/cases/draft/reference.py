"""The pages of the readings: formula, columns, coverage, what each misses; and drafts beside the library."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from allegiance.base.files import write_text
from allegiance.cases.draft import assemble  # noqa: F401  (its import registers every reading)
from allegiance.cases.draft.agreement import GOOD, agreement, pairs
from allegiance.cases.draft.anchors import anchors, sentence
from allegiance.cases.draft.columns import COLUMNS, LISTS
from allegiance.cases.draft.panel import Panel
from allegiance.cases.draft.registry import DEFAULTED, READINGS, Reading

DECADES = range(1950, 2030, 10)
QUALITY = {"A": "counted or coded by experts", "B": "a usable stand-in", "C": "weak: a formula of stand-ins"}


def reading_page(reading: Reading, panel: Panel | None = None) -> str:
    """The page of one reading as Markdown; with coverage by region and decade if a panel is given."""
    lines = [f"# Reading `{reading.name}`", "", reading.doc, ""]
    lines += [f"- **Fills** {', '.join(f'`{path}`' for path in reading.fills)}."]
    lines += [f"- **Formula** {reading.formula}."]
    lines += [f"- **Range** {reading.states}; half as wide again from comparable states, twice from defaults."]
    lines += [f"- **Quality** {reading.quality}: {QUALITY[reading.quality]}.", f"- **Misses** {reading.misses}.", ""]
    known = [COLUMNS[name] for name in reading.reads if name in COLUMNS]
    if known:
        lines += [
            "| column | of table | unit | source | known after years | good for years |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{c.column}` | `{c.table}` | {c.unit} | [{c.source}](../data.md) | {c.lag if c.year else 0} | "
            f"{c.good} |"
            for c in known
        ]
    lists = [name for name in reading.reads if name not in COLUMNS]
    if lists:
        lines += ["", f"Lists of dated entries, cut at the day: {', '.join(lists)}."]
    if panel is not None and known:
        lines += [
            "",
            "## Coverage",
            "",
            "Share of state-years with the state's own value, by region and decade "
            "(the columns above, the best of them).",
            "",
        ]
        lines += _coverage(panel, [c.name for c in known])
    return "\n".join(lines) + "\n"


def _coverage(panel: Panel, names: list[str]) -> list[str]:
    regions = sorted(set(panel.regions))
    lines = ["| decade | " + " | ".join(regions) + " |", "| --- |" + " --- |" * len(regions)]
    for decade in DECADES:
        cells = []
        for region in regions:
            seen = there = 0
            for year in range(decade, decade + 10):
                here = panel.there(date(year, 1, 1)) & (panel.regions == region)
                known = np.any([~np.isnan(panel.latest(name, year)[0]) for name in names], axis=0)
                there, seen = there + int(here.sum()), seen + int((here & known).sum())
            cells.append(f"{100 * seen / there:.0f} %" if there else "–")
        lines.append(f"| {decade}s | " + " | ".join(cells) + " |")
    return lines


def index_page(panel: Panel | None = None) -> str:
    """The table of all readings, and with a panel the anchors of levels and the agreement with the library."""
    lines = ["# Readings: from public tables to a case's numbers", "", (
        "`allegiance case draft` fills a case by these rules, one file for each group under `cases/draft`. A value "
        "of the "
        "state itself known before the day comes first, then a formula of its other values, then the middle of "
        "comparable "
        "states, then a default; each step widens the range and lowers the basis. No rule was tuned to an outcome "
        "or to the "
        "hand-written library."
    ), "", "| reading | group | fills | quality | reads |", "| --- | --- | --- | --- | --- |"]  # fmt: skip
    for r in sorted(READINGS.values(), key=lambda r: (r.group, r.name)):
        filled, read = ", ".join(f"`{p}`" for p in r.fills), ", ".join(r.reads)
        lines.append(f"| [{r.name}]({r.name}.md) | {r.group} | {filled} | {r.quality} | {read} |")
    lines += ["", f"Lists read whole and cut at the day: {', '.join(f'`{t}`' for t in LISTS)}."]
    lines += ["", "## Inputs without a reading", "", (
        "A draft leaves these at the format's neutral values, counts them as judgement, and lists them in its README."
    ), "", *(f"- `{path}`: {why}." for path, why in DEFAULTED.items())]  # fmt: skip
    if panel is not None:
        lines += _agreement(panel) + _anchors(panel)
    return "\n".join(lines) + "\n"


def _agreement(panel: Panel) -> list[str]:
    found, not_ = pairs(panel)
    if not found:
        return ["", "No case of the library can be drafted from these tables."]
    lines = ["", "## Drafts beside the hand-written library", "", (
        f"{len(found)} cases whose coded side is a state's whole army, drafted for their first day. The library was "
        f"coded by readers who knew the end and is no test of the rules; a reading of quality A should reach a rank "
        f"correlation of {GOOD:g}. Every value by hand that lies outside the range which the draft states is listed: a "
        "question to both. Compared are inputs that both state as one number."
    ), "", "| input | reading | quality | cases | rank correlation | draft less library | outside the range |",
        "| --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    asked: list[str] = []
    for r in agreement(found):
        short = " (falls short)" if r.quality == "A" and (r.correlation or 0.0) < GOOD else ""
        told = "–" if r.correlation is None else f"{r.correlation:+.2f}{short}"
        gap = f"{r.difference:+.2f}" if r.pairs else "–"
        name = f"[{r.reading}]({r.reading}.md)"
        lines.append(f"| {r.input} | {name} | {r.quality} | {r.pairs} | {told} | {gap} | {len(r.questions)} |")
        asked += [f"- **{r.input}**: {'; '.join(r.questions)}"] * bool(r.questions)
    lines += ["", "### Questions to both", "", *asked]
    return [*lines, "", "Not compared: " + "; ".join(not_) + "."]


def _anchors(panel: Panel) -> list[str]:
    lines = [
        "",
        "## What a level means",
        "",
        "Computed over the library and drafts of armies that readers know: low, middle, high.",
        "",
    ]
    lines += ["| level | anchors |", "| --- | --- |"]
    return [*lines, *(f"| {level} | {sentence(these)} |" for level, these in anchors(panel).items())]


def write_reference(folder: Path, panel: Panel) -> list[Path]:
    """Write the index and a page for each reading into `folder`, pages of readings that are no more removed.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    texts = {"index.md": index_page(panel)} | {f"{r.name}.md": reading_page(r, panel) for r in READINGS.values()}
    for name, text in texts.items():
        write_text(folder / name, text)
    for old in set(folder.glob("*.md")) - {folder / name for name in texts}:
        old.unlink()
    return [folder / name for name in texts]
