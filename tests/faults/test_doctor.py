"""`allegiance doctor` says what is there, and ends in "ready" or in cures."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.probe import command

KIND = "The doctor"


def test_a_sound_installation_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a sound installation the doctor lists everything and ends in "ready"."""
    monkeypatch.chdir(tmp_path)
    answer = command("doctor")
    assert answer.code == 0, answer
    assert answer.out.strip().splitlines()[-1] == "ready"
    for fact in ("allegiance", "python", "compiled kernels", "downloads and store", "encoding", "threads", "tables",
                 "browser"):  # fmt: skip
        assert fact in answer.out


@pytest.mark.parametrize(
    ("variable", "value", "cure"),
    [
        ("ALLEGIANCE_CACHE", "FILE/x", "set ALLEGIANCE_CACHE to a folder you may write to"),
        ("ALLEGIANCE_DATA", "FILE", "give the folder that holds the tables"),
        ("ALLEGIANCE_DATA", "/no/such/folder", "there is no folder /no/such/folder"),
    ],
    ids=["a cache below a file", "data that are a file", "data that are not there"],
)
def test_what_is_wrong_gets_a_cure(
    variable: str, value: str, cure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would stop a command is told with its cure, and the exit code is 2."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(variable, value.replace("FILE", str(tmp_path / "file")))
    answer = command("doctor")
    assert "ready" not in answer.out.splitlines()
    assert cure in answer.out.replace("\n", "")


def test_a_full_disk_gets_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room for a run is told with its cure."""
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1_000_000})())
    assert "only 1 MB are free here" in command("doctor").out


def test_a_look_that_fails_is_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that cannot be looked at does not end the others."""
    import shutil

    def fail(*_: object) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr(shutil, "get_terminal_size", fail)
    answer = command("doctor")
    assert "terminal could not be looked at" in answer.out
    assert "browser" in answer.out
