"""What prior and posterior expect to be on record of state-years: by groups, by decade left out, and as played."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from allegiance.inference.fit.emulator import Emulator
from allegiance.inference.fit.posterior import Posterior
from allegiance.inference.fit.predict import log_odds
from allegiance.inference.fit.recording import (
    COUP,
    DECADES,
    MUTINY,
    OUTCOMES,
    UNKNOWN,
    Record,
    happens,
    on_record,
    recording_rate,
)
from allegiance.inference.fit.study import YearsStudy
from allegiance.inference.fit.year_ground import PEACE, YearGround
from allegiance.world.columns import Array

PRESS = {"press unfree": -1.0, "press of the middle": 0.0, "press free": 1.0}
"""Freedom of the press, in standard deviations over state-years, at which the recording rate is told."""
MODELS = {"prior": "prior", "recording": "prior, recording learnt", "posterior": "posterior", "base": "base rate"}
"""Forecast of a decade from the others -> what it is called."""
PAIRS = (("posterior", "prior"), ("posterior", "recording"), ("posterior", "base"))
RESAMPLED = 1000
"""Bootstrap samples of countries behind an interval."""


def decades(record: Record) -> list[tuple[int, int]]:
    """Number and first year of each decade on record."""
    return [(int(k), DECADES[int(k)]) for k in np.unique(record.decade)]


def prior_draws(emulator: Emulator, draws: int, seed: int) -> Posterior:
    """Draws of the prior, as if nothing had been seen."""
    rng = np.random.default_rng([seed, 11])
    parameters, nothing = emulator.slope.shape[2], np.zeros(emulator.slope.shape[2])
    which = np.arange(draws) % max(len(emulator.level) - 1, 1) + (len(emulator.level) > 1)
    return Posterior(
        rng.normal(size=(draws, parameters)), rng.normal(size=(draws, len(UNKNOWN))), which, nothing,
        np.eye(parameters), nothing, 1.0, float(draws),
    )  # fmt: skip


def forecast(emulator: Emulator, found: Posterior, record: Record) -> Array:
    """Mean chance that each row is on record, (rows,)."""
    mean: Array = on_record(log_odds(emulator, found), found.deviates, record).mean(axis=0)
    return mean


def columns_of(forecasts: dict[str, Array], many: int) -> dict[str, Array]:
    """The forecasts as columns of a table of state-years."""
    return {
        f"{name}_{outcome}": chance[k * many : (k + 1) * many]
        for name, chance in forecasts.items() for k, outcome in enumerate(OUTCOMES)
    }  # fmt: skip


def score(
    about: pl.DataFrame, record: Record, forecasts: dict[str, Array], seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each decade forecast from the others: log scores a state-year, and paired differences with 95 % intervals of a
    bootstrap of countries. A state-year that was drawn counts as many times as it stands for."""
    scores: list[dict[str, Any]] = []
    compared: list[dict[str, Any]] = []
    countries, where = np.unique(about["gwcode"].to_numpy(), return_inverse=True)
    rng = np.random.default_rng([seed, 19])
    drawn = rng.multinomial(len(countries), np.full(len(countries), 1 / len(countries)), size=RESAMPLED)[:, where]
    for kind, outcome in enumerate(OUTCOMES):
        own = record.take(np.flatnonzero(record.kind == kind))
        said = {n: forecasts[n][record.kind == kind] for n in ("prior", "recording", "posterior")}
        said["base"] = _base(own)
        lost = {n: -(own.events * np.log(p) + (own.many - own.events) * np.log1p(-p)) for n, p in said.items()}
        head = {
            "coding": outcome, "rows_are": "each decade from the others", "rows": round(float(own.many.sum())),
            "events": int(own.events.sum()), "countries": len(countries),
            "first_year": int(about["year"].min()), "last_year": int(about["year"].max()),  # type: ignore[arg-type]
        }  # fmt: skip
        total = drawn @ own.many
        for name, words in MODELS.items():
            low, high = np.quantile(drawn @ lost[name] / total, [0.025, 0.975])
            scores.append(head | {
                "model": words, "log": float(lost[name].sum() / own.many.sum()), "log_low": float(low),
                "log_high": float(high),
                "expected_observed": float((said[name] * own.many).sum() / own.events.sum()),
            })  # fmt: skip
        for ours, theirs in PAIRS:
            gap = lost[ours] - lost[theirs]
            low, high = (float(q) for q in np.quantile(drawn @ gap / total, [0.025, 0.975]))
            verdict = "better" if high < 0 else "worse" if low > 0 else "cannot be distinguished"
            compared.append(head | {
                "ours": MODELS[ours], "theirs": MODELS[theirs], "difference": float(gap.sum() / own.many.sum()),
                "low": low, "high": high, "verdict": verdict,
            })  # fmt: skip
    return pl.DataFrame(scores), pl.DataFrame(compared)


def _base(own: Record) -> Array:
    """The share of state-years of the other decades with the event, half an event on either side."""
    found = np.empty(len(own.events))
    for k in np.unique(own.decade):
        others = own.decade != k
        found[~others] = (own.events[others].sum() + 0.5) / (own.many[others].sum() + 1.0)
    return found


