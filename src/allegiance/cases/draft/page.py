"""The README of a draft: what is known, what is estimated and from what, what is a default."""

from __future__ import annotations

import re

from allegiance.base.values import Sourced
from allegiance.cases.draft.drafting import Draft
from allegiance.cases.draft.registry import DEFAULTED, READINGS
from allegiance.cases.index import basis_sentence
from allegiance.cases.neutral import MARK, is_neutral
from allegiance.cases.paths import basis_counts, numbers

_PARTS = (
    ("Counted or coded by experts", ("measured", "published")),
    ("Estimated by a formula from such values", ("estimated",)),
    ("Defaults: no data say anything", ("judgement",)),
)


def draft_page(draft: Draft) -> str:
    """The README of a draft as Markdown."""
    case = draft.case
    held = numbers(case)
    given = [(path, number) for path, number in held if not is_neutral(number)]
    lines = [f"# {case.title}", "", case.summary, ""]
    lines += [f"- {notice[:1].upper()}{notice[1:]}." for notice in draft.notices]
    left = len(held) - len(given)
    lines += [
        "", f"{basis_sentence([basis_counts(case)])}; of the judgements {left} are the format's neutral defaults, "
        f"which "
        "the file leaves out.",
        "", "A draft is a starting point: every level has a wide range, and no number was set by someone who knew "
        "how it "
        "ended. Correct what you know better, give it a source, and check it: `allegiance case check FILE`.",
    ]  # fmt: skip
    for title, bases in _PARTS:
        rows = [(path, number) for path, number in given if str(number.basis) in bases]
        lines += ["", f"## {title} ({len(rows)})", "", "| input | value | range | from |", "| --- | --- | --- | --- |"]
        lines += [_row(path, number) for path, number in rows]
    lines += _neutral([(path, number) for path, number in held if is_neutral(number)])
    lines += ["", "## What no reading can see", ""]
    used = {reading_of(number) for _, number in given}
    missing = dict.fromkeys(f"- {READINGS[n].misses} (`{n}`)" for n in sorted(used) if n in READINGS)
    return "\n".join([*lines, *missing, ""])


def _neutral(left: list[tuple[str, Sourced]]) -> list[str]:
    """The part on what the file leaves out, one line an input, with the reason where no reading fills it."""
    lines = ["", f"## Left at the format's neutral values ({len(left)})", ""]
    seen: dict[str, Sourced] = {}
    for path, number in left:
        seen.setdefault(pattern(path), number)
    for path, number in sorted(seen.items()):
        ends = "" if number.range is None else f" ({_figure(number.range[0])} to {_figure(number.range[1])})"
        why = DEFAULTED.get(path, number.note.removeprefix(MARK))
        lines.append(f"- `{path}` {_figure(number.value)} {number.unit}{ends}: {why}")
    return lines


def pattern(path: str) -> str:
    """A path of a case with stars for its names.

    >>> pattern("sides.mali.forces.army.groups.tuareg")
    'sides.*.forces.*.groups.*'
    """
    path = re.sub(r"^(sides|areas|decisions)\.[^.]+", r"\1.*", path)
    path = re.sub(r"\.(forces|regions|recruitment)\.[^.]+", r".\1.*", path)
    path = re.sub(r"(composition|groups|recruits_from|horizons)\.[^.]+", r"\1.*", path)
    return re.sub(r"(ties|waves|aid)\.(\d+|x)", r"\1.*", path)


def reading_of(number: Sourced) -> str:
    """Name of the reading that made a number of a draft; empty for others."""
    note = number.note
    return note[1:].partition("]")[0] if note.startswith("[") else "the format" if note.startswith(MARK) else ""


def _row(path: str, number: Sourced) -> str:
    ends = "" if number.range is None else f"{_figure(number.range[0])} to {_figure(number.range[1])}"
    source = f"{number.source}: " if number.source else ""
    return f"| `{path}` | {_figure(number.value)} {number.unit} | {ends} | {source}{number.note} |"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
