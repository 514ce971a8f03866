"""Drafts beside the hand-written library: how far two ways of coding agree, and where each owes the other an answer.

The library is no test of the rules, and they are not tuned to it: it was written by readers who knew how things ended.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Sourced
from allegiance.cases.draft.drafting import Draft, Task, draft_case
from allegiance.cases.draft.panel import Panel
from allegiance.cases.draft.registry import READINGS
from allegiance.cases.loader import library, load_case, load_observed
from allegiance.cases.neutral import is_neutral
from allegiance.cases.schema import Case, Force, Side

SAME = 3.0
"""Factor by which two strengths may differ for two codings to be of one army: a garrison is not the state's army."""
GOOD = 0.5
"""Rank correlation that a reading of quality A should reach."""
FEW = 4
"""Pairs below which no rank correlation is told."""

Ends = tuple[float, float, float]
"""A value and the range stated for it."""
Look = Callable[[Case, Side, Force], Ends | None]


@dataclass(frozen=True)
class Pair:
    """A case of the library, the side that is coded, and the draft of the same army on the same day."""

    case: Case
    side: str
    draft: Draft


@dataclass(frozen=True)
class Agreement:
    """One input: its reading and the quality that this claims, cases in which both state it, and how they compare.

    `correlation` of ranks is None below `FEW` pairs or where one of the two never changes. `difference` is the mean of
    draft less library. `questions` are the cases whose value by hand lies outside the range that the draft states.
    """

    input: str
    reading: str
    quality: str
    pairs: int
    correlation: float | None
    difference: float
    questions: list[str]


def _of(number: Sourced | None, log: bool = False) -> Ends | None:
    """Value and range of a stated number; None where there is none or the format filled it in."""
    if number is None or is_neutral(number) or (log and number.value <= 0):
        return None
    low, high = number.range or (number.value, number.value)
    if not log:
        return number.value, low, high
    least = number.value / 1e3
    return math.log10(number.value), math.log10(max(low, least)), math.log10(max(high, least))


def _level(read: Callable[[Side, Force], Sourced], log: bool = False) -> Look:
    return lambda case, side, force: _of(read(side, force), log)


def _war(name: str, log: bool = False) -> Look:
    return lambda case, side, force: _of(getattr(case.war, name), log)


def _area(name: str, log: bool = False) -> Look:
    """The mean over areas."""

    def look(case: Case, side: Side, force: Force) -> Ends | None:
        found = [e for e in (_of(getattr(zone, name), log) for zone in case.areas.values()) if e]
        return _mean(found)

    return look


def _mean(found: list[Ends]) -> Ends | None:
    value, low, high = (float(np.mean([e[k] for e in found])) if found else math.nan for k in range(3))
    return (value, low, high) if found else None


def _conscripts(case: Case, side: Side, force: Force) -> Ends | None:
    found = [_of(v) for c, v in force.composition.items() if c.value in ("conscript", "mobilised")]
    known = [e for e in found if e]
    value, low, high = (sum(e[k] for e in known) for k in range(3))
    return (value, low, high) if known else (0.0, 0.0, 0.1)


def _parallel(case: Case, side: Side, force: Force) -> Ends | None:
    men = _of(force.strength)
    others = [_of(f.strength) for f in side.forces.values() if f is not force]
    known = [e for e in others if e]
    if men is None:
        return None
    value, low, high = (sum(e[k] for e in known) for k in range(3))
    return value / (value + men[0]), low / (low + men[2]), high / (high + men[1])


def _waves(name: str, log: bool = False) -> Look:
    def look(case: Case, side: Side, force: Force) -> Ends | None:
        return _mean([e for e in (_of(getattr(w, name), log) for w in side.protest.waves) if e])

    return look


def _ties(case: Case, side: Side, force: Force) -> Ends | None:
    """Mean over pairs of the army's groups with civilians, weighed by the group's share of the army."""
    found = [(force.groups[t.soldiers].value, _of(t.tie)) for t in case.ties if t.soldiers in force.groups]
    known = [(weight, e) for weight, e in found if e]
    total = sum(weight for weight, _ in known)
    if total <= 0:
        return None
    value, low, high = (sum(w * e[k] for w, e in known) / total for k in range(3))
    return value, low, high


