"""The same question gets the same answer: whatever the threads, the compiler, or one soldier more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.runs.bundle import OUTPUTS, run_bundle
from allegiance.runs.ensemble import simulate
from allegiance.runs.member import begin, play_day
from allegiance.runs.spec import RunSpec
from allegiance.theory.model import Theory, draw
from allegiance.world.blueprint import build


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_twice_and_with_one_or_two_threads_gives_the_same_bytes(small: Case, tmp_path: Path) -> None:
    for name, threads in (("first", 1), ("again", 1), ("two", 2), ("five", 5)):
        run_bundle(small, RunSpec(members=4, days=25, seed=1, threads=threads), tmp_path / name)
    first = contents(tmp_path / "first")
    assert set(OUTPUTS) <= set(first)
    for name in ("again", "two", "five"):
        assert contents(tmp_path / name) == first


def test_seed_zero_is_a_seed(small: Case) -> None:
    zero, again, one = (simulate(small, RunSpec(members=2, days=20, seed=s)) for s in (0, 0, 1))
    assert zero.daily.equals(again.daily)
    assert not zero.daily.equals(one.daily)


def test_a_member_does_not_depend_on_how_many_there_are(small: Case) -> None:
    few = simulate(small, RunSpec(members=2, days=20, scale=1.0))
    many = simulate(small, RunSpec(members=6, days=20, scale=1.0))
    assert few.daily.equals(many.daily.head(len(few.daily)))


def test_one_more_soldier_changes_nobody_elses_first_day(reference: Case) -> None:
    played = []
    for strength in (11000, 11001):
        case = with_values(reference, {"sides.stronger.forces.army.strength": strength})
        plan = build(case, 5, 1.0)
        world = begin(plan, Theory(), [draw(1, 0)], 1, [0])
        play_day(world)
        company = world.company
        men = company.stop - company.start
        force = np.repeat(company.force, men)
        within = np.arange(men.sum()) - np.repeat(np.cumsum(men) - men, men)
        played.append((force, np.repeat(company.ordinal * company.places, men) + within, world.soldiers))
    (force, number, before), (force_after, number_after, after) = played
    order = np.lexsort((number, force))
    order_after = np.lexsort((number_after, force_after))
    known = set(zip(force.tolist(), number.tolist(), strict=True))
    same = [i for i in order_after if (int(force_after[i]), int(number_after[i])) in known]
    assert len(same) == len(order) == len(order_after) - 1
    for column in ("status", "ever", "disposition", "home_day", "tie", "group", "region", "category"):
        assert np.array_equal(getattr(before, column)[order], getattr(after, column)[same]), column
    assert (before.status != 0).sum() > 20, "a first day on which nobody does anything shows nothing"


def test_without_the_compiler_the_results_are_the_same() -> None:
    program = """
from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.runs.ensemble import simulate
from allegiance.runs.spec import RunSpec
case = with_values(load_case("reference"), {"sides.*.forces.*.strength": 60, "sides.*.forces.*.formation.company": 20,
    "sides.*.supply": 0.1, "war.intensity": 15})
fixed = {"choice_base_mutiny": 3.0, "cascade_trigger": 0.5}
e = simulate(case, RunSpec(members=1, days=8, scale=1.0, threads=1, seed=1, fixed=fixed))
assert len(e.events.filter(e.events["type"] == "mutiny")), "no mutiny: nothing to compare"
print(e.daily.write_csv(), e.events.write_csv(), e.members.write_csv())
"""
    found = []
    for off in ("0", "1"):
        env = os.environ | {"NUMBA_DISABLE_JIT": off}
        found.append(
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", program], env=env, capture_output=True, text=True, check=True
            ).stdout
        )
    assert found[0] == found[1]
    assert len(found[0]) > 1000


@pytest.mark.parametrize("permute", ["category", "tie"])
def test_random_labels_change_labels_and_nothing_else(small: Case, permute: str) -> None:
    plain = simulate(small, RunSpec(members=2, days=25, scale=1.0, seed=3))
    mixed = simulate(small, RunSpec(members=2, days=25, scale=1.0, seed=3, permute=permute))
    same = [c for c in plain.daily.columns if not c.startswith("share_")]
    assert plain.daily.select(same).equals(mixed.daily.select(same))
    assert not plain.individuals.equals(mixed.individuals)
