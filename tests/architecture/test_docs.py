"""Pages lead where they say, and every command they show exists."""

from __future__ import annotations

import re
from functools import cache
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


SHOWN = re.compile(r"allegiance (?:--version|[a-z]+)[^`\n|&;>()]*")
"""A command line in a page, up to the end of its quotation, its line, or what a shell would take for itself."""


@cache
def commands() -> dict[str, typer.main.TyperCommand]:
    """Every command by its words."""
    found = {}
    queue = [("", typer.main.get_command(app))]
    while queue:
        words, command = queue.pop()
        found[words] = command
        queue += [(f"{words} {name}".strip(), c) for name, c in getattr(command, "commands", {}).items()]
    return found


def options_missing(text: str) -> list[str]:
    """Options that a text shows and the command beside them does not have."""
    known, missing = commands(), []
    for line in SHOWN.findall(text.replace("\\\n", " ")):
        words = line.split()[1:]
        verbs = [w for k in (1, 2) if (w := " ".join(words[:k])) in known]
        options = {o for p in known[verbs[-1] if verbs else ""].params for o in (*p.opts, *p.secondary_opts)}
        for shown in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line):
            if shown not in options | {"--help"}:
                missing.append(f"allegiance {verbs[-1] if verbs else ''} {shown}")
    return missing


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_options_shown_exist(page: Path) -> None:
    assert options_missing(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("words", sorted(commands()))
def test_options_in_help_exist(words: str) -> None:
    command = commands()[words]
    texts = [command.help or "", *(getattr(p, "help", None) or "" for p in command.params)]
    assert options_missing("\n".join(texts)) == []


def test_an_option_that_is_not_there_is_seen() -> None:
    assert options_missing("`allegiance run x --nosuch 3` and --else") == ["allegiance run --nosuch"]
    assert options_missing("allegiance data get x \\\n --nosuch") == ["allegiance data get --nosuch"]
    assert options_missing("`allegiance run x --members 3 --json > x`, `allegiance --version`") == []
