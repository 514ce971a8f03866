"""Every campaign against a state as a drafted case, played at small scale: one row each, each a sealed part on disk.

Tasks are pure: a case, a spec, nothing else. All drafting is done here, so that a worker needs no data folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.base.files import sha256_text, to_json
from allegiance.base.owner import Owned
from allegiance.base.tables import write_csv, write_table
from allegiance.cases.draft.drafting import DAYS, Draft, draft_case
from allegiance.cases.draft.panel import load_panel
from allegiance.cases.paths import case_hash
from allegiance.cases.schema import Case
from allegiance.inference.armies import Played, bundles, play_together
from allegiance.inference.campaign_list import CODINGS, Onset, coded
from allegiance.inference.coding import coded as coded_members
from allegiance.inference.world import FORMS, chances_of, known_of, said_of
from allegiance.runs.bundle import versions
from allegiance.runs.outcomes import THRESHOLDS
from allegiance.runs.workers import spread
from allegiance.theory.stamp import theory_hash

ABOUT: dict[str, Any] = {
    "number": pl.String, "campaign": pl.String, "gwcode": pl.Int32, "country": pl.String, "region": pl.String,
    "year": pl.Int32, "start": pl.Date, "nonviolent": pl.Int8, "people": pl.Float64, "size_known": pl.Int8,
    "why_not": pl.String,
}  # fmt: skip
PLAYED: dict[str, Any] = {
    "task": pl.String, "soldiers": pl.Float64, "days": pl.Int32, "members": pl.Int32, "scale": pl.Float64,
    **{name: pl.Float64 for form in FORMS for name in (form, f"{form}_low", f"{form}_high")},
    "loyalty_shift": pl.Float64, "ruler_fell": pl.Float64, "defected": pl.Float64, "deserted": pl.Float64,
    "refused": pl.Float64, "left": pl.Float64, "judgement": pl.Float64, "notices": pl.String,
}  # fmt: skip
"""Probabilities with 90 % intervals. loyalty_shift: share of worlds that a coder of campaigns would call defection of
security forces (see `play_some`). ruler_fell: share whose regime fell or whose coup succeeded. defected, deserted,
refused, left: mean shares of all who served."""
LARGE, MANY = 2, 2
"""Levels of mutiny and of refusal (docs/coding-rules.md) from which on an army's loyalty is said to have shifted."""
TABLE, INPUTS, CODED = "campaigns.parquet", "inputs.parquet", "coded.parquet"
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Planned:
    """A campaign and its draft; None where it cannot be drafted (`onset.why_not` says why)."""

    onset: Onset
    draft: Draft | None
    why_not: str = ""


def draft_campaigns(found: Sequence[Onset], data: str | Path | None = None) -> list[Planned]:
    """Draft each campaign on the first of January of its first year (or the state's first day), nothing later read.

    Raises:
        AllegianceError: no data. FaultyInput: a draft is faulty, a fault of a rule.
    """
    panel, plans = load_panel(data), []
    for onset in found:
        if onset.why_not:
            plans.append(Planned(onset, None, onset.why_not))
            continue
        try:
            plans.append(Planned(onset, draft_case(onset.gwcode, onset.day, data=panel, facing=onset.facing)))
        except FaultyInput:
            raise
        except AllegianceError as error:
            plans.append(Planned(onset, None, error.message))
    return plans


def wanted(
    plans: Sequence[Planned], table: pl.DataFrame, members: int, seed: int, scale: float | None
) -> dict[str, Any]:
    """All that the results are a function of, apart from theory and code."""
    drafted = [[p.onset.number, case_hash(p.draft.case) if p.draft else p.why_not] for p in plans]
    said = sha256_text(coded(table).write_csv())
    return {
        "cases_sha256": sha256_text(to_json(drafted)), "coded_sha256": said, "members": members, "seed": seed,
        "scale": scale, "days": DAYS,
    }  # fmt: skip


