"""Campaigns, worlds, sweeps and scores of them: tables of one's own, foreign folders, endless grids, years of none."""

from __future__ import annotations

import codecs
import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from allegiance.inference.campaign_list import campaign_years, coded
from faults.probe import TINY_WORDS, command, refused

KIND = "Sets of armies"
ROWS = "navco_id,camp_name,year,target_cowcode,nonviolent,total_part,camp_size\n7,Crowd,1990,432,1,1000,1\n"
READ = {
    "semicolons": ROWS.replace(",", ";").encode(),
    "tabs": ROWS.replace(",", "\t").encode(),
    "UTF-16": codecs.BOM_UTF16_LE + ROWS.encode("utf-16-le"),
    "UTF-8 with a mark": codecs.BOM_UTF8 + ROWS.encode(),
    "Windows line ends": ROWS.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("form", READ)
def test_tables_of_campaigns_that_are_read(form: str, tmp_path: Path) -> None:
    """A table of campaigns of one's own is read as meant, whatever saved it."""
    path = tmp_path / "mine.csv"
    path.write_bytes(READ[form])
    assert campaign_years(file=path).row(0, named=True)["total_part"] == 1000


REFUSED = {
    "Latin-1": (ROWS.replace("Crowd", "Été"), "not UTF-8 text"),
    "a header only": (ROWS.splitlines()[0], "no rows"),
    "nothing": ("", "is empty"),
    "a comma in a number": (ROWS.replace("1000", '"1,000"'), "total_part is '1,000'"),
    "an endless number": (ROWS.replace("\n7", "\ninf"), "navco_id is inf"),
    "no number": (ROWS.replace("\n7", "\nnan"), "navco_id is"),
    "half a year": (ROWS.replace("1990", "1990.5"), "year is 1990.5"),
    "a code too large for any state": (ROWS.replace("432", "1e300"), "target_cowcode is 1e+300"),
    "half a code": (ROWS.replace("432", "432.5"), "target_cowcode is 432.5"),
    "endless people": (ROWS.replace("1000", "inf"), "total_part is inf"),
    "the same year twice": (ROWS + ROWS.splitlines()[1], "campaign 7 twice in 1990"),
    "a column given twice": (ROWS.replace("camp_size", "year"), "has no column camp_size"),
}


@pytest.mark.parametrize("form", REFUSED)
def test_tables_of_campaigns_at_fault_are_named(form: str, tmp_path: Path) -> None:
    """A table of campaigns with a fault is refused with file, row, value and cure."""
    text, said = REFUSED[form]
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode("latin-1"))
    refused(command("campaigns", "--file", str(path), "--out", str(tmp_path / "out")), "mine.csv", said)
    assert not (tmp_path / "out").exists()


def test_long_numbers_stay_apart(tmp_path: Path) -> None:
    """Campaigns whose numbers differ in the seventh digit are two campaigns."""
    path = tmp_path / "mine.csv"
    path.write_text(ROWS.replace("\n7", "\n1000001") + ROWS.splitlines()[1].replace("7", "1000002", 1))
    assert coded(campaign_years(file=path))["number"].to_list() == ["1000001", "1000002"]


GRIDS = {
    "a billion points": ("sides.weaker.supply=0:1:1000000000", "1,000,000,000 points are more than"),
    "as many points as letters allow": ("sides.weaker.supply=0:1:" + "9" * 40, "points are more than"),
    "two paths of many": ("sides.weaker.supply=0:1:1000 --grid sides.stronger.supply=0:1:1000", "1,000,000 points"),
    "no point": ("sides.weaker.supply=0:1:0", "cannot read"),
    "fewer than none": ("sides.weaker.supply=0:1:-3", "cannot read"),
    "no number": ("sides.weaker.supply=nan:1:3", "cannot read"),
    "an endless one": ("sides.weaker.supply=0:inf:3", "cannot read"),
    "half a count": ("sides.weaker.supply=0:1:2.5", "cannot read"),
    "square brackets": ("[/b]", "cannot read --grid '[/b]'"),
    "no such path": ("sides.weaker.suply=0:1:3", "supply"),
}


@pytest.mark.parametrize("form", GRIDS)
def test_grids(form: str, tmp_path: Path) -> None:
    """A grid that is none, or has more points than can be played, is refused before anything is laid out."""
    words, said = GRIDS[form]
    refused(command("sweep", "reference", "--grid", *words.split(), "--out", str(tmp_path / "out"), *TINY_WORDS), said)


def test_a_design_with_a_cell_without_end(tmp_path: Path) -> None:
    """A design file with a cell of 200,000 letters is told as damaged."""
    path = tmp_path / "points.csv"
    path.write_text("sides.weaker.supply\n" + "9" * 200_000 + "\n")
    words = ("sweep", "reference", "--design", str(path), "--out", str(tmp_path / "out"))
    refused(command(*words, *TINY_WORDS), "points.csv")


