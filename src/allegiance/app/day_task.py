"""One war of an ensemble kept company by company and day by day, small enough to be drawn in a browser."""

from __future__ import annotations

import base64
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from allegiance.app.causes import Causes
from allegiance.app.whatif_task import scale_for
from allegiance.app.worker import Task, Update
from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import case_hash
from allegiance.cases.schema import Case
from allegiance.report.labels import EVENT_NAMES
from allegiance.runs.member import begin, play_day
from allegiance.runs.spec import RunSpec
from allegiance.world.blueprint import Blueprint, build
from allegiance.world.columns import Array
from allegiance.world.events import ENDS, EVENT_TYPES, ONGOING
from allegiance.world.inputs import has_enemy
from allegiance.world.world import World

MOST_COMPANIES = 4000
KEPT = 4
"""Wars whose causes are remembered."""
FRAMES = 120
"""Most days shown."""
STATUSES = ("at duty", "shirking", "refusing", "in mutiny", "largely gone", "not raised")
_SCALES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
_TOLD = (
    "mutiny", "march", "seizure", "mutineers_kill", "halt", "dismissal", "unit_defection", "civil_war", "flight",
    "call_out", "concession", "coup_attempt", "coup_success", "escalation", "settlement", "end",
)  # fmt: skip


@dataclass
class _Record:
    days: list[int] = field(default_factory=list)
    grievance: list[Array] = field(default_factory=list)
    status: list[Array] = field(default_factory=list)
    present: list[Array] = field(default_factory=list)
    soldiers: list[Array] = field(default_factory=list)
    """by brigade"""
    troops: list[Array] = field(default_factory=list)
    """(side, zone), real soldiers present"""
    held: list[float] = field(default_factory=list)
    """ground that the attacker holds [km2]"""
    ratio: list[float] = field(default_factory=list)


@dataclass
class _War:
    causes: Causes
    soldiers: Array
    side_of: Array
    """of each brigade"""


_wars: OrderedDict[tuple[str, int], _War] = OrderedDict()


def _plan(case: Case) -> Blueprint:
    """The scale of the case's runs, so that a war is one of the report; smaller if there are too many companies."""
    for scale in (scale_for(case), *(s for s in _SCALES if s < scale_for(case))):
        plan = build(case, case.days, scale)
        if len(plan.company) <= MOST_COMPANIES:
            return plan
    return plan


