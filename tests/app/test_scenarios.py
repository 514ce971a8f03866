"""Scenarios: named what-ifs and levers as text in an address, pinned side by side."""

from __future__ import annotations

import pytest

from allegiance.app.answers import pinned
from allegiance.app.levers import levers
from allegiance.app.scenario import Scenario, parse, scenario
from allegiance.app.whatif_task import differences
from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import library, load_case
from allegiance.cases.paths import with_values

CASE = load_case("united-kingdom-falklands-1982")


def test_a_scenario_survives_the_address() -> None:
    known = levers(CASE)
    asked = scenario(CASE, {"sides.argentina.supply": 0.15, "decisions.second-brigade.enabled": 0}, known)
    assert scenario(CASE, parse(asked.text()), known) == asked
    assert asked.label(CASE, known).startswith("Argentina, supply: share of needs met: 0.15 instead of")


@pytest.mark.parametrize("name", library()[::5])
def test_every_named_what_if_of_a_case_can_be_asked_for(name: str) -> None:
    case = load_case(name)
    for key, told in case.counterfactuals.items():
        found = scenario(case, parse(f"preset={key}"))
        assert found.values == dict(told.set)
        assert with_values(case, found.values) != case
        assert found.label(case, []) == told.label


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AllegianceError, match="no what-if named"):
        scenario(CASE, {"preset": "../../etc/passwd"})


def test_scenarios_stand_side_by_side_and_markup_is_text() -> None:
    row = {"mutiny": 0.0, "coup_attempt": 0.0, "defection": 0.0, "desertion": 0.01, "refusal": 0.0, "shirking": 0.1,
           "killed": 100.0, "served": 1000.0}  # fmt: skip
    base = {f"{s}.{k}": v for s in CASE.sides for k, v in row.items()} | {
        "war.duration_days": 40.0, "war.mean_log_ratio": 0.1, "escalation.max_level": 1, "civilians_killed": 3.0,
    }  # fmt: skip
    more = base | {"argentina.desertion": 0.21}
    rows = differences(CASE, [base] * 4, [more] * 4)
    shown = {"A": ("<b>fed</b>", "?x", {"rows": rows, "pairs": 4, "of": 64})}
    html = str(pinned(CASE, shown))
    assert "&lt;b&gt;fed" in html
    assert "▲ 21.0" in html
    assert pinned(CASE, {}) is None
    assert Scenario().text() == ""
    count = next(r for r in rows if r["key"] == "argentina.desertion#")
    assert (count["baseline"], count["changed"], count["of"]) == (10.0, 210.0, [1000.0, 1000.0])
