"""Groups: which there are, their share of the ranks, equality in the army, and ties to the civilians faced."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from allegiance.base.values import Basis
from allegiance.cases.draft.about import About, Found, Tally, judged
from allegiance.cases.draft.army import composition
from allegiance.cases.draft.columns import GROUPS
from allegiance.cases.draft.registry import reading

LEAN = {
    "MONOPOLY": 1.2, "DOMINANT": 1.2, "SENIOR PARTNER": 1.2, "JUNIOR PARTNER": 1.0, "IRRELEVANT": 1.0,
    "STATE COLLAPSE": 1.0, "SELF-EXCLUSION": 0.5, "POWERLESS": 0.7, "DISCRIMINATED": 0.4,
}  # fmt: skip
"""How far the ranks of the army lean to a group by its access to power: its share is its size times this, rescaled."""
GUARD_LEAN = {"MONOPOLY": 3.0, "DOMINANT": 3.0, "SENIOR PARTNER": 2.0, "DISCRIMINATED": 0.1, "POWERLESS": 0.2,
              "SELF-EXCLUSION": 0.1}  # fmt: skip
"""The same for a ruler's guard, on top."""
RULING = ("MONOPOLY", "DOMINANT", "SENIOR PARTNER", "JUNIOR PARTNER")
OUT = ("POWERLESS", "DISCRIMINATED", "SELF-EXCLUSION")
KEPT, LEAST = 3, 0.03
"""Groups named in a draft at most, and the smallest share that is; the others are one group."""


@dataclass(frozen=True)
class Group:
    """A group: key, name, share of the people, access to power."""

    key: str
    name: str
    share: float
    status: str


def slug(text: str, prefix: str = "") -> str:
    """A name as a key of the case format.

    >>> slug("Arabs/Moors"), slug("Côte d'Ivoire")
    ('arabs-moors', 'cote-d-ivoire')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "group"
    words = words if words[0].isalpha() else f"g-{words}"
    return f"{prefix}{words}"[:48].strip("-")


def power_groups(a: About) -> list[Group]:
    """The politically relevant groups of the year before the day, largest first; empty where none is coded."""

    def find() -> list[Group]:
        year = a.day.year - 1
        rows = a.rows(GROUPS)
        last = max((int(r["to"]) for r in rows if int(r["from"]) <= year), default=0)
        year = min(year, last) if year - last <= 5 else year
        here = [r for r in rows if int(r["from"]) <= year <= int(r["to"]) and r["size"] is not None]
        here = [r for r in here if r["status"] in LEAN and float(r["size"]) > 0]
        groups = [Group(slug(str(r["group"])), str(r["group"]), float(r["size"]), str(r["status"])) for r in here]
        return sorted(groups, key=lambda g: (-g.share, g.key))

    return list(a.once(("power_groups",), find))


def excluded(a: About, t: Tally) -> float:
    """Share of the people in groups without power, 0 where none is coded."""
    groups = power_groups(a)
    if not groups:
        t.lack()
        return 0.1
    t.seen(f"groups of {a.day.year - 1}", "epr")
    return min(1.0, sum(g.share for g in groups if g.status in OUT))


def kept_groups(a: About) -> list[Group]:
    """The groups named in the draft: at most three, and `others` for the rest; one `nation` where none is coded."""
    groups = power_groups(a)
    named: dict[str, Group] = {}
    for g in groups:
        if g.share >= LEAST and len(named) < KEPT and g.key not in named:
            named[g.key] = g
    if not named:
        return [Group("nation", "the nation", 1.0, "IRRELEVANT")]
    rest = 1.0 - sum(g.share for g in named.values())
    left = [g for g in groups if g.key not in named]
    if rest < 0.01:
        total = sum(g.share for g in named.values())
        return [Group(g.key, g.name, g.share / total, g.status) for g in named.values()]
    status = max(left, key=lambda g: g.share).status if left else "IRRELEVANT"
    return [*named.values(), Group("others", "all others", rest, status)]


def _shares(a: About, weights: dict[str, float], half: float, note: str) -> dict[str, Found]:
    total = sum(weights.values())
    coded = bool(power_groups(a))
    out = {}
    for key, weight in weights.items():
        value = weight / total
        low, high = max(0.0, value - half * min(1.0, 2 * value)), min(1.0, value + half)
        if len(weights) == 1:
            low = high = value
        basis, source = (Basis.estimated, "epr") if coded else (Basis.judgement, "")
        out[key] = Found(value, low, high, basis, source, note if coded else "no groups coded: one nation")
    return out


@reading(
    "sides.*.forces.*.groups.*", reads=("epr_groups",),
    formula="size of a group times its lean by access to power ("
    + ", ".join(f"{k.lower()} {v:g}" for k, v in LEAN.items())
    + "), rescaled; a guard leans further",
    states="0.15", misses="the army's own make-up: no table has it", quality="C",
)  # fmt: skip
def ranks(a: About, kind: str) -> dict[str, Found]:
    """Groups of a force's soldiers: the people's, leaning to those in power."""
    weights = {}
    for g in kept_groups(a):
        lean = LEAN[g.status] * (GUARD_LEAN.get(g.status, 1.0) if kind == "guard" else 1.0)
        weights[g.key] = g.share * lean
    return _shares(a, weights, 0.15, "size and access to power")


@reading(
    "areas.*.groups.*", reads=("epr_groups",), formula="size of the group among the people",
    states="0.1", misses="who lives where", quality="B",
)  # fmt: skip
def civilians(a: About) -> dict[str, Found]:
    """Groups of the civilians faced: those of the people."""
    return _shares(a, {g.key: g.share for g in kept_groups(a)}, 0.1, "size of the group")


@reading(
    "sides.*.inclusion", reads=("epr_groups",),
    formula="1 - 0.6 excluded share - 0.4 discriminated share", states="0.12",
    misses="equality inside the army, which may be better or worse than the state's (Lyall 2020 codes 1800-2011)",
    quality="B",
)  # fmt: skip
def inclusion(a: About) -> Found:
    """Equality of groups inside the army, from access to power in the state."""
    t = a.tally()
    out = excluded(a, t)
    worse = sum(g.share for g in power_groups(a) if g.status == "DISCRIMINATED")
    return t.level(1.0 - 0.6 * out - 0.4 * worse, 0.12)


@reading(
    "ties.*.tie", reads=("epr_groups", "conscription"),
    formula="0.65 to one's own group, 0.1 more in a conscript army; between two groups in power 0.45, between one in "
    "power and one without 0.3, with a discriminated one 0.2, else 0.4",
    states="0.15; 0.2 between groups", misses="kin, creed, language and the memory of violence", quality="C",
)  # fmt: skip
def tie(a: About, soldiers: str, civilians_: str) -> Found:
    """How close soldiers of a group feel to civilians of a group of the same state."""
    known = {g.key: g.status for g in kept_groups(a)}
    if soldiers == civilians_:
        drafted = "conscript" in composition(a)
        value, half, why = 0.65 + 0.1 * drafted, 0.15, "their own group" + (", conscripts" if drafted else "")
    else:
        value, half, why = _between(known.get(soldiers, ""), known.get(civilians_, "")), 0.2, "access to power"
    if len(known) == 1 and not power_groups(a):
        return judged(value, value - half, min(1.0, value + half), "one nation")
    return Found(value, max(0.0, value - half), min(1.0, value + half), Basis.estimated, "epr", why)


def _between(one: str, other: str) -> float:
    if "DISCRIMINATED" in (one, other):
        return 0.2
    inside = (one in RULING) + (other in RULING)
    return {2: 0.45, 1: 0.3, 0: 0.4}[inside]
