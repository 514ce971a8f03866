"""Puts what the readings found together as the plain data of a case."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from allegiance.base.values import Basis
from allegiance.cases.draft import army, command, enemy, ground, people, proofing, wants
from allegiance.cases.draft.about import About, Found, judged
from allegiance.cases.draft.parallel import capacity, favour, parallel
from allegiance.cases.walk import kind_at
from allegiance.evidence.catalogue import catalogue

REBEL_TIE = 0.75


@dataclass(frozen=True)
class Part:
    """One side that is a state: its key in the case, its name, its code of three letters, what was asked of it."""

    key: str
    name: str
    iso3: str | None
    about: About
    prefix: str = ""


def number(path: tuple[str, ...], found: Found) -> dict[str, Any]:
    """A found number as the case format writes it, in the unit of its place and within its bounds."""
    unit = kind_at(path)[1]
    assert unit is not None, path
    value = min(max(found.value, unit.low), unit.high)
    low, high = max(min(found.low, value), unit.low), min(max(found.high, value), unit.high)
    out: dict[str, Any] = {"value": _round(value), "unit": unit.unit, "basis": found.basis.value}
    if found.source:
        out["source"] = found.source
    if low < high:
        out["range"] = [min(_round(low), out["value"]), max(_round(high), out["value"])]
    return {**out, "note": found.note}


def _round(value: float) -> float:
    """Four significant digits: no draft knows more."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    return float(round(value, 3 - math.floor(math.log10(abs(value)))))


def _shares(path: tuple[str, ...], found: Mapping[str, Found], prefix: str = "") -> dict[str, Any]:
    """Shares that add up to 1 after rounding: the largest takes what is left."""
    out = {f"{prefix}{key}"[:48]: number((*path, key), item) for key, item in found.items()}
    largest = max(out, key=lambda key: out[key]["value"])
    rest = 1.0 - sum(item["value"] for key, item in out.items() if key != largest)
    out[largest]["value"] = _round(rest)
    if "range" in out[largest]:
        low, high = out[largest]["range"]
        out[largest]["range"] = [min(low, out[largest]["value"]), max(high, out[largest]["value"])]
    return out


def side(part: Part, role: str, foe: Found | None) -> dict[str, Any]:
    """A state's side. `foe`: its belief in the log of its advantage; None where it faces no army."""
    a, where = part.about, ("sides", part.key)
    out: dict[str, Any] = {"name": part.name}
    if part.iso3:
        out["country"] = part.iso3
    out |= {"role": role, "population": number((*where, "population"), army.population(a))}
    for key, read in (
        ("supply", wants.supply), ("monitoring", command.monitoring), ("punishment", command.punishment),
        ("inclusion", people.inclusion), ("inducement", enemy.inducement), ("coup_base_rate", proofing.coup_rate),
    ):  # fmt: skip
        out[key] = number((*where, key), read(a))
    out["escalation_ceiling"] = {"peace": 1, "repression": 1, "civil": 3, "interstate": 4}[a.task]
    levels = (proofing.counterbalancing, proofing.stacking, proofing.purges, proofing.surveillance, proofing.blocking)
    out["coup_proofing"] = {r.__name__: number((*where, "coup_proofing", r.__name__), r(a)) for r in levels}
    out["aims"] = {"resolve": number((*where, "aims", "resolve"), ground.resolve(a))}
    if foe is not None:
        out["aims"]["expected_advantage"] = number((*where, "aims", "expected_advantage"), foe)
    out["forces"] = _forces(part)
    out["regions"] = {
        key: {
            "name": "The capital" if key == "capital" else "The rest of the country",
            **({"capital": True} if key == "capital" else {}),
            "population": number((*where, "regions", key, "population"), found),
        }
        for key, found in army.regions(a).items()
    }
    out["protest"] = {"capacity": number((*where, "protest", "capacity"), capacity(a))}
    return out


def _forces(part: Part) -> dict[str, Any]:
    out = {"army": _force(part, "army", f"Armed forces of {part.name}", "regular", army.strength(part.about))}
    for planned in parallel(part.about):
        out[planned.key] = _force(part, planned.key, planned.name, planned.kind, planned.strength)
    return out


