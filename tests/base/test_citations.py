"""The bibliography is whole, every fault in one names its line, and references print in one way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from allegiance.base.citations import (
    bibliography,
    format_reference,
    read_bibliography,
    reference,
    works_cited,
)
from allegiance.base.errors import AllegianceError, FaultyInput


def _faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "own.bib"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaultyInput) as caught:
        read_bibliography(path)
    return [str(f) for f in caught.value.faults]


def test_a_year_in_a_key_is_the_year_of_the_entry() -> None:
    for key, work in bibliography().items():
        match = re.fullmatch(r"[a-z][A-Za-z]*(\d+)[a-z]*", key)
        assert match, key
        assert work.kind == "misc" or len(match[1]) != 4 or match[1] == work["year"], key


def test_no_doi_is_given_to_two_works() -> None:
    dois = [w.doi.lower() for w in bibliography().values() if w.doi]
    assert len(dois) == len(set(dois))


def test_every_work_prints_with_its_year_and_title() -> None:
    for key, work in bibliography().items():
        line = format_reference(key)
        assert f"({work['year']}). {work['title'].rstrip('.')}" in line
        assert "\n" not in line
        assert "{" not in line


def test_authors_and_short_form() -> None:
    assert reference("brockDurlauf2001").authors == ("Brock, William A.", "Durlauf, Steven N.")
    assert reference("brockDurlauf2001").short == "Brock & Durlauf 2001"
    assert reference("salmon2011").short == "Salmon et al. 2011"
    assert reference("gurr1970").short == "Gurr 1970"


def test_a_work_without_doi_prints_without_address() -> None:
    assert format_reference("gurr1970") == "Gurr, T. R. (1970). Why Men Rebel. Princeton University Press."


def test_works_cited_are_unique_and_sorted() -> None:
    lines = works_cited(["slantchev2004", "gurr1970", "slantchev2003", "gurr1970"])
    assert [line.split(".")[0] for line in lines] == ["Gurr, T", "Slantchev, B", "Slantchev, B"]
    assert "2003" in lines[1]


def test_unknown_key_names_near_ones() -> None:
    with pytest.raises(AllegianceError, match=r"granoveter1978.*\n.*did you mean 'granovetter1978'"):
        reference("granoveter1978")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("@article{a2000,\n  author = {A, B},\n  year = {2000},\n}\n", 1, "has no title"),
        ("@artikle{a2000,\n  author = {A, B},\n  year = {2000},\n  title = {T},\n}\n", 1, "did you mean 'article'"),
        ("@book{a2000,\n  author = {A, B},\n  year = {2000},\n  titel = {T},\n  title = {T},\n}\n", 4, "'titel'"),
        ("@book{a2000,\n  author = {A, B},\n  year = {2000},\n  title = {T},\n", 1, "not closed"),
        ("@book{a2000,\n  author = {A, B},\n  year = 2000,\n  title = {T},\n}\n", 3, "not a line of an entry"),
        (
            "@book{a2000,\n  author = {A, B},\n  year = {2000},\n  title = {T},\n  doi = {https://doi.org/10.1/x},\n}\n",
            5,
            "leave out",
        ),
        (2 * "@book{a2000,\n  author = {A, B},\n  year = {2000},\n  title = {T},\n}\n", 6, "used twice"),
        ("@book{a2000,\n  author = {A, B},\n  year = {2000},\n  year = {2001},\n  title = {T},\n}\n", 4, "twice"),
        ("stray\n", 1, "not a line"),
    ],
)
def test_each_fault_names_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    faults = _faults(tmp_path, text)
    assert any(f.startswith(f"own.bib:{line}:") and words in f for f in faults), faults


def test_all_faults_at_once(tmp_path: Path) -> None:
    assert len(_faults(tmp_path, "stray\n@book{a2000,\n  titel = {T},\n}\n")) == 5