def groups(
    ground: YearGround, emulator: Emulator, found: Posterior, study: YearsStudy, plays: pl.DataFrame,
    fresh: tuple[pl.DataFrame, Array],
) -> pl.DataFrame:  # fmt: skip
    """How many state-years of each group are on record, beside what prior and posterior expect.

    Columns: group, outcome, state_years, events; prior, posterior (by the emulators), low, high (90 % of records
    made anew by the posterior); prior_played (the design's plays), fresh (posterior draws with fresh luck).
    """
    record, rng = ground.record, np.random.default_rng([study.seed, 17])
    prior = prior_draws(emulator, study.kept, study.seed)
    before = on_record(log_odds(emulator, prior), prior.deviates, record)
    after = on_record(log_odds(emulator, found), found.deviates, record)
    many, worlds = len(ground.armies), plays.height
    luck = rng.integers(0, len(prior.deviates), worlds)
    as_played = (_played(ground, plays, prior.deviates[luck]), _played(ground, fresh[0], found.deviates[fresh[1]]))
    whole = np.maximum(np.round(record.many), 1.0)
    made: Array = rng.binomial(whole.astype(int), np.clip(after, 0, 1)) * (record.many / whole)
    rows = []
    for name, inside in _inside(ground).items():
        for kind, outcome in enumerate(OUTCOMES):
            mine = np.flatnonzero(inside) + kind * many
            weights = record.many[mine]
            low, high = np.quantile(made[:, mine].sum(axis=1), [0.05, 0.95])
            rows.append((
                name, outcome, float(weights.sum()), float(record.events[mine].sum()),
                float(before[:, mine].mean(axis=0) @ weights), float(after[:, mine].mean(axis=0) @ weights),
                float(low), float(high), *(float(one[mine] @ weights) for one in as_played),
            ))  # fmt: skip
    names = ["group", "outcome", "state_years", "events", "prior", "posterior", "low", "high", "prior_played", "fresh"]
    return pl.DataFrame(rows, names, orient="row")


def _played(ground: YearGround, plays: pl.DataFrame, deviates: Array) -> Array:
    """Expected records of each row from the chances of worlds that were played; `deviates` of the observation model
    behind each play."""
    at = {name: k for k, name in enumerate(ground.about["name"].to_list())}
    where = np.array([at[n] for n in plays["number"].to_list()])
    own = ground.record.take(where)
    rate = np.array([
        recording_rate(d[None], np.array([p]), np.array([k]))[0, 0]
        for d, p, k in zip(deviates, own.press, own.decade, strict=True)
    ])  # fmt: skip
    came = (rate * plays["mutiny"].to_numpy(), plays["coup_attempt"].to_numpy())
    count = np.maximum(np.bincount(where, minlength=len(at)), 1)
    return np.concatenate([np.bincount(where, one, len(at)) / count for one in came])


def _inside(ground: YearGround) -> dict[str, Array]:
    """Which state-years are in each group, by its name."""
    about, many = ground.about, ground.about.height
    peace, decade = (about["task"] == PEACE).to_numpy(), ground.record.decade[:many]
    press = ground.record.press[:many]
    found = {"all": np.ones(many, bool), "at peace": peace, "facing somebody": ~peace}
    found |= {"press below the mean": press < 0, "press unknown": press == 0, "press above the mean": press > 0}
    found |= {f"{d}s": decade == k for k, d in decades(ground.record)}
    return {name: inside for name, inside in found.items() if inside.any()}


def rates(found: Posterior) -> pl.DataFrame:
    """The share of mutinies that is recorded, by decade and press: posterior median and 90 % interval."""
    rows = []
    for words, press in PRESS.items():
        for k, decade in enumerate(DECADES):
            drawn = recording_rate(found.deviates, np.array([press]), np.array([k]))[:, 0]
            low, middle, high = np.quantile(drawn, [0.05, 0.5, 0.95])
            rows.append((decade, words, float(low), float(middle), float(high)))
    return pl.DataFrame(rows, ["decade", "press", "low", "median", "high"], orient="row")


def said(emulator: Emulator, found: Posterior, record: Record) -> tuple[str, ...]:
    """What the record can and cannot tell apart, and how far the sample of state-years matters."""
    mutiny, coup = record.kind == MUTINY, record.kind == COUP
    odds = log_odds(emulator, found)
    chance = happens(odds, found.deviates, record)
    share = record.many[mutiny] / record.many[mutiny].sum()
    level = np.log(chance[:, mutiny] @ share)
    rate = np.log(recording_rate(found.deviates, np.zeros(1), np.array([2]))[:, 0])
    low, middle, high = np.quantile(np.exp(level), [0.05, 0.5, 0.95])
    prior = prior_draws(emulator, len(found.z), 0)
    unseen = happens(log_odds(emulator, prior), prior.deviates, record)[:, mutiny] @ share
    before = np.quantile(unseen, [0.05, 0.5, 0.95])
    noise = []
    for mine in (mutiny, coup):
        whole = forecast(emulator, found, record)[mine] * record.many[mine]
        noise.append(float(np.sqrt((whole[record.many[mine] > 1] ** 2).sum()) / whole.sum()))
    return (
        f"Mutinies and their recording trade off: the posterior correlation of the logs of the chance of a mutiny and"
        f" of the share recorded is {np.corrcoef(level, rate)[0, 1]:+.2f}.",
        f"A mutiny of any size in a state-year: {middle:.3f} ({low:.3f} to {high:.3f}); by the prior {before[1]:.3f}"
        f" ({before[0]:.3f} to {before[2]:.3f}).",
        f"The draw of state-years without an event moves expected numbers by up to {noise[0]:.0%} (mutiny) and"
        f" {noise[1]:.0%} (coup attempt), standard deviation; the posterior does not count this.",
    )
