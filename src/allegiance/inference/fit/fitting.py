"""A fit from study file to parameter set: design, plays, emulator, posterior, checks; what is done is not redone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.base.parts import Parts
from allegiance.cases.paths import case_hash
from allegiance.evidence.folder import data_dir
from allegiance.evidence.press import press_before
from allegiance.inference.campaign_list import campaign_years, coded, onsets
from allegiance.inference.campaigns import Planned, draft_campaigns, inputs_of
from allegiance.inference.fit import predict
from allegiance.inference.fit.coders import FIRST, SECOND, Record, record_of
from allegiance.inference.fit.design import Design, latin
from allegiance.inference.fit.emulator import MORE, Check, Emulator, Plays, learn
from allegiance.inference.fit.plays import OUTCOMES, Army, armies, play_design
from allegiance.inference.fit.posterior import Posterior, sample
from allegiance.inference.fit.recover import recover
from allegiance.inference.fit.result import (
    Fit,
    combination_table,
    decade_table,
    notes_of,
    observer_table,
    parameter_set,
    parameter_table,
)
from allegiance.inference.fit.study import FitStudy
from allegiance.world.columns import Array

METHODS = ("armed", "unarmed")
FRESH = 1_000_003
"""What is added to the seed where draws of the posterior are played with luck that the fit has not seen."""
FOLLOWED = 12
"""Parameters whose recovery is followed: the most informed."""
LEFT_OUT = 4
"""Emulators with which a decade is left out."""
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Ground:
    """What a fit is made on: campaigns that could be drafted, what is known of them, and what is on record."""

    armies: list[Army]
    about: pl.DataFrame
    inputs: Array
    conditions: Array
    record: Record
    fitted: Array

    def identity(self) -> dict[str, Any]:
        """All of it that decides the result."""
        said = [self.record.first.tolist(), self.record.second.tolist(), self.record.press.tolist()]
        cases = [[a.number, case_hash(a.case)] for a in self.armies]
        return {"cases_sha256": sha256_text(to_json(cases)), "record_sha256": sha256_text(repr(said))}


def ground_of(study: FitStudy, data: str | Path | None = None, file: Path | None = None) -> Ground:
    """Draft the study's campaigns and read what is on record of them.

    Args:
        data: folder of standardised tables. file: a table of campaigns of one's own, in NAVCO's columns.

    Raises:
        AllegianceError: no data, no campaign of these years, no test, or codings without both yes and no.
    """
    table = campaign_years(data, file)
    spell = study.campaigns
    begun = onsets(table, (spell.first, spell.test_last))
    begun = [o for o in begun if spell.method in ("all", METHODS[o.facing.nonviolent])]
    plans = [p for p in draft_campaigns(begun, data) if p.draft is not None]
    those = armies(plans)
    about = _about(plans)
    known = about.select("number").join(coded(table), "number", how="left", maintain_order="left")
    years = about["year"].to_numpy().astype(float)
    before = press_before(data_dir(data), list(about.select("gwcode", "year").iter_rows()))
    press = np.array([np.nan if v is None else v for v in before], float)
    record = record_of(known, press, years)
    fitted = years <= spell.last
    _enough(record, fitted)
    inputs, conditions = _standard(inputs_of(plans))
    return Ground(those, about.with_columns(known.select(FIRST, SECOND)), inputs, conditions, record, fitted)


def _about(plans: Sequence[Planned]) -> pl.DataFrame:
    rows = [
        {"number": p.onset.number, "campaign": p.onset.facing.name, "gwcode": p.onset.gwcode,
         "country": p.onset.country, "year": p.onset.facing.year, "nonviolent": int(p.onset.facing.nonviolent),
         "decade": max(p.onset.facing.year // 10 * 10, 1950)}
        for p in plans
    ]  # fmt: skip
    return pl.DataFrame(rows)


def _enough(record: Record, fitted: Array) -> None:
    for name, y in ((FIRST, record.first), (SECOND, record.second)):
        for words, rows in (("fitted to", fitted), ("of the test", ~fitted)):
            own = y[rows][~np.isnan(y[rows])]
            if len(own) and len(np.unique(own)) < 2:
                raise AllegianceError(
                    f"{name}: the {len(own)} coded campaigns {words} are all {own[0]:g}: an outcome without events",
                    "choose other years in the study, or code more campaigns",
                )
    if not fitted.any() or fitted.all():
        raise AllegianceError("no campaign is fitted to, or none is left for the test", "choose other years")
    if np.isnan(record.first[fitted]).all() and np.isnan(record.second[fitted]).all():
        raise AllegianceError(
            "no campaign fitted to is coded", f"give the columns of {FIRST} and {SECOND} (docs/campaigns.md)"
        )


def _standard(table: pl.DataFrame) -> tuple[Array, Array]:
    """Inputs and conditions of the campaigns, standardised; where nobody counted, 0 and a column that says so."""
    x = table.drop("number").cast(pl.Float64)
    gaps = [pl.col(c).is_null().cast(pl.Float64).alias(f"{c} unknown") for c in x.columns if x[c].null_count()]
    filled = x.with_columns(gaps).to_numpy()
    centre, spread = np.nanmean(filled, axis=0), np.nanstd(filled, axis=0)
    standard = np.nan_to_num((filled - centre) / np.where(spread > 0, spread, 1.0))
    few = [k for k, c in enumerate(x.columns) if c.startswith("condition: ") or c == "nonviolent"]
    return standard, standard[:, few]


def fit(
    study: FitStudy, ground: Ground, kept: Parts, workers: int = 2, progress: Progress | None = None
) -> Fit:
    """Run a fit, or go on with it; plays are kept in `kept` (see plays.store).

    Raises:
        AllegianceError: the emulator of the fitted outcome fails its check.
    """
    tell = progress or (lambda share, text: None)
    design = latin(len(ground.armies), study.draws, study.seed)
    plays = play_design(ground.armies, design, study.seed, kept, workers, _part(tell, 0.0, 0.6))
    tell(0.6, "emulator")
    emulator, checks, missing = _emulators(study, ground, design, plays)
    rows, s = np.flatnonzero(ground.fitted), study.sampler
    every = list(range(1, len(emulator.level)))
    found = sample(emulator, ground.record, rows, every, s.walkers, s.steps, study.seed, study.kept)
    tell(0.7, "one decade left out at a time")
    without = _without(study, ground, emulator, rows, every[:LEFT_OUT])
    fresh = _fresh(study, ground, found, kept, workers, _part(tell, 0.72, 0.85))
    campaigns, groups = _predicted(study, ground, emulator, found, without, plays, fresh)
    order = np.argsort(found.spread)[:FOLLOWED]
    recovered = recover(
        Emulator(emulator.level[:, rows], emulator.slope[:, rows]), ground.record.take(rows), [int(k) for k in order],
        study.checks.worlds, s.walkers, study.checks.steps, study.seed, workers, _part(tell, 0.85, 1.0),
    )  # fmt: skip
    counts = {"campaigns_fitted_to": len(rows), "campaigns_of_the_test": int((~ground.fitted).sum()),
              "worlds_played": plays.height}  # fmt: skip
    result = parameter_set(study, found, checks, study.kept, counts)
    return Fit(
        study, tuple(checks), tuple(missing), found,
        parameter_table(found, emulator.slope[0, rows].mean(axis=0)), combination_table(found),
        observer_table(found), decade_table(found, without), campaigns, groups, recovered, result,
        notes_of(found, recovered.coverage),
    )  # fmt: skip


def _part(tell: Progress, start: float, end: float) -> Progress:
    return lambda share, text: tell(start + (end - start) * share, text)


def _emulators(
    study: FitStudy, ground: Ground, design: Design, plays: pl.DataFrame
) -> tuple[Emulator, list[Check], list[str]]:
    """The emulator of the fitted outcome, the checks of all (with its spreads), and why some have none."""
    checks, missing, own, spreads = [], [], None, None
    for name in (study.outcome, *(o for o in OUTCOMES if o != study.outcome)):
        y = plays[name].to_numpy().astype(float)
        learnt = Plays(design.z, design.campaign, y, ground.inputs, ground.conditions)
        draws = study.emulator.draws if own is None else 2
        try:
            made, check, spreads = learn(learnt, study.emulator.folds, draws, study.seed, name, spreads)
        except AllegianceError as error:
            if own is None:
                raise
            missing.append(error.message)
            continue
        if own is None:
            if check.fault:
                raise AllegianceError(f"the emulator of {name} fails its check: {check.fault}", MORE)
            own = made
        checks.append(check)
    assert own is not None
    return own, checks, missing


def _without(
    study: FitStudy, ground: Ground, emulator: Emulator, rows: Array, which: list[int]
) -> dict[int, Posterior]:
    """The posterior without each decade of the campaigns fitted to."""
    decade, s, found = ground.about["decade"].to_numpy(), study.sampler, {}
    for one in np.unique(decade[rows]):
        left = rows[decade[rows] != one]
        if len(left):
            found[int(one)] = sample(
                emulator, ground.record, left, which, s.walkers, study.checks.steps, study.seed, study.kept
            )
    return found


def _fresh(
    study: FitStudy, ground: Ground, found: Posterior, kept: Parts, workers: int, progress: Progress
) -> tuple[Array, Array]:
    """Draws of the posterior played for real with fresh luck: shifts (campaigns, worlds), and the draws behind them."""
    many, worlds = len(ground.armies), study.checks.fresh
    behind = np.random.default_rng([study.seed, 5]).integers(0, len(found.z), many * worlds)
    design = Design(found.z[behind], np.repeat(np.arange(many), worlds))
    table = play_design(ground.armies, design, study.seed + FRESH, kept, workers, progress)
    return table[study.outcome].to_numpy().reshape(many, worlds), behind.reshape(many, worlds)


def _predicted(
    study: FitStudy, ground: Ground, emulator: Emulator, found: Posterior, without: dict[int, Posterior],
    plays: pl.DataFrame, fresh: tuple[Array, Array],
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Table of campaigns, and of groups. `fold` is "test", or the decade that was left out to forecast the campaign."""
    rows, s, record = np.flatnonzero(ground.fitted), study.sampler, ground.record
    blind = predict.ignorant(emulator, study.seed)
    coders = sample(blind, record, rows, [0], s.walkers, study.checks.steps, study.seed, study.kept)
    said = {
        "prior": predict.forecast(emulator, predict.prior_draws(emulator, study.kept, study.seed), record),
        "coders": predict.forecast(blind, coders, record), "posterior": predict.forecast(emulator, found, record),
    }  # fmt: skip
    decade = ground.about["decade"].to_numpy()
    fold = np.where(ground.fitted, decade.astype(str), "test")
    for one, left in without.items():
        blind_left = sample(
            blind, record, rows[decade[rows] != one], [0], s.walkers, study.checks.steps, study.seed, study.kept
        )
        for name, model, drawn in (("posterior", emulator, left), ("coders", blind, blind_left)):
            inside = ground.fitted & (decade == one)
            for whole, part in zip(said[name], predict.forecast(model, drawn, record), strict=True):
                whole[inside] = part[inside]
    table = ground.about.with_columns(fold=pl.Series(fold))
    for name, values in said.items():
        table = table.with_columns(
            pl.Series(f"{name}_{what}", v) for what, v in zip(("shift", FIRST, SECOND), values, strict=True)
        )
    played = _shares(plays, ground, study)
    table = table.with_columns(
        prior_played=pl.Series(played), posterior_played=pl.Series(fresh[0].mean(axis=1)),
        worlds=pl.lit(study.checks.fresh),
    )
    groups = predict.check_groups(emulator, found, record, ground.about, fresh[0], fresh[1], study.seed)
    return table, groups


def _shares(plays: pl.DataFrame, ground: Ground, study: FitStudy) -> Array:
    """Share of the first worlds of the prior's design with a shift, as many as were played afresh, by campaign."""
    first = plays.sort("point").group_by("number", maintain_order=True).head(study.checks.fresh)
    means = dict(first.group_by("number").agg(pl.col(study.outcome).mean()).iter_rows())
    return np.array([means[a.number] for a in ground.armies], float)
