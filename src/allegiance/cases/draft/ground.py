"""The contest: how deadly, over what ground, among whom; and what each side expects."""

from __future__ import annotations

import math

import numpy as np

from allegiance.base.values import Basis
from allegiance.cases.draft.about import About, Found, judged
from allegiance.cases.draft.army import population, strength
from allegiance.cases.draft.contest import grave, inner, skirmish
from allegiance.cases.draft.enemy import rebel_forces
from allegiance.cases.draft.registry import reading

HELD = (0.03, 0.07, 0.18, 0.37, 0.6)
"""Share of the land touched, the middle of each PITF class 0 to 4 (the scale as remembered; see its source)."""
WORLD_LAND = 120_000.0
BETWEEN = (0.3, 1.5)
"""Killed per 1000 in contact and day in a civil war where no deaths are counted, and between states."""


SKIRMISH = (150.0, 0.05)
"""Killed in a year of a contest between states that stays below a thousand (the geometric middle of 25 to 999), and the
share of each army at the border."""
PER_FIGHTER = 5.0
"""Square kilometres that one fighter touches at most where no table says how much land rebels touch."""


def land(a: About) -> Found:
    """Land of the state in square kilometres."""
    for name in ("land_km2", "surface_km2"):
        found = a.number(name)
        if found is not None and found > 0:
            return Found(found, 0.98 * found, 1.02 * found, Basis.measured, "land-area", "today's land")
    return judged(WORLD_LAND, WORLD_LAND / 5, WORLD_LAND * 5, "land not known: the middle state's")


@reading(
    "sides.*.forces.*.deployed", reads=("rebels", "magfight", "milper", "deaths"),
    formula="against rebels three soldiers a fighter over the army, from 0.05 to 0.6, and 0.03 of a guard; between "
    "states 0.35, 0.05 in a skirmish; against a crowd "
    "0.15 of the army, 0.5 of internal forces, 0.3 of a guard; in peace 0.02, 0.1 and 0.03",
    states="half to twice", misses="orders of battle", quality="C",
)  # fmt: skip
def deployed(a: About, kind: str) -> Found:
    """Share of a force in contact with those it faces."""
    if a.task == "civil" and kind != "guard":
        t = a.tally()
        foes = sum(t.use(f.strength, "fighters") for f in rebel_forces(a))
        share = 3 * foes / max(t.use(strength(a), "milper"), 1.0)
        return t.ratio(min(max(share, 0.05), 0.6), 1.6, high=1.0)
    table = {
        "peace": {"regular": 0.02, "militia": 0.1, "guard": 0.03},
        "repression": {"regular": 0.15, "militia": 0.5, "guard": 0.3},
        "interstate": {"regular": 0.35, "militia": 0.05, "guard": 0.15},
        "civil": {"guard": 0.03},
    }[a.task]
    value = SKIRMISH[1] if a.task == "interstate" and kind == "regular" and skirmish(a) else table[kind]
    return judged(value, value / 2, min(1.0, value * 2), f"a rule for {a.task}: no table says who is in the field")


def deaths(a: About) -> Found | None:
    """Battle deaths in the year before, None where none is counted."""
    for name, source in (("deaths", "ucdp-years"), ("deaths_place", "ucdp")):
        found = a.own(name)
        if found is not None and found.number >= 25:
            n = found.number
            return Found(n, 0.7 * n, 1.5 * n, Basis.published, source, f"{name} {found.year}")
    if inner(a):
        n = 2500.0 if grave(a) else 150.0
        return Found(n, n / 3, n * 3, Basis.estimated, "ucdp", "class of battle deaths of the year before")
    return None


@reading(
    "war.intensity", reads=("deaths", "deaths_place", "magfight", "rebels", "milper"),
    formula="battle deaths of the year before over those in contact on both sides and 365 days, per 1000; between "
    "states "
    f"{BETWEEN[1]:g}, or in a skirmish {SKIRMISH[0]:g} killed a year over the {SKIRMISH[1]:.0%} of both armies at the "
    "border; against a crowd 0.01; 0 in peace",
    states="half to twice; a factor 3 between states, 5 down and 10 up in a skirmish", quality="B",
    misses="deaths of a war that has only begun",
)  # fmt: skip
def intensity(a: About) -> Found:
    """Killed per 1000 in contact and day."""
    if a.task == "peace":
        return judged(0.0, 0.0, 0.0, "nobody is faced")
    if a.task == "repression":
        return judged(0.01, 0.002, 0.05, "crowds rarely kill soldiers")
    dead = deaths(a)
    if a.task == "interstate" and skirmish(a):
        value = max(1000 * SKIRMISH[0] / 365.0 / (2 * SKIRMISH[1] * strength(a).value), 1e-4)
        note = "fewer than a thousand killed in the year before: a contest at the border, which may grow"
        return Found(value, value / 5, value * 10, Basis.estimated, "ucdp", note)
    if a.task == "interstate" or dead is None:
        value = BETWEEN[1] if a.task == "interstate" else BETWEEN[0]
        return judged(value, value / 3, value * 3, "no count of the war to come: the middle of such wars")
    foes = sum(f.strength.value for f in rebel_forces(a))
    contact = foes + deployed(a, "regular").value * strength(a).value
    value = min(max(1000 * dead.value / contact / 365.0, 0.005), 3.0)
    return Found(
        value, value / 2, value * 2, Basis.estimated, dead.source, f"{dead.note} over {contact:,.0f} in contact"
    )


