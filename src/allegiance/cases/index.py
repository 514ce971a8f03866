"""The case index: what the cases of a library had in common, and what came of it, one row each.

The conditions are computed from the case files for the side whose disloyalty is coded, so that the index cannot
disagree with them. They were set by people who knew the outcomes: an index is for finding cases, not for
correlating its columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from allegiance.base.files import write_text
from allegiance.cases.loader import LIBRARY, load_case, load_observed
from allegiance.cases.paths import basis_counts, numbers
from allegiance.cases.schema import Case, Observed, Side, levels_in_words

COMPELLED = ("conscript", "mobilised", "prisoner")
COLUMNS = (
    ("id", "case"), ("start", "start"), ("task", "task"), ("coup", "coup"), ("mutiny", "mutiny"), ("left", "left"),
    ("refusal", "refusal"), ("compelled", "compelled"), ("ties", "ties"), ("deprivation", "deprived"),
    ("protest", "protest"), ("coup_proofing", "coup-proof"), ("soldiers", "soldiers"), ("days", "days"),
    ("numbers", "numbers"), ("sourced", "sourced"),
)  # fmt: skip
LEGEND = f"""\
Every row describes the side whose disloyalty is coded, by [written rules](coding-rules.md). **task**: fight, repress,
or both. **coup**: {levels_in_words("coup")}. **mutiny**, by the largest episode: {levels_in_words("mutiny")}.
**left**: share of those who served that left or went over, in percent, without those captured or disarmed.
**refusal**: {levels_in_words("refusal")}. **compelled**: share of its soldiers who are
conscripts, reservists called up, or prisoners. **ties**: mean tie of its soldiers to the civilians they face, 0 to 1.
**deprived**: share of needs not met. **protest**: most people in the streets on a day, per thousand inhabitants.
**coup-proof**: counterbalancing, 0 to 1. **numbers** and **sourced**: how many numbers the case file holds, and how
many of them name a source.

Conditions were set by readers who knew the outcomes. Use the index to find cases; a correlation between its columns is
not evidence.
"""


def index_rows(folder: Path = LIBRARY) -> list[dict[str, Any]]:
    """One row per case with recorded outcomes under `folder`, by name; keys as in COLUMNS, and title and note.

    Shares lie in [0, 1]; `left` is a pair of them; `protest` is people per 1000 inhabitants.

    Raises:
        FaultyInput: a case is faulty.
    """
    rows = []
    for path in sorted(folder.glob("*/case.yaml")):
        observed = load_observed(path)
        if observed is not None:
            rows.append(coded_row(load_case(path), observed))
    return rows


def coded_row(case: Case, observed: Observed) -> dict[str, Any]:
    """Conditions and outcomes of the coded side of one case; keys as in `index_rows`."""
    side, held = case.sides[observed.side], numbers(case)
    return {
        "id": case.id,
        "title": case.title,
        "start": case.start.isoformat(),
        "days": case.days,
        "task": _task(case),
        "soldiers": round(_soldiers(side)),
        "compelled": round(_compelled(side), 2),
        "ties": round(_ties(case, side), 2),
        "deprivation": round(1.0 - side.supply.value, 2),
        "protest": round(_protest(side), 2),
        "coup_proofing": side.coup_proofing.counterbalancing.value,
        "coup": observed.coup,
        "mutiny": observed.mutiny,
        "left": list(observed.left),
        "in_mutiny": None if observed.in_mutiny is None else list(observed.in_mutiny),
        "disarmed": None if observed.disarmed is None else list(observed.disarmed),
        "refusal": observed.refusal,
        "numbers": len(held),
        "sourced": sum(bool(number.source) for _, number in held),
        "basis": basis_counts(case),
        "note": observed.note,
    }


def basis_sentence(counts: Iterable[Mapping[str, int]]) -> str:
    """How many numbers of some cases rest on what, in words.

    >>> basis_sentence([{"measured": 1, "judgement": 2}, {"measured": 0, "judgement": 1}])
    '4 numbers: 1 measured (25 %), 3 judgement (75 %)'
    """
    total = Counter[str]()
    for found in counts:
        total.update(found)
    whole = max(total.total(), 1)
    parts = (f"{count:,} {basis} ({count / whole:.0%})".replace("%", " %") for basis, count in total.items())
    return f"{total.total():,} numbers: {', '.join(parts)}"


def _task(case: Case) -> str:
    against = sum(zone.weight.value * zone.against_civilians.value for zone in case.areas.values())
    return "repress" if against >= 0.5 else "both" if against >= 0.25 else "fight"


def _soldiers(side: Side) -> float:
    return sum(force.strength.value for force in side.forces.values())


def _compelled(side: Side) -> float:
    """Share of compelled men among the soldiers of a side."""
    men = sum(
        force.strength.value * share.value
        for force in side.forces.values()
        for category, share in force.composition.items()
        if category.value in COMPELLED
    )
    return men / max(_soldiers(side), 1.0)


def _ties(case: Case, side: Side) -> float:
    """Mean tie between a soldier of the side and a civilian of the areas he serves in."""
    known = {(tie.soldiers, tie.civilians): tie.tie.value for tie in case.ties}
    total = sum(
        force.strength.value * share.value * zone.weight.value * part.value * known.get((group, people), 0.0)
        for force in side.forces.values()
        for group, share in force.groups.items()
        for zone in case.areas.values()
        for people, part in zone.groups.items()
    )
    return total / max(_soldiers(side), 1.0)


def _protest(side: Side) -> float:
    """People in the streets on a day of the largest wave, per 1000 inhabitants."""
    most = max((wave.participants.value / wave.days for wave in side.protest.waves), default=0.0)
    return 1000.0 * most / max(side.population.value, 1.0)


def index_page(folder: Path = LIBRARY) -> str:
    """The index as a Markdown page: a legend, a table, and what each outcome rests on."""
    rows = index_rows(folder)
    heads = [head for _, head in COLUMNS]
    rests = basis_sentence(row["basis"] for row in rows)
    lines = ["# Case index", "", f"{len(rows)} episodes; {rests}.\n\n{LEGEND}"]
    lines += [_line(heads), _line(["---"] * len(heads))]
    lines += [_line([_cell(row, key) for key, _ in COLUMNS]) for row in rows]
    lines += ["", "## What the outcomes rest on", ""]
    lines += [f"- **{row['title']}** (`{row['id']}`): {row['note']}" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(row: dict[str, Any], key: str) -> str:
    value = row[key]
    if key == "left":
        return percent_range(value)
    if key == "soldiers":
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def percent_range(shares: Iterable[float]) -> str:
    """A range of shares in percent, without the sign.

    >>> percent_range([0.015, 0.1])
    '1.5–10'
    """
    return "–".join(f"{100 * share:g}" for share in shares)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def write_index(path: Path, folder: Path = LIBRARY) -> Path:
    """Write the index as a Markdown page to `path` and return it.

    Raises:
        AllegianceError: a case is faulty, or the file cannot be written.
    """
    write_text(Path(path), index_page(folder))
    return Path(path)
