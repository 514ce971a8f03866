"""One war of an ensemble kept company by company and day by day, small enough to be drawn in a browser."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from allegiance.app.worker import Task, Update
from allegiance.cases.schema import Case
from allegiance.report.labels import EVENT_NAMES
from allegiance.runs.member import begin, play_day
from allegiance.runs.spec import RunSpec
from allegiance.world.blueprint import Blueprint, build
from allegiance.world.columns import Array
from allegiance.world.events import ENDS, EVENT_TYPES, ONGOING
from allegiance.world.world import World

MOST_COMPANIES = 2000
FRAMES = 120
"""Most days shown."""
STATUSES = ("at duty", "shirking", "refusing", "in mutiny", "largely gone", "not raised")
_SCALES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
_TOLD = (
    "mutiny", "halt", "dismissal", "unit_defection", "flight", "call_out", "coup_attempt", "coup_success", "escalation",
    "settlement", "end",
)  # fmt: skip


@dataclass
class _Record:
    days: list[int] = field(default_factory=list)
    grievance: list[Array] = field(default_factory=list)
    status: list[Array] = field(default_factory=list)
    present: list[Array] = field(default_factory=list)


def _plan(case: Case) -> Blueprint:
    """The largest scale that keeps the army within `MOST_COMPANIES` companies and a war within seconds."""
    for scale in _SCALES:
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
    record = _Record()
    while world.day < plan.days and not world.ended:
        day = world.day
        play_day(world)
        most = np.maximum(most, _present(world))
        if day % every == 0 or world.ended or day == plan.days - 1:
            _note(record, world, day, most)
        if day % 10 == 9:
            yield Update(min(0.98, world.day / plan.days), f"day {world.day} of {plan.days}")
    yield Update(1.0, "ready", _packed(case, plan, world, record))


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
        "grievance": _text(record.grievance),
        "status": _text(record.status),
        "present": _text(record.present),
        "events": told[:4000],
        "words": {name: EVENT_NAMES[name] for name in _TOLD},
        "end": ENDS[world.ended[0][0] if world.ended else ONGOING],
    }


def _force(case: Case, name: str) -> dict[str, Any]:
    side, force = name.split(".", 1)
    return {"side": list(case.sides).index(side), "name": case.sides[side].forces[force].name}


def _text(frames: list[Array]) -> str:
    """Bytes of all frames, companies fastest, as base64."""
    return base64.b64encode(np.concatenate(frames).tobytes()).decode()