@reading(
    "war.area_start", reads=("magarea", "land_km2", "rebels"),
    formula="against rebels the share of the land touched (middle of PITF's class; else rebels a soldier, at most "
    f"0.15 in a war of a thousand deaths and 0.05 below, and {PER_FIGHTER:g} km2 a fighter) of the land; between "
    "states a hundredth of the defender's land",
    states="half to twice", misses="who holds which district", quality="B",
)  # fmt: skip
def area_start(a: About) -> Found:
    """Ground the attacker holds at the start: rebels of the land they touch, a state at war a strip of the other's."""
    whole = land(a)
    if a.task == "interstate":
        return judged(0.01 * whole.value, 0.003 * whole.value, 0.03 * whole.value, "a strip at the border")
    area = a.own("magarea")
    if area is not None:
        share, note = HELD[int(min(max(area.number, 0), 4))], f"class {area.number:.0f} of area {area.year}"
        return Found(
            share * whole.value, share * whole.value / 2, min(1, 2 * share) * whole.value, Basis.estimated, "pitf", note
        )
    foes = sum(f.strength.value for f in rebel_forces(a))
    most = min(0.15 if grave(a) else 0.05, PER_FIGHTER * foes / whole.value)
    share = min(max(foes / strength(a).value, 0.001), most)
    note = "as many parts of the land as rebels a soldier, little in a small war or for few fighters"
    return Found(share * whole.value, share * whole.value / 3, 2 * share * whole.value, Basis.estimated, "ucdp", note)


@reading(
    "war.area_target", reads=("ucdp_acd", "land_km2"),
    formula="rebels: twice what they hold over territory, 0.6 of the land over government; between states a "
    "twentieth of "
    "the defender's land; never below 1.2 of the start",
    states="half to twice, never below the start", misses="aims that change", quality="C",
)  # fmt: skip
def area_target(a: About) -> Found:
    """Ground whose possession gives the attacker the aim."""
    whole, start = land(a), area_start(a)
    if a.task == "interstate":
        value = max(0.05 * whole.value, 1.2 * start.value)
        return judged(value, max(value / 2, start.value), value * 2, "a limited aim")
    government = any("government" in str(r["incompatibility"]) or r["incompatibility"] == "both" for r in inner(a))
    share = 0.6 if government else min(2 * start.value / whole.value, 0.5)
    value = max(share * whole.value, 1.2 * start.value)
    note = "they want the government" if government else "they want a territory"
    return Found(
        value, max(value / 2, start.value), max(value, min(2 * value, whole.value)), Basis.estimated, "ucdp", note
    )


@reading(
    "war.mobility", reads=("land_km2", "rugged"),
    formula="the square root of the land (km2) as km2 a day, over 1 + 0.3 ruggedness", states="a factor 3",
    misses="roads, vehicles, density of troops", quality="C",
)  # fmt: skip
def mobility(a: About) -> Found:
    """Ground gained in a day by a side without opposition: some 20 km along a front that grows with the country."""
    t = a.tally()
    value = math.sqrt(t.use(land(a), "land")) / (1 + 0.3 * t.take("rugged", 1.0))
    return t.ratio(value, 2.5, low=1.0, high=5e4)


@reading(
    "war.terrain", reads=("rugged",), formula="0.2 + 0.08 ruggedness, to 0.7", states="0.15",
    misses="where the fighting is; works and towns", quality="B",
)  # fmt: skip
def terrain(a: About) -> Found:
    """Advantage of the defender from ground."""
    t = a.tally()
    return t.level(0.2 + 0.08 * t.take("rugged", 1.0), 0.15, high=0.7)


@reading(
    "areas.*.against_civilians", reads=("killings", "PTS_S", "hrp"),
    formula="against a crowd 0.9; against rebels 0.15 - 0.08 human rights score, 0.15 more where the government "
    "killed a "
    "hundred civilians in the year before, to 0.7; between states 0.05 - 0.03 score; in peace 0",
    states="0.12", misses="orders to single units", quality="B",
)  # fmt: skip
def against(a: About) -> Found:
    """How far the task is directed against civilians."""
    if a.task == "peace":
        return judged(0.0, 0.0, 0.05, "soldiers in barracks")
    if a.task == "repression":
        return judged(0.9, 0.75, 1.0, "the task is the crowd")
    t = a.tally()
    hrp = float(np.clip(t.take("hrp", 0.0), -3, 3))
    if a.task == "interstate":
        return t.level(0.05 - 0.03 * hrp, 0.08, high=0.4)
    killed = t.own("killings") or 0.0
    return t.level(0.15 - 0.08 * hrp + 0.15 * (killed >= 100), 0.12, high=0.7)


@reading(
    "areas.*.population", reads=("tpop", "magarea"),
    formula="in peace and against a crowd a tenth of the people; against rebels the people of the land touched; "
    "between "
    "states a twentieth of the defender's people",
    states="half to twice", misses="where people live", quality="C",
)  # fmt: skip
def exposed(a: About) -> Found:
    """Civilians in the areas where soldiers are."""
    people = population(a)
    if a.task == "civil":
        share = area_start(a).value / land(a).value
        return people.times(min(max(share, 0.02), 0.8), "people of the land touched", 2.0)
    share = 0.05 if a.task == "interstate" else 0.1
    return people.times(share, f"{share:g} of the people", 2.0)


@reading(
    "sides.*.aims.resolve", reads=("polyarchy",), formula="0.75 - 0.2 democracy; against rebels 0.05 higher",
    states="0.15", misses="what is at stake", quality="C",
)  # fmt: skip
def resolve(a: About) -> Found:
    """Willingness to bear costs: rulers whose survival is at stake bear more than governments that face voters."""
    t = a.tally()
    return t.level(0.75 - 0.2 * t.take("polyarchy", 0.4) + (0.05 if a.task == "civil" else 0.0), 0.15)
