"""What is reported is not what happened: reported share, delay and threshold per kind of record.

The engine's numbers are *latent*. Before any comparison with data they pass through a channel of this file and
become *expected as reported*; only those are compared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError, near
from allegiance.base.values import Basis, Sourced
from allegiance.world.columns import Array


@dataclass(frozen=True)
class Channel:
    """How one kind of happening gets on record.

    A happening of `size` people is reported with probability share * (1 - exp(-size / threshold)), after an
    exponential delay of mean `delay` days.
    """

    name: str
    column: str
    share: Sourced
    delay: Sourced
    threshold: Sourced


def _number(
    value: float, unit: str, low: float, high: float, note: str, source: str = "", basis: str = "judgement"
) -> Sourced:
    return Sourced(value=value, unit=unit, basis=Basis(basis), source=source, range=(low, high), note=note)


_ALL = _number(0.0, "people", 0, 1, "counted one by one")
_AT_ONCE = _number(1.0, "days", 0, 7, "on record within days")

CHANNELS: dict[str, Channel] = {
    c.name: c
    for c in (
        Channel(
            "court_cases", "new_desertion",
            _number(0.25, "share", 0.1, 0.4, "court cases were a third to a sixth of known leavers", "zonaMedia2023"),
            _number(150.0, "days", 90, 240, "court cases trail the offence by about five months", "zonaMedia2023"),
            _ALL,
        ),
        Channel(
            "registered_absence", "new_desertion",
            _number(0.5, "share", 0.3, 0.9, "article 407 proceedings, of all who left; no source for the whole"),
            _number(45.0, "days", 15, 90, "from absence to the register"),
            _ALL,
        ),
        Channel(
            "named_dead", "killed",
            _number(0.55, "share", 0.45, 0.65, "names are about 45-65 % of the dead", "mediazona2023"),
            _number(20.0, "days", 5, 60, "by date of death, completed within weeks"),
            _ALL,
        ),
        Channel(
            "estimated_dead", "killed",
            _number(1.0, "share", 0.7, 1.4, "an estimate of all dead, biased either way", "economist2023"),
            _AT_ONCE, _ALL,
        ),
        Channel(
            "civilians_recorded", "civilians_killed",
            _number(0.45, "share", 0.2, 0.8, "verified deaths are a minimum", "ohchr2023"),
            _number(10.0, "days", 1, 60, "by month of death"),
            _ALL,
        ),
        Channel(
            "refusals_known", "new_refusal",
            _number(0.2, "share", 0.05, 0.5, "refusers named by relatives, lawyers and journalists"),
            _number(60.0, "days", 20, 120, "until someone tells"),
            _ALL,
        ),
        Channel(
            "mutinies_known", "mutiny",
            _number(0.6, "share", 0.3, 0.9, "episodes of mutiny that reach a data set, if large"),
            _number(20.0, "days", 5, 90, "until a report appears"),
            _number(100.0, "people", 30, 300, "size at which an episode is hard to hide"),
        ),
    )
}  # fmt: skip


def channel(name: str) -> Channel:
    """The channel called `name`.

    Raises:
        AllegianceError: no such channel.
    """
    if name not in CHANNELS:
        raise AllegianceError(f"no channel of observation '{name}'", near(name, CHANNELS))
    return CHANNELS[name]


def reporting_probability(via: Channel, size: float) -> float:
    """Probability that a happening of `size` people is ever reported.

    >>> round(reporting_probability(CHANNELS["mutinies_known"], 100), 3)
    0.379
    """
    seen = 1.0 if via.threshold.value <= 0 else 1.0 - math.exp(-size / via.threshold.value)
    return via.share.value * seen


def as_reported(latent: Array, via: Channel) -> Array:
    """A daily series (shape (..., days)) as it would stand in the record by day of report.

    >>> series = as_reported(np.array([100.0, 0.0, 0.0]), CHANNELS["estimated_dead"])
    >>> bool(series[0] > series[1] > series[2] > 0)
    True
    """
    days = latent.shape[-1]
    delay = max(via.delay.value, 1e-9)
    edges = np.arange(days + 1)
    kernel = np.diff(1.0 - np.exp(-edges / delay))
    out = np.apply_along_axis(lambda row: np.convolve(row, kernel)[:days], -1, latent)
    reported: Array = via.share.value * out
    return reported


def reported_daily(daily: pl.DataFrame, side: str, via: Channel) -> pl.DataFrame:
    """Per member and day what `side`'s record shows: columns member, day, latent, reported (cumulated).

    Raises:
        AllegianceError: the channel does not read a daily column (mutinies are events).
    """
    if via.column not in daily.columns:
        raise AllegianceError(f"channel '{via.name}' reads events, not the daily table")
    shared = via.column == "civilians_killed"
    per_day = daily.filter(pl.col("side") == side).group_by("member", "day", maintain_order=True)
    total = per_day.agg((pl.col(via.column).first() if shared else pl.col(via.column).sum()).alias("latent")).sort(
        "member", "day"
    )
    frames = []
    for (member,), rows in total.group_by("member", maintain_order=True):
        latent = rows["latent"].to_numpy().astype(float)
        fresh = latent if via.column.startswith("new_") else np.diff(latent, prepend=0.0)
        frames.append(
            pl.DataFrame(
                {
                    "member": [member] * len(rows),
                    "day": rows["day"],
                    "latent": np.cumsum(fresh),
                    "reported": np.cumsum(as_reported(fresh, via)),
                }
            )
        )
    return pl.concat(frames)
