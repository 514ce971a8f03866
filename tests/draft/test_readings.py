"""Readings on a small world of known figures: formulas, fallbacks, ranges, and nothing later than the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_world import world

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Basis
from allegiance.cases.draft import army, contest, parallel, people, proofing, wants
from allegiance.cases.draft.about import About
from allegiance.cases.draft.panel import Panel, load_panel


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return load_panel(world(tmp_path))


def mali(panel: Panel, year: int = 2005, task: str = "peace") -> About:
    return About(panel, 432, date(year, 1, 1), task)


def test_a_count_is_measured_and_its_range_grows_with_age(panel: Panel) -> None:
    fresh, old = army.strength(mali(panel)), army.strength(mali(panel, 2016))
    assert (fresh.value, fresh.basis, fresh.source) == (7000, Basis.measured, "nmc")
    assert (fresh.low, fresh.high) == pytest.approx((6300, 7700))
    assert old.value == 7000
    assert old.high - old.low > fresh.high - fresh.low


def test_after_five_years_a_count_is_no_longer_good(panel: Panel) -> None:
    with pytest.raises(AllegianceError, match="no strength of the army of Mali"):
        army.strength(mali(panel, 2018))


def test_the_year_itself_is_not_known_on_its_first_day(panel: Panel) -> None:
    found = mali(panel, 1991).own("milper")
    assert found is not None
    assert found.year == 1990
    assert mali(panel, 1990).own("milper") is None


def test_conscripts_follow_from_the_cohort(panel: Panel) -> None:
    """Ten and a half million people, two years' service: 113,400 of the cohort for 7,000 places; few are picked."""
    mix = army.composition(mali(panel))
    ratio = 10_500_000 * army.COHORT * army.SERVE * 2 / 7000
    assert mix["conscript"].value == pytest.approx(max(0.2, 0.85 * (army.SELECTIVE / ratio) ** 0.5))
    assert mix["conscript"].value + mix["contract"].value == pytest.approx(1)
    assert army.horizons(mali(panel))["conscript"].value == pytest.approx(24 * army.MONTH_DAYS)


def test_counterbalancing_takes_the_greater_of_two_counts(panel: Panel) -> None:
    found = proofing.counterbalancing(mali(panel))
    assert found.value == pytest.approx(max(0.1 + 0.75 * (1 - 2.718281828**-1), 0.1 + 0.9 * 0.5))
    assert found.basis is Basis.estimated
    assert proofing.counterbalancing(About(panel, 433, date(2005, 1, 1))).value == pytest.approx(0.1)


def test_an_effective_number_of_two_is_two_equal_forces() -> None:
    assert parallel._army_share(2.0, 1) == pytest.approx(0.5, abs=1e-6)
    assert parallel._army_share(1.1, 1) > 0.9


def test_each_step_down_widens_the_range_and_lowers_the_basis(panel: Panel, tmp_path: Path) -> None:
    own = proofing.stacking(mali(panel))
    peers = proofing.stacking(About(panel, 437, date(2005, 1, 1)))
    bare = proofing.stacking(About(load_panel(world(tmp_path / "bare", only_armies=True)), 432, date(2005, 1, 1)))
    assert [own.basis, bare.basis] == [Basis.estimated, Basis.judgement]
    widths = [f.high - f.low for f in (own, peers, bare)]
    assert widths[0] <= widths[1] <= widths[2]
    assert widths[0] < widths[2]


def test_more_spending_feeds_better(tmp_path: Path) -> None:
    poor, rich = (load_panel(world(tmp_path / str(s), spend=s)) for s in (10_000, 90_000))
    for read in (wants.supply, lambda a: wants.quality(a, "regular"), lambda a: wants.equipment(a, "regular")):
        assert read(mali(rich)).value > read(mali(poor)).value


def test_groups_lean_to_those_in_power_and_a_guard_further(panel: Panel) -> None:
    army_, guard = people.ranks(mali(panel), "regular"), people.ranks(mali(panel), "guard")
    assert army_["north"].value == pytest.approx(0.1 * 0.4 / (0.9 * 1.2 + 0.1 * 0.4))
    assert guard["north"].value < army_["north"].value < 0.1
    assert people.tie(mali(panel), "south", "north").value == pytest.approx(0.2)
    assert people.tie(mali(panel, 2010), "south", "north").value == pytest.approx(0.45)


def test_past_coups_count_only_once_known(panel: Panel) -> None:
    before, after = About(panel, 432, date(2009, 5, 3)), About(panel, 432, date(2009, 5, 20))
    assert proofing.attempts(before, 5) == []
    assert len(proofing.attempts(after, 5)) == 1
    assert proofing.coup_rate(after).value > proofing.coup_rate(before).value


def test_what_an_army_faces_is_known_by_the_day(panel: Panel) -> None:
    def task(year: int, month: int) -> str:
        return contest.task_of(About(panel, 432, date(year, month, 2)))

    assert [task(2000, 3), task(2000, 7), task(2001, 5), task(2002, 1)] == ["peace", "civil", "civil", "peace"]
    assert [task(2006, 1), task(2006, 3), task(2007, 2), task(2007, 4)] == [
        "peace",
        "interstate",
        "interstate",
        "peace",
    ]
    assert contest.enemies(About(panel, 436, date(2006, 6, 1))) == [432]