def play_campaigns(
    plans: Sequence[Planned], table: pl.DataFrame, held: Owned, members: int = 8, seed: int = 0,
    scale: float | None = None, workers: int = 2, progress: Progress | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Play all drafts and write campaigns.parquet, inputs.parquet, coded.parquet and the manifest into `held`.

    A campaign that an interrupted run of the same command finished is read from its part.

    Args:
        members: an even number; pairs share a draw of the case's numbers and of the parameters. scale: of the
            simulation; some 2,000 simulated soldiers if None.

    Returns:
        The outcomes, columns ABOUT and PLAYED, in order of the campaigns' numbers.

    Raises:
        AllegianceError: fewer than two members, nothing drafted, or the folder cannot be written.
    """
    if members < 2:
        raise AllegianceError(f"members must be at least 2, not {members}", "pairs of members share a draw")
    drafted = [p for p in plans if p.draft is not None]
    if not drafted:
        raise AllegianceError(f"no campaign can be drafted: {plans[0].why_not}", "choose other years or another table")
    found: dict[str, dict[str, Any]] = {}
    for plan in drafted:
        if (data := held.parts.find_bytes(f"{plan.onset.number}.json")) is not None:
            found[plan.onset.number] = json.loads(data)
    todo = [p for p in drafted if p.onset.number not in found]
    armies = [(p.draft.case, p.draft.side) for p in todo if p.draft]
    groups = bundles([case for case, _ in armies], members)
    jobs = [([armies[k] for k in group], members, seed, scale) for group in groups]
    for number, rows in spread(play_some, jobs, workers):
        for k, row in zip(groups[number], rows, strict=True):
            key = todo[k].onset.number
            held.parts.keep_bytes(f"{key}.json", to_json(row).encode())
            found[key] = json.loads(to_json(row))
        if progress:
            progress(len(found) / len(drafted), todo[groups[number][-1]].onset.facing.name)
    outcomes = pl.DataFrame([_about(p) | _played(p, found) for p in plans], ABOUT | PLAYED)
    codes = coded(table).filter(pl.col("number").is_in(outcomes["number"].implode()))
    _write(held, outcomes, inputs_of(plans), codes, seed)
    return outcomes


def play_some(
    armies: Sequence[tuple[Case, str]], members: int, seed: int, scale: float | None
) -> list[dict[str, Any]]:
    """What the members of drafted armies (case, side) came to: keys as in PLAYED, without what the drafts say.

    Loyalty shifted in a world with a coup attempt, a mutiny of level LARGE or refusal of level MANY by the rules by
    which the library is coded, or with more soldiers gone over than the threshold of a run's summary. Set before any
    campaign was played.
    """
    played = play_together([case for case, _ in armies], members, seed, scale)
    return [_came_to(one, side, members) for one, (_, side) in zip(played, armies, strict=True)]


def _came_to(played: Played, side: str, members: int) -> dict[str, Any]:
    frame = played.members
    row = {"days": played.spec.days, "members": members, "scale": played.spec.scale}
    row |= chances_of(played, side)
    happened = worlds(played.case, side, frame)
    defected, deserted, refused = (
        float(frame[f"{side}.{form}"].to_numpy().mean()) for form in ("defection", "desertion", "refusal")
    )
    return row | {
        "loyalty_shift": float(happened["loyalty_shift"].mean()), "ruler_fell": float(happened["ruler_fell"].mean()),
        "defected": defected, "deserted": deserted, "refused": refused, "left": defected + deserted,
    }  # fmt: skip


def worlds(case: Case, side: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Whether loyalty shifted (see `play_some`) and whether the ruler fell, for each simulated world (booleans)."""
    codes = coded_members(frame, side, case.war.kind == "repression")
    over = frame[f"{side}.defection"].to_numpy() > THRESHOLDS["defection"]
    shifted = over | (codes["coup"] >= 1) | (codes["mutiny"] >= LARGE) | (codes["refusal"] >= MANY)
    fell = (frame[f"{side}.coup_success"] > 0) | (frame["war.end"] == "regime_fell")
    return {"loyalty_shift": shifted, "ruler_fell": fell.to_numpy()}


def _about(plan: Planned) -> dict[str, Any]:
    o = plan.onset
    return {
        "number": o.number, "campaign": o.facing.name, "gwcode": o.gwcode or None, "country": o.country or None,
        "region": o.region or None, "year": o.facing.year, "start": o.day, "nonviolent": int(o.facing.nonviolent),
        "people": o.facing.people, "size_known": int(o.facing.people is not None), "why_not": plan.why_not or None,
    }  # fmt: skip


def _played(plan: Planned, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return found[plan.onset.number] | said_of(plan.draft) if plan.draft else {}


def inputs_of(plans: Sequence[Planned]) -> pl.DataFrame:
    """What rivals may know of each drafted campaign: the draft's own levels, its six conditions, method and size.

    Columns: number; `level: …` as in cases/draft/profile.py; `condition: …`; nonviolent; people (log10; null where
    nobody counted).
    """
    rows = []
    for plan in plans:
        if plan.draft is None:
            continue
        facing = plan.onset.facing
        own: dict[str, Any] = {"nonviolent": float(facing.nonviolent), "people (log10)": _log10(facing.people)}
        rows.append({"number": plan.onset.number} | known_of(plan.draft) | own)
    return pl.DataFrame(rows, infer_schema_length=None)


def _log10(people: float | None) -> float | None:
    import math

    return math.log10(max(people, 1.0)) if people is not None else None


def _write(held: Owned, outcomes: pl.DataFrame, inputs: pl.DataFrame, known: pl.DataFrame, seed: int) -> None:
    for name, table in ((TABLE, outcomes), (INPUTS, inputs), (CODED, known)):
        write_table(held.out / name, table)
    write_csv(held.out / "campaigns.csv", outcomes)
    files = [TABLE, INPUTS, CODED, "campaigns.csv"]
    held.publish(files, versions=versions(), theory_sha256=theory_hash(), seed=seed, codings=list(CODINGS))