INPUTS: Mapping[str, tuple[str, Look]] = {
    "people (log10)": ("population", _level(lambda s, f: s.population, log=True)),
    "soldiers (log10)": ("strength", _level(lambda s, f: f.strength, log=True)),
    "coup rate (log10)": ("coup_rate", _level(lambda s, f: s.coup_base_rate, log=True)),
    "conscripts": ("composition", _conscripts),
    "parallel forces (share)": ("parallel", _parallel),
    "counterbalancing": ("counterbalancing", _level(lambda s, f: s.coup_proofing.counterbalancing)),
    "stacking": ("stacking", _level(lambda s, f: s.coup_proofing.stacking)),
    "purges": ("purges", _level(lambda s, f: s.coup_proofing.purges)),
    "surveillance": ("surveillance", _level(lambda s, f: s.coup_proofing.surveillance)),
    "blocking": ("blocking", _level(lambda s, f: s.coup_proofing.blocking)),
    "supply": ("supply", _level(lambda s, f: s.supply)),
    "monitoring": ("monitoring", _level(lambda s, f: s.monitoring)),
    "punishment": ("punishment", _level(lambda s, f: s.punishment)),
    "inclusion": ("inclusion", _level(lambda s, f: s.inclusion)),
    "inducement": ("inducement", _level(lambda s, f: s.inducement)),
    "resolve": ("resolve", _level(lambda s, f: s.aims.resolve)),
    "capacity (log10)": ("capacity", _level(lambda s, f: s.protest.capacity, log=True)),
    "crowd (log10 person-days)": ("crowd", _waves("participants", log=True)),
    "non-violent share": ("nonviolent", _waves("nonviolent")),
    "share in the capital": ("capital_share", _waves("capital")),
    "deployed": ("deployed", _level(lambda s, f: f.deployed)),
    "quality": ("quality", _level(lambda s, f: f.quality)),
    "equipment": ("equipment", _level(lambda s, f: f.equipment)),
    "pay": ("pay", _level(lambda s, f: f.pay)),
    "commanders' loyalty": ("command_loyalty", _level(lambda s, f: f.command.loyalty)),
    "competence": ("competence", _level(lambda s, f: f.command.competence)),
    "loyalty": ("loyalty", _level(lambda s, f: f.loyalty)),
    "intensity (log10)": ("intensity", _war("intensity", log=True)),
    "area at the start (log10)": ("area_start", _war("area_start", log=True)),
    "area aimed at (log10)": ("area_target", _war("area_target", log=True)),
    "mobility (log10)": ("mobility", _war("mobility", log=True)),
    "terrain": ("terrain", _war("terrain")),
    "against civilians": ("against", _area("against_civilians")),
    "people in the areas (log10)": ("exposed", _area("population", log=True)),
    "ties": ("tie", _ties),
}
"""Inputs that both state as one number, with the reading of each and how it is read from a case. Left out: names and
shares of groups and regions, which the two cut differently, and rebels, of whom the library rarely codes the side."""


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
        if unlike := same_army(side, draft):
            not_.append(f"{name}: {unlike}")
            continue
        found.append(Pair(case, observed.side, draft))
    return found, not_


def same_army(side: Side, draft: Draft) -> str:
    """Empty where a side made by hand is the whole army of the state drafted; else why it is not."""
    hand = sum(force.strength.value for force in side.forces.values())
    rule = draft.case.sides[draft.side].forces["army"].strength.value
    if 1 / SAME <= hand / rule <= 2 * SAME:
        return ""
    return f"not the same army, {hand:,.0f} soldiers by hand and {rule:,.0f} in the state's army"


def agreement(found: list[Pair]) -> list[Agreement]:
    """Each input over all pairs in which both state it, those of the best quality first."""
    rows = []
    for name, (reading, look) in INPUTS.items():
        both = []
        for pair in found:
            hand, rule = look_at(look, pair.case, pair.side), look_at(look, pair.draft.case, pair.draft.side)
            if hand is not None and rule is not None:
                both.append((pair.case.id, hand, rule))
        by_hand, by_rule = (np.array([row[k][0] for row in both]) for k in (1, 2))
        gap = float((by_rule - by_hand).mean()) if both else math.nan
        quality = READINGS[reading].quality
        rows.append(Agreement(name, reading, quality, len(both), ranks(by_hand, by_rule), gap, _questions(both)))
    return sorted(rows, key=lambda r: r.quality)


def look_at(look: Look, case: Case, side: str) -> Ends | None:
    """What a look finds at a side's largest regular force."""
    held = case.sides[side]
    return look(case, held, min(held.forces.values(), key=lambda f: (f.kind != "regular", -f.strength.value)))


def mean_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 0, ties at their mean."""
    return np.array([(np.sum(values < one) + np.sum(values <= one) - 1) / 2 for one in values])


def ranks(x: np.ndarray, y: np.ndarray) -> float | None:
    """Spearman's rank correlation, ties at their mean rank; None below `FEW` pairs or where one never changes.

    >>> ranks(np.array([1.0, 2.0, 3.0, 4.0]), np.array([10.0, 30.0, 20.0, 40.0]))
    0.8
    """
    if len(x) < FEW:
        return None
    a, b = mean_ranks(x), mean_ranks(y)
    if a.std() == 0 or b.std() == 0:
        return None
    return round(float(np.corrcoef(a, b)[0, 1]), 12)


def _questions(both: list[tuple[str, Ends, Ends]]) -> list[str]:
    """Cases whose value by hand lies outside the draft's range, the farthest first, in words."""
    outside = [(max(low - hand[0], hand[0] - high), name, hand[0], value, low, high)
               for name, hand, (value, low, high) in both]  # fmt: skip
    return [
        f"{name}: hand {hand:.2f}, rule {value:.2f} ({low:.2f} to {high:.2f})"
        for far, name, hand, value, low, high in sorted(outside, key=lambda row: -row[0])
        if far > 1e-9
    ]
