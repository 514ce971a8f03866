"""From a case to the tables a member starts from, and what changes on which day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.random import name_key
from allegiance.cases.checks import STATIC
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case, Force, Side
from allegiance.engine.state import (
    BRIGADE,
    CATEGORIES,
    COMPANY,
    FORCE,
    POOL,
    REGION,
    SIDE,
    WAR,
    ZONE,
    Array,
)
from allegiance.theory.conscription import COMPELLED, HORIZON_DAYS

GOLDEN = 0.6180339887498949
MIN_COMPANIES = 8
"""Fewest companies of a force that a reduced scale keeps."""
SCALES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
SOLDIER_DAYS = 1.0e9
"""Soldier-days that the automatic scale allows a run, so that it ends within a minute on two cores."""


@dataclass(frozen=True)
class Names:
    """What the rows of the tables are called."""

    sides: tuple[str, ...]
    forces: tuple[str, ...]
    zones: tuple[str, ...]
    regions: tuple[str, ...]
    pools: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Epoch:
    """Inputs that hold from a day on: tables of the same length as the blueprint's."""

    day: int
    side: Array
    force: Array
    zone: Array
    pool: Array
    war: Array


@dataclass(frozen=True)
class Blueprint:
    """Everything about a case that is the same for every member."""

    case: Case
    days: int
    scale: float
    names: Names
    epochs: tuple[Epoch, ...]
    company: Array
    brigade: Array
    region: Array
    first_uid: Array
    home: Array
    groups: Array
    group_share: Array
    tie_mean: Array
    category: Array
    reference: Array
    waves: Array
    slots: int


def soldier_days(case: Case, days: int) -> float:
    """Soldiers on the rolls at the start, and those who may form new companies, times days."""
    men = sum(f.strength.value for s in case.sides.values() for f in s.forces.values())
    new = sum(p.new_formations.value for s in case.sides.values() for p in s.recruitment.values() if p.new_formations)
    return (men + 0.5 * new) * days


def automatic_scale(case: Case, days: int, members: int) -> float:
    """The largest of SCALES that keeps the run within SOLDIER_DAYS; a function of the input, not of the machine."""
    need = soldier_days(case, days) * members
    return next((s for s in SCALES if need * s <= SOLDIER_DAYS), SCALES[-1])


def _forces(case: Case) -> list[tuple[int, Side, str, Force]]:
    return [(k, s, n, f) for k, s in enumerate(case.sides.values()) for n, f in s.forces.items()]


def _cumulated(shares: Sequence[float]) -> Array:
    total = np.cumsum(np.asarray(shares, float))
    return total / total[-1] if total[-1] > 0 else np.ones(len(shares))


def _side_row(side: Side, day: date, number: int, count: int) -> Array:
    row = np.zeros(1, SIDE)
    proof = side.coup_proofing
    materiel = 1.0
    for aid in sorted(side.aid, key=lambda a: a.date):
        if aid.date <= day:
            materiel = aid.materiel.value
    values = dict(
        sign=1 if side.role == "attacker" else -1, other=1 - number if count == 2 else -1,
        supply=side.supply.value, monitoring=side.monitoring.value, punishment=side.punishment.value,
        inclusion=side.inclusion.value, inducement=side.inducement.value, ceiling=side.escalation_ceiling,
        base_rate=side.coup_base_rate.value, counterbalancing=proof.counterbalancing.value,
        stacking=proof.stacking.value, purges=proof.purges.value, surveillance=proof.surveillance.value,
        blocking=proof.blocking.value, resolve=side.aims.resolve.value, exp_adv=side.aims.expected_advantage.value,
        uncert=side.aims.uncertainty.value, exp_days=side.aims.expected_days.value,
        capacity=side.protest.capacity.value, replaces=side.replaces_losses.value,
        population=side.population.value, materiel=materiel,
    )  # fmt: skip
    for key, value in values.items():
        row[key] = value
    return row


