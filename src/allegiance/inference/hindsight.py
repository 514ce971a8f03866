"""What hindsight is worth: cases of the library made by rule from data, scored beside those made by hand.

The library's numbers were set by readers who knew how each case ended. A draft of the same army, on the same first
day, knows nothing later. Where the hand leads, it knew the end, or true facts that no table holds; the residuals say
whether the numbers set by hand know more of the outcome than the coded conditions do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.cases.draft.agreement import INPUTS, look_at, mean_ranks, same_army
from allegiance.cases.draft.drafting import Draft, Task, draft_case
from allegiance.cases.draft.panel import Panel
from allegiance.inference.bank import CodedCase, Progress, play_bank
from allegiance.inference.coding import LEVELS, conditions_of
from allegiance.inference.hindcast import FEWEST_CASES, Settings
from allegiance.inference.scoreboard import Scoreboard, paired, score
from allegiance.inference.weights import LEFT_FLOOR
from allegiance.theory.stamp import theory_hash
from allegiance.world.columns import Array

OUTCOMES = (*LEVELS, "left")
SHUFFLES = 1000
"""Random orders of the outcomes with which the residuals are compared."""
SURE = 0.05
"""Share of pairs that lie beyond the critical correlation where nothing is known."""
FEW = 12
"""Cases below which residuals are not looked at: six conditions are taken out of them first."""


@dataclass(frozen=True)
class Control:
    """Cases made by hand and the same made by rule, in one order, and why others have no twin."""

    by_hand: list[CodedCase]
    by_rule: list[CodedCase]
    without: list[str]


def control(cases: Sequence[CodedCase], panel: Panel) -> Control:
    """Draft the coded side of each case, for its first day, its length and the kind of its war.

    Raises:
        AllegianceError: no case can be drafted.
    """
    hand, rule, without = [], [], []
    for coded in cases:
        try:
            draft = _twin(coded, panel)
        except AllegianceError as error:
            without.append(f"{coded.case.id}: {error.message}")
            continue
        named = {"id": coded.case.id, "tags": coded.case.tags}
        observed = coded.observed.model_copy(update={"side": draft.side})
        hand.append(coded)
        rule.append(CodedCase(draft.case.model_copy(update=named), observed))
    if not hand:
        raise AllegianceError("no case of the library can be drafted from these tables", "allegiance data get")
    return Control(hand, rule, without)


def hindsight(
    cases: Sequence[CodedCase], panel: Panel, how: Settings, bank: Path, progress: Progress | None = None
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Play and score both; returns the table of `compared` and the summary of it all.

    Raises:
        AllegianceError: fewer than FEWEST_CASES cases can be drafted, or the folder of the bank cannot be written.
    """
    both = control(cases, panel)
    if len(both.by_hand) < FEWEST_CASES:
        raise AllegianceError(
            f"only {len(both.by_hand)} cases can be made by rule from these tables", "allegiance data status"
        )
    boards = []
    for k, those in enumerate((both.by_hand, both.by_rule)):

        def tell(share: float, text: str, k: int = k) -> None:
            if progress:
                progress((k + share) / 2, f"{text} {('by hand', 'by rule')[k]}")

        played = play_bank(those, how.draws, how.seed, bank, tell, ranges=how.ranges)
        boards.append(score(those, played, how.holdout))
    table = compared(boards[0], boards[1], both.by_hand)
    knows = {"by hand, all cases": residuals(cases), "by hand": residuals(both.by_hand),
             "by rule": residuals(both.by_rule)}  # fmt: skip
    return table, {
        "cases": [c.case.id for c in both.by_hand], "without": both.without, "draws": how.draws, "seed": how.seed,
        "holdout": how.holdout, "scores": table.to_dicts(), "formulas_sha256": theory_hash(),
        "residuals": {name: vars(one) for name, one in knows.items() if one is not None},
    }  # fmt: skip


def _twin(coded: CodedCase, panel: Panel) -> Draft:
    case, side = coded.case, coded.case.sides[coded.observed.side]
    if side.country is None:
        raise AllegianceError("its coded side is no state")
    task: Task = case.war.kind if case.war.kind in ("repression", "civil") else "auto"
    draft = draft_case(side.country, case.start, days=case.days, task=task, data=panel)
    if unlike := same_army(side, draft):
        raise AllegianceError(unlike)
    return draft


