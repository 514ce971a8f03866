"""The ledger: forecasts frozen when they are issued, and scored when their time has come.

One file per forecast, named by what it forecasts and by the hash of its content; a file that is there is never
written again, and a file whose content does not fit its hash is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance import __version__
from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import sha256_text, to_json, write_text
from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.horizons import HORIZONS, targets
from allegiance.forecast.issue import Issue
from allegiance.forecast.prepare import METHOD
from allegiance.forecast.rolling import FINAL

_NUMBERS = ("probability", "low", "high", "climatology")
_CURE = "restore it from a copy"


@dataclass(frozen=True)
class Entry:
    """One frozen forecast."""

    path: Path
    content: dict[str, Any]
    digest: str = ""

    @property
    def issued(self) -> datetime:
        """When it was issued."""
        moment = datetime.fromisoformat(str(self.content["issued"]))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def key(self) -> tuple[str, int]:
        """What is forecast: outcome and horizon."""
        return str(self.content["outcome"]), int(self.content["horizon"])

    @property
    def as_of(self) -> date:
        """First day of the month after whose end the forecast begins."""
        return date.fromisoformat(self.content["as_of"])

    @property
    def table(self) -> pl.DataFrame:
        """`gwcode, iso3, country, probability, low, high, climatology`."""
        return pl.DataFrame(self.content["rows"], infer_schema_length=None)


def freeze(issue: Issue, folder: Path, issued: datetime | None = None) -> Path:
    """Write `issue` into the ledger; if the same forecast is there already, leave it and return its path.

    The hash covers everything: the day of issue, and the hash of the entry issued before, so that an entry cannot be
    backdated, changed or taken out without the next ones showing it.

    Raises:
        AllegianceError: the folder cannot be written, or an entry in it was tampered with.
    """
    keep = ["gwcode", "iso3", "country", *_NUMBERS]
    said = {
        "outcome": issue.outcome, "horizon": issue.horizon, "as_of": issue.as_of.isoformat(),
        "data": issue.data, "weights": issue.weights,
        "model": {"name": FINAL, "version": __version__, "method": METHOD},
        "rows": issue.table.select(keep).sort("gwcode").to_dicts(),
    }  # fmt: skip
    earlier = read(folder) if folder.is_dir() else []
    for entry in earlier:
        if {k: entry.content[k] for k in said} == json.loads(to_json(said)):
            return entry.path
    followed = {e.content["previous"] for e in earlier}
    ends = [e for e in earlier if e.digest not in followed]  # one, unless two were issued at the same moment
    newest = max(ends, key=lambda e: (e.issued, e.digest), default=None)
    moment = issued or datetime.now(UTC)
    if newest is not None and moment < newest.issued:
        raise AllegianceError(
            f"the newest forecast in {folder} was issued on {newest.issued:%Y-%m-%d %H:%M}, which is still to come",
            "put the clock of this machine right",
        )
    said |= {"issued": moment.isoformat(timespec="seconds"), "previous": newest.digest if newest else ""}
    digest = sha256_text(to_json(said))
    path = folder / f"{issue.as_of:%Y-%m}_{issue.outcome}_{issue.horizon:02d}m_{digest[:12]}.json"
    write_text(path, to_json({"sha256": digest, "forecast": said}))
    return path


def read(folder: Path) -> list[Entry]:
    """All entries, oldest first.

    Raises:
        AllegianceError: the folder is missing, or a file is damaged, was changed after it was issued, does not hold
            the day of issue inside its hash, or follows on an entry that is not there any more.
    """
    if not folder.is_dir():
        raise AllegianceError(f"there is no ledger {folder}", "issue a forecast first, or give --ledger DIR")
    entries = [_entry(path) for path in sorted(folder.glob("*.json"))]
    known = {e.digest: e for e in entries}
    for entry in entries:
        before = entry.content["previous"]
        if before and before not in known:
            raise AllegianceError(
                f"the forecast issued before {entry.path.name} is missing from {folder} (hash {before[:12]})",
                "restore it from a copy: a ledger from which entries were taken proves nothing",
            )
        if before and known[before].issued > entry.issued:
            raise AllegianceError(f"{entry.path} says it was issued before the one it follows", _CURE)
    return sorted(entries, key=lambda e: (e.as_of, e.key, e.issued))


def _entry(path: Path) -> Entry:
    """One file, checked against its hash."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        said, digest = loaded["forecast"], loaded["sha256"]
        sound = sha256_text(to_json(said)) == digest and digest[:12] in path.name
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise AllegianceError(f"{path} is not a forecast: {str(error)[:200]}", _CURE) from error
    if not sound:
        raise AllegianceError(f"{path} was changed after it was issued", _CURE)
    if not isinstance(said, dict) or not {"issued", "previous"} <= set(said) or set(loaded) != {"forecast", "sha256"}:
        raise AllegianceError(
            f"{path}: its hash does not cover the day of issue, so that it proves nothing",
            "it was issued by an older version, or tampered with: move it elsewhere and issue it again",
        )
    entry = Entry(path, said, digest)
    try:
        _complete(said, entry.table)
        _ = entry.issued, entry.as_of
        if entry.issued.date() > datetime.now(UTC).date():
            raise ValueError(f"issued on {entry.issued}, which is still to come")
    except (ValueError, KeyError, TypeError, OverflowError, pl.exceptions.PolarsError) as error:
        raise AllegianceError(f"{shown(path)} is not a forecast: {str(error)[:200]}", _CURE) from error
    return entry


