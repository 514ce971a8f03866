"""A run on disk: whole, resumable at any moment, and plain about every fault."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from allegiance.base import files
from allegiance.base.citations import works_cited
from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import dump
from allegiance.cases.schema import Case
from allegiance.runs import bundle
from allegiance.runs.bundle import OUTPUTS, run_bundle
from allegiance.runs.spec import RunSpec
from allegiance.theory.contract import Mechanism
from allegiance.theory.registry import MECHANISMS

SPEC = {"members": 4, "days": 20, "seed": 2, "threads": 1}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def finished(small: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "run"
    run_bundle(small, RunSpec(**SPEC), out)
    return out


def test_the_folder_holds_what_the_manifest_says(finished: Path) -> None:
    manifest = json.loads((finished / "manifest.json").read_text())
    assert set(OUTPUTS) <= set(manifest["outputs"])
    assert all(files.sha256(finished / name) == digest for name, digest in manifest["outputs"].items())
    assert manifest["bytes_per_soldier"] <= 32
    assert not (finished / ".parts").exists()


def test_works_are_cited_for_what_acted_in_the_run(small: Case, finished: Path, tmp_path: Path) -> None:
    def works(m: Mechanism) -> set[str]:
        return {*m.sources, *(p.source for p in m.parameters)}

    out = next(m for m in MECHANISMS if m.id == "wounded")
    own = works(out) - set().union(*(works(m) for m in MECHANISMS if m is not out))
    run_bundle(small, RunSpec(**SPEC | {"members": 1, "days": 1}, off=("wounded",)), tmp_path / "run")
    full, without = (
        set(json.loads((folder / "manifest.json").read_text())["works_cited"])
        for folder in (finished, tmp_path / "run")
    )
    assert own
    assert full - without == set(works_cited(own))


KILLED = """
import json, os, signal, sys
from pathlib import Path
from allegiance.base import files
from allegiance.cases.faults import validated
from allegiance.cases.reader import Document
from allegiance.cases.schema import Case
from allegiance.runs import bundle
from allegiance.runs.spec import RunSpec
case = validated(Document("case", json.loads(Path(sys.argv[1]).read_text())), Case)
countdown = int(sys.argv[3])
original = files.atomic
def atomic(path):
    global countdown
    countdown -= 1
    if countdown == 0:  # in the middle of a write: the temporary file is there, the real one is not
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / f".{path.name}.abc.part").write_bytes(b"half a fi")
        os.kill(os.getpid(), signal.SIGKILL)
    return original(path)
