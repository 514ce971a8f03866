"""`allegiance doctor` says what is there, and ends in "ready" or in cures."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.probe import command, shell

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


ODD = {
    "a terminal that knows ASCII only": {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    "the locale C": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "no colours": {"NO_COLOR": "1", "TERM": "dumb"},
    "a terminal of twenty columns": {"COLUMNS": "20"},
    "a backend for drawing that is none": {"MPLBACKEND": "nonsense"},
    "a broken matplotlibrc": {},
    "no browser": {"BROWSER": "/nonexistent/browser", "DISPLAY": ""},
    "a compiler that is switched off": {"NUMBA_DISABLE_JIT": "1"},
}


@pytest.mark.parametrize("oddity", ODD)
def test_odd_surroundings_are_told_and_no_fault(oddity: str, tmp_path: Path) -> None:
    """What is merely odd about a terminal or a setting stops nothing: the doctor ends in "ready"."""
    if "matplotlibrc" in oddity:
        (tmp_path / "matplotlibrc").write_bytes(b"\x00\xff: [\nbackend: nonsense\n")
    answer = shell(("doctor",), tmp_path, ODD[oddity])
    assert answer.code == 0, answer
    assert answer.out.strip().splitlines()[-1] == "ready"
    assert answer.out.isascii() or "ASCII" not in oddity


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that nobody can write")
@pytest.mark.parametrize("variable", ["ALLEGIANCE_CACHE", "HOME"])
def test_a_home_that_cannot_be_written_gets_a_cure(variable: str, tmp_path: Path) -> None:
    """Where neither home nor cache can be written, even by root, the doctor says which variable cures it."""
    env = {"HOME": "/proc/nobody", "XDG_CACHE_HOME": "/proc/nobody/.cache", "ALLEGIANCE_CACHE": ""}
    if variable == "ALLEGIANCE_CACHE":
        env = {"ALLEGIANCE_CACHE": "/proc/nobody"}
    answer = shell(("doctor",), tmp_path, env)
    assert answer.code == 2, answer
    flat = " ".join(answer.out.split())
    assert "set ALLEGIANCE_CACHE to a folder you may write to" in flat
    assert "compiled in every process" in flat


def test_no_place_for_temporary_files_gets_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no temporary file can be made the doctor says which variable cures it."""
    import tempfile

    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.setattr("os.access", lambda *_: False)
    answer = command("doctor")
    assert answer.code == 2
    assert "set TMPDIR to one that you may write to" in " ".join(answer.out.split())
