"""Forces beside the army: which there are, how large they are, and how they are favoured."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from allegiance.base.values import Basis
from allegiance.cases.draft.about import About, Found, judged
from allegiance.cases.draft.army import SMALLEST, population, strength
from allegiance.cases.draft.registry import reading

GUARD = 0.04
"""Size of a ruler's guard relative to the army where no table gives one (rule of thumb: a brigade to a division)."""
DEMOCRACY = 0.6
"""Electoral democracy from which on counted forces beside the army are no guard of a ruler."""
COUNTED = 0.15
"""Size of a counterweight relative to the army where only their number is known."""
MOST = 1.5
"""Internal forces at most, relative to the army: larger totals count reserves and militias that are not under arms."""
GUARD_ENDS = (300.0, 30_000.0)
FAVOUR = {"guard": 1.5, "militia": 0.85, "regular": 1.0}
"""Food, kit and pay a head relative to the army's: the rule of favour for a guard, and of the poor for riot police."""


@dataclass(frozen=True)
class Planned:
    """A parallel force: key, name in words, kind, size."""

    key: str
    name: str
    kind: str
    strength: Found


def beside(a: About) -> Found | None:
    """All soldiers under arms beside the army, or None where nothing says that there are any."""
    army = strength(a)
    total, regular = a.own("personnel_total"), a.own("milper")
    if total is not None and regular is not None and total.year == regular.year:
        men = total.number - regular.number * 1e3
        men = min(men, MOST * army.value)
        if men >= SMALLEST:
            return Found(
                men, 0.7 * men, 1.3 * men, Basis.estimated, "world-bank-forces",
                f"personnel_total less milper, {total.year}",
            )  # fmt: skip
        if men >= 0:
            return None  # the two agree that there is nobody else
    effective, count = a.number("effective_number_forces"), a.number("counterweights")
    if effective is not None and effective > 1.02:
        share = 1 - _army_share(effective, count)
        men = army.value * share / (1 - share)
        note = f"effective_number_forces {effective:.2f}"
        return Found(men, men / 2, men * 2, Basis.estimated, "security-forces", note)
    if effective is not None or count == 0:
        return None
    if count is not None:
        men = COUNTED * min(count, 4.0) * army.value
        note = f"counterweights {count:.0f}; size by rule"
        return Found(men, men / 3, men * 3, Basis.estimated, "security-forces", note)
    ratio = _middle_ratio(a)
    if ratio is None:
        return None
    men = army.value * ratio
    note = "the middle of comparable states' paramilitaries per soldier"
    return Found(men, men / 3, men * 3, Basis.estimated, "world-bank-forces", note)


def _army_share(effective: float, counterweights: float | None) -> float:
    """Army's share of all soldiers: 1/effective = a² + (1-a)²/k with k equal others; the larger root."""
    k = max(counterweights or 1.0, math.ceil(effective - 1.0), 1.0)
    a, b, c = 1 + 1 / k, -2 / k, 1 / k - 1 / effective
    root = b * b - 4 * a * c
    return min(max((-b + math.sqrt(root)) / (2 * a) if root > 0 else 1 / (k + 1), 0.15), 0.98)


def _middle_ratio(a: About) -> float | None:
    """Paramilitaries per soldier, the middle of the region's states; None before any is known."""
    regular, total = a.world("milper") * 1e3, a.world("personnel_total")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(regular >= SMALLEST, (total - regular) / regular, np.nan)
    near = ratio[(a.panel.regions == a.panel.regions[a.row]) & (ratio >= 0)]
    return float(np.median(near)) if len(near) >= 3 else None


@reading(
    "sides.*.forces.*.strength",
    reads=("pf_guard_presidential", "pf_gendarmerie", "pf_national_guard", "pf_interior_troops", "pf_militia",
           "counterweights", "effective_number_forces", "personnel_total", "milper"),
    formula=f"a guard where the Factbook names one or counterweights are two or more: {GUARD:.0%} of the army, 300 to "
    "30,000 soldiers; internal forces: World Bank total less the army, else by the effective number, else 15 % of the "
    "army for each counterweight, less the guard and at most 1.5 armies",
    states="0.7 to 1.3 where counted, half to twice from the effective number, a third to three times for a guard",
    misses="which force has which soldiers: the tables give one number for all", quality="B",
)  # fmt: skip
def parallel(a: About) -> list[Planned]:
    """The ruler's guard and the internal forces, as far as data say that there are any; none for a few states."""
    army, others = strength(a).value, beside(a)
    found = []
    guard = _guard(a, army)
    if guard is not None:
        found.append(guard)
    if others is not None:
        left = others.times(1.0, others.note) if guard is None else _less(others, guard.strength)
        if left.value >= SMALLEST:
            militia = a.number("pf_militia") == 1
            gendarmes = a.number("pf_gendarmerie") == 1
            name = "Militia" if militia else "Gendarmerie" if gendarmes else "Internal security forces"
            found.append(Planned("internal", name, "militia", left))
    return [Planned(p.key, p.name, p.kind, _named(p.strength)) for p in found]


def _named(found: Found) -> Found:
    return Found(found.value, found.low, found.high, found.basis, found.source, f"[parallel] {found.note}")


def _guard(a: About, army: float) -> Planned | None:
    named, count = a.own("pf_guard_presidential"), a.own("counterweights")
    if named is not None and named.number == 1:
        source, why = "factbook", f"a guard is named in {named.year}"
    elif count is not None and count.number >= 2 and (a.number("polyarchy") or 0.0) < DEMOCRACY:
        source, why = "security-forces", f"counterweights {count.number:.0f} in {count.year}"
    else:
        return None
    men = min(max(GUARD * army, GUARD_ENDS[0]), GUARD_ENDS[1], 0.5 * army)
    if men < SMALLEST / 2:
        return None
    size = Found(men, men / 3, men * 3, Basis.estimated, source, f"{why}; size by rule")
    return Planned("guard", "Guard of the ruler", "guard", size)


def _less(all_men: Found, guard: Found) -> Found:
    value = max(all_men.value - guard.value, 0.0)
    return Found(
        value, min(value, max(all_men.low - guard.value, 0.0)), max(value, all_men.high), all_men.basis, all_men.source,
        f"{all_men.note}, less the guard",
    )  # fmt: skip


@reading(
    "sides.*.forces.*.resources", reads=(), formula="; ".join(f"{k} {v:g}" for k, v in FAVOUR.items()),
    states="a third to both sides", misses="everything of this state: no table says who is fed how", quality="C",
)  # fmt: skip
def favour(a: About, kind: str) -> Found:
    """What a soldier of a parallel force receives relative to one of the army: a rule, not data."""
    value = FAVOUR[kind]
    if kind == "regular":
        return judged(value, 0.8, 1.2, "the measure of the others")
    return judged(value, value / 1.5, value * 1.5, "no table says who is favoured; a rule")


@reading(
    "sides.*.protest.capacity", reads=("personnel_total", "effective_number_forces", "milper", "tpop"),
    formula="one a head of the internal forces and the guard (a fifth of them free for the streets, five protesters to "
    "each), a fifth of it for soldiers; at least one in two thousand of the people",
    states="a third to three times", misses="riot training, weapons, and whether they obey", quality="C",
)  # fmt: skip
def capacity(a: About) -> Found:
    """Protesters the state can contain in a day: those who hold the streets, and soldiers who can be called to help."""
    t = a.tally()
    internal = sum(t.use(p.strength, p.key) for p in parallel(a))
    army = t.use(strength(a), "milper")
    return t.ratio(max(internal + 0.2 * army, population(a).value / 2000), 2.5)
