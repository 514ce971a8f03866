"""Kind 4: files that people edit are read as meant, or named with file, row and cause."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest

from allegiance.base.edited import saved
from allegiance.base.errors import AllegianceError
from allegiance.evidence.folder import read_table
from faults.probe import TINY_WORDS, command, refused

KIND = "Files that people edit"
SAMPLES = Path(__file__).parent / "samples" / "edited"
FILE = "coupcats-country-month/powell_thyne_list.csv"
ROWS = ["country,ccode,year,month,day,coup,version", "Mali,432,2020,8,18,2,x", "Burkina Faso,439,2022,9,30,2,x"]
SAID = {
    "headonly": ("powell_thyne_list.csv holds a header and no rows",),
    "thousand": ("row 2", "year is '2,020', not a whole number"),
    "year2digit": ("row 10", "year is 21, not a year", "four digits"),
    "latin1": ("row 2", "not UTF-8 text", "CSV UTF-8"),
}


@pytest.mark.parametrize("sample", [f"sample {name}" for name in ("semicolon", "utf16", *SAID)])
def test_coup_lists_saved_by_people(sample: str, tmp_path: Path) -> None:
    """A coup list that was saved from a spreadsheet is read as meant, or its fault told with file, row and cause."""
    name = sample.removeprefix("sample ")
    answer = command("events", "--data", str(SAMPLES / name), "--type", "coup", "--out", str(tmp_path / "e"))
    if name in SAID:
        refused(answer, *SAID[name])
    else:
        assert answer.code == 0, answer
        assert "Mali" in answer.out


READ = {
    "tabs": "\n".join(ROWS).replace(",", "\t").encode(),
    "bars": "\n".join(ROWS).replace(",", "|").encode(),
    "UTF-8 with a mark": codecs.BOM_UTF8 + "\n".join(ROWS).encode(),
    "UTF-16 of the other end": codecs.BOM_UTF16_BE + "\n".join(ROWS).encode("utf-16-be"),
    "Windows line ends": "\r\n".join(ROWS).encode(),
    "no last line end": "\n".join(ROWS).encode(),
    "an empty line at the end": ("\n".join(ROWS) + "\n\n").encode(),
    "gzip": gzip.compress("\n".join(ROWS).encode()),
    "semicolons with a comma in a number": "\n".join([r.replace(",", ";") for r in ROWS]).encode(),
    "quoted cells": "\n".join([ROWS[0], '"Mali","432","2020","8","18","2","x, y"', ROWS[2]]).encode(),
}


@pytest.mark.parametrize("form", READ)
def test_forms_that_are_read(form: str, tmp_path: Path) -> None:
    """Other separators, marks, line ends and compression are read as meant."""
    path = tmp_path / (f"{FILE}.gz" if form == "gzip" else FILE)
    path.parent.mkdir(parents=True)
    path.write_bytes(READ[form])
    table = read_table(tmp_path, FILE.removesuffix(".csv"))
    assert table["country"].to_list() == ["Mali", "Burkina Faso"]
    assert table["year"].to_list() == [2020, 2022]
    assert command("events", "--data", str(tmp_path), "--out", str(tmp_path / "e")).code == 0


NAMED = {
    "a word for a number": ("\n".join(ROWS).replace("439,2022", "~,2022").encode(), ("row 3", "ccode is '~'", "whole")),
    "half a day": ("\n".join(ROWS).replace("9,30,2", "9,2.5,2").encode(), ("row 3", "day is 2.5", "whole")),
    "an unknown code": ("\n".join(ROWS).replace("9,30,2", "9,30,~").encode(), ("row 3", "coup is '~', not 1 or 2")),
    "empty": (b"", ("is empty",)),
    "only spaces": (b"  \n  \n", ("is empty",)),
    "a header cut off": (b"country,cco", ("no rows",)),
    "a binary": (b"PK\x03\x04\x00\x00", ("row 1", "not text")),
    "cut in a letter of UTF-16": (codecs.BOM_UTF16_LE + b"a\x00b", ("middle of a letter",)),
    "half a gzip": (gzip.compress("\n".join(ROWS).encode())[:40], ("damaged or half written",)),
    "a missing column": (b"country,ccode,year\nMali,432,2020\n", ("lacks column",)),
    "a year with a dot": ("\n".join([ROWS[0], 'Mali,432,"2.020",8,18,2,x', ROWS[2]]).encode(), ("row 2", "not a year")),
    "a year with a space": ("\n".join([*ROWS[:2], "Mali,432,2 020,8,18,2,x"]).encode(), ("row 3", "whole number")),
    "a code with a point": ("\n".join([*ROWS, '"Ghana","4,52",1979,6,4,2,x']).encode(), ("row 4", "ccode is '4,52'")),
    "years before Christ": ("\n".join([*ROWS, "Rome,432,-49,1,10,2,x"]).encode(), ("row 4", "not a year")),
    "a missing code": ("\n".join([*ROWS, "Atlantis,9999,1979,6,4,2,x"]).encode(), ("unknown country code", "9999")),
    "no such day": ("\n".join([*ROWS, "Mali,432,1979,2,30,2,x"]).encode(), ("no possible date",)),
    "too many cells": ("\n".join([*ROWS, "Mali,432,1979,2,3,2,x,y,z"]).encode(), ("powell_thyne_list",)),
    "an open quotation mark": ("\n".join([*ROWS, 'Mali,"432,1979,2,3,2,x']).encode(), ("powell_thyne_list",)),
}


@pytest.mark.parametrize("form", NAMED)
def test_forms_that_are_named(form: str, tmp_path: Path) -> None:
    """What cannot be read as meant is one message with the file and, where there is one, the row and the value."""
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(NAMED[form][0])
    refused(command("events", "--data", str(tmp_path), "--out", str(tmp_path / "e")), *NAMED[form][1])


def test_rows_are_counted_from_the_header(tmp_path: Path) -> None:
    """The row that a message names is the row that a spreadsheet shows."""
    (tmp_path / "t.csv").write_bytes(b"a\n1\n\xe9\n")
    with pytest.raises(AllegianceError, match="row 3"):
        saved(tmp_path / "t.csv")


EXPORTS = {
    "sample an ACLED export with semicolons": (
        "event_id_cnty;event_date;event_type;sub_event_type;actor1;country;iso;latitude;longitude;fatalities\n"
        "MLI100;18 August 2020;Battles;Armed clash;X;Mali;466;12,65;-8,0;0\n"
        "MLI101;13/04/2021;Battles;Armed clash;X;Mali;466;13,1;-3,5;12\n",
        "acled-export/events", ["2020-08-18", "2021-04-13"],
    ),
    "an ACLED export with days month first": (
        "event_id_cnty,event_date,event_type,sub_event_type,country,iso,latitude,longitude,fatalities\n"
        "MLI1,04/13/2021,Battles,Armed clash,Mali,466,1,2,0\nMLI2,04/03/2021,Battles,Armed clash,Mali,466,1,2,0\n",
        "acled-export/events", ["2021-04-03", "2021-04-13"],
    ),
    "sample a GED export over weeks": (
        "\ufeffid,type_of_violence,side_a,side_b,country,country_id,date_prec,date_start,date_end,best,high,low\n"
        "1,1,A,B,Mali,432,4,2021-03-01 00:00:00.000,2021-03-31 00:00:00.000,-999,40,0\n",
        "ucdp-ged/events", ["2021-03-01"],
    ),
    "a list of one's own": (
        "type,date,date_end,country\nmutiny,2021-03-04,2021-03-09,Ivory Coast\ncoup_success,18 August 2020,,MLI\n",
        "own/mine", ["2021-03-04", "18 August 2020"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", EXPORTS)
def test_own_tables_are_added_and_queried(form: str, tmp_path: Path) -> None:
    """A user's own export or list is added to the tables as meant, keeps its days, and answers a query."""
    text, table, days = EXPORTS[form]
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    answer = command("data", "add", str(path))
    assert answer.code == 0, answer
    out = tmp_path / "out.csv"
    answer = command("data", "query", f'select * from "{table}"', "--out", str(out))
    assert answer.code == 0, answer
    found = out.read_text(encoding="utf-8")
    assert all(day in found for day in days), found
    if "GED" in form:
        assert "2021-03-31" in found
        assert "-999" not in found
    if table == "own/mine":
        answer = command("events", "--country", "CIV", "--out", str(tmp_path / "e"))
        assert answer.code == 0, answer
        assert "2021-03-09" in answer.out  # known when it was over