def _force_rows(case: Case) -> Array:
    rows = np.zeros(len(_forces(case)), FORCE)
    for k, (number, side, name, force) in enumerate(_forces(case)):
        total = sum(f.strength.value for f in side.forces.values())
        shares = sum(f.resource_share.value for f in side.forces.values())
        portion = force.resource_share.value / shares / (force.strength.value / total) if shares and total else 1.0
        values = dict(
            side=number, key=name_key(name), kind=0.0 if force.kind == "regular" else 1.0,
            deployed=force.deployed.value, quality=force.quality.value, equipment=force.equipment.value,
            resource=portion, pay=force.pay.value, cmd_loyalty=force.command.loyalty.value,
            competence=force.command.competence.value, loyalty=force.loyalty.value,
            ratio=force.wounded_to_killed.value, return_share=force.return_to_duty.value,
            dissolution=force.dissolution.value if force.dissolution else 0.0,
            company_size=force.formation.company, strength=force.strength.value,
        )  # fmt: skip
        for key, value in values.items():
            rows[key][k] = value
    return rows


def _pool_rows(case: Case, names: Names) -> Array:
    pools = [(k, s, p) for k, s in enumerate(case.sides.values()) for p in s.recruitment.values()]
    rows = np.zeros(len(pools), POOL)
    for k, (number, side, pool) in enumerate(pools):
        own = list(side.forces)
        target = pool.force or max(own, key=lambda n: (side.forces[n].kind == "regular", side.forces[n].strength.value))
        opens = (pool.opens - case.start).days if pool.opens else 0
        values = dict(
            side=number, force=names.forces.index(f"{list(case.sides)[number]}.{target}"),
            category=CATEGORIES.index(pool.category.value), opens=opens, size=pool.size.value,
            daily_max=pool.daily_max.value, political=pool.political_cost.value, money=pool.money_cost.value,
        )  # fmt: skip
        for key, value in values.items():
            rows[key][k] = value
    return rows


def _zone_rows(case: Case) -> Array:
    rows = np.zeros(len(case.areas), ZONE)
    for k, zone in enumerate(case.areas.values()):
        rows[k] = (zone.population.value, zone.weight.value, zone.against_civilians.value, zone.urban.value, 0.0)
    return rows


def _epoch(case: Case, names: Names, day: int) -> Epoch:
    today = date.fromordinal(case.start.toordinal() + day)
    count = len(case.sides)
    side = np.concatenate([_side_row(s, today, k, count) for k, s in enumerate(case.sides.values())])
    given = {"repression": float(no_enemy(case)), "given_up": case.war.given_up.value if case.war.given_up else 0.0}
    war = np.array([given[name] if name in given else getattr(case.war, name).value for name in WAR])
    return Epoch(day, side, _force_rows(case), _zone_rows(case), _pool_rows(case, names), war)


def no_enemy(case: Case) -> bool:
    """Whether the army of this case faces no other army: crowds, or nobody."""
    return case.war.kind in ("repression", "peace") or len(case.sides) < 2


_STATIC = "a decision cannot change what the war starts with: {} (set it from the start with --set or a counterfactual)"


def _epochs(case: Case, names: Names, days: int) -> tuple[Epoch, ...]:
    dated = sorted((d.date, key, d) for key, d in case.decisions.items() if d.enabled)
    changes = {(d - case.start).days for d, _, _ in dated}
    changes |= {(a.date - case.start).days for s in case.sides.values() for a in s.aid}
    epochs = [_epoch(case, names, 0)]
    for day in sorted(d for d in changes if 0 <= d < days):
        values: dict[str, float] = {}
        for on, _, decision in dated:
            if (on - case.start).days <= day:
                values.update(decision.set)
        for path in values:
            if STATIC.search(path):
                raise AllegianceError(_STATIC.format(path))
        epoch = _epoch(with_values(case, values), names, day)
        if day == 0:
            epochs[0] = epoch
        else:
            epochs.append(epoch)
    return tuple(epochs)


def _share(force: Force, new: float, scale: float) -> float:
    """Share of a force's companies that a scale keeps; never fewer than MIN_COMPANIES, those it will raise counted."""
    count = math.ceil((force.strength.value + new) / force.formation.company)
    return max(scale, min(1.0, MIN_COMPANIES / max(count, 1)))


