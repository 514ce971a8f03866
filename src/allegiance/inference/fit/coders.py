"""How what happened to an army's loyalty gets into two codings: seen or not, by whom, where and when.

Whether loyalty shifted is never seen. Each coding says yes with a chance of its own if it did (recorded) and with
another if it did not (false alarm). What is recorded may depend on the freedom of the press in the year before and on
the decade, alike for both codings. Two codings of the same campaigns are what tells these errors from the truth
(Hui and Walter 1980): given the truth, they are taken to err independently. They were made by one team, so this is too
kind to them. Beyond its inputs an army differs from its draft: `unlike` is the standard deviation of that, in log-odds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from allegiance.inference.campaign_list import CODINGS
from allegiance.world.columns import Array

FIRST, SECOND = CODINGS[:2]
"""The codings held against the model: any year in NAVCO 2.1, and NAVCO 1.2."""


@dataclass(frozen=True)
class Unknown:
    """A number of the observation model: prior median and standard deviation on the scale it is sampled on."""

    name: str
    centre: float
    width: float
    scale: str
    why: str

    def value(self, deviate: Array) -> Array:
        """In its own unit, at standard deviates of its prior."""
        x = self.centre + self.width * deviate
        found: Array = 1.0 / (1.0 + np.exp(-x)) if self.scale == "share" else np.exp(x) if self.scale == "size" else x
        return found


UNKNOWN = (
    Unknown("recorded, NAVCO 2.1", 1.0, 0.8, "share", "73 % (42 to 91 %): judgement; a yearly coding sees more"),
    Unknown("false alarm, NAVCO 2.1", -1.5, 0.7, "share", "18 % (7 to 41 %): judgement"),
    Unknown("recorded, NAVCO 1.2", 0.5, 0.8, "share", "62 % (31 to 86 %): judgement; one row a campaign sees less"),
    Unknown("false alarm, NAVCO 1.2", -1.8, 0.7, "share", "14 % (5 to 34 %): judgement"),
    Unknown("recorded: press freedom", 0.3, 0.4, "number", "log-odds a standard deviation of V-Dem's index: judgement"),
    Unknown("recorded: later decade", 0.0, 0.3, "number", "log-odds a decade: judgement, either way"),
    Unknown("unlike its draft", -0.4, 0.7, "size", "0.67 (0.21 to 2.1) log-odds: judgement"),
)  # fmt: skip
"""Global numbers of the observation model, the same for every campaign."""


@dataclass(frozen=True)
class Record:
    """What is on record of campaigns, each of shape (campaigns,): two codings (NaN where not coded), the press
    (standardised, 0 where unknown) and decades after 1970."""

    first: Array
    second: Array
    press: Array
    decade: Array

    def take(self, rows: Array) -> Record:
        """Some campaigns of it."""
        return Record(self.first[rows], self.second[rows], self.press[rows], self.decade[rows])


def record_of(coded: pl.DataFrame, press: Array, years: Array) -> Record:
    """The record of campaigns in the order of `coded` (columns of CODINGS), with press freedom (NaN where unknown)."""
    known = press[~np.isnan(press)]
    spread = known.std() if len(known) > 1 and known.std() > 0 else 1.0
    centred = (press - (known.mean() if len(known) else 0.0)) / spread
    first, second = (coded[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in (FIRST, SECOND))
    return Record(first, second, np.where(np.isnan(press), 0.0, centred), (years - 1970.0) / 10.0)


def chances(log_odds: Array, deviates: Array, record: Record) -> tuple[Array, Array, Array]:
    """Chance that loyalty shifted, and that each coding says yes if it did (shape (n, campaigns) each).

    Args:
        log_odds: of a shift, shape (n, campaigns). deviates: of UNKNOWN, shape (n, unknowns).
    """
    _, _, _, _, press, decade, unlike = values(deviates)
    shifted = _expit(log_odds / np.sqrt(1.0 + np.pi * unlike**2 / 8.0))
    moved = press * record.press + decade * record.decade
    one, other = (UNKNOWN[k].centre + UNKNOWN[k].width * deviates[:, k, None] for k in (0, 2))
    return shifted, _expit(one + moved), _expit(other + moved)


def values(deviates: Array) -> list[Array]:
    """Each number of UNKNOWN in its own unit, as a column (shape (n, 1))."""
    return [unknown.value(deviates[:, k, None]) for k, unknown in enumerate(UNKNOWN)]


def said_yes(log_odds: Array, deviates: Array, record: Record) -> tuple[Array, Array]:
    """Chance that each coding says yes, shape (n, campaigns) each; arguments as in `chances`."""
    shifted, one, other = chances(log_odds, deviates, record)
    _, alarm, _, second_alarm, *_ = values(deviates)
    return shifted * one + (1.0 - shifted) * alarm, shifted * other + (1.0 - shifted) * second_alarm


def log_likelihood(log_odds: Array, deviates: Array, record: Record) -> Array:
    """Log chance of both codings of all campaigns together, shape (n,); arguments as in `chances`."""
    shifted, one, other = chances(log_odds, deviates, record)
    _, alarm, _, second_alarm, *_ = values(deviates)
    yes = _said(record.first, one) * _said(record.second, other)
    no = _said(record.first, alarm) * _said(record.second, second_alarm)
    found: Array = np.log(np.maximum(shifted * yes + (1.0 - shifted) * no, 1e-300)).sum(axis=1)
    return found


def make_record(log_odds: Array, deviates: Array, like: Record, rng: np.random.Generator) -> Record:
    """A record of a made-up world (log_odds (campaigns,), deviates (unknowns,)), coded where `like` is coded."""
    shifted, one, other = (x[0] for x in chances(log_odds[None], deviates[None], like))
    alarms = [float(v[0, 0]) for v in values(deviates[None])]
    truth = rng.random(len(log_odds)) < shifted
    first = (rng.random(len(truth)) < np.where(truth, one, alarms[1])).astype(float)
    second = (rng.random(len(truth)) < np.where(truth, other, alarms[3])).astype(float)
    return Record(
        np.where(np.isnan(like.first), np.nan, first), np.where(np.isnan(like.second), np.nan, second),
        like.press, like.decade,
    )  # fmt: skip


def _said(coded: Array, chance: Array) -> Array:
    """Chance of a code given the chance of a yes; 1 where nobody coded."""
    found: Array = np.where(np.isnan(coded), 1.0, np.where(coded > 0, chance, 1.0 - chance))
    return found


def _expit(x: Array) -> Array:
    found: Array = 1.0 / (1.0 + np.exp(-np.clip(x, -500, 500)))
    return found