def day_in_the_army(_: dict[str, Any], case: Case, member: int = 0) -> Task:
    """Play one member; the result is the tree of formations, its state on about 120 days, and its events."""
    yield Update(0.01, "building the army")
    plan = _plan(case)
    spec = RunSpec()
    world = begin(plan, spec.theory, spec.draws([member]), spec.seed, [member])
    every = max(1, -(-plan.days // FRAMES))
    most = _present(world)
    record, causes = _Record(), Causes()
    while world.day < plan.days and not world.ended:
        day = world.day
        play_day(world, causes.look)
        most = np.maximum(most, _present(world))
        if day % every == 0 or world.ended or day == plan.days - 1:
            _note(record, world, day, most)
            causes.frame(world)
        if day % 10 == 9:
            yield Update(min(0.98, world.day / plan.days), f"day {world.day} of {plan.days}")
    _remember(case, member, _War(causes, np.stack(record.soldiers), world.force.side[world.brigade.force]))
    yield Update(1.0, "ready", _packed(case, plan, world, record))


def _remember(case: Case, member: int, war: _War) -> None:
    _wars[case_hash(case), member] = war
    while len(_wars) > KEPT:
        _wars.popitem(last=False)


def why_brigade(options: dict[str, Any], case: Case, member: int, brigade: int) -> Task:
    """What moved one brigade, term by term and day by day, beside the mean of its side (see `causes.Causes.of`)."""
    if (case_hash(case), member) not in _wars:  # the worker is another than the one that played it
        for update in day_in_the_army(options, case, member):
            if update.result is None:
                yield update
    war = _wars[case_hash(case), member]
    if not 0 <= brigade < len(war.side_of):
        raise AllegianceError(f"this army has no brigade {brigade}", "choose one of the drawing")
    peers = np.flatnonzero(war.side_of == war.side_of[brigade])
    yield Update(1.0, "ready", {"brigade": brigade, **war.causes.of(brigade, peers, war.soldiers)})


def _present(world: World) -> Array:
    return world.company.present.copy()


def _note(record: _Record, world: World, day: int, most: Array) -> None:
    company = world.company
    here = _present(world)
    some = np.maximum(here, 1.0)
    status = np.zeros(len(company), np.uint8)
    status[company.shirking > 0.25 * some] = 1
    status[company.refusing > 0.25 * some] = 2
    status[company.in_mutiny > 0.25 * some] = 3
    status[here < 0.25 * most] = 4
    status[most < 1] = 5
    record.days.append(day)
    sides, zones = len(world.side), len(world.zone)
    real = here * world.force.weight[company.force]
    places = np.bincount(company.side * zones + company.zone, real, sides * zones).reshape(sides, zones)
    record.troops.append(np.round(places).astype(int))
    record.soldiers.append(world.per_brigade(here))
    record.held.append(float(world.contest.area[0]))
    record.ratio.append(float(world.contest.log_ratio[0]))
    record.status.append(status)
    record.grievance.append(np.clip(company.grievance * 100, 0, 255).astype(np.uint8))
    record.present.append(np.clip(100 * here / np.maximum(most, 1.0), 0, 255).astype(np.uint8))


def _packed(case: Case, plan: Blueprint, world: World, record: _Record) -> dict[str, Any]:
    company, brigade = world.company, world.brigade
    told = []
    for event in world.events.table():
        name = EVENT_TYPES[int(event["type"])]
        if name in _TOLD:
            told.append(
                [
                    int(event["day"]),
                    name,
                    int(event["company"]),
                    int(event["brigade"]),
                    int(event["side"]),
                    round(float(event["level"] if name == "escalation" else event["size"])),
                ]
            )
    return {
        "start": case.start.isoformat(),
        "days": record.days,
        "scale": plan.scale,
        "statuses": STATUSES,
        "sides": [case.sides[s].name for s in plan.names.sides],
        "forces": [_force(case, name) for name in plan.names.forces],
        "brigades": np.stack([brigade.force, brigade.number], axis=1).tolist(),
        "companies": np.stack([company.brigade, company.number], axis=1).tolist(),
        "zones": [case.areas[z].name for z in plan.names.zones],
        "zone": company.zone.tolist(),
        "areas": _areas(case, plan),
        "troops": [t.tolist() for t in record.troops],
        "held": [round(v, 1) for v in record.held],
        "ground": [case.war.area_start.value, case.war.area_target.value] if has_enemy(case) else None,
        "ratio": [round(v, 3) for v in record.ratio] if has_enemy(case) else None,
        "grievance": _text(record.grievance),
        "status": _text(record.status),
        "present": _text(record.present),
        "events": told[:4000],
        "words": {name: EVENT_NAMES[name] for name in _TOLD},
        "end": ENDS[world.ended[0][0] if world.ended else ONGOING],
    }


def _areas(case: Case, plan: Blueprint) -> list[dict[str, Any]]:
    return [
        {"name": zone.name, "people": zone.population.value, "weight": zone.weight.value}
        for zone in (case.areas[name] for name in plan.names.zones)
    ]


def _force(case: Case, name: str) -> dict[str, Any]:
    side, force = name.split(".", 1)
    return {"side": list(case.sides).index(side), "name": case.sides[side].forces[force].name}


def _text(frames: list[Array]) -> str:
    """Bytes of all frames, companies fastest, as base64."""
    return base64.b64encode(np.concatenate(frames).tobytes()).decode()