def _kept(count: int, share: float, least: int) -> Array:
    """Numbers of the companies that are simulated: evenly spread, never fewer than `least`."""
    share = max(share, min(1.0, least / max(count, 1)))
    index = np.arange(count)
    keep: Array = np.floor((index + 1) * share + 1e-9) > np.floor(index * share + 1e-9)
    return np.flatnonzero(keep)


@dataclass
class _Builder:
    """Collects companies and brigades force by force."""

    companies: list[tuple[int, int, int, int, int, int]]
    brigades: list[tuple[int, int, int, int]]
    simulated: dict[int, float]
    brigade_weight: dict[int, float]


def _add_force(built: _Builder, number: int, force: Force, zones: Array, men: float, share: float, pool: int) -> None:
    size = force.formation.company
    per_brigade = force.formation.battalion * force.formation.brigade
    men = max(1, round(men))  # a number drawn within its range may have a fraction
    count = math.ceil(men / size)
    kept = _kept(count, share, 2 if pool < 0 else 1)
    numbers: dict[int, int] = {}
    base = 0 if pool < 0 else (1 + pool) << 24
    for j in kept:
        b = int(j) // per_brigade
        if b not in numbers:
            zone = int(np.searchsorted(zones, ((b + 0.5) * GOLDEN) % 1.0))
            numbers[b] = len(built.brigades)
            built.brigades.append((number, min(zone, len(zones) - 1), b + (1000 * (1 + pool)), pool))
        soldiers = int(min(size, men - int(j) * size))
        built.companies.append(
            (number, numbers[b], int(j) + (100000 * (1 + pool)), soldiers, pool, base + int(j) * size)
        )
        if pool < 0:
            built.simulated[number] = built.simulated.get(number, 0.0) + soldiers
    if pool < 0 and numbers:
        built.brigade_weight[number] = math.ceil(count / per_brigade) / len(numbers)


def _structure(case: Case, names: Names, scale: float) -> tuple[_Builder, int]:
    built = _Builder([], [], {}, {})
    zones = _cumulated([z.weight.value for z in case.areas.values()])
    pools = [p for s in case.sides.values() for p in s.recruitment.values()]
    new = [p.new_formations.value if p.new_formations else 0.0 for p in pools]
    into = _pool_rows(case, names)["force"]
    for number, (_, _, _, force) in enumerate(_forces(case)):
        raised = sum(men for men, f in zip(new, into, strict=True) if f == number)
        _add_force(built, number, force, zones, force.strength.value, _share(force, raised, scale), -1)
    for k, men in enumerate(new):
        if men >= 1:
            number = int(into[k])
            force = _forces(case)[number][3]
            # a simulated recruit counts for as many as a simulated soldier of the force he joins
            _add_force(built, number, force, zones, men, built.simulated[number] / force.strength.value, k)
    return built, sum(c[3] for c in built.companies)


def build(case: Case, days: int, scale: float) -> Blueprint:
    """The blueprint of `case` over `days` at `scale`.

    Raises:
        AllegianceError: a decision changes what cannot change, or a path does not exist.
    """
    forces = _forces(case)
    sides = tuple(case.sides)
    names = Names(
        sides,
        tuple(f"{sides[k]}.{n}" for k, _, n, _ in forces),
        tuple(case.areas),
        tuple(f"{k}.{r}" for k, s in case.sides.items() for r in s.regions),
        tuple(f"{k}.{p}" for k, s in case.sides.items() for p in s.recruitment),
        tuple(sorted({g for _, _, _, f in forces for g in f.groups})),
    )
    built, slots = _structure(case, names, scale)
    epochs = _epochs(case, names, days)
    for epoch in epochs:
        for number in range(len(forces)):
            epoch.force["weight"][number] = forces[number][3].strength.value / max(
                built.simulated.get(number, 1.0), 1.0
            )
            epoch.force["brigade_weight"][number] = built.brigade_weight.get(number, 1.0)
    company, first_uid = _company_table(built)
    return Blueprint(
        case, days, scale, names, epochs, company, _brigade_table(built), _region_table(case), first_uid,
        *_people(case, names), _waves(case, days), slots,
    )  # fmt: skip


