"""What would have happened if: a case and its counterfactuals on the same luck, difference by difference."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.arguments import names
from allegiance.base.errors import AllegianceError, near
from allegiance.base.files import sha256_text, to_json
from allegiance.base.notebook import Brief, with_bar
from allegiance.base.owner import MANIFEST
from allegiance.base.tables import read_table
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, parse_setting, with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.experiments.outcomes import counts_of, mean, mean_interval, outcomes_of
from allegiance.experiments.store import open_folder, plain, publish
from allegiance.runs.bundle import run_bundle, spec_of
from allegiance.runs.ensemble import Progress
from allegiance.runs.spec import RunSpec, by_draw
from allegiance.world.quantities import SIDE_WIDE

TRACKED = {
    "deserted": "deserters so far", "defected": "defectors so far", "shirking": "soldiers shirking",
    "in_mutiny": "soldiers in mutiny", "effective": "soldiers who obey", "killed": "killed so far",
    "capability_log_ratio": "capability, attacker over defender (log ratio)",
    "civilians_killed": "civilians killed so far by this side", "protest": "people protesting",
}  # fmt: skip
"""Daily columns compared, with their names."""
Tables = tuple[pl.DataFrame, pl.DataFrame]
"""Members and days of one run."""
STEADY = 7
"""Days in a row for which an interval must exclude zero before a change counts as begun."""


@dataclass(frozen=True)
class Counterfactual:
    """A what-if: its name, a label, and the settings laid over the case."""

    name: str
    label: str
    set: dict[str, Value]


@dataclass(frozen=True, repr=False)
class Comparison(Brief):
    """Differences between a case and its counterfactuals.

    `frame`: one row per counterfactual and outcome (baseline, changed, difference, low, high, unit, excludes_zero);
    baseline and changed are shares of members or medians over them, difference is the mean over pairs.
    `daily`: one row per counterfactual, side, quantity and day (baseline, changed, difference, low, high).
    `since`: one row per counterfactual, side and quantity: the day from which the difference is there, if any.
    `members`: outcomes of the case as it stands, one row for each member.
    """

    case: Case
    counterfactuals: tuple[Counterfactual, ...]
    spec: RunSpec
    frame: pl.DataFrame
    daily: pl.DataFrame
    since: pl.DataFrame
    members: pl.DataFrame



def counterfactual(case: Case, text: str) -> Counterfactual:
    """Read `NAME` (a counterfactual of the case) or `NAME:path=value[,path=value]`.

    Raises:
        AllegianceError: unknown name, no path or value, or a path that the case lacks.
    """
    name, colon, rest = text.partition(":")
    if not colon:
        if "=" in name:
            raise AllegianceError(f"'{text}' has no name", "write NAME:path=value, such as fed:sides.russia.supply=1")
        if name not in case.counterfactuals:
            hint = near(name, case.counterfactuals)
            raise AllegianceError(
                f"no counterfactual '{name}' in case '{case.id}'", f"{hint}; or write NAME:path=value"
            )
        known = case.counterfactuals[name]
        found = Counterfactual(name, known.label, dict(known.set))
    else:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,47}", name) or name == "baseline":
            raise AllegianceError(f"'{name}' is not a name", "use letters, digits, - and _, and not 'baseline'")
        found = Counterfactual(name, rest, dict(parse_setting(part) for part in rest.split(",") if part.strip()))
        if not found.set:
            raise AllegianceError(f"'{text}' sets nothing", "write NAME:path=value[,path=value]")
    with_values(case, found.set)
    return found


@with_bar
def compare(
    case: Case | str | Path,
    against: Iterable[str],
    members: int = 64,
    seed: int = 0,
    out: str | Path | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    force: bool = False,
    **options: Any,
) -> Comparison:
    """Play a case and its what-ifs on the same random draws.

    Args:
        case: a case, a name of the library, or the path of a case file.
        against: what-ifs, each `NAME` (one of the case's own) or `NAME:path=value[,path=value]`.
        members: simulated wars in each, at least 4.
        seed: a number from 0 from which all random draws follow.
        out: folder for the results; nothing is kept if not given.
        resume: go on from what an interrupted run left in `out`.
        progress: called with the share done, in [0, 1], and a word on what is being done.
        force: replace what `out` holds.
        options: further fields of `allegiance.runs.spec.RunSpec`, such as days, scale, threads.

    Examples:
        >>> fed = compare("reference", ["fed:sides.*.supply=1"], members=8, days=30)  # doctest: +SKIP
        >>> fed.frame.select("label", "side", "difference", "low", "high")  # doctest: +SKIP

    Raises:
        AllegianceError: unknown case or counterfactual, a path that does not exist, fewer than two members.
    """
    spec = spec_of(members=members, seed=seed, **options)
    loaded = case if isinstance(case, Case) else load_case(case)
    whats = tuple(counterfactual(loaded, text) for text in names("against", against) or ())
    if not whats:
        raise AllegianceError("nothing to compare with", f"give --with NAME; {near('', loaded.counterfactuals)}")
    if len({w.name for w in whats}) < len(whats):
        raise AllegianceError("two counterfactuals have the same name", "give each its own")
    if spec.members < 4:
        few = f"members must be at least 4, not {spec.members}"
        raise AllegianceError(few, "an interval needs two pairs of members")
    changed = {w.name: with_values(loaded, w.set) for w in whats}
    spec = spec.settled(loaded)
    wanted = {"case_sha256": case_hash(loaded), "with": {w.name: w.set for w in whats}, "spec": spec.identity()}
    with open_folder("compare", wanted, out=out, resume=resume, force=force, progress=progress) as folder:
        # the baseline is kept by what it is a function of, so that another comparison may find it
        runs = {"baseline": loaded, **changed}
        places = {n: folder.parts.folder / f"{n}-{_digest(version, spec)}" for n, version in runs.items()}
        played = {}
        for k, (name, version) in enumerate(runs.items()):
            run_bundle(version, spec, places[name], resume=resume, progress=_stepped(progress, k, len(runs), name))
            played[name] = (read_table(places[name] / "members.parquet"), read_table(places[name] / "daily.parquet"))
            if progress:
                progress((k + 1) / len(runs), name)
        result = _compared(loaded, whats, spec, played)
        for name, place in places.items():
            _keep(folder.out / name, place)
        tables = {"differences": result.frame, "daily": result.daily, "since": result.since}
        publish(folder, tables, summary(result))
    return result


def _digest(case: Case, spec: RunSpec) -> str:
    return sha256_text(to_json([case_hash(case), spec.identity()]))[:12]


def _keep(target: Path, part: Path) -> None:
    """Move the finished run of one world out of the parts, as a bundle of its own, in place of an earlier one."""
    if target.exists() and not (target / MANIFEST).is_file():
        raise AllegianceError(f"{target} is in the way and not a run", "move it, or choose another folder with --out")
    if target.exists():
        shutil.rmtree(target)
    part.replace(target)


def _stepped(progress: Progress | None, k: int, of: int, name: str) -> Progress | None:
    if progress is None:
        return None
    return lambda share, text: progress((k + share) / of, f"{name}: {text}")


def summary(result: Comparison) -> dict[str, Any]:
    """The comparison as JSON holds it."""
    return {
        "schema": 1, "case": result.case.id, "members": result.spec.members, "days": result.spec.days,
        "seed": result.spec.seed, "scale": result.spec.scale,
        "counterfactuals": [{"name": w.name, "label": w.label, "set": w.set} for w in result.counterfactuals],
        "differences": plain(result.frame), "since": plain(result.since),
    }  # fmt: skip


def _compared(case: Case, whats: tuple[Counterfactual, ...], spec: RunSpec, played: Mapping[str, Tables]) -> Comparison:
    rows, days = [], []
    members, daily = played["baseline"]
    base = _curves(daily, spec)
    for what in whats:
        other = played[what.name]
        for outcome in (*outcomes_of(case), *counts_of(case)):
            a, b = outcome.values(members), outcome.values(other[0])
            low, high = mean_interval(b - a)
            rows.append({
                "counterfactual": what.name, "outcome": outcome.key, "side": outcome.side, "label": outcome.label,
                "unit": outcome.unit, "baseline": outcome.level(members), "changed": outcome.level(other[0]),
                "difference": mean(b - a), "low": low,
                "high": high, "excludes_zero": low > 0 or high < 0,
            })  # fmt: skip
        days.append(_differences(what.name, base, _curves(other[1], spec)))
    table = pl.concat(days)
    return Comparison(case, whats, replace(spec), pl.DataFrame(rows), table, _since(table), members)


def _curves(daily: pl.DataFrame, spec: RunSpec) -> dict[tuple[str, str], Any]:
    """(side, quantity) -> array (member, day); a war that has ended stays as it ended."""
    once = [pl.col(c).max() for c in TRACKED if c in SIDE_WIDE]
    sums = [pl.col(c).sum() for c in TRACKED if c not in SIDE_WIDE]
    totals = daily.group_by("member", "day", pl.col("side").cast(pl.String)).agg(*once, *sums)
    found: dict[tuple[str, str], Any] = {}
    for (side,), rows in totals.sort("member", "day", "side").group_by("side", maintain_order=True):
        member, day = rows["member"].to_numpy(), rows["day"].to_numpy()
        for column in TRACKED:
            if column == "capability_log_ratio" and any(known == column for _, known in found):
                continue  # the ratio is one for both sides
            grid = np.full((spec.members, spec.days or 1), np.nan)
            grid[member, day] = rows[column].to_numpy()
            found[str(side), column] = _carried(grid)
    return found


def _carried(grid: Any) -> Any:
    last = np.where(np.isfinite(grid), np.arange(grid.shape[1]), 0)
    np.maximum.accumulate(last, axis=1, out=last)
    return np.take_along_axis(grid, last, axis=1)


def _differences(name: str, base: Mapping[tuple[str, str], Any], other: Mapping[tuple[str, str], Any]) -> pl.DataFrame:
    """Mean difference per day with a 90 % interval: the t interval over draws, one for each day."""
    frames = []
    for (side, column), a in base.items():
        b = other[side, column]
        pairs = by_draw(b - a).mean(axis=1)
        half = _t90(len(pairs) - 1) * pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs))
        middle = pairs.mean(axis=0)
        frames.append(pl.DataFrame({
            "counterfactual": name, "side": side, "quantity": column, "day": np.arange(a.shape[1], dtype="i4"),
            "baseline": a.mean(axis=0), "changed": b.mean(axis=0), "difference": middle, "low": middle - half,
            "high": middle + half,
        }))  # fmt: skip
    return pl.concat(frames)


def _t90(freedom: int) -> float:
    from allegiance.base.extras import require

    return float(require("scipy.stats", "experiments").t.ppf(0.95, max(freedom, 1)))


def _since(daily: pl.DataFrame) -> pl.DataFrame:
    """Since when each quantity differs (see `since_when`), and whether it still does on the last day."""
    rows = []
    for (name, side, quantity), days in daily.group_by("counterfactual", "side", "quantity", maintain_order=True):
        low, high = days["low"].to_numpy(), days["high"].to_numpy()
        since, lasts = since_when((low > 0).astype(int) - (high < 0).astype(int))
        rows.append({
            "counterfactual": name, "side": side, "quantity": quantity, "label": TRACKED[str(quantity)],
            "since": since, "last_difference": float(days["difference"][-1]), "lasts": lasts,
        })  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"since": pl.Int64})


def since_when(signs: Sequence[int]) -> tuple[int | None, bool]:
    """Since when a difference is there, and whether it lasts.

    A difference that lasts is there since the day from which its sign never changed again; one that does not, since
    its first week on end.

    >>> since_when([1] * 8 + [0] + [-1] * 9), since_when([1] * 8 + [0, 0]), since_when([0, 1, 1])
    ((9, True), (0, False), (None, False))
    """
    end = len(signs)
    start = next((k + 1 for k in range(end - 1, -1, -1) if signs[k] != signs[-1]), 0)
    if end and signs[-1] and end - start >= STEADY:
        return start, True
    return first_steady([bool(sign) for sign in signs]), False


def first_steady(there: Any, run: int = STEADY) -> int | None:
    """First index from which `there` holds for `run` entries in a row; None if it never does.

    >>> first_steady([False, True, False] + [True] * 9)
    3
    """
    count = 0
    for k, holds in enumerate(there):
        count = count + 1 if holds else 0
        if count == run:
            return k - run + 1
    return None


__all__ = ["Comparison", "Counterfactual", "compare", "counterfactual", "first_steady", "summary"]
