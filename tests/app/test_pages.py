"""Pages as they are first sent: every one, hostile addresses, escaped text, downloads that load again."""

from __future__ import annotations

from typing import Any

import pytest

from allegiance.app.catalogue import Catalogue
from allegiance.app.check_task import read_case
from allegiance.app.context import Context, Options, read_query
from allegiance.app.downloads import case_file
from allegiance.app.shell import PAGES
from allegiance.app.yours import _faults, _sound
from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cases.faults import validated
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, dump
from allegiance.cases.reader import Document, parse
from allegiance.cases.schema import Case
from allegiance.cases.template import TEMPLATE

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
ADDRESSES = (
    "", "?page=../../etc/passwd", f"?page={EVIL}", "?page=whatif&case=../../../etc/passwd", f"?page=whatif&case={EVIL}",
    f"?page=whatif&set={EVIL}=1", "?page=whatif&set=sides.russia.supply=9e99;a=b;;=", "?page=whatif&side=__proto__",
    f"?page=claims&claim={EVIL}", f"?page=evidence&country={EVIL}&from=x&type=zzz", f"?page=forecasts&month={EVIL}",
    "?page=cases&case=.", "?page=day&case=%00", "?" + "&".join(f"a{k}=1" for k in range(500)),
    "?page=why&side=1&side=2",
)  # fmt: skip


@pytest.fixture(scope="module")
def shelf() -> Catalogue:
    found = Catalogue()
    found.fill()
    return found


def made(shelf: Catalogue, address: str) -> str:
    from allegiance.app.main import _module

    query = read_query(address)
    return str(_module(query).render(Context(query, Options()), shelf))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole(shelf: Catalogue, name: str) -> None:
    html = made(shelf, f"?page={name}")
    assert f'data-page="{name}"' in html
    assert html.count("<h1") == 1
    assert 'lang="en"' in html
    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_hostile_address_is_a_page_like_any_other(shelf: Catalogue, address: str) -> None:
    html = made(shelf, address)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "root:x:" not in html
    assert "<h1" in html


def _evil() -> Case:
    data: Any = dump(load_case("france-1917"))
    data["title"] = data["summary"] = EVIL
    for side in data["sides"].values():
        side["name"] = EVIL
        for force in side["forces"].values():
            force["name"] = EVIL
    for source in data["sources"].values():
        source["title"], source["url"] = EVIL, "javascript:alert(3)"
    for zone in data["areas"].values():
        zone["name"] = EVIL
    return validated(Document("evil", data), Case)


def test_text_from_a_case_is_text(shelf: Catalogue) -> None:
    from allegiance.app import cases, day, whatif, why
    from allegiance.app.catalogue import Shelved

    other = Catalogue()
    other._cases = {"france-1917": Shelved(_evil(), shelf.all()["france-1917"].observed)}
    other.rows = shelf.rows
    other._ready.set()
    query = Context({"case": "france-1917"}, Options())
    for page in (cases, whatif, why, day):
        html = str(page.render(query, other))
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html
        assert "&lt;script&gt;" in html
    assert "<script>" not in str(cases.render(Context({}, Options()), other)).split("</head>")[1]
    result = {"changed": True, "pairs": 4, "of": 32, "rows": [{
        "key": "war.duration_days", "side": "", "label": EVIL, "unit": "days", "baseline": 1.0, "changed": 2.0,
        "difference": 1.0, "low": 0.5, "high": 1.5,
    }]}  # fmt: skip
    assert "<script>" not in str(whatif.answer(_evil(), result))
    assert "<script>" not in str(_sound(_evil()))


@pytest.mark.parametrize("name", ["france-1917", "russia-ukraine-2022", "serbia-2000"])
def test_a_downloaded_case_file_loads_to_the_same_case(name: str) -> None:
    case = load_case(name)
    assert case_hash(validated(parse(case_file(case), name), Case)) == case_hash(case)


def test_faults_are_those_of_the_command_line_with_their_lines() -> None:
    text = TEMPLATE.read_text(encoding="utf-8").replace("days: 180", "days: soon\ntitel: x")
    line = text.splitlines().index("days: soon") + 1
    with pytest.raises(FaultyInput) as caught:
        read_case(text, "mine.yaml")
    assert [f.place for f in caught.value.faults] == [f"mine.yaml:{line}", f"mine.yaml:{line + 1}"]
    html = str(_faults("mine.yaml", caught.value.faults))
    assert f'data-line="{line}"' in html
    assert "2 faults" in html
    assert "unknown key" in html


@pytest.mark.parametrize(
    "text",
    ["", "\0\0", "x" * 2_000_001, "a: &x [1]\nb: *x", "!!python/object/apply:os.system ['true']", "{" * 60,
     "a: 1\na: 2",     "- 1", f"title: {EVIL}", "\ud800", "a: \x07", "---\na: 1\n---\nb: 2"],
)  # fmt: skip
def test_hostile_cases_are_faults(text: str) -> None:
    with pytest.raises(AllegianceError) as caught:
        read_case(text)
    faults = getattr(caught.value, "faults", [])
    assert "<script>" not in str(_faults("case.yaml", faults))


@pytest.mark.parametrize(
    "fault", [AllegianceError("the shelf is bare", "fill it"), ZeroDivisionError("secret path /etc")]
)
def test_a_page_that_cannot_be_made_says_so_on_a_page(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    from allegiance.app import cases, main

    def broken(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(cases, "render", broken)
    made, status = main._made("page=cases", Context({"page": "cases"}, Options()), Catalogue())
    assert status == 500
    assert "This page could not be made" in str(made)
    assert "secret" not in str(made)
    assert ("the shelf is bare" in str(made)) is isinstance(fault, AllegianceError)
