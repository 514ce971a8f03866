"""Writes are whole or absent, and a disk that refuses says so plainly."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.files import atomic, disk_fault, sha256, sha256_text, to_json, write_json, write_text


def test_a_write_makes_its_folder_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "note.txt"
    write_text(target, "peace\n")
    assert target.read_text() == "peace\n"
    assert [p.name for p in target.parent.iterdir()] == ["note.txt"]
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_failed_write_keeps_the_old_file_and_cleans_up(tmp_path: Path) -> None:
    target = tmp_path / "note.txt"
    write_text(target, "old")

    def stopped_half_way() -> None:
        with atomic(target) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stopped_half_way()
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["note.txt"]


def test_an_interrupt_leaves_no_part_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), atomic(tmp_path / "note.txt"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_one_clear_message(tmp_path: Path) -> None:
    blocker = tmp_path / "out"
    blocker.write_text("I am a file")
    with pytest.raises(AllegianceError, match="cannot write") as caught:
        write_text(blocker / "note.txt", "x")
    assert "--out" in (caught.value.cure or "")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_clear_message(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(AllegianceError, match="cannot write"):
        write_text(tmp_path / "note.txt", "x")


def test_a_full_disk_says_to_free_space() -> None:
    fault = disk_fault(Path("x"), OSError(28, "No space left on device"))
    assert "No space left on device" in fault.message
    assert "free some space" in (fault.cure or "")


def test_equal_values_are_equal_bytes(tmp_path: Path) -> None:
    assert to_json({"b": 1, "a": [2.5, "é"]}) == to_json({"a": [2.5, "é"], "b": 1})
    write_json(tmp_path / "x.json", {"a": 1})
    assert (tmp_path / "x.json").read_bytes().endswith(b"}\n")


def test_numbers_that_are_not_numbers_are_refused() -> None:
    with pytest.raises(ValueError):
        to_json({"a": float("nan")})


def test_hashes(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(b"abc" * 1_000_000)
    assert sha256(path) == hashlib.sha256(b"abc" * 1_000_000).hexdigest()
    assert sha256_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
