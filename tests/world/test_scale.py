"""How much of an army a run plays must not change what is to be expected of it."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.cases.loader import load_case
from allegiance.runs.ensemble import play_rows
from allegiance.runs.spec import RunSpec

# Many outcomes are compared, so that each may differ by this many standard errors (and a bit, below what matters).
MOST_ERRORS = 4.5
ROOM = 0.03
CASES = ("reference", "egypt-2011", "myanmar-2021", "russia-chechnya-1994", "syria-2011", "wagner-2023")
DAYS, MEMBERS = 60, 48


def means(name: str, scale: float, days: int, members: int, first: int = 0) -> dict[str, tuple[float, float, float]]:
    """Mean of every outcome over members, its standard error, and the mean of its absolute value."""
    case = load_case(name)
    spec = RunSpec(members=first + members, days=days, scale=scale, seed=11).settled(case)
    rows = play_rows(case, spec, range(first, first + members))
    made = {}
    for key, value in rows[0].items():
        if key in ("member", "war.end") or not isinstance(value, int | float):
            continue
        values = np.array([row[key] for row in rows], float)
        values = values[np.isfinite(values)]
        if len(values) > 2:
            # the two members of a draw are one observation
            pairs = values[: len(values) // 2 * 2].reshape(-1, 2).mean(axis=1)
            made[key] = (
                float(values.mean()),
                float(pairs.std(ddof=1) / np.sqrt(len(pairs))),
                float(np.abs(values).mean()),
            )
    return made


def differing(
    one: dict[str, tuple[float, float, float]], other: dict[str, tuple[float, float, float]]
) -> dict[str, object]:
    """Outcomes whose means differ by more than chance explains; both were played with the same draws of parameters."""
    found: dict[str, object] = {}
    for key, (mean, error, size) in one.items():
        if key not in other:
            continue
        there, theirs, _ = other[key]
        if abs(mean - there) > MOST_ERRORS * float(np.hypot(error, theirs)) + ROOM * size:
            found[key] = (mean, error, there, theirs)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_means_of_all_outcomes_are_the_same_at_every_scale(name: str) -> None:
    whole = means(name, 1.0, DAYS, MEMBERS)
    assert len(whole) > 15
    for scale in (0.2, 0.05, 0.02):
        assert differing(whole, means(name, scale, DAYS, MEMBERS)) == {}, scale


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.parametrize("name", ["reference", "wagner-2023"])
def test_means_of_all_outcomes_are_the_same_at_a_twentieth(name: str) -> None:
    days = 30 if name == "reference" else 10
    assert differing(means(name, 1.0, days, 24), means(name, 0.05, days, 24)) == {}


@pytest.mark.slow
def test_contagion_between_companies_of_a_brigade_works_at_every_scale() -> None:
    """A neighbour's mutiny adds mutineers in a sample as it does in the whole army."""
    added = []
    case = load_case("france-1917")
    for scale in (0.2, 0.02):
        totals = []
        for weight in (0.0, 6.0):
            # mutinies that last, so that a neighbour has time to follow
            fixed = {"cascade_neighbours": weight, "choice_base_mutiny": -5.0, "suppression_rate": 0.02}
            spec = RunSpec(
                members=4, days=60, scale=scale, seed=3, sample_parameters=False, fixed=fixed
            ).settled(case)  # fmt: skip
            totals.append(
                np.mean(
                    [
                        sum(v for k, v in row.items() if k.endswith(".mutineers"))
                        for row in play_rows(case, spec, range(4))
                    ]
                )
            )
        added.append(totals[1] / totals[0])
    assert min(added) > 1.02, added
    assert added[0] == pytest.approx(added[1], rel=0.15)
