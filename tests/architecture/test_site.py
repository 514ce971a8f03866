"""The documentation site builds without a warning, holds every page, leads nowhere wrong and fetches nothing."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("mkdocs", reason="needs the docs extra")
pytest.importorskip("nbformat", reason="needs the docs extra")

from allegiance.report.notebooks import as_markdown, executed, read
from allegiance.report.site import build, gallery, pages_of

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
NOTEBOOKS = sorted((DOCS / "learn").glob("*.ipynb"))
QUICK = ("forecasts",)
"""Notebooks that simulate no war and run in seconds."""
SECTIONS = ("Start", "Learn", "How-to", "Theory", "Evidence", "Reference", "Validation", "Gallery", "Changelog")


class Parsed(HTMLParser):
    """Ids, links and what a page fetches."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {v for k in ("id", "name") if (v := given.get(k))}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        source = given.get("src") or (given.get("href") if tag == "link" and given.get("rel") != "canonical" else "")
        if source:
            self.fetched.append(source)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build(DOCS, folder, notebooks=False)
    return folder


@pytest.fixture(scope="module")
def parsed(site: Path) -> dict[Path, Parsed]:
    return {path: Parsed(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_section_and_every_page_is_there(site: Path) -> None:
    home = (site / "index.html").read_text(encoding="utf-8")
    tabs = re.findall(r'class="md-tabs__link"[^>]*>\s*([^<]+?)\s*<', home)
    assert tabs == list(SECTIONS)
    for path in [*DOCS.rglob("*.md"), *NOTEBOOKS]:
        place = path.relative_to(DOCS)
        built = place.with_name("index.html") if path.stem == "README" else place.with_suffix(".html")
        assert (site / built).is_file(), place


def test_links_and_anchors_lead_somewhere(site: Path, parsed: dict[Path, Parsed]) -> None:
    wrong = []
    for path, page in parsed.items():
        if path.name == "404.html":  # its links are those of a site at the root of a host
            continue
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            lands = target in parsed and (not parts.fragment or unquote(parts.fragment) in parsed[target].ids)
            if not (lands or (target.is_file() and not parts.fragment)):
                wrong.append(f"{path.relative_to(site)} -> {link}")
    assert not wrong


def test_nothing_is_fetched_from_other_hosts(site: Path, parsed: dict[Path, Parsed]) -> None:
    fetched = {source for page in parsed.values() for source in page.fetched}
    assert fetched
    assert not [source for source in fetched if urlsplit(source).netloc]
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.findall(r"(?:url\(|@import )[\"']?https?:", styles)


def test_it_is_searched_in_light_and_dark_and_terms_are_explained(site: Path) -> None:
    found = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    assert {"theory.html", "cli.html", "learn/first-run.html"} <= {entry["location"] for entry in found}
    home = (site / "theory.html").read_text(encoding="utf-8")
    assert 'data-md-color-scheme="slate"' in home
    assert 'data-md-color-scheme="default"' in home
    assert '<abbr title="12 or more soldiers' in home
    assert "abbr[title]:focus::after" in (site / "site.css").read_text(encoding="utf-8")


def test_the_reference_shows_signatures_types_and_examples(site: Path) -> None:
    text = re.sub(r"<[^>]+>", "", (site / "api.html").read_text(encoding="utf-8"))
    assert "members: int = 64" in re.sub(r"\s+", " ", text)
    assert "result = run(" in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_kept_without_results_and_pictures_are_described(path: Path) -> None:
    for cell in read(path).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        if cell.cell_type == "code" and ".plot(" in cell.source:
            assert cell.metadata["alt"]
            assert cell.metadata["title"]


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.stem in QUICK], ids=lambda p: p.stem)
def test_a_quick_notebook_runs_and_shows_its_results(path: Path) -> None:
    text, _ = as_markdown(path, run=True)
    assert '<div class="output">' in text
    assert "Without results" not in text


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.stem not in QUICK], ids=lambda p: p.stem)
def test_a_notebook_that_plays_wars_runs(path: Path) -> None:
    outputs = [output for cell in executed(path).cells for output in cell.get("outputs", ())]
    assert any("text/html" in output.get("data", {}) for output in outputs)
    assert not [output for output in outputs if output.output_type == "error"]


def test_pages_of_a_folder_stand_in_the_order_of_their_numbers() -> None:
    names = pages_of(DOCS, "claims")
    assert names[0] == "claims/README.md"
    assert names.index("claims/C2.md") < names.index("claims/C10.md")


def test_the_gallery_says_when_the_notebooks_were_not_run() -> None:
    assert "not run" in gallery([])
