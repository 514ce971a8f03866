"""Sums of terms over the levels of a world, by hand."""

from __future__ import annotations

import numpy as np

from allegiance.day.terms import LEVELS, Total, add_up, level_of, value_of
from allegiance.theory.contract import TIE, term
from allegiance.theory.forms import routes
from allegiance.theory.registry import MECHANISMS
from day import small
from day.small import close


def double(x: float) -> float:
    return 2.0 * x


def test_what_is_said_of_a_wider_unit_reaches_every_company_of_it() -> None:
    world = small.world()
    total = Total()
    for level, size in zip(LEVELS, (100_000.0, 10_000.0, 1_000.0, 10.0, 0.1), strict=True):
        total.add(level, size * (1.0 + np.arange(len(getattr(world, level)))), "grievance")
    got = np.zeros(20)
    total.per_company(world, got)
    for c in range(20):
        b = c // 2
        f = (0, 0, 1, 2, 2, 3, 3, 4, 5, 5)[b]
        s = (0, 0, 1, 2, 2, 3)[f]
        close(got[c], 100_000 * (1 + c // 10) + 10_000 * (1 + s) + 1_000 * (1 + f) + 10 * (1 + b) + 0.1 * (1 + c))


def test_routes_share_a_pressure_out_over_forms() -> None:
    total = Total()
    total.add("side", np.array([1.0, 2.0]), routes(refusal=0.5, mutiny=1.0))
    total.add("side", np.array([10.0, 20.0]), routes(mutiny=0.1))
    assert sorted(total.by) == [("side", 1), ("side", 4)]
    close(total.by["side", 1], [0.5, 1.0])
    close(total.by["side", 4], [2.0, 4.0])


def test_a_term_is_worked_out_for_the_narrowest_unit_it_reads_where_it_acts() -> None:
    world = small.world()
    small.fill(world.side.signal, 1.0, 1.0)
    world.force.regular[:] = [1, 0, 1, 1, 0, 1]
    of = term(double, routes(mutiny=1.0), where="force.regular", x="side.signal")
    assert level_of(of) == "force"
    close(value_of(world, world.theory.protest, of, "force", 0.0), [2.0, 0.0, 4.0, 6.0, 0.0, 8.0])


def test_every_term_of_the_theory_reads_columns_that_are_there_and_ties_are_linear() -> None:
    world = small.world()
    for mechanism in MECHANISMS:
        for known in mechanism.terms:
            if "group.own_share" in known.inputs.values() or known.into == "disposition":
                continue
            level = level_of(known)
            values = [
                np.asarray(value_of(world, world.theory.mechanisms[mechanism.id], known, level, t))
                for t in (0.0, 0.5, 1.0)
            ]
            assert values[0].shape == (len(getattr(world, level)),)
            close(values[1], 0.5 * (values[0] + values[2]))
            assert (TIE in known.inputs.values()) or np.array_equal(values[0], values[2])


def test_grievance_and_log_odds_are_added_up_apart() -> None:
    world = small.world()
    on_grievance, on_odds = add_up(world, grievance=True), add_up(world, grievance=False)
    assert on_grievance.grievance.by
    assert not on_grievance.log_odds.by
    assert on_odds.log_odds.by
    assert not on_odds.grievance.by
