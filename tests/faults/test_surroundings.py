"""Kind 1, once more: neither a user's caches and settings nor a full disk bring a traceback or change a number."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faults.probe import TINY_WORDS, contents, shell

KIND = "No traceback, ever"


def _flipped(data: bytes) -> bytes:
    return data[:500] + bytes([data[500] ^ 1]) + data[501:]


CACHES = {
    "sample empty files": lambda p: p.write_bytes(b""),
    "sample a word": lambda p: p.write_bytes(b"x\n"),
    "cut in half": lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]),
    "one flipped bit": lambda p: p.write_bytes(_flipped(p.read_bytes())),
    "another program's": lambda p: p.write_bytes(b"\x80\x04cos\nsystem\n(S'false'\ntR."),
    "folders": lambda p: (p.unlink(), p.mkdir()),
}
KERNEL = "from allegiance.base.random import uniform; print(uniform(1, 2, 3, 4, 5, 6))"


def kernel(cache: Path, script: str = KERNEL) -> str:
    """What a kernel says in a process whose compiled code is kept in `cache`; it may say nothing else."""
    env = {**os.environ, "ALLEGIANCE_CACHE": str(cache), "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    return ran.stdout


def kept_in(cache: Path) -> list[Path]:
    return list(cache.rglob("*.kernel"))


@pytest.mark.parametrize("damage", CACHES)
def test_a_damaged_compiler_cache(damage: str, tmp_path: Path) -> None:
    """A damaged compiler cache is made anew, and the numbers are the same."""
    right = kernel(tmp_path)
    kept = kept_in(tmp_path)
    assert kept
    for path in kept:
        CACHES[damage](path)
    assert kernel(tmp_path) == right
    for path in kept:
        raw = b"" if path.is_dir() else path.read_bytes()
        assert path.is_dir() == (damage == "folders")
        assert path.is_dir() or raw[:32] == hashlib.sha256(raw[32:]).digest()


FULL = """
from pathlib import Path
def full(self, data): raise OSError(28, "No space left on device")
Path.write_bytes = full
"""


def test_sample_a_compiler_cache_where_nothing_can_be_written(tmp_path: Path) -> None:
    """Without a place for compiled kernels they are compiled in every process, and the numbers are the same."""
    (tmp_path / "file").write_text("no folder")
    assert kernel(tmp_path / "file") == kernel(tmp_path / "good")
    assert kept_in(tmp_path / "good")


@pytest.mark.skipif(os.name == "nt" or shutil.which("unshare") is None or os.geteuid() != 0, reason="needs root")
def test_a_compiler_cache_that_may_only_be_read(tmp_path: Path) -> None:
    """Compiled kernels in a folder that may not be written are used, and nothing is compiled anew."""
    right = kernel(tmp_path)
    script = "import numba.core.compiler as c; c.compile_extra = None\n" + KERNEL  # whoever compiles, fails
    env = {**os.environ, "ALLEGIANCE_CACHE": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path), "S": script}
    closed = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path} && "
    line = ["unshare", "-m", "sh", "-c", closed + f'{sys.executable} -c "$S"']
    ran = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
    if ran.stderr.startswith("mount"):
        pytest.skip("no folder can be made read-only here")
    assert ran.stdout == right, ran


def test_sample_a_compiler_cache_on_a_full_disk(tmp_path: Path) -> None:
    """A disk that takes no compiled kernels costs the time to compile, and the numbers are the same."""
    assert kernel(tmp_path / "bad", FULL + KERNEL) == kernel(tmp_path / "good")
    assert not list((tmp_path / "bad").rglob("*.kernel*"))


@pytest.fixture(scope="module")
def plainly(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the smallest run writes for a user without settings of his own."""
    where = tmp_path_factory.mktemp("plain")
    assert shell(("run", "reference", *TINY_WORDS, "--out", "run"), where).code == 0
    return contents(where / "run")


@pytest.mark.parametrize("setting", ["sample a backend that is none", "sample a broken matplotlibrc", "other colours"])
def test_a_users_drawing_settings(setting: str, plainly: dict[str, bytes], tmp_path: Path) -> None:
    """Neither a broken matplotlibrc nor MPLBACKEND touches a report: it is the same, byte for byte."""
    rc = {"sample a broken matplotlibrc": "\x00\xff: [\nbackend: nonsense\n", "other colours": "axes.facecolor: red\n"}
    words = ("run", "reference", *TINY_WORDS, "--out", "run")
    env = {"MPLBACKEND": "nonsense"} if "backend" in setting else {}
    if setting in rc:
        (tmp_path / "matplotlibrc").write_text(rc[setting], encoding="latin-1")
    assert shell(words, tmp_path, env).code == 0
    assert contents(tmp_path / "run") == plainly


@pytest.mark.skipif(os.name == "nt", reason="limits are others there")
def test_sample_a_disk_that_stops_in_the_middle(tmp_path: Path) -> None:
    """A disk that takes no more in the middle of a run is one message, and the run goes on afterwards."""
    words = ["run", "reference", "--members", "4", "--days", "30", "--scale", "0.2", "--threads", "1", "--out", "run"]
    limit = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limit += " resource.setrlimit(resource.RLIMIT_FSIZE, (15000, 15000));"
    limit += " from allegiance.cli.main import main; main()"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", limit, *words], cwd=tmp_path, env=env, capture_output=True, text=True,
                         check=False)  # fmt: skip
    assert ran.returncode == 2, ran
    assert "cannot write" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list((tmp_path / "run").rglob("*.part"))


as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("unshare") is None,
                             reason="needs root, to make a disk read-only")  # fmt: skip


@as_root
@pytest.mark.parametrize("memory", [True, False], ids=["sample only --out", "not even memory"])
def test_a_disk_that_is_read_only_but_for_the_results(memory: bool, tmp_path: Path) -> None:
    """Where only the results' folder can be written a run ends with its report, or says which setting it needs."""
    (tmp_path / "w").mkdir()
    home = {"HOME": "/nonexistent", "PYTHONPATH": os.pathsep.join(sys.path)}
    words = " ".join([sys.executable, "-m", "allegiance.cli.main", "run", "reference", *TINY_WORDS, "--out", "w/run"])
    closed = ["mount --make-rprivate /", f"mount --bind {tmp_path}/w {tmp_path}/w"]
    closed += ["mount -o remount,bind,ro /", *([] if memory else ["mount -o remount,bind,ro /dev/shm"])]
    script = " && ".join([*closed, f"cd {tmp_path}", words])
    line = ["unshare", "-m", "sh", "-c", script]
    ran = subprocess.run(line, env={**os.environ, **home}, capture_output=True, text=True, check=False)
    if "mount" in ran.stderr.split(":")[0]:
        pytest.skip(f"no disk can be made read-only here: {ran.stderr.strip()}")
    assert "Traceback" not in ran.stderr
    assert "mkdir" not in ran.stderr
    assert (tmp_path / "w" / "run" / "manifest.json").is_file()
    if memory:
        assert ran.returncode == 0, ran
        assert (tmp_path / "w" / "run" / "report.html").is_file()
    else:
        assert ran.returncode == 2, ran
        assert "set TMPDIR to a folder you may write to" in ran.stderr
