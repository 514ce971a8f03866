"""What is the same for every member of a run: the case as tables of one contest, at a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from allegiance.base.random import key_of
from allegiance.cases.kinds import compositions
from allegiance.cases.schema import Case
from allegiance.theory.conscription import COMPELLED, HORIZON_DAYS
from allegiance.world.columns import Array, Ints
from allegiance.world.inputs import Epoch, epochs, forces_of, has_enemy, kinds_of, pools_of, regions_of
from allegiance.world.soldiers import CATEGORIES
from allegiance.world.structure import Structure, played, structure, target_of
from allegiance.world.units import Brigades, Companies, Contests, Forces, Pools, Regions, Sides, Zones

SCALES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
SOLDIER_DAYS = 5.0e9
"""Soldier-days that the automatic scale allows a run, so that it ends within half a minute on two cores."""


@dataclass(frozen=True)
class Names:
    """What the rows of the tables are called."""

    sides: tuple[str, ...]
    forces: tuple[str, ...]
    zones: tuple[str, ...]
    regions: tuple[str, ...]
    pools: tuple[str, ...]
    groups: tuple[str, ...]
    kinds: tuple[str, ...]
    """kinds of brigades, "" where all of a force are alike"""


@dataclass(frozen=True)
class People:
    """Who joins: shares by force, cumulated where a soldier is drawn from them."""

    home: Array
    """(force, region): cumulated share of recruits by home region"""
    groups: Array
    """(force, group): cumulated share of groups"""
    group_share: Array
    """(side, group): share of the side's army at the start that belongs to the group"""
    composition: Array
    """(force, category): cumulated composition at the start"""
    held: Array
    """(kind of brigade, category): the same of its brigades"""
    ready: Array
    """(kind of brigade,): how ready for battle its brigades are at the start"""
    compelled: Array
    """(category,): how far each category serves against its will"""
    horizon: Array
    """(force, category): days of service from joining until civilian life"""
    tie: Array
    """(contest, group, zone): mean tie of soldiers of the group to the civilians of the zone"""

    @classmethod
    def joined(cls, people: Sequence[People]) -> People:
        """The people of several contests, one after the other."""
        widest = max(p.groups.shape[1] for p in people)
        padded = [p.with_groups(widest) for p in people]
        made = {f.name: np.concatenate([getattr(p, f.name) for p in padded]) for f in fields(cls)}
        return cls(**made | {"compelled": people[0].compelled})

    def with_groups(self, count: int) -> People:
        """The same people with as many groups, of which the last have nobody."""
        more = count - self.groups.shape[1]
        if more == 0:
            return self
        return replace(
            self, groups=np.pad(self.groups, ((0, 0), (0, more)), constant_values=1.0),
            group_share=np.pad(self.group_share, ((0, 0), (0, more))),
            tie=np.pad(self.tie, ((0, 0), (0, more), (0, 0))),
        )  # fmt: skip


@dataclass(frozen=True)
class Blueprint:
    """Everything about a case that is the same for every member; tables hold one contest."""

    case: Case
    days: int
    scale: float
    names: Names
    epochs: tuple[Epoch, ...]
    contest: Contests
    side: Sides
    force: Forces
    brigade: Brigades
    company: Companies
    zone: Zones
    region: Regions
    pool: Pools
    people: People
    waves: Array
    """(day, side, 3): protesters given by the case, non-violent share, share near the capital"""
    slots: int

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each table in one contest, and slots."""
        tables = ("contest", "side", "force", "brigade", "company", "zone", "region", "pool")
        return {name: len(getattr(self, name)) for name in tables} | {
            "slot": self.slots, "kind": len(self.names.kinds),
        }  # fmt: skip

    def shape(self) -> tuple[object, ...]:
        """What blueprints that are played side by side have in common (see `shape_of`)."""
        return shape_of(self.case, self.days, self.epochs)


def shape_of(case: Case, days: int, known: Sequence[Epoch] = ()) -> tuple[object, ...]:
    """Days, days of change, and how many sides, forces and places a case has: cases alike can be played side by side.

    `known` holds the case's epochs where they have been worked out.
    """
    dates = tuple(epoch.day for epoch in known or epochs(case, days))
    many = (case.sides, forces_of(case), case.areas, regions_of(case), pools_of(case), kinds_of(case))
    return (days, dates, *(len(those) for those in many))


def first_rows(plans: Sequence[Blueprint]) -> dict[str, Ints]:
    """For each table (and for slots): the row in which each blueprint's part begins where they stand side by side."""
    rows = [plan.rows for plan in plans]
    return {name: np.cumsum([0, *(r[name] for r in rows[:-1])]) for name in rows[0]}


