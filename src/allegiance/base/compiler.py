"""The one import of the compiler. ``NUMBA_DISABLE_JIT=1`` runs every kernel as plain Python."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a loop: cached on disk, releases the interpreter lock, strict floating point."""
    return _fresh(numba.njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function))  # type: ignore[no-any-return]


def scalar(function: F) -> F:
    """Compile a small scalar function that kernels call and tests call alone."""
    return _fresh(numba.njit(cache=True, nogil=True, inline="never", error_model="numpy")(function))  # type: ignore[no-any-return]


@cache
def sources_hash() -> str:
    """Hash of every source file that can end up in a kernel, as text or as a constant."""
    digest = hashlib.sha256()
    for part in ("base", "theory", "engine"):
        for path in sorted((Path(__file__).parents[1] / part).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _fresh(compiled: F) -> F:
    """Tie the cached code of a kernel to all sources of the package.

    The compiler's own cache looks at the file of the kernel alone, so that a change in a theory function would not
    reach a kernel of another file that calls it.
    """
    index: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if index is not None:
        index._source_stamp = sources_hash()
    return compiled
