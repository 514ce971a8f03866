"""The figures of docs/fit.md, told from the record of the fits (`allegiance fit --record docs/fit.json`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.base.markdown import SCORES, between, table, write_told
from allegiance.inference.fit.records import Summary, read_fits
from allegiance.report.fit_page import parts_of
from allegiance.theory.stamp import theory_hash

PAGE, RECORD = "fit.md", "fit.json"
CURE = "allegiance fit --record docs/fit.json, then allegiance docs --out docs"
NONE = "No fit of this version is on record."


def told(fits: Mapping[str, Summary]) -> str:
    """What the fits on record found, in Markdown, study by study."""
    return "\n\n".join(_one(name, summary) for name, summary in fits.items()) or NONE


def _one(name: str, summary: Summary) -> str:
    card = summary["card"]
    lines = [f"### {summary['title']}", "",
             f"`allegiance fit --study {name}`: {_made_of(card)}, {card['worlds_played']} worlds played;"
             f" {card['date']}."]
    if summary["theory_sha256"] != theory_hash():
        lines += ["", "It was made with other formulas than today's."]
    lines += ["", *(f"- {text}" for text in (*summary["said"], *summary["notes"], *summary["not_emulated"]))]
    for title, rows, note in parts_of(summary):
        lines += ["", f"#### {title}", "", note, "", table(*rows(summary))]
    return "\n".join(lines)


def _made_of(card: Mapping[str, Any]) -> str:
    if "state_years_fitted_to" in card:
        return f"{card['state_years_fitted_to']} state-years fitted to, which stand for {card['stand_for']}"
    return f"{card['campaigns_fitted_to']} campaigns fitted to, {card['campaigns_of_the_test']} of the test"


def figures(docs: Path, name: str, lines: Callable[[Mapping[str, Summary]], str]) -> tuple[Path, str, str] | None:
    """The page called `name`, its text, and the text with `lines` of the fits on record; None where there is no page.

    Raises:
        AllegianceError: the page lacks its marks, or the record is none.
    """
    page, record = docs / name, docs / RECORD
    if not page.is_file():
        return None
    text = page.read_text(encoding="utf-8")
    part = lines(read_fits(record) if record.is_file() else {})
    fault, cure = f"{page} has no marks for its figures", f"put {SCORES[0]} and {SCORES[1]} on lines of their own"
    return page, text, between(text, SCORES, f"\n\n{part}\n\n", fault, cure)


def write_fit_page(docs: Path) -> Path | None:
    """Write the figures of the fits on record between the marks of docs/fit.md; None where there is no page.

    Raises:
        AllegianceError: the page lacks its marks, or cannot be written.
    """
    return write_told(figures(docs, PAGE, told))


def check_fit_page(docs: Path) -> None:
    """Raises AllegianceError if docs/fit.md tells other figures than the record."""
    check_told(figures(docs, PAGE, told))


def check_told(found: tuple[Path, str, str] | None) -> None:
    """Raises AllegianceError if a page's text (see `figures`) is not what the record gives it."""
    if found is not None and found[1] != found[2]:
        raise AllegianceError(f"{found[0]} is out of date", CURE)
