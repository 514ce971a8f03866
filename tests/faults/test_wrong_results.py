"""Kind 0: never a wrong result with exit code 0."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import allegiance
from allegiance.base.errors import AllegianceError
from allegiance.base.locks import held
from allegiance.base.parts import Parts
from allegiance.base.tables import read_table, to_parquet, write_table
from allegiance.cases.loader import load_case
from allegiance.evidence.folder import cache_dir
from allegiance.evidence.folder import read_table as read_data
from allegiance.evidence.query import query
from allegiance.evidence.store import Store
from allegiance.forecast import prepare
from allegiance.report.result import Result
from faults.probe import TINY, TINY_WORDS, command, contents, refused

KIND = "Never a wrong result"
NAMES = ["sample run [2]", "sample q?", "x*", "[ab]", "**", "{a,b}", "a]", "~x", "%41", "$HOME", "-dash", "#1", "a b'c"]
DECOYS = ("run 2", "qx", "x1", "a", "b", "zz", "A")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plain") / "run"
    allegiance.run("reference", out=out, **TINY)
    return out


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("other") / "run"
    allegiance.run("reference", seed=1, out=out, **TINY)
    return out


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_name_is_no_pattern(name: str, plain: Path, other: Path, tmp_path: Path) -> None:
    """A folder's name is taken letter by letter, whatever other runs lie beside it."""
    for decoy in DECOYS:
        shutil.copytree(other, tmp_path / decoy)
    out = tmp_path / name.removeprefix("sample ")
    result = allegiance.run("reference", out=out, **TINY)
    assert result.daily.height == Result(plain).daily.height
    assert contents(out) == contents(plain)


@pytest.mark.parametrize("name", NAMES)
def test_an_interrupted_run_goes_on_in_a_folder_of_any_name(
    name: str, plain: Path, other: Path, tmp_path: Path
) -> None:
    """An interrupted run in a folder of any name goes on with its own parts."""
    out = tmp_path / name.removeprefix("sample ")
    for decoy in DECOYS:
        shutil.copytree(other, tmp_path / decoy / ".parts")
    interrupted(out)
    allegiance.run("reference", out=out, **TINY)
    assert contents(out) == contents(plain)


@pytest.mark.parametrize("name", NAMES)
def test_a_data_folder_of_any_name_is_read(name: str, tmp_path: Path) -> None:
    """Tables, stores and queries in a folder of any name are read from that folder only."""
    folder = tmp_path / name.removeprefix("sample ")
    for where, value in ((folder, 1), *((tmp_path / d, 2) for d in DECOYS)):
        (where / "mine").mkdir(parents=True)
        (where / "mine" / "table.csv").write_text(f"a,b\n{value},{value}\n")
        write_table(where / "table.parquet", pl.DataFrame({"a": [value]}))
    assert read_data(folder, "mine/table")["a"].to_list() == [1]
    assert read_table(folder / "table.parquet")["a"].to_list() == [1]
    store = Store(tmp_path / "store")
    assert query('select a from "mine/table"', store, folder)["a"].to_list() == [1]


def interrupted(out: Path, seed: int = 0) -> None:
    """A run of two wars that was stopped after the first."""

    def stop(share: float, _: str) -> None:
        if share >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        allegiance.run("reference", seed=seed, out=out, progress=stop, **TINY)
    assert (out / ".parts" / "000000.json").is_file()


def flip(path: Path, seed: int) -> None:
    """Turn one bit of a file around."""
    data, rng = bytearray(path.read_bytes()), random.Random(seed)
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(bytes(data))


PARTS = ("000000.json", "000000.daily.parquet", "000000.events.parquet", "000000.individuals.parquet")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("part", PARTS)
def test_a_flipped_bit_in_a_part_is_seen(part: str, seed: int, plain: Path, tmp_path: Path) -> None:
    """A part of an interrupted run with one flipped bit is played anew."""
    interrupted(tmp_path / "run")
    flip(tmp_path / "run" / ".parts" / part, seed)
    allegiance.run("reference", out=tmp_path / "run", **TINY)
    assert contents(tmp_path / "run") == contents(plain)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_another_run_is_not_taken(part: str, plain: Path, tmp_path: Path) -> None:
    """A part that another run wrote is played anew."""
    interrupted(tmp_path / "run")
    interrupted(tmp_path / "stranger", seed=1)
    shutil.copy(tmp_path / "stranger" / ".parts" / part, tmp_path / "run" / ".parts" / part)
    allegiance.run("reference", out=tmp_path / "run", **TINY)
    assert contents(tmp_path / "run") == contents(plain)