def compared(by_hand: Scoreboard, by_rule: Scoreboard, cases: Sequence[CodedCase]) -> pl.DataFrame:
    """Scores of both by outcome, with 90 % intervals of paired gaps over families of wars (below 0: the first better).

    Returns:
        outcome, ours, theirs, score, rival_score, difference, low, high, verdict.
    """
    rows = []
    for outcome in OUTCOMES:
        told = {
            name: _scores(board, outcome, model)
            for name, board, model in (
                ("by hand", by_hand, "model"), ("by rule", by_rule, "model"), ("base rate", by_hand, "base_rate"),
                ("coded conditions", by_hand, "logit"),
            )
        }  # fmt: skip
        for ours, theirs in (("by hand", "by rule"), ("by hand", "base rate"), ("by rule", "base rate"),
                             ("by rule", "coded conditions")):  # fmt: skip
            rows.append({"outcome": outcome, "ours": ours, "theirs": theirs} | paired(told[ours], told[theirs], cases))
    return pl.DataFrame(rows)


def _scores(board: Scoreboard, outcome: str, model: str) -> Array:
    own = board.cases.filter((pl.col("outcome") == outcome) & (pl.col("model") == model))
    return own.sort("case")["score"].to_numpy()


@dataclass(frozen=True)
class Residuals:
    """Pairs of an input and an outcome whose residuals go together, against what chance gives.

    `beyond` of `pairs` lie beyond the correlation that one in twenty passes by chance; `expected` is the mean of the
    same count with outcomes in random order, `p` the share of these with as many. `largest`: the ten largest, in words.
    """

    cases: int
    pairs: int
    beyond: int
    expected: float
    p: float
    largest: list[str]


def residuals(cases: Sequence[CodedCase], seed: int = 0) -> Residuals | None:
    """Do the inputs know more of the outcomes than the six coded conditions do? None below FEW cases.

    Inputs and outcomes are ranked, what the conditions predict linearly is taken out of both, and the rest correlated;
    an input is looked at where every case states it and not all alike.
    """
    if len(cases) < FEW:
        return None
    about = np.array([list(conditions_of(c.case, c.observed.side).values()) for c in cases])
    known = np.column_stack([np.ones(len(cases)), about])
    named = {name: one for name, one in _inputs(cases).items() if np.ptp(one) > 0}
    x = _rest(np.column_stack([mean_ranks(v) for v in named.values()]), known)
    y = _rest(np.column_stack([mean_ranks(v) for v in _outcomes(cases).values()]), known)
    rng, found = np.random.default_rng(seed), np.abs(_correlations(x, y))
    shuffled = [np.abs(_correlations(x, rng.permutation(y))) for _ in range(SHUFFLES)]
    limit = float(np.quantile(np.concatenate([s.ravel() for s in shuffled]), 1 - SURE))
    counts = np.array([(s > limit).sum() for s in shuffled])
    beyond, signed = int((found > limit).sum()), _correlations(x, y)
    order = np.argsort(-found.ravel())[:10]
    names, outcomes = list(named), list(OUTCOMES)
    largest = [
        f"{names[k // len(outcomes)]} and {outcomes[k % len(outcomes)]}: {signed.ravel()[k]:+.2f}" for k in order
    ]
    return Residuals(len(cases), found.size, beyond, float(counts.mean()), float((counts >= beyond).mean()), largest)


def _inputs(cases: Sequence[CodedCase]) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for name, (_, look) in INPUTS.items():
        ends = [look_at(look, c.case, c.observed.side) for c in cases]
        if all(e is not None for e in ends):
            found[name] = np.array([e[0] for e in ends if e is not None])
    return found


def _outcomes(cases: Sequence[CodedCase]) -> dict[str, Array]:
    found = {name: np.array([float(getattr(c.observed, name)) for c in cases]) for name in LEVELS}
    ends = np.log(np.maximum(np.array([c.observed.left for c in cases], float), LEFT_FLOOR))
    return found | {"left": ends.mean(axis=1)}


def _rest(values: Array, known: Array) -> Array:
    """What is left of each column when what `known` predicts linearly is taken out, at unit length."""
    rest = values - known @ np.linalg.lstsq(known, values, rcond=None)[0]
    length = np.linalg.norm(rest, axis=0)
    unit: Array = rest / np.where(length > 1e-9, length, np.inf)
    return unit


def _correlations(x: Array, y: Array) -> Array:
    """Correlations of columns at unit length, shape (inputs, outcomes)."""
    found: Array = x.T @ y
    return found