MANIFESTS = {
    "a list": "[]", "nothing": "null", "no kind": "{}", "a kind that is a list": '{"kind": ["campaigns"]}',
    "outputs that are a list": '{"kind": "campaigns", "outputs": []}',
    "brackets without end": '{"kind":' + "[" * 100_000, "an order to the terminal": '{"kind": "\\u001b[31m"}',
}  # fmt: skip


@pytest.mark.parametrize("option", ["--campaigns", "--world"])
@pytest.mark.parametrize("form", MANIFESTS)
def test_folders_that_hold_something_else(option: str, form: str, tmp_path: Path) -> None:
    """A folder whose manifest is damaged or foreign is not scored."""
    (tmp_path / "manifest.json").write_text(MANIFESTS[form])
    refused(command("score", option, str(tmp_path), "--out", str(tmp_path / "out")), "cure:")


@pytest.mark.parametrize(
    ("option", "kind", "names"),
    [
        ("--campaigns", "campaigns", ("campaigns", "inputs", "coded")),
        ("--world", "world", ("world", "inputs")),
    ],
    ids=["campaigns", "world"],
)
def test_tables_of_another_version_are_not_scored(
    option: str, kind: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    """A folder whose tables lack a column, as another version's may, is refused by the name of the column."""
    digests = {}
    for name in names:
        path = tmp_path / f"{name}.parquet"
        pl.DataFrame({"number": ["1"]}).write_parquet(path)
        digests[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": kind, "identity": {}, "outputs": digests}))
    refused(command("score", option, str(tmp_path), "--out", str(tmp_path / "out")), "has no column", "another version")


NOBODY = {
    "a path for a state": ("a/../../b", "2012-01-01"), "square brackets": ("[/b]", "2012-01-01"),
    "a path for a day": ("MLI", "../../x"), "no day": ("MLI", ""),
}  # fmt: skip


@pytest.mark.parametrize("words", NOBODY.values(), ids=list(NOBODY))
def test_an_assessment_of_nothing_makes_no_folder(
    words: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An assessment of no state, or on no day, is refused before a folder is named after it."""
    monkeypatch.chdir(tmp_path)
    refused(command("assess", words[0], "--date", words[1]), "cure:")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("years", [("--year", "99999"), ("--year", "-1"), ("--years", "0-9999")], ids=" ".join)
def test_a_world_of_no_year(years: tuple[str, str], tmp_path: Path) -> None:
    """Years in which no army is known are refused before any state is drafted."""
    words = ("world", *years, "--members", "2", "--data", str(tmp_path), "--out", str(tmp_path / "out"))
    refused(command(*words), "choose years from 1930 to 2035")


EARLIER = {
    "junk": (b"PAR1junk", "is damaged"),
    "another table": (None, "has no column"),
    "nothing": (b"", "is damaged"),
}


@pytest.mark.parametrize("form", EARLIER)
def test_an_earlier_year_that_is_none(form: str, tmp_path: Path) -> None:
    """A table of an earlier year that is damaged or foreign is told before the year is played."""
    data, said = EARLIER[form]
    path = tmp_path / "before" / "world.parquet"
    path.parent.mkdir()
    path.write_bytes(data) if data is not None else pl.DataFrame({"a": [1]}).write_parquet(path)
    words = ("world", "--year", "2000", "--before", str(path.parent), "--out", str(tmp_path / "out"))
    refused(command(*words), "world.parquet", said)
    assert not (tmp_path / "out").exists()


def test_a_world_of_other_tables_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Years played from other tables are not handed out as those of these tables."""
    done = []

    def played(years: range, out: Path, *rest: object) -> pl.DataFrame:
        done.append(rest)
        for name in ("world.parquet", "inputs.parquet", "world.csv"):
            (out / name).write_bytes(b"played")
        return pl.DataFrame({"why_not": [None]})

    monkeypatch.setattr("allegiance.inference.world.play_years", played)
    monkeypatch.setattr("allegiance.cases.draft.panel._tables", lambda: ["a/b"])
    for name, text in (("one", "x\n1\n"), ("other", "x\n2\n")):
        (tmp_path / name / "a").mkdir(parents=True)
        (tmp_path / name / "a" / "b.csv").write_text(text)
    words = ("world", "--years", "2000", "--out", str(tmp_path / "out"), "--data")
    assert command(*words, str(tmp_path / "one")).code == 0
    assert "done already" in command(*words, str(tmp_path / "one")).out
    refused(command(*words, str(tmp_path / "other")), "its data differs", "--force")
    assert len(done) == 1


@pytest.mark.parametrize("words", [("forecast", "--outcome", "mutiny"), ("issue",)], ids=" ".join)
def test_the_last_month_of_the_calendar(words: tuple[str, ...], tmp_path: Path) -> None:
    """No forecast follows on the last year of the calendar: it is refused as no month."""
    refused(command(*words, "--as-of", "9999-12", "--data", str(tmp_path)), "'9999-12' is not a month")
