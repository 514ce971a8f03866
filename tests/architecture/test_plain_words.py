"""What users read is plain English: phrases that readers stumbled over stay away."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GONE = (
    "two lucks", "key of all chance", "prints well", "silent on", "same luck", "shares its luck", "share their luck",
    "what may be", "playings at once", "results to distrust", "how likely, over the horizon", "ladder of 5",
    "halts his brigade", "reached his aim", "the argument, tried", "weigh the conditions", "put all levers back",
    "take it away", "drawing up the army", "learning one anew", "what pushes it", "look and try", "open to attack",
    "world climatology", "not knowing.**", "no organised opponent", "few members hold", "reader's comment",
    "intrigue at court", "of this playing", "every playing", "one playing", "lucks,", "what it rests on",
)  # fmt: skip
DOCS = [
    p for p in (ROOT / "docs").rglob("*.md")
    # words of others: what coders wrote of a case, and what studies and experiments are called where they were recorded
    if p.name != "case-index.md" and p.parent.name != "claims"
]  # fmt: skip
ONE_SEX = re.compile(r"\b(men|man|he|his|him|himself)\b", re.IGNORECASE)
RUNGS = re.compile(r"\b(rungs?|ladder of destruction|playings|lucks)\b", re.IGNORECASE)
QUOTED = re.compile(r"`[^`]*`|^Civilians killed a day among .*$|\[[^\]]*\]\.|Why Men Rebel|^### .*$", re.MULTILINE)
"""Names in code, titles of works, headings and formulas of functions."""
SHOWN = [
    *(ROOT / "src" / "allegiance").glob("app/*.py"), *(ROOT / "src" / "allegiance").glob("app/static/*.js"),
    *(ROOT / "src" / "allegiance").glob("cli/*.py"), *(ROOT / "src" / "allegiance").glob("report/**/*.py"),
    *(ROOT / "src" / "allegiance").glob("report/templates/*.j2"), ROOT / "README.md",
    *DOCS,
]  # fmt: skip


@cache
def words(path: Path) -> str:
    """What a file shows: the texts of a program, or all of a page."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        text = re.sub(r'""".*?"""', "", text, flags=re.DOTALL)  # what developers read
        text = re.sub(r'"\s*\n\s*f?"', "", text)  # strings that go on in the next line
    return text.lower()


@pytest.mark.parametrize("phrase", GONE)
def test_a_phrase_that_readers_stumbled_over_is_gone(phrase: str) -> None:
    found = [str(path.relative_to(ROOT)) for path in SHOWN if path.is_file() and phrase in words(path)]
    assert not found


@pytest.mark.parametrize("path", [ROOT / "README.md", *DOCS], ids=lambda p: str(p.relative_to(ROOT)))
def test_soldiers_and_rulers_are_of_either_sex_and_destruction_has_levels(path: Path) -> None:
    text = QUOTED.sub("", path.read_text(encoding="utf-8"))
    assert not ONE_SEX.findall(text)
    assert not RUNGS.findall(text)


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "claims").glob("*.md")), ids=lambda p: p.name)
def test_pages_of_claims_speak_of_levels_too(path: Path) -> None:
    assert not RUNGS.findall(path.read_text(encoding="utf-8"))


def test_there_is_something_to_look_at() -> None:
    assert len(SHOWN) > 180
    assert len(DOCS) > 80
    assert all(len(phrase) >= 6 for phrase in GONE)
