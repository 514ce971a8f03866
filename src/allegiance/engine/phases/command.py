"""Command: commanders pass orders on or halt; some plot."""

from __future__ import annotations

import math

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.base.random import uniform
from allegiance.engine import decisions
from allegiance.engine.events import emit, poisson
from allegiance.engine.state import Array, E, World
from allegiance.theory.command import example_pressure, halt_hazard
from allegiance.theory.coup_proofing import coordination_cost, guard_strength
from allegiance.theory.plot import attempt_hazard, success_probability

AVERAGE_PROOFING = 0.35
"""Level of coup-proofing of an average ruler: what the statistical base rate already contains (judgement)."""
AVERAGE_LOYALTY = 0.6
_REFUSAL, _ATTEMPT, _SUCCESS = E["refusal"], E["coup_attempt"], E["coup_success"]


@kernel
def _halts(
    brigade: Array,
    force: Array,
    side: Array,
    zone: Array,
    theta: Array,
    events: Array,
    count: Array,
    seed: int,
    member: int,
    day: int,
) -> None:
    p = theta[0]
    halted, known = np.zeros(side.shape[0]), np.zeros(side.shape[0])
    for b in range(brigade.shape[0]):
        known[force[brigade[b].force].side] += 1.0
        halted[force[brigade[b].force].side] += 1.0 if brigade[b].halted > 0.0 else 0.0
    for b in range(brigade.shape[0]):
        unit = brigade[b]
        if unit.on <= 0.0 or unit.companies <= 0.0 or p.command_on == 0.0:
            continue
        f = force[unit.force]
        faced = zone[unit.zone].against * p.linkage_on
        hazard = halt_hazard(
            unit.loyalty, unit.tie * faced, unit.grievance, p.command_halt, p.command_disloyal, p.command_tied
        )
        # generals read the streets as plotters do, and count on others who have halted
        seen = example_pressure(halted[f.side] / max(known[f.side], 1.0), p.command_example)
        hazard = min(0.5, hazard * math.exp(p.protest_on * side[f.side].coup_pressure + seen))
        key = (f.key + unit.key * 7919) & 0xFFFFFFFF
        men = unit.companies * f.company_size * f.weight / max(f.brigade_weight, 1.0)
        others = poisson(uniform(seed, member, key, day, decisions.HALT, 1), (f.brigade_weight - 1.0) * hazard)
        if others > 0.0:
            emit(events, count, day, _REFUSAL, f.side, unit.force, b, -1, men, others, 0, 1, unit.grievance)
        if uniform(seed, member, key, day, decisions.HALT, 0) < hazard:
            unit.halted = p.command_days
            emit(events, count, day, _REFUSAL, f.side, unit.force, b, -1, men, 1.0, 0, 1, unit.grievance)


@kernel
def _plots(
    brigade: Array,
    side: Array,
    force: Array,
    theta: Array,
    events: Array,
    count: Array,
    seed: int,
    member: int,
    day: int,
) -> None:
    p = theta[0]
    for k in range(side.shape[0]):
        s = side[k]
        loyalty, n = 0.0, 0.0
        for b in range(brigade.shape[0]):
            if force[brigade[b].force].side == k and brigade[b].companies > 0.0:
                loyalty += brigade[b].loyalty
                n += 1.0
        loyal = loyalty / max(n, 1.0)
        disaffection = s.disaffection - 1.0
        proofing = coordination_cost(
            s.counterbalancing - AVERAGE_PROOFING, s.surveillance - AVERAGE_PROOFING, s.purges - AVERAGE_PROOFING,
            p.coup_proofing_coordination,
        )  # fmt: skip
        shift = (
            p.plot_grievance * disaffection
            + p.plot_loyalty * (AVERAGE_LOYALTY - loyal)
            + p.plot_war * (1.0 - 2.0 * s.p_win)
            + p.protest_on * s.coup_pressure
            + p.plot_mutiny * min(1.0, 10.0 * s.mutiny_share)
            - p.coup_proofing_on * proofing
        )
        hazard = attempt_hazard(s.base_rate, shift)
        if uniform(seed, member, 977 + k, day, decisions.PLOT, 0) >= hazard:
            continue
        guards = p.coup_proofing_on * guard_strength(s.counterbalancing - AVERAGE_PROOFING, p.coup_proofing_guards)
        success = success_probability(disaffection + AVERAGE_LOYALTY - loyal, guards, p.plot_support, p.plot_top)
        s.coups += 1.0
        emit(events, count, day, _ATTEMPT, k, -1, -1, -1, 0.0, 1.0, 0, 1, s.disaffection)
        if uniform(seed, member, 977 + k, day, decisions.PLOT, 1) < success:
            s.shaken = 1.0
            emit(events, count, day, _SUCCESS, k, -1, -1, -1, 0.0, 1.0, 0, 1, s.disaffection)
        else:
            # a failed attempt is followed by a purge: more loyal commanders, less able ones
            for b in range(brigade.shape[0]):
                if force[brigade[b].force].side == k:
                    brigade[b].loyalty = min(1.0, brigade[b].loyalty + 0.1)
                    brigade[b].competence = max(0.0, brigade[b].competence - 0.05)


def step(world: World) -> None:
    """Let commanders pass on, halt, or plot."""
    _halts(
        world.brigade, world.force, world.side, world.zone, world.theta, world.events, world.event_count,
        world.seed, world.member, world.day,
    )  # fmt: skip
    _plots(
        world.brigade, world.side, world.force, world.theta, world.events, world.event_count,
        world.seed, world.member, world.day,
    )  # fmt: skip
