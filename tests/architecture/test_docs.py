"""Pages lead where they say, and every command they show exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from allegiance.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#([^)\s]+))?\)")
COMMAND = re.compile(r"(?:^    |^|`)allegiance ([a-z]+)(?: ([a-z]+))?", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The anchors that headings get on code-hosting sites."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        found = (page.parent / target).resolve()
        assert found.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), f"{page.name} links to {target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_shown_exist(page: Path) -> None:
    root = typer.main.get_command(app)
    verbs = root.commands  # type: ignore[attr-defined]
    for verb, word in COMMAND.findall(page.read_text(encoding="utf-8")):
        assert verb in verbs, f"{page.name} shows 'allegiance {verb}'"
        inner = getattr(verbs[verb], "commands", None)
        if inner and word:
            assert word in inner, f"{page.name} shows 'allegiance {verb} {word}'"
