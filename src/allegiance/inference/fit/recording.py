"""How what an army did in a year gets on record: mutinies that a newspaper printed, and coup attempts.

A state-year in which soldiers mutinied is on record with a chance r that depends on the freedom of the press in the
year before and on the decade: log-odds of r are a level (the 1970s), a slope on the press, and one step from each
decade to the next (a random walk). With a chance p of a mutiny in the year, it is on record with chance p r. Were every
mutiny recorded for itself, and did they come one by one at the rate -log(1 - p), it would be 1 - (1 - p)^r. But they do
not: where one comes, several do (a mutiny spreads, and what drove it lasts), so that the year is what a reporter sees
or misses. The two differ in wars alone, where p is large: there p r stops at r. Coup attempts are taken to be on record
always: two lists agree on nearly all of them (Powell and Thyne 2011).

Beyond its inputs an army differs from its draft. The log-odds of what it would do are taken to be spread over armies
as those of the drafts are, with a correlation between the two that is fitted along, one for each outcome: what a draft
says of an army's place among the others is believed as far as that, and the mean of all armies is the theory's.

How many mutinies there are and how many of them are recorded trade off against each other: of the two, the record tells
the product. Only the prior of r and the parameters' own priors part them, and the fit reports their correlation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from allegiance.inference.fit.coders import Unknown
from allegiance.world.columns import Array

OUTCOMES = ("mutiny", "coup_attempt")
MUTINY, COUP = 0, 1
DECADES = (1950, 1960, 1970, 1980, 1990)
REFERENCE = 2
"""Number of the decade whose level of recording is the model's: the 1970s."""

UNKNOWN = (
    Unknown("recorded mutinies", -1.0, 0.8, "share", "27 % (9 to 58 %) in the 1970s with a middling press:"
            " judgement, that of the reports of a mutiny of 60 (inference/observation.py)"),
    Unknown("recorded: press freedom", 0.3, 0.4, "number", "log-odds a standard deviation of V-Dem's index: judgement;"
            " the lists are made of news"),
    *(Unknown(f"recorded: {b}s after {a}s", 0.15, 0.3, "number", "log-odds: judgement; news grow, either way possible")
      for a, b in pairwise(DECADES)),
    Unknown("like its draft: mutiny", 0.8, 0.8, "share", "correlation 0.69 (0.37 to 0.89): judgement"),
    Unknown("like its draft: coup", 0.8, 0.8, "share", "correlation 0.69 (0.37 to 0.89): judgement"),
)  # fmt: skip
"""Global numbers of the observation model, the same for every state-year."""
STEPS = slice(2, 2 + len(DECADES) - 1)
NODES, WEIGHTS = np.sqrt(3.0) * np.array([-1.0, 0.0, 1.0]), np.array([1.0, 4.0, 1.0]) / 6.0
"""Gauss-Hermite points of a standard normal, for what an army has of its own."""


@dataclass(frozen=True)
class Record:
    """What is on record, one row for each state-year and outcome: `kind` (MUTINY or COUP), `events` of `many`
    state-years that the row stands for, `press` (standardised, 0 where unknown), `decade` (number in DECADES)."""

    kind: Array
    events: Array
    many: Array
    press: Array
    decade: Array

    def take(self, rows: Array) -> Record:
        """Some rows of it."""
        return Record(*(getattr(self, name)[rows] for name in ("kind", "events", "many", "press", "decade")))


def record_of(events: Array, many: Array, press: Array, years: Array) -> Record:
    """The record of state-years, mutinies first: `events` (2, state-years) 0 or 1, `many` that each stands for,
    `press` freedom (NaN where unknown; weighted mean and spread of the others are taken out)."""
    known = ~np.isnan(press)
    standard = np.zeros(len(press))
    if known.any():
        mean = np.average(press[known], weights=many[known])
        spread = np.sqrt(np.average((press[known] - mean) ** 2, weights=many[known]))
        standard[known] = (press[known] - mean) / (spread if spread > 0 else 1.0)
    decade = np.clip((years.astype(int) // 10 * 10 - DECADES[0]) // 10, 0, len(DECADES) - 1)
    both = np.tile(np.arange(len(press)), 2)
    return Record(np.repeat([MUTINY, COUP], len(press)), events.reshape(-1).astype(float), many[both].astype(float),
                  standard[both], decade[both])  # fmt: skip


def recording_rate(deviates: Array, press: Array, decade: Array) -> Array:
    """Chance that a year with a mutiny is on record, shape (n, rows); deviates of UNKNOWN, shape (n, unknowns)."""
    level, slope = (_log_odds(deviates, k) for k in (0, 1))
    steps = np.hstack([_log_odds(deviates, k) for k in range(STEPS.start, STEPS.stop)])
    walk = np.hstack([np.zeros((len(deviates), 1)), np.cumsum(steps, axis=1)])
    walk = walk - walk[:, REFERENCE, None]
    return _expit(level + slope * press + walk[:, decade])


def happens(log_odds: Array, deviates: Array, record: Record) -> Array:
    """Chance that each row's event happens at least once in the year, recorded or not, shape (n, rows).

    Args:
        log_odds: of the drafts, by the theory, shape (n, rows).
    """
    found = np.empty(log_odds.shape)
    for kind in (MUTINY, COUP):
        mine = record.kind == kind
        if not mine.any():
            continue
        f, share = log_odds[:, mine], record.many[mine] / record.many[mine].sum()
        like = UNKNOWN[STEPS.stop + kind].value(deviates[:, STEPS.stop + kind, None])
        middle = (f @ share)[:, None]
        spread = np.sqrt(np.maximum(((f - middle) ** 2) @ share, 0.0))[:, None]
        centre, own = middle + like * (f - middle), np.sqrt(1.0 - like**2) * spread
        found[:, mine] = sum(w * _expit(centre + x * own) for x, w in zip(NODES, WEIGHTS, strict=True))
    return found


def on_record(log_odds: Array, deviates: Array, record: Record) -> Array:
    """Chance that each row's event is on record; arguments and shape as in `happens`."""
    chance = happens(log_odds, deviates, record)
    mine = record.kind == MUTINY
    rate = recording_rate(deviates, record.press[mine], record.decade[mine])
    chance[:, mine] *= rate
    return chance


def log_likelihood(log_odds: Array, deviates: Array, record: Record) -> Array:
    """Log chance of the record, shape (n,); a row of `many` state-years counts as that many like it."""
    chance = np.clip(on_record(log_odds, deviates, record), 1e-12, 1.0 - 1e-12)
    found: Array = np.log(chance) @ record.events + np.log1p(-chance) @ (record.many - record.events)
    return found


def make_record(log_odds: Array, deviates: Array, like: Record, rng: np.random.Generator) -> Record:
    """A record of a made-up world (log_odds (rows,), deviates (unknowns,)) of the same state-years, whole numbers of
    them in each row."""
    many = np.maximum(np.round(like.many), 1.0)
    chance = on_record(log_odds[None], deviates[None], replace(like, many=many))[0]
    return replace(like, many=many, events=rng.binomial(many.astype(int), np.clip(chance, 0.0, 1.0)).astype(float))


def _log_odds(deviates: Array, k: int) -> Array:
    found: Array = UNKNOWN[k].centre + UNKNOWN[k].width * deviates[:, k, None]
    return found


def _expit(x: Array) -> Array:
    found: Array = 1.0 / (1.0 + np.exp(-np.clip(x, -500, 500)))
    return found
