"""Kind 7: the tables keep to the definitions that the documentation gives, and every column is explained."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

import allegiance
from allegiance.evidence.schema import EVENT_TYPES as DEFINED
from allegiance.evidence.schema import from_simulation
from allegiance.report.codebook import EVENT_COLUMNS, MEMBER_COLUMNS
from allegiance.report.result import Result
from allegiance.theory.forms import INDIVIDUAL
from allegiance.world.events import EVENT_TYPES
from allegiance.world.quantities import QUANTITIES
from faults.probe import command

KIND = "Definitions hold in the tables"
PLAYED = {
    "sample russia-chechnya-1994": {},
    "reference": {},
    "egypt-2011": {"days": 21},
    "united-kingdom-falklands-1982": {},
    "hungry reference": {"settings": {"sides.stronger.supply": 0.05, "sides.weaker.supply": 0.05}},
}


@pytest.fixture(scope="module", params=PLAYED)
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A small run of a case."""
    name = request.param.split()[-1]
    options = {"days": 30} | PLAYED[request.param]
    return allegiance.run(name, members=2, scale=0.02, threads=1, out=tmp_path_factory.mktemp("run") / "r", **options)


def test_a_refusal_has_fewer_than_twelve_people_and_a_mutiny_twelve(result: Result) -> None:
    """Refusals are by fewer than 12 people and mutinies by at least 12; a halted brigade is a type of its own."""
    events = result.events
    assert events.filter((pl.col("type") == "refusal") & (pl.col("size") >= 12)).is_empty()
    assert events.filter((pl.col("type") == "mutiny") & (pl.col("size") < 12)).is_empty()
    commanders = {"halt", "dismissal", "unit_defection", "flight", "coup_attempt", "coup_success"}
    assert set(events.filter(pl.col("rank") == "officers")["type"]) <= commanders


def test_size_is_people_and_the_rung_has_its_own_column(result: Result) -> None:
    """Size counts people in every row, and the rung of an escalation stands in `level`."""
    events = result.events
    steps = events.filter(pl.col("type") == "escalation")
    assert steps["level"].is_between(0, 5).all()
    assert events.filter(pl.col("type") != "escalation")["level"].eq(0).all()
    assert not (steps["size"].is_between(1, 5)).any()
    served = sum(f.strength.value for s in result.case.sides.values() for f in s.forces.values())
    assert events["size"].max() <= 3 * served
    alone = events.filter(pl.col("type").is_in(["defection", "desertion", "refusal", "shirking"]))
    assert alone["size"].eq(1).all()


def test_every_type_of_the_tables_is_defined(result: Result) -> None:
    """The types that occur are declared, and each is one of the definitions or of the codebook."""
    assert set(result.events["type"]) <= set(EVENT_TYPES)


def test_the_codebook_explains_each_column(result: Result) -> None:
    """Every column of the tables of events, days and members is explained, and nothing else is."""
    assert set(result.events.columns) == set(EVENT_COLUMNS)
    sides = list(result.case.sides)
    told = {n.replace("SIDE", s) for n in MEMBER_COLUMNS for s in sides}
    assert set(result.members.columns) <= told
    known = {q.name for q in QUANTITIES}
    assert set(result.daily.columns) - {"member", "day", "side", "force"} <= known


def test_the_last_day_is_start_plus_days_minus_one(result: Result) -> None:
    """No table, summary or report knows a day after the last: start + days - 1."""
    days = int(result.summary()["days"])
    last = result.case.start + timedelta(days=days - 1)
    assert result.case.last_day(days) == last
    assert result.daily["day"].max() <= days - 1
    assert result.events["day"].max() is None or result.events["day"].max() <= days - 1
    text = result.write_report().read_text(encoding="utf-8").replace(result.case.title, "")
    after = last + timedelta(days=1)
    assert f"to {after.day} {after:%B %Y}" not in text


def test_a_runs_events_fit_the_observed_ones(result: Result) -> None:
    """Simulated events enter the store by the same definitions: each type is one that sources are coded by."""
    table = from_simulation(result.events, "x", result.case.start, date.today())
    assert set(table["type"]) <= set(DEFINED)
    assert table.filter((pl.col("type") == "refusal") & (pl.col("size") >= 12)).is_empty()


@pytest.mark.parametrize("kind", sorted({*EVENT_TYPES} - {"coup_success"}))
def test_what_a_run_may_emit_is_defined(kind: str) -> None:
    """Each type a run can write has a definition."""
    assert DEFINED[kind]


@pytest.mark.parametrize("kind", [k for k in EVENT_TYPES if k not in INDIVIDUAL])
def test_what_is_declared_is_emitted_somewhere(kind: str) -> None:
    """Each declared type that is not a form of single soldiers is written by some part of the day."""
    source = Path(allegiance.__file__).parent / "day"
    text = "".join(p.read_text(encoding="utf-8") for p in [*source.glob("*.py"), source.parent / "runs" / "member.py"])
    assert f'"{kind}"' in text


@pytest.mark.parametrize(
    ("days", "day", "fine"),
    [("25", "2000-01-25", True), pytest.param("25", "2000-01-26", False, id="sample 25 days"), 
     ("180", "2000-06-28", True), ("180", "2000-06-29", False),
     ("366", "2000-12-31", True), ("366", "2001-01-01", False)],
)  # fmt: skip
def test_a_decision_may_fall_on_the_last_day_and_on_none_after(
    days: str, day: str, fine: bool, template: str, tmp_path: Path
) -> None:
    """A decision on the last day is taken, one on the day after is refused with the last day named."""
    path = tmp_path / "m.yaml"
    text = template.replace("days: 180", f"days: {days}").replace("date: 2000-04-01", f"date: {day}")
    path.write_text(text, encoding="utf-8")
    said = command("case", "check", str(path)).all
    late = [line for line in said.splitlines() if "decisions.call-up.date" in line and "after the horizon" in line]
    last = date(2000, 1, 1) + timedelta(days=int(days) - 1)
    assert (not late) == fine
    assert fine or f"ends on {last}" in late[0]