def _force(part: Part, key: str, name: str, kind: str, men: Found) -> dict[str, Any]:
    a, where = part.about, ("sides", part.key, "forces", key)
    mix = army.composition(a) if kind != "guard" else {"contract": _chosen(a)}
    out: dict[str, Any] = {"name": name, "kind": kind, "strength": number((*where, "strength"), men)}
    out["composition"] = _shares((*where, "composition"), mix)
    out["formation"] = formation(men.value)
    for field, found in (
        ("deployed", ground.deployed(a, kind)), ("quality", wants.quality(a, kind)),
        ("equipment", wants.equipment(a, kind)), ("resources", favour(a, kind)), ("pay", wants.pay(a, kind)),
    ):  # fmt: skip
        out[field] = number((*where, field), found)
    out["command"] = {
        "loyalty": number((*where, "command", "loyalty"), command.command_loyalty(a, kind)),
        "competence": number((*where, "command", "competence"), command.competence(a)),
    }
    out["loyalty"] = number((*where, "loyalty"), command.loyalty(a, kind))
    out["groups"] = _shares((*where, "groups"), people.ranks(a, kind), part.prefix)
    out["recruits_from"] = _shares((*where, "recruits_from"), army.homes(a))
    served = army.horizons(a) if kind != "guard" else {}
    if served:
        out["horizons"] = {c: number((*where, "horizons", c), found) for c, found in served.items()}
    return out


def _chosen(a: About) -> Found:
    return Found(1.0, 0.6, 1.0, Basis.judgement, "", "[composition] a guard is picked")


