"""The four verbs refuse bad input before they play anything, with one message that names the cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("claims C77", "unknown claim 'C77'"),
        ("claims C1 --members 1", "members must be at least 2"),
        ("compare reference --with no-tis", "did you mean 'no-ties'"),
        ("compare reference --with x:sides.stronger.suply=1", "did you mean 'supply'"),
        ("why reference --condition tie", "no condition 'tie'"),
        ("sensitivity reference --outcome dessertion", "no outcome 'dessertion'"),
        ("sensitivity reference --size 100", "power of 2"),
    ],
)
def test_bad_input(line: str, said: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [*line.split(), "--out", str(tmp_path / "x")])
    assert isinstance(done.exception, AllegianceError)
    assert said in str(done.exception)
    assert not (tmp_path / "x").exists()
