"""From makers' files to tables, on small excerpts made by hand in the makers' formats."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.cases.draft.columns import COLUMNS, LISTS
from allegiance.evidence.catalogue import catalogue, find


def made(key: str, raw: Path) -> dict[str, pl.DataFrame]:
    source = find(key)
    assert source.standardise is not None
    return dict(source.standardise(raw))


def test_capabilities_come_out_of_an_archive_in_an_archive(tmp_path: Path) -> None:
    text = (
        "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n"
        "MLI,432,2010,150000,7,0,300,15400,1800,0.0006,2021\nMLI,432,2009,-9,7,-9,300,15000,1700,0.0006,2021\n"
    )
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("NMC-60-abridged.csv", text)
    with zipfile.ZipFile(tmp_path / "NMC_Documentation-6.0.zip", "w") as archive:
        archive.writestr("readme.txt", "documentation")
        archive.writestr("NMC-60-abridged.zip", inner.getvalue())
    table = made("nmc", tmp_path)["wars-and-capabilities/cow_nmc_state_year"]
    assert table.select("year", "milex", "irst").rows() == [(2009, None, None), (2010, 150000, 0)]
    assert table["milper"].to_list() == [7, 7]


def test_an_archive_without_the_table_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "NMC_Documentation-6.0.zip", "w") as archive:
        archive.writestr("other.csv", "a\n1\n")
    with pytest.raises(AllegianceError, match="has changed"):
        made("nmc", tmp_path)


def test_recruitment_is_turned_into_conscription(tmp_path: Path) -> None:
    (tmp_path / "toronto_clean.csv").write_text(
        "ccode,cabbr,year,recruit,tmenlist,mil,estimate,version,country\n"
        "700,AFG,1971,0,24,1,0,2014,Afghanistan\n700,AFG,2002,1,NA,1,1,2014,Afghanistan\n"
        "700,AFG,1945,NA,NA,NA,NA,2014,Afghanistan\n"
    )
    table = made("toronto", tmp_path)["conscription-toronto/conscription_country_year_1945_2013"]
    assert table["conscription"].to_list() == [None, 1.0, 0.0]
    assert table["service_months"].to_list() == [None, 24.0, None]


def test_personnel_comes_from_the_interface_without_aggregates(tmp_path: Path) -> None:
    records = [
        {"countryiso3code": "EGY", "date": "2010", "value": 835500},
        {"countryiso3code": "EGY", "date": "2011", "value": None},
        {"countryiso3code": "WLD", "date": "2010", "value": 27000000},
    ]
    path = tmp_path / "MS.MIL.TOTL.P1.json"
    path.write_text(json.dumps([{"page": 1, "pages": 1}, records]))
    table = made("world-bank-forces", tmp_path)["armed-forces-paramilitary/armed_forces_total_vs_nmc"]
    assert table.select("iso3", "gwcode", "year", "personnel_total").rows() == [("EGY", 651, 2010, 835500.0)]
    path.write_text(json.dumps([{"page": 1, "pages": 3}, records]))
    with pytest.raises(AllegianceError, match="has changed"):
        made("world-bank-forces", tmp_path)
    path.write_text("<html>")
    with pytest.raises(AllegianceError, match="cannot read"):
        made("world-bank-forces", tmp_path)


def test_ethnic_power_keeps_its_periods(tmp_path: Path) -> None:
    (tmp_path / "EPR-2021.csv").write_text(
        "gwid,statename,from,to,group,groupid,gwgroupid,umbrella,size,status,reg_aut\n"
        "651,Egypt,1968,2021,Arab Muslims,1,65101000,,0.91,MONOPOLY,\n"
    )
    table = made("epr", tmp_path)["epr-2021/epr_groups_1946_2021"]
    assert table.select("gwid", "from", "to", "size", "status").rows() == [(651, 1968, 2021, 0.91, "MONOPOLY")]
    (tmp_path / "EPR-2021.csv").write_text("gwid,statename\n651,Egypt\n")
    with pytest.raises(AllegianceError, match="has changed"):
        made("epr", tmp_path)


def test_vdem_is_read_by_code_and_colonies_are_left_out(tmp_path: Path) -> None:
    names = ["v2x_ex_military", "v2x_neopat", "v2xnp_pres", "v2csreprss", "v2clkill", "v2x_clphy", "v2clsocgrp",
             "v2exembez", "v2x_polyarchy", "v2xcs_ccsi"]  # fmt: skip
    rows = ["country_name,COWcode,year," + ",".join(names)]
    rows += [f"{place},{code},{year},{','.join(['0.5'] * 10)}" for place, code, year in
             (("Germany", 255, 2000), ("Somaliland", "", 2000), ("Germany", 255, 1970))]  # fmt: skip
    (tmp_path / "V-Dem-CY-Core-v15.csv").write_text("\n".join(rows) + "\n")
    tables = made("vdem", tmp_path)
    assert tables["vdem-subset/vdem_country_year_1970_2021"].select("gwcode", "year").rows() == [
        (260, 1970),
        (260, 2000),
    ]
    assert len(tables["vdem-subset/vdem_democracy_1789_2024"]) == 2


def test_every_column_a_draft_reads_has_a_source_with_that_table() -> None:
    known = catalogue()
    for column in COLUMNS.values():
        assert column.source in known, column.name
        assert known[column.source].card.address
        assert column.lag >= 1
        assert column.good >= 1
    assert set(LISTS.values()) <= set(known)


def test_the_tables_of_the_folder_have_the_columns(data_dir: Path) -> None:
    from allegiance.evidence.folder import read_table

    for column in COLUMNS.values():
        wanted = [column.state, column.column, *([column.year] if column.year else [])]
        assert read_table(data_dir, column.table, wanted).width == len(wanted)


def test_a_users_export_of_events_is_read(tmp_path: Path) -> None:
    head = "event_id_cnty,event_date,event_type,sub_event_type,country,iso,latitude,longitude,fatalities\n"
    (tmp_path / "a.csv").write_text(head + "MLI1,2012-03-21,Battles,Armed clash,Mali,466,12.6,-8.0,3\n")
    (tmp_path / "b.csv").write_text(
        head + "MLI2,17 January 2012,Battles,Armed clash,Mali,466,16.0,0.1,1\n"
        "MLI1,2012-03-21,Battles,Armed clash,Mali,466,12.6,-8.0,3\n"
    )
    table = made("acled-export", tmp_path)["acled-export/events"]
    assert table["event_id_cnty"].to_list() == ["MLI2", "MLI1"]
    (tmp_path / "c.csv").write_text(head + "MLI3,last week,Battles,Armed clash,Mali,466,12.6,-8.0,3\n")
    with pytest.raises(AllegianceError, match="row 2: event_date 'last week' is no day"):
        made("acled-export", tmp_path)


def test_georeferenced_events_are_read_from_the_file(tmp_path: Path) -> None:
    columns = (
        "id,country_id,country,date_start,type_of_violence,side_a,side_b,deaths_a,deaths_b,deaths_civilians,"
        "deaths_unknown,best,low,high,latitude,longitude,date_prec"
    )
    row = "7,432,Mali,2012-01-24 00:00:00.000,1,Government of Mali,MNLA,82,0,0,0,82,70,97,20.2,1.0,1"
    (tmp_path / "GEDEvent_v25_1.csv").write_text(f"{columns}\n{row}\n{row}\n")
    table = made("ucdp-ged", tmp_path)["ucdp-ged/events"]
    assert len(table) == 1
    assert str(table["date"][0]) == "2012-01-24"
    assert table["best"][0] == 82


MARS = (
    "warcode\tcampcode\tccode\tyrstart\tyrend\tcivilwar\tkialow\tkiahigh\tdesertion\n"
    "12\t1\t2\t1861\t1865\t1\t110000\t140000\t1\n12\t1\t1001\t1861\t{end}\t1\t75000\t95000\t1\n\t\t\t\t\t\t\t\t\n"
)


def test_project_mars_keeps_what_its_maker_named(tmp_path: Path) -> None:
    (tmp_path / "mars.tab").write_text(MARS.format(end=1865))
    table = made("project-mars", tmp_path)["project-mars/belligerents"]
    assert table.select("war", "ccode", "first_year", "killed_high").rows() == [
        (12, 2, 1861, 140_000), (12, 1001, 1861, 95_000),
    ]  # fmt: skip
    assert table["desertion"].to_list() == [1, 1]
    (tmp_path / "mars.tab").write_text(MARS.format(end=1860))
    with pytest.raises(AllegianceError, match="war 12 of 1001 ends in 1860, before 1861"):
        made("project-mars", tmp_path)
    (tmp_path / "mars.tab").write_text(MARS.format(end="late"))
    with pytest.raises(AllegianceError, match="codes, years and deaths are numbers"):
        made("project-mars", tmp_path)
    (tmp_path / "mars-2.csv").write_text("a\n1\n")
    with pytest.raises(AllegianceError, match="must hold one file of Project Mars, not 2"):
        made("project-mars", tmp_path)