LISTS = {
    "no such type": ("type,date,country\nmutinny,2021-03-04,Mali\n", ("row 2", "mutinny")),
    "no such day": ("type,date,country\nmutiny,2021-03-04,Mali\nmutiny,2021-02-30,Mali\n", ("row 3", "is no day")),
    "no such state": ("type,date,country\nmutiny,2021-03-04,Malii\n", ("row 2", "did you mean 'Mali'")),
    "a state before its time": ("type,date,country\nmutiny,1950-03-04,Mali\n", ("row 2", "Mali")),
    "a day that may be two": ("type,date,country\nmutiny,03/04/2021,Mali\n", ("row 2", "may be two days")),
    "days in two orders": ("type,date,country\nmutiny,13/04/2021,Mali\nmutiny,04/13/2021,Mali\n", ("two orders",)),
    "a two-digit year": ("type,date,country\nmutiny,03-04-21,Mali\n", ("row 2", "is no day")),
    "the same event twice": (
        "event_id,type,date,country\na,mutiny,2021-03-04,Mali\na,mutiny,2021-03-05,Mali\n", ("occurs twice",)
    ),
    "an ACLED export with a day in doubt": (
        "event_id_cnty,event_date,event_type,sub_event_type,country,iso,latitude,longitude,fatalities\n"
        "MLI1,03/04/2021,Battles,Armed clash,Mali,466,1,2,0\n", ("mine.csv, row 2", "may be two days"),
    ),
    "a header only": ("type,date,country\n", ("no rows",)),
}  # fmt: skip


