"""Drafts beside the hand-written library: how far two ways of coding agree, and where each owes the other an answer.

The library is no test of the rules, and they are not tuned to it: it was written by readers who knew how things ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.cases.draft.drafting import Draft, Task, draft_case
from allegiance.cases.draft.panel import Panel
from allegiance.cases.draft.profile import OF_CASE, profile_of_case
from allegiance.cases.draft.registry import READINGS
from allegiance.cases.loader import library, load_case, load_observed
from allegiance.cases.schema import Case

READING_OF: Mapping[str, str] = {
    "commanders' loyalty": "command_loyalty", "conscripts": "composition", "soldiers (log10)": "strength",
    "parallel forces (share)": "parallel", "coup rate (log10)": "coup_rate",
}  # fmt: skip
"""The reading of a level, where its name is another."""
SAME = 3.0
"""Factor by which two strengths may differ for two codings to be of one army: a garrison is not the state's army."""
GOOD = 0.5
"""Rank correlation that a reading of quality A should reach."""


@dataclass(frozen=True)
class Pair:
    """A case of the library, the side that is coded, and the draft of the same army on the same day."""

    case: Case
    side: str
    draft: Draft


@dataclass(frozen=True)
class Agreement:
    """One level: quality its reading claims, pairs, rank correlation, mean of draft less library, questions."""

    level: str
    quality: str
    pairs: int
    correlation: float
    difference: float
    questions: list[str]


def pairs(panel: Panel) -> tuple[list[Pair], list[str]]:
    """Every library case whose coded side is a state that can be drafted on its first day, and why others cannot."""
    found, not_ = [], []
    for name in library():
        case, observed = load_case(name), load_observed(name)
        if observed is None:
            continue
        side = case.sides[observed.side]
        if side.country is None:
            not_.append(f"{name}: its coded side is no state")
            continue
        kind: Task = "repression" if case.war.kind == "repression" else "auto"
        try:
            draft = draft_case(side.country, case.start, task=kind, data=panel)
        except AllegianceError as error:
            not_.append(f"{name}: {error.message}")
            continue
        hand = sum(force.strength.value for force in side.forces.values())
        rule = draft.case.sides[draft.side].forces["army"].strength.value
        if not 1 / SAME <= hand / rule <= 2 * SAME:
            not_.append(f"{name}: not the same army, {hand:,.0f} soldiers by hand and {rule:,.0f} in the state's army")
            continue
        found.append(Pair(case, observed.side, draft))
    return found, not_


def agreement(found: list[Pair]) -> list[Agreement]:
    """Each level over all pairs, those of the best quality first."""
    rows = []
    hands = [profile_of_case(p.case, p.side) for p in found]
    rules = [profile_of_case(p.draft.case, p.draft.side) for p in found]
    for level in OF_CASE:
        by_hand, by_rule = (np.array([profile[level] for profile in all_]) for all_ in (hands, rules))
        reading = READINGS[READING_OF.get(level, level)]
        rows.append(Agreement(
            level, reading.quality, len(found), _ranks(by_hand, by_rule), float((by_rule - by_hand).mean()),
            _questions(found, by_hand, by_rule),
        ))  # fmt: skip
    return sorted(rows, key=lambda r: (r.quality, r.level))


def _ranks(x: np.ndarray, y: np.ndarray) -> float:
    """Spearman's rank correlation, ties at their mean rank; 0 where one of the two never changes."""
    a, b = (np.array([(np.sum(v < one) + np.sum(v <= one) - 1) / 2 for one in v]) for v in (x, y))
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _questions(found: list[Pair], by_hand: np.ndarray, by_rule: np.ndarray) -> list[str]:
    """The three widest disagreements, in words."""
    order = np.argsort(-np.abs(by_hand - by_rule), kind="stable")[:3]
    return [f"{found[k].case.id}: hand {by_hand[k]:.2f}, rule {by_rule[k]:.2f}" for k in order]