def soldier_days(case: Case, days: int, scale: float = 1.0) -> float:
    """Soldiers on the rolls at the start that a run at `scale` plays, and half of those it may raise, times days."""
    started, raised = played(case, scale)
    return (started + 0.5 * raised) * days


def automatic_scale(case: Case, days: int, members: int) -> float:
    """The largest of SCALES that keeps the run within SOLDIER_DAYS; a function of the input, not of the machine."""
    return next((s for s in SCALES if soldier_days(case, days, s) * members <= SOLDIER_DAYS), SCALES[-1])


def build(case: Case, days: int, scale: float, like: Structure | None = None) -> Blueprint:
    """The blueprint of `case` over `days` at `scale`.

    `like` gives it the brigades and companies of a case that differs from it in numbers alone, so that the two can be
    played side by side; a soldier then stands for as many as the strength asks for.

    Raises:
        AllegianceError: a decision changes what cannot change, or a path does not exist.
    """
    forces, made = forces_of(case), like or structure(case, scale)
    names = Names(
        tuple(case.sides),
        tuple(f"{s}.{f}" for s, _, f, _ in forces),
        tuple(case.areas),
        tuple(f"{s}.{r}" for s, r, _ in regions_of(case)),
        tuple(f"{s}.{p}" for s, p, _ in pools_of(case)),
        tuple(sorted({g for *_, f in forces for g in f.groups})),
        tuple(key for _, key, _ in kinds_of(case)),
    )
    enemy, faced = float(has_enemy(case)), float(case.war.kind != "peace")
    brigade, company = _units(made)
    return Blueprint(
        case, days, scale, names, epochs(case, days),
        Contests.of_length(1, key=[key_of("contest")], live=[1.0], has_enemy=[enemy], faced=[faced]),
        _sides(case, enemy), _forces(case, made), brigade, company,
        Zones.of_length(len(names.zones)), _regions(case), _pools(case, names, made), _people(case, names, made),
        _waves(case, days), made.slots,
    )  # fmt: skip


def _sides(case: Case, enemy: float) -> Sides:
    count = len(case.sides)
    other = [1 - k for k in range(2)] if enemy else [-1] * count
    return Sides.of_length(
        count, other=other, key=[key_of(name) for name in case.sides],
        sign=[1.0 if s.role == "attacker" else -1.0 for s in case.sides.values()], has_enemy=[enemy] * count,
    )  # fmt: skip


def _forces(case: Case, made: Structure) -> Forces:
    forces = forces_of(case)
    sides = list(case.sides)
    return Forces.of_length(
        len(forces), side=[sides.index(s) for s, *_ in forces], key=[key_of(f"{s}.{f}") for s, _, f, _ in forces],
        next_recruit=[1 << 31] * len(forces), regular=[float(f.kind == "regular") for *_, f in forces],
        brigade_weight=made.brigade_weight,
        weight=[f.strength.value / men for (*_, f), men in zip(forces, made.soldiers, strict=True)],
    )  # fmt: skip


def _units(made: Structure) -> tuple[Brigades, Companies]:
    brigade = Brigades.of_length(len(made.brigade_keys), key=np.array(made.brigade_keys, "u8"), **made.brigades)
    company = Companies.of_length(
        len(made.company_keys), key=np.array(made.company_keys, "u8"),
        mutiny_day=np.full(len(made.company_keys), -1), **made.companies,
    )  # fmt: skip
    return brigade, company


def _regions(case: Case) -> Regions:
    regions, sides = regions_of(case), list(case.sides)
    made = Regions.of_length(
        len(regions), side=[sides.index(s) for s, *_ in regions], capital=[float(r.capital) for *_, r in regions]
    )
    made.given["population"] = np.array([r.population.value for *_, r in regions])
    return made