def _company_table(built: _Builder) -> tuple[Array, Array]:
    table = np.zeros(len(built.companies), COMPANY)
    stop = 0
    for k, (force, brigade, key, soldiers, pool, _) in enumerate(built.companies):
        row = table[k]
        row["force"], row["brigade"], row["key"], row["pool"] = force, brigade, key, pool
        row["start"], row["stop"], row["mutiny_day"] = stop, stop + soldiers, -1
        row["zone"] = built.brigades[brigade][1]
        stop += soldiers
    return table, np.array([c[5] for c in built.companies], "u4")


def _brigade_table(built: _Builder) -> Array:
    table = np.zeros(len(built.brigades), BRIGADE)
    for k, (force, zone, key, pool) in enumerate(built.brigades):
        table["force"][k], table["zone"][k], table["key"][k], table["pool"][k] = force, zone, key, pool
    return table


def _region_table(case: Case) -> Array:
    regions = [(k, r) for k, s in enumerate(case.sides.values()) for r in s.regions.values()]
    table = np.zeros(len(regions), REGION)
    for k, (side, region) in enumerate(regions):
        table["side"][k], table["capital"][k] = side, int(region.capital)
        table["population"][k] = region.population.value
    return table


def _people(case: Case, names: Names) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Cumulated homes and groups, group shares in the army, mean ties, cumulated composition, category reference."""
    forces = _forces(case)
    sides = list(case.sides)
    home = np.ones((len(forces), len(names.regions)))
    groups = np.ones((len(forces), len(names.groups)))
    share = np.zeros((len(sides), len(names.groups)))
    category = np.ones((len(forces), len(CATEGORIES)))
    reference = np.zeros((len(forces), len(CATEGORIES), 2))
    for k, (number, side, _, force) in enumerate(forces):
        home[k] = _cumulated(
            [
                force.recruits_from[r].value
                if (r := n.split(".", 1)[1]) in force.recruits_from and n == f"{sides[number]}.{r}"
                else 0.0
                for n in names.regions
            ]
        )
        shares = [force.groups[g].value if g in force.groups else 0.0 for g in names.groups]
        groups[k] = _cumulated(shares)
        total = sum(f.strength.value for f in side.forces.values())
        share[number] += np.asarray(shares) * force.strength.value / max(total, 1.0)
        composition = {c.value: v.value for c, v in force.composition.items()}
        category[k] = _cumulated([composition.get(c, 0.0) for c in CATEGORIES])
        horizons = {c.value: v.value for c, v in force.horizons.items()}
        for j, c in enumerate(CATEGORIES):
            reference[k, j] = (COMPELLED[c], horizons.get(c, HORIZON_DAYS[c]))
    tie = np.zeros((len(names.groups), len(case.areas)))
    for known in case.ties:
        if known.soldiers not in names.groups:
            continue
        for z, zone in enumerate(case.areas.values()):
            if known.civilians in zone.groups:
                tie[names.groups.index(known.soldiers), z] += known.tie.value * zone.groups[known.civilians].value
    return home, groups, share, np.minimum(tie, 1.0), category, reference


def _waves(case: Case, days: int) -> Array:
    waves = np.zeros((days, len(case.sides), 3))
    for k, side in enumerate(case.sides.values()):
        for wave in side.protest.waves:
            first = (wave.date - case.start).days
            lo, hi = max(first, 0), min(first + wave.days, days)
            if hi <= lo:
                continue
            people = wave.participants.value / wave.days
            had = waves[lo:hi, k, 0].copy()
            total = np.maximum(had + people, 1e-9)
            waves[lo:hi, k, 1] = (waves[lo:hi, k, 1] * had + wave.nonviolent.value * people) / total
            waves[lo:hi, k, 2] = (waves[lo:hi, k, 2] * had + wave.capital.value * people) / total
            waves[lo:hi, k, 0] = had + people
    return waves
