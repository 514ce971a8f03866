"""C12: punishment moves disobedience from the open into the hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.forms import NAMES, Routes
from allegiance.theory.hidden_effort import (
    MECHANISM,
    deterrence,
    displacement,
    misdirected,
    punishment_grievance,
    upkeep,
)

DETER, DISPLACE, AGGRIEVE = (MECHANISM.parameter(n).value for n in ("deterrence", "displacement", "aggrieve"))
ROUTES = {t.formula.__name__: t.into for t in MECHANISM.terms if isinstance(t.into, Routes)}
share = st.floats(0.0, 1.0)
grievance = st.floats(0.0, 10.0)


@given(share, share)
def test_deterrence_is_certainty_times_severity(monitoring: float, punishment: float) -> None:
    """Becker: neither works without the other, and the two are exchangeable."""
    assert deterrence(monitoring, punishment, DETER) == pytest.approx(deterrence(punishment, monitoring, DETER))
    assert deterrence(0.0, punishment, DETER) == 0.0
    assert deterrence(monitoring, 0.0, DETER) == 0.0
    assert deterrence(monitoring, punishment, DETER) <= 0.0


@given(share, share, grievance, st.floats(0.1, 5.0))
def test_the_aggrieved_are_displaced_and_the_content_are_not(m: float, p: float, g: float, more: float) -> None:
    assert displacement(m, p, 0.0, DISPLACE) == 0.0
    assert displacement(m, p, g + more, DISPLACE) >= displacement(m, p, g, DISPLACE)
    assert displacement(m, p, g, DISPLACE) <= DISPLACE


def test_more_punishment_lowers_open_mutiny_and_raises_shirking() -> None:
    """The claim for a man with grievance 2, routed as the choice does, punishment's own grievance included."""
    effect = {}
    for form, deter, shift in zip(NAMES, ROUTES["deterrence"].array(), ROUTES["displacement"].array(), strict=True):
        open_, hidden = deterrence(0.8, 0.8, DETER), displacement(0.8, 0.8, 2.0, DISPLACE)
        effect[form] = deter * open_ + shift * hidden + punishment_grievance(0.8, AGGRIEVE)
    assert effect["shirking"] > 0.0
    assert all(effect[form] < 0.0 for form in ("refusal", "desertion", "defection", "mutiny"))


def test_punishment_aggrieves_in_proportion() -> None:
    assert punishment_grievance(0.0, AGGRIEVE) == 0.0
    assert punishment_grievance(0.5, AGGRIEVE) == pytest.approx(AGGRIEVE / 2)


def test_known_values() -> None:
    assert deterrence(0.5, 0.5, 2.0) == pytest.approx(-0.5)
    assert displacement(1.0, 1.0, 1.0, 1.0) == pytest.approx(0.5)
    assert displacement(0.5, 0.5, 3.0, 1.0) == pytest.approx(0.1875)


def test_deterrence_does_not_reach_what_is_hidden() -> None:
    assert ROUTES["deterrence"].shares.get("shirking", 0.0) == 0.0
    assert [form for form, share in ROUTES["displacement"].shares.items() if share] == ["shirking"]


def test_equipment_decays_where_men_shirk_and_is_mended_where_they_do_not() -> None:
    assert upkeep(1.0, 0.0, 0.02, 0.03) == 1.0
    assert upkeep(1.0, 0.5, 0.02, 0.03) == pytest.approx(0.99)
    assert upkeep(0.5, 0.0, 0.02, 0.03) == pytest.approx(0.515)
    state = 1.0
    for _ in range(2000):
        state = float(upkeep(state, 0.5, 0.02, 0.03))
    assert state == pytest.approx(0.75), "it settles where wear and repair are equal"


def test_supply_is_lost_in_proportion_to_those_who_shirk() -> None:
    assert misdirected(0.0, 0.2) == 0.0
    assert misdirected(0.5, 0.2) == pytest.approx(0.1)