def test_all_parts_of_another_run_are_not_taken(plain: Path, tmp_path: Path) -> None:
    """A whole member of another run under this one's name is played anew."""
    interrupted(tmp_path / "run")
    interrupted(tmp_path / "stranger", seed=1)
    for part in PARTS:
        shutil.copy(tmp_path / "stranger" / ".parts" / part, tmp_path / "run" / ".parts" / part)
    allegiance.run("reference", out=tmp_path / "run", **TINY)
    assert contents(tmp_path / "run") == contents(plain)


def test_members_that_changed_places_are_not_taken(plain: Path, tmp_path: Path) -> None:
    """A member's part under another member's number is played anew."""
    interrupted(tmp_path / "run")
    for part in PARTS:
        shutil.move(tmp_path / "run" / ".parts" / part, tmp_path / "run" / ".parts" / part.replace("000000", "000001"))
    allegiance.run("reference", out=tmp_path / "run", **TINY)
    assert contents(tmp_path / "run") == contents(plain)


@pytest.mark.parametrize("damage", ["flipped", "cut", "another's", "another name", "no seal", "empty seal"])
def test_parts_of_experiments_are_sealed(damage: str, tmp_path: Path) -> None:
    """Parts of why, claims, sensitivity, compare and score that are damaged or another's are not used."""
    parts, table = Parts(tmp_path, "mine"), pl.DataFrame({"member": [0, 1], "x": [0.5, 1.5]})
    parts.keep("one.parquet", table)
    assert parts.find("one.parquet") is not None
    path, sealed, asked = tmp_path / "one.parquet", tmp_path / "one.parquet.seal", "one.parquet"
    if damage == "flipped":
        flip(path, 0)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif damage == "another's":
        Parts(tmp_path, "yours").keep("one.parquet", table)
    elif damage == "another name":
        asked = "two.parquet"
        path.rename(tmp_path / asked)
        sealed.rename(tmp_path / f"{asked}.seal")
    elif damage == "no seal":
        sealed.unlink()
    else:
        sealed.write_text("")
    assert parts.find(asked) is None


OUTPUTS = ("summary.json", "daily.parquet", "events.parquet", "members.parquet", "case.json", "story.parquet")


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_flipped_bit_in_a_finished_run_is_seen(name: str, plain: Path, tmp_path: Path) -> None:
    """A finished run of which a file changed is called damaged by every reader, and is not taken as done."""
    out = tmp_path / "run"
    shutil.copytree(plain, out)
    flip(out / name, 1)
    with pytest.raises(AllegianceError, match="damaged"):
        allegiance.run("reference", out=out, **TINY)
    found = Result(out)
    ask = {
        "summary.json": found.summary, "daily.parquet": lambda: found.daily, "events.parquet": lambda: found.events,
        "members.parquet": lambda: found.members, "case.json": lambda: found.case, "story.parquet": lambda: found.story,
    }  # fmt: skip
    with pytest.raises(AllegianceError, match="damaged"):
        ask[name]()