def _complete(said: dict[str, Any], table: pl.DataFrame) -> None:
    """Whether a forecast with a sound hash is one of ours: anybody can hash anything.

    Raises:
        ValueError, KeyError, TypeError: something of it is missing or cannot be.
    """
    outcome, horizon = said["outcome"], said["horizon"]
    if outcome not in OUTCOMES or horizon not in HORIZONS:
        raise ValueError(f"nothing here forecasts {shown(str(outcome))} within {shown(str(horizon))} months")
    kinds = {"data": dict, "weights": dict, "model": dict, "rows": list, "previous": str, "issued": str, "as_of": str}
    for name, kind in kinds.items():
        if not isinstance(said[name], kind):
            raise ValueError(f"its {name} is not what belongs there")
    _ = said["model"]["name"], said["model"]["version"], said["model"]["method"]
    numbers = table.select(pl.col(*_NUMBERS).cast(pl.Float64), pl.col("gwcode").cast(pl.Int32), "iso3", "country")
    if table.is_empty() or not all(numbers[n].is_between(0, 1).all(ignore_nulls=False) for n in _NUMBERS):
        raise ValueError("its probabilities do not lie between 0 and 1")


def previous(issue: Issue, folder: Path) -> Entry | None:
    """The last entry for the same outcome and horizon with an earlier as-of date, if there is one."""
    if not folder.is_dir():
        return None
    same = [e for e in read(folder) if e.key == (issue.outcome, issue.horizon) and e.as_of < issue.as_of]
    return same[-1] if same else None


def score(entries: list[Entry], panel: pl.DataFrame) -> pl.DataFrame:
    """What came of each entry, by the outcomes in `panel`: one row per entry.

    Columns: `as_of, outcome, horizon, states, expected, events, brier, log, brier_climatology, log_climatology,
    state` where `state` is ``scored`` or why it cannot be scored yet.
    """
    month = panel["month"]
    t = (month.dt.year().cast(pl.Int64) * 12 + month.dt.month().cast(pl.Int64) - 1).to_numpy()
    unit = panel["gwcode"].cast(pl.Int64).to_numpy()
    return pl.DataFrame([_score_one(e, panel, unit, t) for e in entries], infer_schema_length=None)


def _score_one(entry: Entry, panel: pl.DataFrame, unit: Any, t: Any) -> dict[str, Any]:
    outcome, horizon = entry.key
    row: dict[str, Any] = {"as_of": entry.as_of, "outcome": outcome, "horizon": horizon}
    y = panel[outcome].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    first = entry.as_of.year * 12 + entry.as_of.month  # the month after as_of
    here = t == first
    came = pl.DataFrame({"gwcode": unit[here], "y": targets(unit, t, y, horizon)[here]})
    came = came.filter(pl.col("y").is_not_nan())
    joined = entry.table.with_columns(pl.col("gwcode").cast(pl.Int64)).join(came, on="gwcode")
    row |= {"states": joined.height, "expected": float(joined["probability"].sum())}
    blank = dict.fromkeys(("events", "brier", "log", "brier_climatology", "log_climatology"))
    if joined.is_empty():
        row["expected"] = float(entry.table["probability"].sum())
        return row | blank | {"state": "not over yet, or not coded"}
    happened = joined["y"].to_numpy()
    scores: dict[str, Any] = {"events": int(happened.sum())}
    for name, column in (("", "probability"), ("_climatology", "climatology")):
        p = np.clip(joined[column].to_numpy(), 1e-12, 1 - 1e-12)
        scores[f"brier{name}"] = float(((p - happened) ** 2).mean())
        scores[f"log{name}"] = float(-(happened * np.log(p) + (1 - happened) * np.log1p(-p)).mean())
    return row | scores | {"state": "scored"}
