"""Commanders and discipline: loyalty, competence, watching and punishing."""

from __future__ import annotations

import numpy as np

from allegiance.cases.draft.about import About, Found
from allegiance.cases.draft.army import composition, conscripted
from allegiance.cases.draft.people import excluded
from allegiance.cases.draft.proofing import attempts, personal, shaken, soldier_leads, stacking, tenure
from allegiance.cases.draft.registry import reading
from allegiance.cases.draft.wants import stand


@reading(
    "sides.*.forces.*.command.loyalty", reads=("v2x_ex_military", "coups", "leaders", "personalism", "polyarchy"),
    formula="0.7 + 0.15 (stacking - 0.4) - 0.3 (1 - 0.5^attempts in five years) - 0.2 the army's hold on the "
    "executive under "
    "a leader who is no soldier (half of it where the leader is not known) - 0.05 in the first two years; a guard "
    "0.12, "
    "internal forces 0.05 higher",
    states="0.18", misses="what officers think: no table; factions", quality="C",
)  # fmt: skip
def command_loyalty(a: About, kind: str) -> Found:
    """Loyalty of commanders to the ruler, from how lately soldiers tried to unseat one and who rules whom."""
    t = a.tally()
    value = 0.7 + 0.15 * (t.use(stacking(a), "stacking") - 0.4) - 0.3 * shaken(a)
    t.seen(f"{len(attempts(a, 5.0))} attempts in five years", "powell-thyne")
    military, soldier = t.take("v2x_ex_military", 0.2), soldier_leads(a)
    value -= 0.2 * military * (0.5 if soldier is None else 0.0 if soldier else 1.0)
    since = tenure(a)
    if since is not None and since < 2.0:
        value -= 0.05
    return t.level(value + {"guard": 0.12, "militia": 0.05}.get(kind, 0.0), 0.18, low=0.15, high=0.95)


@reading(
    "sides.*.forces.*.command.competence", reads=("milex", "milper", "personalism", "v2x_neopat"),
    formula="0.5 + 0.07 standing in spending a soldier - 0.25 (stacking - 0.4)", states="0.15",
    misses="schools, staffs, experience", quality="C",
)  # fmt: skip
def competence(a: About) -> Found:
    """Competence of commanders: money helps, posts by loyalty cost (Talmadge 2015)."""
    t = a.tally()
    value = 0.5 + 0.07 * stand(a, t, "spending") - 0.25 * (t.use(stacking(a), "stacking") - 0.4)
    return t.level(value, 0.15, low=0.15, high=0.9)


@reading(
    "sides.*.forces.*.loyalty", reads=("polyarchy", "epr_groups", "conscription", "v2csreprss"),
    formula="0.55 + 0.15 (democracy - 0.4) - 0.2 excluded share of the people - 0.05 for conscripts + 0.03 absence of "
    "repression of civil society (V-Dem score); a guard 0.15 higher",
    states="0.18", misses="opinion in the ranks: no table", quality="C",
)  # fmt: skip
def loyalty(a: About, kind: str) -> Found:
    """Soldiers' loyalty to the regime before the war, from its standing with the people they come from."""
    t = a.tally()
    value = 0.55 + 0.15 * (t.take("polyarchy", 0.4) - 0.4) - 0.2 * excluded(a, t)
    value += 0.03 * float(np.clip(t.take("v2csreprss", 0.0), -3, 3))
    if "conscript" in composition(a) and kind != "guard":
        value -= 0.05
    return t.level(value + {"guard": 0.15}.get(kind, 0.0), 0.18, low=0.15, high=0.92)


@reading(
    "sides.*.monitoring", reads=("secret_police", "milex", "milper", "conscription"),
    formula="0.4 + 0.1 with a secret police + 0.05 standing in spending a soldier + 0.05 for conscripts", states="0.15",
    misses="officers a company, military police", quality="C",
)  # fmt: skip
def monitoring(a: About) -> Found:
    """How closely soldiers are watched."""
    t = a.tally()
    value = 0.4 + 0.1 * (t.own("secret_police") or 0.0) + 0.05 * stand(a, t, "spending")
    known = conscripted(a)
    if known is not None and known[0]:
        t.seen("conscripts", known[1])
        value += 0.05
    return t.level(value, 0.15, low=0.1, high=0.85)


@reading(
    "sides.*.punishment", reads=("hrp", "personalism", "v2x_neopat", "polyarchy"),
    formula="0.5 - 0.1 human rights score + 0.1 (personal rule - 0.5)", states="0.15",
    misses="courts martial and how many cases they try", quality="C",
)  # fmt: skip
def punishment(a: About) -> Found:
    """Severity of punishment for leaving or refusing: rulers who kill civilians punish soldiers, too."""
    t = a.tally()
    value = 0.5 - 0.1 * float(np.clip(t.take("hrp", 0.0), -3, 3)) + 0.1 * (personal(t) - 0.5)
    return t.level(value, 0.15, low=0.15, high=0.9)