@pytest.mark.parametrize("form", LISTS)
def test_own_tables_at_fault_are_named(form: str, tmp_path: Path) -> None:
    """A list of one's own with a fault is not added; the message names file, row, value and cause."""
    path = tmp_path / "mine.csv"
    path.write_text(LISTS[form][0], encoding="utf-8")
    refused(command("data", "add", str(path)), *LISTS[form][1])
    assert command("data", "query", 'select * from "own/mine"').code == 2


CASES = {
    "UTF-16 with a mark": (lambda t: codecs.BOM_UTF16_LE + t.encode("utf-16-le"), ""),
    "UTF-8 with a mark": (lambda t: codecs.BOM_UTF8 + t.encode(), ""),
    "Windows line ends": (lambda t: t.replace("\n", "\r\n").encode(), ""),
    "Latin-1": (lambda t: t.replace("My case", "Côte").encode("latin-1"), "not UTF-8 text"),
    "tabs for spaces": (lambda t: t.replace("  ", "\t").encode(), "not valid YAML"),
    "a comma in a number": (lambda t: t.replace("value: 10000000", "value: 10,000,000").encode(), "m.yaml:"),
    "a decimal comma": (lambda t: t.replace("value: 0.7,", "value: 0,7,").encode(), "m.yaml:"),
    "a level of 70": (lambda t: t.replace("value: 0.7,", "value: 70,").encode(), "m.yaml:"),
    "a negative strength": (lambda t: t.replace("value: 11000,", "value: -11000,").encode(), "m.yaml:"),
    "a key given twice": (lambda t: (t + "\nwar: {}\n").encode(), "repeated"),
    "a two-digit year": (lambda t: t.replace("start: 2000-01-01", "start: 00-01-01").encode(), "calendar"),
    "a day of another order": (lambda t: t.replace("start: 2000-01-01", "start: 01/01/2000").encode(), "calendar"),
    "half of the file": (lambda t: t.encode()[: len(t) // 2], "m.yaml"),
    "the header only": (lambda t: t.encode()[:400], "m.yaml"),
    "an anchor": (lambda t: t.replace("tags: [mine]", "tags: &a [mine]").encode(), "anchors"),
    "a tag": (lambda t: t.replace("tags: [mine]", "tags: !!python/object [mine]").encode(), "tags are not allowed"),
    "a state that is gone": (lambda t: t.replace("    role: attacker", "    country: SUN\n    role: attacker").encode(),
                             "no state has this code"),
}  # fmt: skip


@pytest.mark.parametrize("form", CASES)
def test_case_files(form: str, template: str, tmp_path: Path) -> None:
    """A case file is read as meant, or every fault told with file, line, value and cure."""
    make, said = CASES[form]
    path = tmp_path / "m.yaml"
    path.write_bytes(make(template))
    answer = command("case", "check", str(path))
    if said:
        refused(answer, said)
    else:
        assert answer.code == 0, answer


SEEN = """information_date: 2000-02-01
observations:
  - {side: stronger, kind: count, what: named_dead, by: 2000-01-20, value: 20, error: 0.3, source: a newspaper}
"""
OBSERVATIONS = {
    "as it should be": (SEEN, ""),
    "UTF-16": (SEEN, ""),
    "a comma in a number": (SEEN.replace("value: 20", 'value: "2,020"'), "o.yaml:"),
    "a negative count": (SEEN.replace("value: 20", "value: -20"), "o.yaml:3"),
    "not a number": (SEEN.replace("value: 20", "value: .nan"), "o.yaml:3"),
    "no such side": (SEEN.replace("stronger", "strongr"), "did you mean 'stronger'"),
    "no such channel": (SEEN.replace("named_dead", "dead"), "no such channel"),
    "after it was known": (SEEN.replace("2000-01-20", "2000-03-20"), "after the information date"),
    "before the war": (SEEN.replace("2000-01-20", "1999-01-20"), "before the case begins"),
    "beyond the horizon": (SEEN.replace("2000-02-01", "2010-02-01"), "outside the horizon"),
    "the same twice": (SEEN + SEEN.splitlines()[2] + "\n", "a second value"),
    "nothing seen": ("information_date: 2000-02-01\nobservations: []\n", "o.yaml"),
    "a header only": ("information_date: 2000-02-01\n", "missing"),
    "a table": ("side,kind\nstronger,count\n", "mapping"),
    "an error of zero": (SEEN.replace("error: 0.3", "error: 0"), "o.yaml:3"),
    "a two-digit year": (SEEN.replace("2000-01-20", "00-01-20"), "calendar"),
}  # fmt: skip


@pytest.mark.parametrize("form", OBSERVATIONS)
def test_files_of_observations(form: str, case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of observations is read as meant, or its faults told with file, line and cause."""
    from allegiance.cases.loader import load_case
    from allegiance.inference.observations import load_seen

    text, said = OBSERVATIONS[form]
    path = tmp_path / "o.yaml"
    path.write_bytes(codecs.BOM_UTF16_LE + text.encode("utf-16-le") if form == "UTF-16" else text.encode())
    if not said:
        assert load_seen(path, load_case(case_file)).observations
        return
    with pytest.raises(AllegianceError) as caught:
        load_seen(path, load_case(case_file))
    assert said in str(caught.value)


SETS = {
    "sample garbage": ("garbage", "it is not JSON"),
    "empty": ("", "its JSON is damaged"),
    "cut off": ('{"names": ["a"', "its JSON is damaged"),
    "a list": ("[1]", "it is not a JSON object"),
    "another file of ours": ('{"names": []}', "it has no formulas"),
    "a key too many": ("+x", "it has an unknown key x"),
    "a word for a number": ("draws=[['high']]", "is not what belongs there: high"),
    "no number": ("draws=[[NaN]]", "is not a finite number"),
    "an endless number": ("weights=[Infinity]", "is not a finite number"),
    "weights that do not add up": ("weights=[0.5]", "weights must be 0 or more and add to 1"),
    "rows of other lengths": ("draws=[[1, 2]]", "differ in length"),
    "a name given twice": ("twice", "a parameter is named twice"),
    "a value below nothing": ("draws=[[-1]]", "it cannot be below 0"),
    "a parameter that is not": ("names=['nosuch']", "was made with other formulas (nosuch)"),
}


@pytest.mark.parametrize("fault", SETS)
def test_files_of_parameters(fault: str, tmp_path: Path) -> None:
    """A file of parameters that is none is refused in a user's words, with what is wrong and what to give instead."""
    import json

    from allegiance.theory.registry import PARAMETERS
    from allegiance.theory.stamp import stamps

    name = next(n for n, p in PARAMETERS.items() if p.support == "nonnegative" and not p.solved)
    made = {"formulas": stamps(), "names": [name], "draws": [[1.0]], "weights": [1.0], "card": {}}
    text, said = SETS[fault]
    key, equals, value = text.partition("=")
    if text == "+x":
        text = json.dumps(made | {"x": 1})
    elif text == "twice":
        text = json.dumps(made | {"names": [name, name], "draws": [[1, 1]]})
    elif equals and key in made:
        text = json.dumps(made).replace(f'"{key}": {json.dumps(made[key])}', f'"{key}": {value}'.replace("'", '"'))
    (tmp_path / "p.json").write_text(text)
    words = ("run", "reference", *TINY_WORDS, "--parameters", str(tmp_path / "p.json"), "--out", str(tmp_path / "run"))
    refused(command(*words), said, "cure:")
    assert not (tmp_path / "run").exists()
