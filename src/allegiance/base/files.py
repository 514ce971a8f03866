"""Writes that are whole or absent, reads of regular files only, hashes, and plain messages for a disk that refuses."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegiance.base.errors import AllegianceError, shown

_FULL = "No space left on device"
_NAME = 40
"""Letters of a file's own name that its temporary name keeps: a name may be as long as the disk allows."""


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it replaces `path`, on failure it is removed.

    Raises:
        AllegianceError: the folder cannot be written or the disk is full.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:_NAME]}.", suffix=".part", dir=path.parent)
    except (OSError, ValueError) as error:
        raise disk_fault(path, error) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise disk_fault(path, error) from error
    except Exception as error:
        if _FULL in str(error):  # libraries that write say it in errors of their own
            raise disk_fault(path, OSError(errno.ENOSPC, _FULL)) from error
        raise
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def disk_fault(path: Path, error: OSError | ValueError) -> AllegianceError:
    """What a disk refused, said in the user's terms."""
    full = getattr(error, "errno", None) == errno.ENOSPC
    cure = "free some space, or choose another folder with --out" if full else (
        "choose a folder you may write to with --out"
    )
    return AllegianceError(f"cannot write {shown(path)}: {getattr(error, 'strerror', None) or error}", cure)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data`, whole or not at all."""
    with atomic(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def to_json(value: Any, ascii_only: bool = False) -> str:
    """JSON with sorted keys and a final newline, so that equal results are equal bytes."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=ascii_only, allow_nan=False) + "\n"


def write_json(path: Path, value: Any) -> None:
    """Write `value` as JSON (see `to_json`), whole or not at all."""
    write_text(path, to_json(value))


def read_regular(path: Path, most: int | None = None) -> bytes:
    """The content of a regular file; a pipe, a device or a socket is refused instead of waited for.

    Args:
        most: bytes that the file may hold.

    Raises:
        AllegianceError: no regular file, too large, or unreadable.
    """
    path = Path(path)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                sort = _sort(found.st_mode)
                raise AllegianceError(f"{shown(path)} is {sort}, not a regular file", "give a file")
            if most is not None and found.st_size > most:
                raise AllegianceError(
                    f"{shown(path)} is too large: {found.st_size / 1e6:.1f} MB, at most {most / 1e6:g} MB",
                    "was another file meant?",
                )
            return stream.read()
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or error
        raise AllegianceError(f"cannot read {shown(path)}: {what}", "check the path and its permissions") from error


def _sort(mode: int) -> str:
    sorts = (
        (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
        (stat.S_ISSOCK, "a socket"),
    )  # fmt: skip
    return next((word for test, word in sorts if test(mode)), "something else")


def read_json(path: Path, cure: str) -> Any:
    """What a JSON file holds.

    Raises:
        AllegianceError: there is none or it is not JSON, with `cure`; or it is unreadable.
    """
    if not exists(path):
        raise AllegianceError(f"there is no {shown(path)}", cure)
    try:
        return json.loads(read_regular(path).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise AllegianceError(f"{shown(path)} is damaged: {error}", cure) from error


def exists(path: Path) -> bool:
    """Whether there is anything at `path`; False for a name that no disk could hold."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def refuse_existing(paths: Iterator[Path] | list[Path], force: bool) -> None:
    """Refuse to write over files that are there already, unless told to.

    Raises:
        AllegianceError: one of the paths exists and `force` is not set.
    """
    for path in paths:
        if not force and (exists(path) or Path(path).is_symlink()):
            raise AllegianceError(f"{shown(path)} is there already", "choose another name, or replace it with --force")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def sha256_bytes(data: bytes) -> str:
    """The SHA-256 of some bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes.

    >>> sha256_text("")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(text.encode()).hexdigest()
