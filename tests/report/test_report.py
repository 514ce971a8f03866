"""The report as a file: whole, self-contained, escaped, small, and with the run's numbers in it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
from made_up import make_case, make_daily, make_events, make_members, make_story, make_summary

from allegiance.cases.schema import Case
from allegiance.report.html import render_page, write_report
from allegiance.report.page import Cell, Page, References, Section, Table

VOID = {"meta", "link", "br", "img", "use", "input", "hr", "wbr"}


class Reader(HTMLParser):
    """Collects tags with attributes and checks that they close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def test_report_is_well_formed_self_contained_and_small(bundle: Path) -> None:
    path = bundle / "report.html"
    assert path.stat().st_size < 3_000_000
    reader = read(path.read_text(encoding="utf-8"))
    for tag, attributes in reader.tags:
        assert "src" not in attributes, tag
        assert tag not in ("link", "iframe", "object", "embed", "image"), tag
        assert not any(name.startswith("on") for name in attributes), attributes
        address = attributes.get("href") or attributes.get("xlink:href") or ""
        assert address.startswith(("#", "https://", "http://")) or not address
    assert not re.search(r"@import|url\((?!#)", path.read_text(encoding="utf-8"))


def test_every_picture_has_a_text_alternative_and_its_own_ids(bundle: Path) -> None:
    reader = read((bundle / "report.html").read_text(encoding="utf-8"))
    pictures = [attributes for tag, attributes in reader.tags if tag == "svg"]
    assert len(pictures) > 20
    for attributes in pictures:
        assert attributes["role"] == "img"
        assert len(attributes["aria-label"] or "") > 30
    by_picture: dict[str, set[str]] = {}
    for tag, attributes in reader.tags:
        if tag in ("clippath", "path") and attributes.get("id"):
            by_picture.setdefault((attributes["id"] or "").split("-")[0], set()).add(attributes["id"] or "")
    assert len(by_picture) > 10


def test_detail_is_folded_behind_the_brief_and_opened_for_print(bundle: Path) -> None:
    text = (bundle / "report.html").read_text(encoding="utf-8")
    brief, _, detail = text.partition("</article>")
    assert "<details" not in brief
    sections = detail.split("<section ")[1:]
    assert len(sections) >= 6
    folded = [s for s in sections if '<details class="fold"><summary><h2>' in s]
    assert len(folded) == len(sections), "no case of this test is coded, so that no section stands open"
    assert "beforeprint" in text


def test_policy_allows_exactly_the_script_in_the_page(bundle: Path) -> None:
    text = (bundle / "report.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.S)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;".replace("&#39;", "'") in text.replace("&#39;", "'")
    assert "default-src 'none'" in text.replace("&#39;", "'")


def test_hostile_names_are_shown_as_text(tmp_path: Path) -> None:
    name = "<script>alert(1)</script> attacks"
    case = make_case(name)
    story = make_story(case).with_columns(pl.lit('"><img src=x onerror=alert(2)>').alias("text"))
    events = make_events(case).with_columns(pl.lit("<b>").alias("type"))
    path = write_report(tmp_path, case, make_summary(case), make_daily(case, 3), events, make_members(case), story)
    text = path.read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    read(text)


def test_dollar_signs_and_other_scripts_in_names_are_drawn(tmp_path: Path) -> None:
    case = make_case("$Северland^{$ attacks")
    write_report(
        tmp_path,
        case,
        make_summary(case),
        make_daily(case, 2),
        make_events(case, 2),
        make_members(case),
        make_story(case),
    )


def test_report_says_what_the_summary_says(bundle: Path, case: Case) -> None:
    text = (bundle / "report.html").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    for wanted in (
        "a mutiny is likely (62 %)",
        "42–72 %",
        "Powell &amp; Thyne 2011",
        "2,600",
        "level 3",
        case.title,
        "2.1 % (0.4–6 %)",
    ):
        assert wanted in text, wanted
    assert '<abbr title="12 or more soldiers' in text
    assert "north.shirking has probability 1" in text
    assert "sides.<wbr>north.<wbr>coup_base_rate" in text
    assert "Northland calls up reservists" in text


def test_one_sided_case_without_opponent(tmp_path: Path) -> None:
    case = make_case(sides=1)
    path = write_report(
        tmp_path,
        case,
        make_summary(case),
        make_daily(case, 3),
        make_events(case, 3),
        make_members(case),
        make_story(case),
    )
    text = path.read_text(encoding="utf-8")
    assert "Not modelled, as no armed opponent is in this case" in text
    assert "Balance of forces" not in text


def test_a_run_without_events_or_story(tmp_path: Path) -> None:
    case = make_case()
    path = write_report(
        tmp_path,
        case,
        make_summary(case),
        make_daily(case, 2, 1),
        make_events(case).clear(),
        make_members(case),
        make_story(case).clear(),
    )
    assert "Nothing happened that is worth a line." in path.read_text(encoding="utf-8")


def test_same_run_same_bytes(tmp_path: Path) -> None:
    case = make_case()
    given = (make_summary(case), make_daily(case, 2), make_events(case, 2), make_members(case), make_story(case))
    first = write_report(tmp_path / "a", case, *given).read_bytes()
    assert write_report(tmp_path / "b", case, *given).read_bytes() == first


def test_blocks_print_without_a_run() -> None:
    table = Table(("name", "number"), [["a", 2.0], ["b", None], [Cell("c", href="javascript:x"), 10]], "A table")
    assert table.numeric() == [False, True]
    sources = References([("A work", "https://example.org"), ("Another", "data:text/html,x")])
    page = Page("T", "H", sections=[Section("S", [table, sources])])
    text = render_page(page)
    assert text.count('href="https://example.org"') == 1
    assert "javascript:x" not in text
    assert 'href="data' not in text
    read(text)
