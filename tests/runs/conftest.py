"""Small cases, so that a test plays a war in a blink."""

from __future__ import annotations

import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case


@pytest.fixture(scope="session")
def reference() -> Case:
    """The neutral war of the library."""
    return load_case("reference")


@pytest.fixture(scope="session")
def small(reference: Case) -> Case:
    """The neutral war between some 1,500 soldiers, twice as bloody, so that every status is met within a month."""
    return with_values(
        reference,
        {
            "sides.stronger.forces.army.strength": 600,
            "sides.stronger.forces.guard.strength": 200,
            "sides.weaker.forces.*.strength": 600,
            "sides.*.forces.*.formation.company": 40,
            "sides.*.recruitment.*.daily_max": 8,
            "war.intensity": 8,
            "sides.*.supply": 0.4,
        },
    )
