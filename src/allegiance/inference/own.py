"""Own cases scored with a layer of coding error that was fitted to other cases: any number of them, without a fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from allegiance.inference.bank import CodedCase
from allegiance.inference.baselines import base_rate, ordinal_logit, share_regression
from allegiance.inference.coding import LEVELS
from allegiance.inference.forecasters import History, Weighted, history
from allegiance.inference.layer import Layer
from allegiance.inference.scoreboard import COMPARED, Scoreboard, compare, left_row, ordinal_row
from allegiance.inference.weights import LEFT_FLOOR
from allegiance.world.columns import Array

FEWEST = 3
"""Families of wars from which the gap to a baseline gets an interval."""


def kin(mine: CodedCase, other: CodedCase) -> bool:
    """Whether a case tells of another's war: same id, same family, or the same country's army at the same time."""
    if mine.case.id == other.case.id or mine.family == other.family:
        return True
    country, others = (c.case.sides[c.observed.side].country for c in (mine, other))
    first, second = sorted((mine.case, other.case), key=lambda c: c.start)
    return country is not None and country == others and second.start < first.start + timedelta(days=first.days)


@dataclass
class _Rivals:
    """Baselines of one case of `mine`, fitted to the codes of those cases of the library that are not its kin."""

    mine: History
    k: int
    theirs: History
    others: list[int]

    def ordinal(self, outcome: str) -> dict[str, Array]:
        truth, levels = self.theirs.truth(outcome, self.others), LEVELS[outcome]
        table = self.theirs.conditions[self.others]
        return {
            "base_rate": base_rate(truth, levels),
            "logit": ordinal_logit(table, truth, self.mine.conditions[self.k], levels),
        }

    def shares(self) -> dict[str, Weighted]:
        middle, table = self.theirs.middle[self.others], self.theirs.conditions[self.others]
        line = share_regression(table, middle, self.mine.conditions[self.k])
        return {
            "base_rate": (middle, np.ones(len(middle))),
            "logit": (np.clip(line, np.log(LEFT_FLOOR), 0.0), np.ones(len(line))),
        }


def score_own(
    cases: Sequence[CodedCase], bank: Mapping[str, pl.DataFrame], layer: Layer, library: Sequence[CodedCase],
    trained: Collection[str] = (),
) -> Scoreboard:  # fmt: skip
    """Score playings of own cases, passed through a layer that was fitted before, beside baselines of the library.

    Baselines leave out the library's cases of the same war (`kin`). A case is held out if neither the layer nor the
    parameters (`trained`: ids they were fitted to) have seen it or its kin; only such cases are compared, and only if
    they are of FEWEST families. `folds` holds held_out, seen (ids of what was fitted) and the baselines' cases.
    """
    mine, theirs = history(cases, bank), History(library, [])
    rows: list[dict[str, Any]] = []
    folds = []
    for k, held in enumerate(cases):
        near = {c.case.id for c in library if kin(held, c)}
        seen = _seen(held, near, layer, trained)
        rivals = _Rivals(mine, k, theirs, [j for j, c in enumerate(library) if c.case.id not in near])
        found = _rows(held, mine, k, layer, rivals)
        rows += [r | {"held_out": not seen} for r in found]
        folds.append({"case": held.case.id, "held_out": not seen, "seen": seen, "baselines": len(rivals.others)})
    frame = pl.DataFrame(rows, infer_schema_length=None)
    fresh = [c for c, fold in zip(cases, folds, strict=True) if fold["held_out"]]
    enough = len({c.family for c in fresh}) >= FEWEST
    compared = compare(frame.filter("held_out"), fresh) if enough else pl.DataFrame(schema=COMPARED)
    return Scoreboard(frame, compared, pl.DataFrame(folds, schema_overrides={"seen": pl.List(pl.String)}))


def _seen(held: CodedCase, near: set[str], layer: Layer, trained: Collection[str]) -> list[str]:
    related = near | {held.case.id}
    by_layer = {i for i, family in layer.card.cases.items() if i in related or family == held.family}
    return sorted(by_layer | related.intersection(trained))


def _rows(held: CodedCase, mine: History, k: int, layer: Layer, rivals: _Rivals) -> list[dict[str, Any]]:
    rows = []
    for outcome in LEVELS:
        raw = mine.levels(k, outcome)
        forecasts = {"model": layer.ordinal[outcome].codes(raw), "raw": raw} | rivals.ordinal(outcome)
        rows += [ordinal_row(held, outcome, name, p) for name, p in forecasts.items()]
    values, raw = layer.share.shares(mine.points[k]), mine.log_left[k]
    shares = {"model": (values, np.ones(len(values))), "raw": (raw, np.ones(len(raw)))} | rivals.shares()
    return rows + [left_row(held, name, *weighted) for name, weighted in shares.items()]


def notes(board: Scoreboard, layer: Layer) -> list[str]:
    """What a reader of the scores must know: whom the layer has seen, and whether anything can be compared."""
    found = []
    for r in board.folds.filter(~pl.col("held_out")).iter_rows(named=True):
        found.append(f"{r['case']} is not held out: what is scored was fitted to {', '.join(r['seen'])}.")
    if not len(board.comparisons):
        fresh = board.cases.filter("held_out")
        count, families = fresh["case"].n_unique(), fresh["family"].n_unique()
        found.append(
            f"{count} held-out {'case' if count == 1 else 'cases'} (families of wars: {families}) cannot tell"
            f" forecasters apart: that takes {FEWEST} families held out. Read the scores case by case."
        )
    families = len(set(layer.card.cases.values()))
    found.append(
        f"The layer of coding error was fitted to {len(layer.card.cases)} cases ({families} families), each played with"
        f" {layer.card.draws} draws; it was not fitted anew."
    )
    return found
