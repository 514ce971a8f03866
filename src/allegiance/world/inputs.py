"""What a case gives, as columns by the name of the input, and how that changes by date.

Every number of a part of the case becomes a column under its own name; where two parts of it share a name, the inner
one bears that of its part as well (`command_loyalty`). An input that a case leaves out has its neutral value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Sourced
from allegiance.cases.checks import STATIC
from allegiance.cases.paths import with_values
from allegiance.cases.schema import BrigadeKind, Case, Force, Part, Pool, Region, Side
from allegiance.world.columns import Floats

NEUTRAL = 0.0
"""Value of an input that a case leaves out and whose field declares none (`json_schema_extra={"neutral": …}`)."""


def _numbers(part: Part, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    for name, info in type(part).model_fields.items():
        value = getattr(part, name)
        at = (*prefix, name)
        if isinstance(value, Sourced):
            yield at, value.value
        elif isinstance(value, Part):
            yield from _numbers(value, at)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield at, float(value)
        elif value is None and "Sourced" in str(info.annotation):
            extra = info.json_schema_extra
            neutral = extra.get("neutral", NEUTRAL) if isinstance(extra, dict) else NEUTRAL
            yield at, float(neutral)  # type: ignore[arg-type]


def columns(parts: Sequence[Part]) -> dict[str, Floats]:
    """The inputs of like parts of a case, one array per input with a value per part."""
    rows = [dict(_numbers(part)) for part in parts]
    if not rows:
        return {}
    shared = Counter(path[-1] for path in rows[0])
    return {
        path[-1] if len(path) == 1 or shared[path[-1]] == 1 else "_".join(path[-2:]): np.array([r[path] for r in rows])
        for path in rows[0]
    }


@dataclass(frozen=True)
class Epoch:
    """Inputs that hold from a day on: columns of the contest, the sides, the forces, the areas and the pools."""

    day: int
    contest: dict[str, Floats]
    side: dict[str, Floats]
    force: dict[str, Floats]
    zone: dict[str, Floats]
    pool: dict[str, Floats]
    materiel: Floats
    """equipment of each side relative to the start, by aid so far"""


def has_enemy(case: Case) -> bool:
    """Whether two armies fight in this case; otherwise one army faces crowds, or nobody."""
    return case.war.kind not in ("repression", "peace") and len(case.sides) == 2


def forces_of(case: Case) -> list[tuple[str, Side, str, Force]]:
    """Every force with the name of its side, its side and its own name, side by side."""
    return [(s, side, f, force) for s, side in case.sides.items() for f, force in side.forces.items()]


def kinds_of(case: Case) -> list[tuple[int, str, BrigadeKind | None]]:
    """Every kind of brigade with the number of its force and its name; one without a name where all are alike."""
    return [
        (f, key, kind)
        for f, (*_, force) in enumerate(forces_of(case))
        for key, kind in (force.brigades.items() or [("", None)])
    ]


def regions_of(case: Case) -> list[tuple[str, str, Region]]:
    """Every home region with the name of its side and its own."""
    return [(s, r, region) for s, side in case.sides.items() for r, region in side.regions.items()]


def pools_of(case: Case) -> list[tuple[str, str, Pool]]:
    """Every pool of recruits with the name of its side and its own."""
    return [(s, p, pool) for s, side in case.sides.items() for p, pool in side.recruitment.items()]


def _epoch(case: Case, day: int) -> Epoch:
    today = date.fromordinal(case.start.toordinal() + day)
    return Epoch(
        day, columns([case.war]), columns(list(case.sides.values())), columns([f for *_, f in forces_of(case)]),
        columns(list(case.areas.values())), columns([p for *_, p in pools_of(case)]),
        np.array([_materiel(side, today) for side in case.sides.values()]),
    )  # fmt: skip


def _materiel(side: Side, today: date) -> float:
    past = [a for a in sorted(side.aid, key=lambda a: a.date) if a.date <= today]
    return past[-1].materiel.value if past else 1.0


_FIXED = "a decision cannot change what the war starts with: {} (set it from the start with --set or a counterfactual)"


def epochs(case: Case, days: int) -> tuple[Epoch, ...]:
    """The inputs of day 0, and those of every later day on which a decision or aid changes them.

    Raises:
        AllegianceError: a decision changes what cannot change, or a path does not exist.
    """
    dated = sorted((d.date, key, d) for key, d in case.decisions.items() if d.enabled)
    changes = {(d - case.start).days for d, _, _ in dated}
    changes |= {(a.date - case.start).days for s in case.sides.values() for a in s.aid}
    made = {0: _epoch(case, 0)}
    for day in sorted(d for d in changes if d < days):
        values: dict[str, float] = {}
        for on, _, decision in dated:
            if (on - case.start).days <= day:
                values.update(decision.set)
        _refuse_fixed(values)
        made[max(day, 0)] = _epoch(with_values(case, values), max(day, 0))
    return tuple(made[day] for day in sorted(made))


def _refuse_fixed(paths: Iterable[str]) -> None:
    for path in paths:
        if STATIC.search(path):
            raise AllegianceError(_FIXED.format(path))