files.atomic = bundle.atomic = atomic
bundle.run_bundle(case, RunSpec(**json.loads(sys.argv[4])), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("writes", [1, 4, 10, 19, 24])
def test_killed_at_any_write_then_resumed_ends_in_the_same_bytes(
    writes: int, small: Case, finished: Path, tmp_path: Path
) -> None:
    """1 describes the run, each member is four writes, then come the outputs and the manifest."""
    told, out = tmp_path / "case.json", tmp_path / "run"
    told.write_text(json.dumps(dump(small)))
    arguments = [sys.executable, "-c", KILLED, str(told), str(out), str(writes), json.dumps(SPEC)]
    assert subprocess.run(arguments, check=False).returncode == -9
    assert not (out / "manifest.json").exists()
    before = sorted((out / ".parts").glob("0*.json"))
    kept = {p: p.stat().st_mtime_ns for p in before}
    assert len(kept) == min(4, (writes - 2) // 4) if writes > 1 else not kept
    played: list[str] = []
    run_bundle(small, RunSpec(**SPEC), out, progress=lambda _, text: played.append(text))
    assert len(played) == 4 - len(kept), "what was finished is not played again"
    assert contents(out) == contents(finished)


def test_interrupted_by_hand_then_resumed(small: Case, finished: Path, tmp_path: Path) -> None:
    def interrupt(share: float, _: str) -> None:
        if share >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_bundle(small, RunSpec(**SPEC), tmp_path / "run", progress=interrupt)
    assert len(list((tmp_path / "run" / ".parts").glob("0*.json"))) >= 2
    run_bundle(small, RunSpec(**SPEC), tmp_path / "run")
    assert contents(tmp_path / "run") == contents(finished)


@pytest.mark.parametrize("name", ["000001.daily.parquet", "000001.json", "000001.events.parquet"])
@pytest.mark.parametrize("damage", ["cut", "gone", "garbage"])
def test_a_damaged_part_is_played_again(name: str, damage: str, small: Case, finished: Path, tmp_path: Path) -> None:
    def stop(share: float, _: str) -> None:
        if share >= 0.75:
            raise KeyboardInterrupt

    out = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        run_bundle(small, RunSpec(**SPEC), out, progress=stop)
    part = out / ".parts" / name
    data = part.read_bytes()
    if damage == "gone":
        part.unlink()
    else:
        part.write_bytes(data[: len(data) // 2] if damage == "cut" else b"\x00garbage")
    run_bundle(small, RunSpec(**SPEC), out)
    assert contents(out) == contents(finished)


def test_a_finished_run_is_not_played_again_but_checked(small: Case, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    summary = run_bundle(small, RunSpec(**SPEC), out)
    played: list[str] = []
    assert run_bundle(small, RunSpec(**SPEC), out, progress=lambda _, text: played.append(text)) == summary
    assert not played
    (out / "daily.parquet").write_bytes(b"not a table")
    with pytest.raises(AllegianceError, match=r"daily\.parquet is damaged"):
        run_bundle(small, RunSpec(**SPEC), out)
    run_bundle(small, RunSpec(**SPEC), out, resume=False)
    assert contents(out) == contents(finished)


def test_no_resume_begins_anew(small: Case, finished: Path, tmp_path: Path) -> None:
    played: list[str] = []
    out = tmp_path / "run"
    for resume in (True, False):
        run_bundle(small, RunSpec(**SPEC), out, resume=resume, progress=lambda _, text: played.append(text))
    assert len(played) == 8
    assert contents(out) == contents(finished)


def test_a_damaged_description_is_said_so(small: Case, tmp_path: Path) -> None:
    run_bundle(small, RunSpec(**SPEC), tmp_path / "run")
    (tmp_path / "run" / "manifest.json").write_text('{"identity": ')
    with pytest.raises(AllegianceError, match=r"manifest\.json is damaged"):
        run_bundle(small, RunSpec(**SPEC), tmp_path / "run")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 3}, "its seed is 2, not 3"),
        ({"members": 6}, "its members is 4, not 6"),
        ({"days": 30}, "its days is 20, not 30"),
    ],
)
def test_the_folder_of_another_run_is_left_alone(
    change: dict[str, Any], said: str, small: Case, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    run_bundle(small, RunSpec(**SPEC), out)
    before = contents(out)
    for resume in (True, False):
        with pytest.raises(AllegianceError, match=said):
            run_bundle(small, RunSpec(**(SPEC | change)), out, resume=resume)
    with pytest.raises(AllegianceError, match="of another case or another setting"):
        run_bundle(small, RunSpec(**SPEC), out, {"sides.stronger.supply": 0.9})
    assert contents(out) == before


def test_a_folder_of_something_else_is_left_alone(small: Case, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(AllegianceError, match=r"not empty and not a run \(it holds thesis\.txt\)"):
        run_bundle(small, RunSpec(**SPEC), tmp_path)
    assert contents(tmp_path) == {"thesis.txt": b"years of work"}
    with pytest.raises(AllegianceError, match="is a file, not a folder"):
        run_bundle(small, RunSpec(**SPEC), tmp_path / "thesis.txt")
    with pytest.raises(AllegianceError, match="cannot write"):
        run_bundle(small, RunSpec(**SPEC), tmp_path / "thesis.txt" / "run")


@pytest.mark.parametrize(
    ("number", "cure"), [(errno.ENOSPC, "free some space"), (errno.EACCES, "a folder you may write to")]
)
def test_a_disk_that_refuses_is_one_message_and_loses_nothing(
    number: int, cure: str, small: Case, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, left = tmp_path / "run", [9]
    whole = files.tempfile.mkstemp

    def refuse(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, "the disk refuses")
        return whole(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(files.tempfile, "mkstemp", refuse)
        with pytest.raises(AllegianceError, match="cannot write") as caught:
            run_bundle(small, RunSpec(**SPEC), out)
    assert cure in str(caught.value)
    assert len(list((out / ".parts").glob("0*.json"))) == 2
    run_bundle(small, RunSpec(**SPEC), out)
    assert contents(out) == contents(finished)


def test_an_inert_lever_changes_nothing_and_is_named_beside_a_live_one(small: Case, tmp_path: Path) -> None:
    plain = run_bundle(small, RunSpec(**SPEC), tmp_path / "plain")
    levers = {"sides.weaker.supply": 0.4, "sides.stronger.supply": 0.7}
    summary = run_bundle(small, RunSpec(**SPEC), tmp_path / "both", levers)
    told = [s for s in summary["degenerate"] if "changed no outcome" in s]
    assert len(told) == 1
    assert "sides.weaker.supply=0.4" in told[0]
    alone = run_bundle(small, RunSpec(**SPEC), tmp_path / "alone", {"sides.weaker.supply": 0.4})
    same = [key for key in plain if key not in ("degenerate", "basis")]
    assert {k: alone[k] for k in same} == {k: plain[k] for k in same}
    for table in bundle.TABLES:
        name = f"{table}.parquet"
        assert (tmp_path / "alone" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
        assert (tmp_path / "both" / name).read_bytes() != (tmp_path / "plain" / name).read_bytes()
