"""The one import of the compiler. ``NUMBA_DISABLE_JIT=1`` runs every kernel as plain Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a loop: cached on disk, releases the interpreter lock, strict floating point."""
    return numba.njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function)  # type: ignore[no-any-return]


def scalar(function: F) -> F:
    """Compile a small scalar function that kernels call and tests call alone."""
    return numba.njit(cache=True, nogil=True, inline="never", error_model="numpy")(function)  # type: ignore[no-any-return]
