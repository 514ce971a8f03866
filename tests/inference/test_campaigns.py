"""Campaigns on a small world: what a draft knows, what it does not, resumption, a table of one's own, refusals."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from small_world import world as small_world

from allegiance.base.errors import AllegianceError
from allegiance.base.owner import owned
from allegiance.cases.draft.panel import load_panel
from allegiance.cases.paths import case_hash
from allegiance.inference import campaigns
from allegiance.inference.campaign_list import campaign_years, coded, onsets
from allegiance.inference.campaigns import CODED, INPUTS, TABLE, draft_campaigns, play_campaigns, wanted
from allegiance.runs.cluster import joined

HEAD = "navco_id,camp_name,year,cowcode,target_cowcode,nonviolent,total_part,camp_size,sec_defect,repression"
TEN = [
    "1,Crowd A,2005,432,432,1,50000,2,0,3", "1,Crowd A,2006,432,432,1,400000,3,1,3",
    "2,Rebels A,2004,432,432,0,900,0,0,3", "3,Crowd B,2006,433,433,1,,3,1,2", "4,Rebels B,2003,434,434,0,,1,,3",
    "5,Crowd C,2002,435,435,1,3000,1,0,1", "6,Rebels C,2001,436,436,0,20,0,1,3", "7,Crowd D,2007,437,437,1,,,0,0",
    "8,Rebels D,2005,438,438,0,,,1,3", "9,Abroad,2005,439,432,0,500,0,0,3", "10,Crowd E,2008,439,439,1,900000,4,1,2",
]  # fmt: skip

CROWDS = [row for row in TEN if "Crowd" in row]
"""The five of them that last a month and are cheap to play."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_world(tmp_path_factory.mktemp("tables"))


def listed(folder: Path, rows: list[str], head: str = HEAD) -> Path:
    path = folder / "campaigns.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def made(rows: list[str], tables: Path, tmp_path: Path) -> tuple[pl.DataFrame, list[campaigns.Planned]]:
    table = campaign_years(file=listed(tmp_path, rows))
    return table, draft_campaigns(onsets(table), tables)


def played(out: Path, table: pl.DataFrame, plans: list[campaigns.Planned], workers: int = 1) -> pl.DataFrame:
    with owned(out, "campaigns", wanted(plans, table, 2, 0, 0.02)) as held:
        return play_campaigns(plans, table, held, members=2, scale=0.02, workers=workers)


def test_method_and_size_of_the_first_year_make_the_draft(tables: Path, tmp_path: Path) -> None:
    _, plans = made(TEN, tables, tmp_path)
    by = {p.onset.number: p for p in plans}
    assert len(by) == 10
    assert by["9"].draft is None
    assert "outside the target state" in by["9"].why_not
    crowd, rebels, few = (by[k].draft for k in ("1", "2", "6"))
    assert crowd is not None
    assert rebels is not None
    assert few is not None
    assert (crowd.case.war.kind, rebels.case.war.kind) == ("repression", "civil")
    wave = crowd.case.sides["mali"].protest.waves[0]
    assert wave.participants.value == pytest.approx(50_000 * 0.1 * 30)
    assert str(crowd.case.start) == "2005-01-01"
    assert [f.strength.value for f in rebels.case.sides["rebels"].forces.values()] == [900.0]
    assert [f.strength.value for f in few.case.sides["rebels"].forces.values()] == [100.0]


def test_nothing_of_how_it_went_feeds_a_draft(tables: Path, tmp_path: Path) -> None:
    _, plans = made(TEN, tables, tmp_path)
    blind = [",".join([*row.split(",")[:8], "", "0"]) for row in TEN if not row.startswith("1,Crowd A,2006")]
    other = tmp_path / "blind"
    other.mkdir()
    _, again = made(blind, tables, other)
    before, after = ([case_hash(p.draft.case) for p in part if p.draft] for part in (plans, again))
    assert before == after


def test_ten_campaigns_are_played(tables: Path, tmp_path: Path) -> None:
    whole = played(tmp_path / "whole", *made(TEN, tables, tmp_path))
    assert whole.height == 10
    assert whole["loyalty_shift"].drop_nulls().is_between(0, 1).all()
    assert whole["why_not"].null_count() == 9


def test_what_was_cut_off_goes_on_from_its_parts(tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, plans = made(CROWDS, tables, tmp_path)
    whole = played(tmp_path / "whole", table, plans)
    calls, real = [], campaigns.play_some

    def third_fails(*args: object) -> list[dict[str, object]]:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(campaigns, "bundles", lambda cases, members: [[k] for k in range(len(cases))])
    monkeypatch.setattr(campaigns, "play_some", third_fails)
    with pytest.raises(KeyboardInterrupt):
        played(tmp_path / "broken", table, plans)
    assert played(tmp_path / "broken", table, plans).equals(whole)
    assert len(calls) == 3 + 3
    for name in (TABLE, INPUTS, CODED, "campaigns.csv", "manifest.json"):
        assert (tmp_path / "broken" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def test_the_same_bytes_on_a_cluster(tables: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra: cluster")
    table, plans = made(CROWDS[:3], tables, tmp_path)
    played(tmp_path / "here", table, plans)
    with joined("local:2"):
        played(tmp_path / "there", table, plans)
    for name in (TABLE, INPUTS, CODED, "manifest.json"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes(), name


def test_codings_are_kept_apart(tmp_path: Path) -> None:
    found = coded(campaign_years(file=listed(tmp_path, TEN)))
    assert found.filter(pl.col("number") == "1").row(0) == ("1", 1, None, 0)
    assert found.filter(pl.col("number") == "4").row(0) == ("4", None, None, None)


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        (TEN, HEAD.replace("nonviolent", "violent"), "has no column nonviolent"),
        (["1,A,2005,432,432,1,many,2,0,3"], HEAD, "row 1: total_part is 'many', not a number"),
        (["1,A,2005,432,432,2,50,2,0,3"], HEAD, "row 1: nonviolent is 2.0, not 0 or 1"),
        (["1,A,2005,432,432,1,50,9,0,3"], HEAD, "row 1: camp_size is 9.0, not a class from 0 to 5"),
        (["1,A,205,432,432,1,50,2,0,3"], HEAD, "row 1: year is 205.0, not a year"),
        (["1,A,2005,432,432,1,50,2,7,3"], HEAD, "row 1: sec_defect is 7.0"),
        ([], HEAD, "holds a header and no rows"),
    ],
)
def test_a_table_that_is_none_is_refused_with_a_cure(rows: list[str], head: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match=said) as told:
        campaign_years(file=listed(tmp_path, rows, head))
    assert "NAVCO" in str(told.value)


def test_an_unknown_state_and_years_without_campaigns(tables: Path, tmp_path: Path) -> None:
    table = campaign_years(file=listed(tmp_path, ["1,A,2005,,9999,1,50,2,0,3"]))
    plan = draft_campaigns(onsets(table), load_panel(tables) and tables)[0]
    assert plan.why_not == "no state of our list has the code 9999"
    with pytest.raises(AllegianceError, match="no campaign began"):
        onsets(table, (1960, 1970))
