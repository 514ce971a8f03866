"""What soldiers get: supply, pay, arms and training, from military spending and equipment a head against other armies.

Standing is measured within one year over all states, so that prices and times cancel.
"""

from __future__ import annotations

import numpy as np

from allegiance.cases.draft.about import About, Found, Tally
from allegiance.cases.draft.army import composition, conscripted
from allegiance.cases.draft.panel import Floats
from allegiance.cases.draft.proofing import personal
from allegiance.cases.draft.registry import reading


def spending(a: About) -> Floats:
    """Logarithm of military spending per soldier over all states, shape (states,)."""

    def make() -> Floats:
        money, men = a.world("milex"), a.world("milper")
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where((money > 0) & (men >= 0.5), np.log(money / men), np.nan)

    return np.asarray(a.once(("spending",), make))


def income(a: About) -> Floats:
    """Logarithm of GDP a head over all states, shape (states,): what an economy can deliver bounds what they get."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(a.world("gdp_head")))


def generosity(a: About) -> Floats:
    """The same beyond what a state's income would lead one to expect: the residual of a line on log GDP a head."""

    def make() -> Floats:
        rich, spent = income(a), spending(a)
        known = np.isfinite(rich) & np.isfinite(spent)
        if known.sum() < 20:
            return np.full(len(spent), np.nan)
        slope, level = np.polyfit(rich[known], spent[known], 1)
        return np.where(known, spent - level - slope * rich, np.nan)

    return np.asarray(a.once(("generosity",), make))


def arms(a: About) -> Floats:
    """Logarithm of armoured vehicles and guns per thousand soldiers over all states, shape (states,)."""

    def make() -> Floats:
        heavy = a.world("tanks") + a.world("carriers") + a.world("guns")
        men = a.world("milper")
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(men >= 0.5, np.log1p(heavy / men), np.nan)

    return np.asarray(a.once(("arms",), make))


def stand(a: About, t: Tally, what: str) -> float:
    """Standing of the state among all in [-2.5, 2.5]; that of the middle of its region where its own is not known."""
    values = {"spending": spending, "generosity": generosity, "arms": arms, "income": income}[what](a)
    source = {"arms": "rdmc", "income": "gdp"}.get(what, "nmc")
    found = a.standing(values)
    if found is not None:
        t.seen(f"{what} a soldier, {found:+.1f} from the middle", source)
        return found
    near = values[(a.panel.regions == a.panel.regions[a.row]) & ~np.isnan(values)]
    known = values[~np.isnan(values)]
    if len(near) >= 3 and len(known) >= 10:
        low, middle, high = np.quantile(known, [0.16, 0.5, 0.84])
        t.seen(f"{what} a soldier of comparable states", source)
        t.steps[-1] = 0.5
        return float(np.clip((np.median(near) - middle) / max((high - low) / 2, 1e-9), -2.5, 2.5))
    t.lack()
    return 0.0


@reading(
    "sides.*.supply", reads=("milex", "milper", "gdp_head", "v2exembez"),
    formula="0.75 + 0.05 standing in spending a soldier + 0.05 standing in GDP a head + 0.03 absence of embezzlement "
    "(V-Dem score); 0.07 lower in war",
    states="0.15", quality="C",
    misses="food, fuel and kit that arrive: no table counts them; spending mixes arms and pay",
)  # fmt: skip
def supply(a: About) -> Found:
    """Share of needs met, from military spending a soldier and how far officials steal."""
    t = a.tally()
    value = 0.75 + 0.05 * stand(a, t, "spending") + 0.05 * stand(a, t, "income")
    value += 0.03 * float(np.clip(t.take("v2exembez", 0.0), -3, 3))
    if a.task in ("civil", "interstate"):
        value -= 0.07
    return t.level(value, 0.15, low=0.25, high=0.97)


GUARD_PAY = 1.25
"""Pay of a guard against the army's (judgement): what else favours it is in its resources."""


@reading(
    "sides.*.forces.*.pay", reads=("milex", "milper", "gdp_head", "conscription"),
    formula="contract soldiers exp(0.25 × standing in spending beyond income), conscripts 0.3, by the army's "
    f"composition; a guard {GUARD_PAY:g} times: soldiers who expect no wage envy the favour, not the wage",
    states="a factor 1.5", misses="wages: spending mixes arms and pay; pay in arrears", quality="C",
)  # fmt: skip
def pay(a: About, kind: str) -> Found:
    """Pay against a civilian wage, from spending a soldier beyond what the state's income explains."""
    t = a.tally()
    career = float(np.exp(0.25 * stand(a, t, "generosity")))
    mix = composition(a)
    drafted = mix["conscript"].value if "conscript" in mix else 0.0
    known = conscripted(a)
    if known is not None:
        t.seen("composition", known[1])
    value = (career * (1 - drafted) + 0.3 * drafted) * (GUARD_PAY if kind == "guard" else 1.0)
    return t.ratio(value, 1.5, low=0.1, high=4.0)


@reading(
    "sides.*.forces.*.quality", reads=("milex", "milper", "personalism", "v2x_neopat", "polyarchy"),
    formula="0.5 + 0.09 standing in spending a soldier - 0.15 (personal rule - 0.5); a guard 0.1 higher, internal "
    "forces "
    "0.15 lower",
    states="0.15", misses="training itself; experience of war", quality="C",
)  # fmt: skip
def quality(a: About, kind: str) -> Found:
    """Training and skill, from spending a soldier, less what personal rule costs."""
    t = a.tally()
    value = 0.5 + 0.09 * stand(a, t, "spending") - 0.15 * (personal(t) - 0.5)
    return t.level(value + {"guard": 0.1, "militia": -0.15}.get(kind, 0.0), 0.15, low=0.15, high=0.9)


@reading(
    "sides.*.forces.*.equipment", reads=("tanks", "carriers", "guns", "milper", "milex"),
    formula="0.55 + 0.11 standing in armour and guns a soldier + 0.05 standing in spending a soldier; a guard 0.15 "
    "higher, "
    "internal forces 0.25 lower",
    states="0.12", misses="what works and what has fuel", quality="B",
)  # fmt: skip
def equipment(a: About, kind: str) -> Found:
    """Weapons in working order against establishment, from arms counted a soldier against all armies of the year."""
    t = a.tally()
    value = 0.55 + 0.11 * stand(a, t, "arms") + 0.05 * stand(a, t, "spending")
    return t.level(value + {"guard": 0.15, "militia": -0.25}.get(kind, 0.0), 0.12, low=0.1, high=0.97)
