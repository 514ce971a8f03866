"""One writer per folder: a lock of the operating system, which is gone with the process that held it."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import disk_fault

LOCK = ".lock"
_LOOK_AGAIN = 0.2
_SETTLE = 2.0
"""Seconds that a process may take between having the lock and saying what it is for."""
_UNSUPPORTED = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)
"""Some network disks have no locks: work goes on there without one, as on every other program's files."""

Tell = Callable[[str], None]


@contextlib.contextmanager
def held(folder: Path, purpose: str, tell: Tell | None = None, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock of `folder`.

    While another process makes the very same (`purpose` is equal) it is waited for, so that this one finds it finished;
    a process that makes something else there is an error.

    Args:
        purpose: digest of what is to be made. tell: called with a sentence when waiting begins. patience: seconds that
        a process which makes something else is waited for, too.

    Raises:
        AllegianceError: another process makes something else in the folder, or the folder cannot be written.
    """
    handle = _acquire(Path(folder), purpose, tell, patience)
    try:
        yield
    finally:
        if handle is not None:
            _release(Path(folder) / LOCK, handle)


def _acquire(folder: Path, purpose: str, tell: Tell | None, patience: float) -> int | None:
    path, said, since = folder / LOCK, False, time.monotonic()
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except (OSError, ValueError) as error:
            raise disk_fault(folder, error) from error
        try:
            taken = _try(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in _UNSUPPORTED:
                return None
            raise disk_fault(folder, error) from error
        if taken and _same(path, handle):
            with contextlib.suppress(OSError):  # a full disk: the lock holds without its note
                os.ftruncate(handle, 0)
                os.lseek(handle, 0, os.SEEK_SET)
                os.write(handle, f"{os.getpid()} {purpose}\n".encode())
            return handle
        os.lseek(handle, 0, os.SEEK_SET)
        process, _, theirs = os.read(handle, 200).decode("ascii", "replace").strip().partition(" ")
        os.close(handle)  # the lock of a file that was removed meanwhile is no lock
        waited = time.monotonic() - since
        if not taken and theirs != purpose and waited > (patience if theirs else max(patience, _SETTLE)):
            raise AllegianceError(
                f"another process ({process or 'unknown'}) is writing into {shown(folder)}",
                "wait for it to end, or choose another folder with --out",
            )
        if tell and theirs == purpose and not said:
            tell(f"waiting for process {process}, which makes the same")
            said = True
        time.sleep(_LOOK_AGAIN if not taken else 0)


def _try(handle: int) -> bool:
    """Take the lock if it is free."""
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(handle, 1 << 20, os.SEEK_SET)  # a byte that nobody reads: a lock forbids that there
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _same(path: Path, handle: int) -> bool:
    """Whether the file that is locked is still the one that others would open."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False


def _release(path: Path, handle: int) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
    os.close(handle)