def _pools(case: Case, names: Names, made: Structure) -> Pools:
    pools, sides = pools_of(case), list(case.sides)
    slots = [made.pool_slots.get(p, (0, 0)) for p in range(len(pools))]
    return Pools.of_length(
        len(pools), side=[sides.index(s) for s, *_ in pools],
        force=[names.forces.index(f"{s}.{target_of(case, s, p)}") for s, _, p in pools],
        key=np.array([key_of(f"{s}.{name}") for s, name, _ in pools], "u8"),
        category=[CATEGORIES.index(p.category.value) for *_, p in pools],
        opens=[(p.opens - case.start).days if p.opens else 0 for *_, p in pools],
        first=[a for a, _ in slots], last=[b for _, b in slots],
    )  # fmt: skip


def cumulated(shares: Array) -> Array:
    """Cumulated shares that end at 1 (all 1 if there is none), along the last axis."""
    total = np.cumsum(shares, axis=-1)
    last = total[..., -1:] if total.shape[-1] else np.ones(1)
    return np.where(last > 0, total / np.where(last > 0, last, 1.0), 1.0)


def _people(case: Case, names: Names, made: Structure) -> People:
    forces, sides = forces_of(case), list(case.sides)
    home = [[f.recruits_from[r].value if s == of and r in f.recruits_from else 0.0 for of, r, _ in regions_of(case)]
            for s, _, _, f in forces]  # fmt: skip
    groups = np.array([[f.groups[g].value if g in f.groups else 0.0 for g in names.groups] for *_, f in forces])
    share = np.zeros((len(sides), len(names.groups)))
    for k, (s, side, _, force) in enumerate(forces):
        share[sides.index(s)] += groups[k] * force.strength.value / sum(f.strength.value for f in side.forces.values())
    by_name = [{c.value: v.value for c, v in f.composition.items()} for *_, f in forces]
    horizons = [{c.value: v.value for c, v in f.horizons.items()} for *_, f in forces]
    tie = np.zeros((len(names.groups), len(case.areas)))
    for known in case.ties:
        for z, zone in enumerate(case.areas.values()):
            if known.soldiers in names.groups and known.civilians in zone.groups:
                tie[names.groups.index(known.soldiers), z] += known.tie.value * zone.groups[known.civilians].value
    composition = np.array([[one.get(c, 0.0) for c in CATEGORIES] for one in by_name])
    return People(
        cumulated(np.array(home)), cumulated(groups), share, cumulated(composition),
        cumulated(_held(case, made, composition)), np.array([k.ready.value if k else 1.0 for *_, k in kinds_of(case)]),
        np.array([COMPELLED[c] for c in CATEGORIES]),
        np.array([[h.get(c, HORIZON_DAYS[c]) for c in CATEGORIES] for h in horizons]), np.minimum(tie, 1.0)[None],
    )  # fmt: skip


def _held(case: Case, made: Structure, composition: Array) -> Array:
    """Composition of each kind of brigade: what the case gives, fitted to the force by the soldiers who are played."""
    kinds, company = kinds_of(case), made.companies
    men = np.bincount(
        np.array(made.brigades["kind"], int)[np.array(company["brigade"], int)],
        (np.array(company["stop"]) - company["start"]) * (np.array(company["pool"]) < 0), len(kinds),
    )  # fmt: skip
    held = composition[[f for f, *_ in kinds]]
    for f in range(len(composition)):
        own = [k for k, (of, _, kind) in enumerate(kinds) if of == f and kind is not None]
        if own:
            given = [{c.value: v.value for c, v in kinds[k][2].composition.items()} for k in own]  # type: ignore[union-attr]
            whole = dict(zip(CATEGORIES, composition[f], strict=True))
            held[own] = compositions(given, men[own], whole, CATEGORIES)
    return held


def _waves(case: Case, days: int) -> Array:
    waves = np.zeros((days, len(case.sides), 3))
    for k, side in enumerate(case.sides.values()):
        for wave in sorted(side.protest.waves, key=lambda w: (w.date, w.days)):
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
