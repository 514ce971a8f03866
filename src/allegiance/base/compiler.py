"""The one import of the compiler. ``NUMBA_DISABLE_JIT=1`` runs every kernel as plain Python.

Compiled kernels are kept on disk, each in one file that is sealed with a hash: a file that is damaged, cut, empty or of
other code is compiled anew, and a disk that is full or may not be written only costs the time to compile.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core.caching import IndexDataCacheFile

F = TypeVar("F", bound=Callable[..., Any])

_SEAL = 32
"""Bytes of SHA-256 in front of what is kept."""
uncached: list[str] = []
"""Names of kernels for which no folder could be found: they are compiled in every process."""


def kernel(function: F) -> F:
    """Compile a loop: cached on disk, releases the interpreter lock, strict floating point."""
    return _compiled(function, nogil=True, fastmath=False, error_model="numpy")


def scalar(function: F) -> F:
    """Compile a small scalar function that kernels call and tests call alone."""
    return _compiled(function, nogil=True, inline="never", error_model="numpy")


@cache
def sources_hash() -> str:
    """Hash of every source file that can end up in a kernel, as text or as a constant."""
    digest = hashlib.sha256()
    for part in ("base", "theory", "engine"):
        for path in sorted((Path(__file__).parents[1] / part).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _compiled(function: F, **options: Any) -> F:
    try:
        found: Any = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder for the cache can be written: a read-only installation and home
        uncached.append(function.__qualname__)
        return numba.njit(**options)(function)  # type: ignore[no-any-return]
    held: Any = getattr(found, "_cache", None)
    known: Any = getattr(held, "_cache_file", None)
    if known is not None:
        base = known._index_name.removesuffix(".nbi")
        held._cache_file = _Sealed(known._cache_path, base, sources_hash())
    return found  # type: ignore[no-any-return]


class _Sealed(IndexDataCacheFile):  # type: ignore[misc]
    """Compiled kernels, one file for each signature and machine; nothing is read that its seal does not vouch for.

    The stamp is the hash of all sources of the package: the compiler's own looks at the file of the kernel alone, so
    that a change in a theory function would not reach a kernel of another file that calls it.
    """

    def save(self, key: Any, data: Any) -> None:
        try:
            content = self._dump((self._version, self._source_stamp, repr(key), data))
            with self._open_for_write(self._data_path(self._name(key))) as stream:
                stream.write(hashlib.sha256(content).digest() + content)
        except (OSError, pickle.PicklingError):
            return  # kept for this process only

    def load(self, key: Any) -> Any:
        try:
            raw = Path(self._data_path(self._name(key))).read_bytes()
            content = raw[_SEAL:]
            if raw[:_SEAL] != hashlib.sha256(content).digest():
                return None
            version, stamp, whose, data = pickle.loads(content)
        except Exception:  # whatever a foreign file makes of being read: it is compiled anew
            return None
        return data if (version, stamp, whose) == (self._version, self._source_stamp, repr(key)) else None

    def flush(self) -> None:
        """Nothing is listed anywhere, so there is nothing to forget."""

    def _name(self, key: Any) -> str:
        which = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
        return self._data_name_pattern.format(number=0).removesuffix("0.nbc") + f"{which}.nbc"  # type: ignore[no-any-return]


def cache_folder() -> Path | None:
    """Where compiled kernels are kept, or None if no folder can be written."""
    from allegiance.base.random import philox

    path = getattr(getattr(philox, "_cache", None), "cache_path", None)
    return Path(os.fspath(path)) if path else None