def formation(men: float) -> dict[str, int]:
    """Companies, battalions and brigades that fit a force: at least six companies."""
    company = int(min(100, max(20, men // 6)))
    return {"company": company, "battalion": 5, "brigade": 5 if men >= 2500 else 2}


def rebel_side(a: About, key: str) -> dict[str, Any]:
    """The side of the rebels: two forces at most, volunteers, of whom next to nothing else is counted."""
    where = ("sides", key)
    few = {
        "population": enemy.rebel_people(a),
        "supply": judged(0.6, 0.4, 0.8, "[rebel_forces] rebels live off the land"),
        "monitoring": judged(0.5, 0.3, 0.7, "[rebel_forces] small units that know each other"),
        "punishment": judged(0.7, 0.5, 0.9, "[rebel_forces] who leaves is at risk of his life"),
        "inclusion": judged(0.8, 0.6, 1.0, "[rebel_forces] one cause"),
        "inducement": judged(0.2, 0.05, 0.4, "[rebel_forces] what the state offers is not known"),
        "coup_base_rate": judged(0.02, 0.005, 0.1, "[rebel_forces] splits are not counted"),
    }
    out: dict[str, Any] = {"name": "Rebels", "role": "attacker"}
    out |= {name: number((*where, name), found) for name, found in few.items()}
    out["escalation_ceiling"] = 2
    low = judged(0.1, 0.0, 0.3, "[rebel_forces] rebels have few means for it")
    levels = ("counterbalancing", "stacking", "purges", "surveillance")
    out["coup_proofing"] = {level: number((*where, "coup_proofing", level), low) for level in levels}
    out["forces"] = {f.key: _rebel_force(where, f) for f in enemy.rebel_forces(a)}
    return out


def _rebel_force(where: tuple[str, ...], force: enemy.RebelForce) -> dict[str, Any]:
    path = (*where, "forces", force.key)
    few = {
        "deployed": judged(0.5, 0.3, 0.8, "[rebel_forces] half in the field"),
        "quality": judged(0.4, 0.2, 0.6, "[rebel_forces] some old soldiers among them"),
        "equipment": judged(0.35, 0.2, 0.55, "[rebel_forces] small arms"),
        "pay": judged(0.5, 0.2, 1.0, "[rebel_forces] paid in kind"),
        "loyalty": judged(0.7, 0.5, 0.9, "[rebel_forces] they chose to fight"),
    }
    one = judged(1.0, 1.0, 1.0, "[rebel_forces] their own people")
    return {
        "name": force.name, "kind": "regular", "strength": number((*path, "strength"), force.strength),
        "composition": {"volunteer": number((*path, "composition", "volunteer"), one)},
        "formation": formation(force.strength.value),
        **{name: number((*path, name), found) for name, found in few.items()},
        "command": {"loyalty": number((*path, "command", "loyalty"), judged(0.75, 0.5, 0.95, "[rebel_forces] it "
        "leads"))},
        "groups": {"rebels": number((*path, "groups", "rebels"), one)},
    }  # fmt: skip


def areas(a: About, prefix: str = "") -> dict[str, Any]:
    """Where soldiers meet civilians: the capital and other towns, the land rebels touch, garrisons, or a border."""
    zones = {
        "repression": (("capital", "The capital", 0.6), ("towns", "Other towns", 0.4)),
        "peace": (("garrisons", "Garrison towns", 1.0),),
        "civil": (("contested", "Land the rebels touch", 1.0),),
        "interstate": (("border", "The land fought over", 1.0),),
    }[a.task]
    out = {}
    for key, name, weight in zones:
        where = ("areas", key)
        zone: dict[str, Any] = {"name": name}
        zone["population"] = number((*where, "population"), ground.exposed(a).times(weight, "[exposed] its part", 1.0))
        zone["groups"] = _shares((*where, "groups"), people.civilians(a), prefix)
        if len(zones) > 1:
            zone["weight"] = number(
                (*where, "weight"), judged(weight, weight - 0.2, weight + 0.2, "[against] most in the capital")
            )
        zone["against_civilians"] = number((*where, "against_civilians"), ground.against(a))
        out[key] = zone
    return out


def war(a: About) -> dict[str, Any]:
    """The contest; ground only where there is ground at issue."""
    reads = [("intensity", ground.intensity), ("terrain", ground.terrain)]
    if a.task in ("civil", "interstate"):
        reads += [("area_start", ground.area_start), ("area_target", ground.area_target), ("mobility", ground.mobility)]
    return {"kind": a.task, **{key: number(("war", key), read(a)) for key, read in reads}}


def ties(pairs: Iterable[tuple[str, str, Found]]) -> list[dict[str, Any]]:
    """Ties between groups of soldiers and of civilians, one a pair."""
    return [{"soldiers": s, "civilians": c, "tie": number(("ties", "0", "tie"), found)} for s, c, found in pairs]


def own_ties(part: Part, home: str = "") -> list[tuple[str, str, Found]]:
    """Pairs of a state's own groups."""
    groups = [g.key for g in people.kept_groups(part.about)]
    return [
        (f"{part.prefix}{s}"[:48], f"{home or part.prefix}{c}"[:48], people.tie(part.about, s, c))
        for s in groups
        for c in groups
    ]


def strangers(soldiers: Part, civilians: Part) -> list[tuple[str, str, Found]]:
    """Pairs of one state's soldiers and another's civilians: far, unless a group bears the same name."""
    far = judged(0.1, 0.0, 0.3, "[tie] another state's people")
    kin = Found(0.45, 0.2, 0.7, Basis.estimated, "epr", "[tie] a group of the same name across the border")
    return [
        (f"{soldiers.prefix}{s.key}"[:48], f"{civilians.prefix}{c.key}"[:48], kin if s.name == c.name else far)
        for s in people.kept_groups(soldiers.about)
        for c in people.kept_groups(civilians.about)
    ]


def rebel_ties(a: About) -> list[tuple[str, str, Found]]:
    """The rebels and the civilians where they fight: near, by the rule that they are at home there."""
    near = judged(REBEL_TIE, 0.5, 0.95, "[tie] rebels fight where they live")
    return [("rebels", g.key, near) for g in people.kept_groups(a)]


def wave(a: About, key: str, start: date, days: int) -> dict[str, Any]:
    """One wave of protest over all days of the draft: a what-if of ordinary size, or the campaign that is on."""
    where = ("sides", key, "protest", "waves", "0")
    return {
        "date": start.isoformat(), "days": days,
        "participants": number((*where, "participants"), enemy.crowd(a, days)),
        "nonviolent": number((*where, "nonviolent"), enemy.nonviolent(a)),
        "capital": number((*where, "capital"), enemy.capital_share(a)),
    }  # fmt: skip


def cited(data: Any) -> dict[str, Any]:
    """The sources that numbers of a case cite, as the format writes them."""
    keys: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, Mapping):
            if "unit" in value and value.get("source"):
                keys.add(str(value["source"]))
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(data)
    known = catalogue()
    return {
        key: {
            "title": known[key].card.title, "author": known[key].card.producer, "url": known[key].card.address,
            "note": known[key].card.counts,
        }
        for key in sorted(keys)
    }  # fmt: skip
