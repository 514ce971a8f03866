"""The help of the command line is grouped by what one wants to do."""

from __future__ import annotations

import typer
from typer.testing import CliRunner

from allegiance.cli.groups import GROUPS
from allegiance.cli.main import app


def test_every_verb_stands_under_a_group_in_their_order() -> None:
    known = {verb for verbs in GROUPS.values() for verb in verbs}
    verbs = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert set(verbs) <= known, set(verbs) - known
    text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "100"}).output
    places = [text.index(f"─ {group} ") for group in GROUPS]
    assert places == sorted(places)
    for group, names in GROUPS.items():
        panel = text[text.index(f"─ {group} ") :].split("╰", 1)[0]
        assert all(f"│ {name} " in panel for name in names if name in verbs), group
    assert "─ Commands " not in text