def test_a_shortened_manifest_is_not_believed(plain: Path, tmp_path: Path) -> None:
    """A manifest that no longer lists a table does not vouch for it."""
    out = tmp_path / "run"
    shutil.copytree(plain, out)
    manifest = json.loads((out / "manifest.json").read_text())
    del manifest["outputs"]["daily.parquet"]
    (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(AllegianceError, match=r"daily\.parquet is damaged"):
        allegiance.run("reference", out=out, **TINY)


def racers(tmp_path: Path, *seeds: int) -> list[tuple[int, str, str]]:
    """The same command started at once in processes of their own; exit code, stdout and stderr of each."""
    words = ["run", "reference", *TINY_WORDS, "--json", "--out", "same"]
    line = [sys.executable, "-m", "allegiance.cli.main", *words, "--seed"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [subprocess.Popen([*line, str(s)], cwd=tmp_path, **pipes) for s in seeds]
    return [(p.wait(), *said) for p, said in ((p, p.communicate(timeout=300)) for p in running)]


def test_sample_two_runs_of_one_seed_join(plain: Path, tmp_path: Path) -> None:
    """Of two equal runs started at once into one folder the second waits and finds the first's result."""
    ended = racers(tmp_path, 0, 0)
    assert [code for code, _, _ in ended] == [0, 0], ended
    assert ended[0][1] == ended[1][1] == (plain / "summary.json").read_text(encoding="utf-8")
    assert not (tmp_path / "same" / ".parts").exists()
    assert not (tmp_path / "same" / ".lock").exists()


def test_sample_two_runs_of_two_seeds_do_not_mix(plain: Path, other: Path, tmp_path: Path) -> None:
    """Of two different runs started at once into one folder one is refused, and neither prints the other's result."""
    ended = racers(tmp_path, 0, 1)
    assert sorted(code for code, _, _ in ended) == [0, 2], ended
    for (code, out, err), theirs in zip(ended, (plain, other), strict=True):
        assert out == ((theirs / "summary.json").read_text(encoding="utf-8") if code == 0 else "")
        assert not code or "is writing into" in err or "holds another run" in err


def test_a_lock_that_nobody_holds_stops_nobody(plain: Path, tmp_path: Path) -> None:
    """A lock file left by a process that was killed is no lock."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / ".lock").write_text("99999999999999999999999 someone else")
    allegiance.run("reference", out=tmp_path / "run", **TINY)
    assert contents(tmp_path / "run") == contents(plain)


WRITERS = {
    "sample update": ["update", "russia-ukraine-2022", "--observed", "OBSERVED", "--members", "6", "--scale", "0.003"],
    "sample score": ["score", "--draws", "8"],
    "run": ["run", "reference", *TINY_WORDS],
    "why": ["why", "reference", "--members", "4", "--days", "5", "--scale", "0.02"],
    "claims": ["claims", "C14", "--members", "2", "--scale", "0.02"],
    "sensitivity": ["sensitivity", "reference", "--days", "5", "--scale", "0.02"],
    "compare": ["compare", "reference", "--with", "x:sides.weaker.supply=0.4", "--members", "4", "--days", "5"],
    "calibrate": ["calibrate", "--study", "library"],
}
OBSERVED = Path(__file__).parents[2] / "docs" / "examples" / "ukraine-2022-04-15.yaml"


@pytest.mark.parametrize("held_by", ["a finished run", "a user's file", "another process"])
@pytest.mark.parametrize("verb", WRITERS)
def test_nothing_is_overwritten(verb: str, held_by: str, other: Path, tmp_path: Path) -> None:
    """A folder that holds anything else, or that another process works in, is left as it is, before any work."""
    out = tmp_path / "out"
    out.mkdir()
    if held_by == "a finished run":
        shutil.copytree(other, out, dirs_exist_ok=True)
    elif held_by == "a user's file":
        (out / "summary.json").write_text("years of work")
    before = contents(out)
    words = [str(OBSERVED) if w == "OBSERVED" else w for w in WRITERS[verb]]
    if held_by == "another process":
        with held(out, "something else"):
            refused(command(*words, "--out", str(out)), "another process", "is writing into")
    else:
        refused(command(*words, "--out", str(out)), "--out")
    assert contents(out) == before


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x.html", "x-map.png"])
def test_sample_forecast_leaves_files_alone(name: str, tmp_path: Path) -> None:
    """`forecast --out` writes over no table, map or page that is there."""
    (tmp_path / name).write_text("years of work")
    out = tmp_path / ("x.csv" if name != "x.parquet" else name)
    words = ("forecast", "--outcome", "coup_attempt", "--as-of", "2015-12", "--out", str(out), "--data", str(tmp_path))
    refused(command(*words), "is there already", "--force")
    assert (tmp_path / name).read_text() == "years of work"


@pytest.mark.parametrize("words", [("data", "query", "select 1 a", "--out"), ("case", "new")], ids=" ".join)
def test_single_files_are_left_alone(words: tuple[str, ...], tmp_path: Path) -> None:
    """A file that a command would write and that is there already stays as it is."""
    (tmp_path / "x.csv").write_text("years of work")
    refused(command(*words, str(tmp_path / "x.csv")))
    assert (tmp_path / "x.csv").read_text() == "years of work"


def test_force_replaces_our_own_and_nothing_else(plain: Path, other: Path, tmp_path: Path) -> None:
    """`--force` puts the new result in place of the old one; files of others stay."""
    out = tmp_path / "run"
    shutil.copytree(other, out)
    (out / "notes.txt").write_text("years of work")
    assert command("run", "reference", *TINY_WORDS, "--out", str(out), "--force").code == 0
    kept = contents(out)
    assert kept.pop("notes.txt") == b"years of work"
    assert kept.keys() == {*contents(plain), "report.html"}
    assert Result(out).summary() == Result(plain).summary()


@pytest.mark.parametrize("name", ["../victim.txt", "/etc/hostname", "a/../../victim.txt"])
def test_a_manifest_cannot_point_elsewhere(name: str, other: Path, tmp_path: Path) -> None:
    """`--force` removes only files inside the folder, whatever its manifest lists."""
    out, victim = tmp_path / "run", tmp_path / "victim.txt"
    shutil.copytree(other, out)
    victim.write_text("years of work")
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["outputs"][name] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))
    allegiance.run("reference", out=out, force=True, **TINY)
    assert victim.read_text() == "years of work"


def test_parts_of_other_code_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds that an experiment played with other code are not mixed with new ones."""
    from allegiance.experiments import store, why

    options = {"members": 4, "conditions": ["ties", "losses"], "out": tmp_path / "why", "days": 5, "scale": 0.02}

    def stop(share: float, _: str) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    monkeypatch.setattr(store, "sources_hash", lambda: "older code")
    with pytest.raises(KeyboardInterrupt):
        why.why(load_case("reference"), progress=stop, threads=1, **options)
    monkeypatch.undo()
    with pytest.raises(AllegianceError, match="its code differs"):
        why.why(load_case("reference"), threads=1, **options)


DAMAGED = {
    "a flipped bit": lambda path: flip(path, 2),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "garbage": lambda path: path.write_bytes(b"PAR1garbagePAR1"),
    "empty": lambda path: path.write_bytes(b""),
    "without its seal": lambda path: path.with_name(f"{path.name}.seal").unlink(),
    "another forecast's": lambda path: path.write_bytes(to_parquet(pl.DataFrame({"p": [0.9]}))),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_cache_of_forecasts_is_made_anew(damage: str) -> None:
    """What forecasts keep for the next time is used only if it is whole, and made anew if it is not."""
    right, asked = pl.DataFrame({"p": [0.1, 0.2]}), []

    def make() -> pl.DataFrame:
        asked.append(1)
        return right

    for _ in range(2):
        assert prepare._remembered("panel-x.parquet", make).equals(right)
    assert len(asked) == 1
    DAMAGED[damage](cache_dir() / "forecast" / "panel-x.parquet")
    assert prepare._remembered("panel-x.parquet", make).equals(right)
    assert len(asked) == 2


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cache cannot be written forecasts are made all the same."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path / "file"))
    assert prepare._remembered("x.parquet", lambda: pl.DataFrame({"p": [0.1]}))["p"].to_list() == [0.1]


@pytest.mark.parametrize("name", ["mine.yaml", "mine-README.md", "README.md", "drafts.csv", "page.md"])
def test_drafts_and_pages_leave_files_alone(name: str, tmp_path: Path) -> None:
    """Drafts, the README beside them, and pages write over nothing that is there, and say so before any work."""
    (tmp_path / name).write_text("years of work")
    words = {
        "mine.yaml": ("case", "draft", "MLI", "--date", "2005-01-01", "--out", "mine.yaml"),
        "mine-README.md": ("case", "draft", "MLI", "--date", "2005-01-01", "--out", "mine.yaml"),
        "README.md": ("case", "draft", "MLI", "--date", "2005-01-01", "--out", "case.yaml"),
        "drafts.csv": ("case", "drafts", "--out", "drafts.csv"),
        "page.md": ("check", "prior", "--draws", "2", "--out", "page.md"),
    }[name]
    refused(command(*words[:-1], str(tmp_path / words[-1])), "is there already", "--force")
    assert (tmp_path / name).read_text() == "years of work"
    assert len(list(tmp_path.iterdir())) == 1
