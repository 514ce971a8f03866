"""Competing coding rules and the common schema of observed and simulated events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.evidence.catalogue import catalogue, gather
from allegiance.evidence.coding import DEFAULTS, RULES, code
from allegiance.evidence.schema import EVENT_SCHEMA, EVENT_TYPES, conform, from_simulation


@pytest.fixture(scope="session")
def observed(data_dir: Path) -> pl.DataFrame:
    return gather(data_dir)


def ukraine(table: pl.DataFrame) -> int:
    coups = table.filter((pl.col("type") == "coup_attempt") & (pl.col("gwcode") == 369))
    return coups.filter(pl.col("date") == date(2014, 2, 22)).height


@pytest.mark.parametrize(
    ("rule", "counted"),
    [("powell-thyne", 1), ("cline", 1), ("cline-elite", 0), ("cline-plots", 1), ("colpus", 0), ("colpus-strict", 0)],
)
def test_ukraine_2014_depends_on_the_rule(observed: pl.DataFrame, rule: str, counted: int) -> None:
    assert ukraine(code(observed, [rule])) == counted


def test_default_counts(observed: pl.DataFrame) -> None:
    table = code(observed)
    assert set(table["coding"]) == set(DEFAULTS)
    assert table.filter(pl.col("type") == "coup_attempt").height == 476
    assert table.filter(pl.col("stage") != "event").is_empty()


def test_plots_count_only_when_asked(observed: pl.DataFrame) -> None:
    wide, widest = (code(observed, [r]).filter(pl.col("coding") == r).height for r in ("cline", "cline-plots"))
    assert widest - wide == 182


def test_a_mutiny_that_became_a_coup(observed: pl.DataFrame) -> None:
    here = (pl.col("gwcode") == 432) & (pl.col("date") == date(2012, 3, 22))
    assert code(observed).filter(here)["type"].to_list() == ["coup_attempt"]
    assert sorted(code(observed, ["johnson-and-grown"]).filter(here)["type"]) == ["coup_attempt", "mutiny"]


def test_rules_are_checked() -> None:
    empty = pl.DataFrame(schema=EVENT_SCHEMA)
    with pytest.raises(AllegianceError, match="did you mean 'colpus'"):
        code(empty, ["colpuss"])
    with pytest.raises(AllegianceError, match="choose one"):
        code(empty, ["cline", "colpus"])
    assert all(rule.type in EVENT_TYPES for rule in RULES.values())


def test_simulated_events_share_the_table() -> None:
    kinds = pl.Enum(["mutiny", "coup_attempt", "coup_success", "end"])
    engine = pl.DataFrame(
        {
            "member": [0, 1, 1, 1, 1], "day": [3, 7, 400, 400, 401], "side": ["a"] * 5, "force": ["army"] * 5,
            "type": ["mutiny", "coup_attempt", "coup_attempt", "coup_success", "end"],
            "formation": ["brigade 1", "", "", "", ""], "company": ["company 7", "", "", "", ""],
            "size": [80.0, 0.0, 0.0, 0.0, 0.0], "weight": [1.0] * 5, "violent": [True] + [False] * 4,
            "rank": ["troops"] + ["officers"] * 4, "grievance": [0.7] * 5, "outcome": [""] * 4 + ["settlement"],
        },
        schema_overrides={"type": kinds},
    )  # fmt: skip
    table = from_simulation(engine, "case-0", date(2022, 2, 24), date(2024, 1, 1))
    assert table.columns == list(EVENT_SCHEMA)
    assert table["type"].to_list() == ["mutiny", "coup_attempt", "coup_attempt", "end"]
    assert table["success"].to_list() == [None, False, True, None]
    assert table["formation"][0] == "brigade 1, company 7"
    assert table["note"].to_list() == [None, None, None, "settlement"]
    assert table["date"].to_list()[:1] == [date(2022, 2, 27)]
    assert set(table["source"]) == {"simulation:case-0"}


def test_conform_fills_and_refuses() -> None:
    day = date(2000, 1, 1)
    row = {"event_id": "1", "type": "mutiny", "date": day, "date_known": day, "retrieved": day, "source": "s"}
    table = conform(pl.DataFrame([row]), "s")
    assert (table["stage"].item(), table["date_precision"].item()) == ("event", "day")
    with pytest.raises(AllegianceError, match="lack 'date'"):
        conform(pl.DataFrame([row | {"date": None}], schema_overrides={"date": pl.Date}), "s")
    with pytest.raises(AllegianceError, match="unknown stage"):
        conform(pl.DataFrame([row | {"stage": "dream"}]), "s")


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_source_has_a_whole_card(key: str) -> None:
    source = catalogue()[key]
    card = source.card
    for text in (card.title, card.producer, card.citation, card.licence, card.counts, card.address):
        assert len(text) >= 3
    assert card.doubts
    assert all(fix.reason and fix.on <= date.today() for fix in card.corrections)
    assert all(r.url.startswith("https://") for r in source.remotes)
    assert (source.access == "download") == bool(source.remotes)
    assert source.access == "download" or source.how


def test_the_sources_named_by_the_project_are_there() -> None:
    wanted = {"coupcats", "powell-thyne", "cline", "colpus", "reign", "forecaster2", "demspaces", "navco",
              "mass-mobilization", "ucdp", "acled", "economist", "general-staff", "oryx", "mutinies"}  # fmt: skip
    assert wanted <= set(catalogue())
