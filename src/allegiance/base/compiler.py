"""The one import of the compiler. ``NUMBA_DISABLE_JIT=1`` runs every kernel as plain Python.

Compiled code is kept in the user's cache folder, under a hash of the code that can end up in it (docstrings and
comments left out), so that neither another installation nor a changed comment compiles anything again. Numba's cache
has no public door for this; the private names used here are the reason for the upper bound on its version.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.serialize import dumps
from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., Any])
_PACKAGE = Path(__file__).parents[1]
_SEAL = 32
"""Bytes of SHA-256 in front of what is kept."""


def kernel(function: F) -> F:
    """Compile a loop: cached on disk, releases the interpreter lock, strict floating point."""
    compiled: Any = numba.njit(nogil=True, fastmath=False, error_model="numpy")(function)
    if hasattr(compiled, "py_func"):
        compiled._cache = _Cache(function)
    return compiled  # type: ignore[no-any-return]


def inlined(function: F) -> F:
    """A function that kernels call, compiled as part of them; plain Python calls it as it is."""
    return register_jitable(function)  # type: ignore[no-any-return]


@cache
def cache_folder() -> Path | None:
    """Where compiled code is kept; None where there is no folder (kernels are then compiled in every process). One that
    is there and may not be written, as on the nodes of a cluster, is read.

    ``ALLEGIANCE_CACHE`` chooses the folder, else ``XDG_CACHE_HOME``, else ``~/.cache``.
    """
    base = os.environ.get("ALLEGIANCE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    try:
        folder = (Path(base) if base else Path.home() / ".cache") / "allegiance" / "kernels"
    except RuntimeError:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        return folder if os.access(folder, os.R_OK | os.X_OK) else None
    return folder


@cache
def sources_hash() -> str:
    """SHA-256 of every source file that decides what a run comes to."""
    digest = hashlib.sha256()
    for part in ("base", "theory", "world", "day", "runs"):
        for path in sorted((_PACKAGE / part).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def code_hash(path: Path) -> str:
    """SHA-256 of the code of a source file and of all our files that it imports, docstrings and comments left out."""
    seen: dict[Path, str] = {}
    queue = [path]
    while queue:
        file = queue.pop()
        if file in seen or not file.is_file():
            continue
        seen[file] = _code(file)
        for module in re.findall(r"^from allegiance\.([\w.]+) import", file.read_text(encoding="utf-8"), re.MULTILINE):
            queue.append(_PACKAGE.joinpath(*module.split(".")).with_suffix(".py"))
    parts = [numba.__version__, *(f"{file.name} {seen[file]}" for file in sorted(seen))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _code(file: Path) -> str:
    """SHA-256 of what a source file compiles to, without docstrings and line numbers."""
    digest = hashlib.sha256()
    queue: list[Any] = [compile(file.read_bytes(), "", "exec", optimize=2, dont_inherit=True)]
    while queue:
        code = queue.pop()
        digest.update(code.co_code)
        constants = [_same_in_every_process(c) for c in code.co_consts if not isinstance(c, CodeType)]
        digest.update(repr((code.co_names, code.co_varnames, constants)).encode())
        queue += [c for c in code.co_consts if isinstance(c, CodeType)]
    return digest.hexdigest()


def _same_in_every_process(constant: Any) -> Any:
    """A constant with its sets in order: Python shuffles sets of strings anew in every process."""
    if isinstance(constant, frozenset):
        return sorted(map(repr, constant))
    return tuple(map(_same_in_every_process, constant)) if isinstance(constant, tuple) else constant


class _Locator:
    """Tells the compiler's cache where a kernel is kept; what lies under the hash of its code is never stale."""

    def __init__(self, function: Callable[..., Any]) -> None:
        path = Path(function.__code__.co_filename)
        self._where = f"{path.parent.name}-{code_hash(path)[:24]}"

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def ensure_cache_path(self) -> None:
        Path(self.get_cache_path()).mkdir(parents=True, exist_ok=True)

    def get_source_stamp(self) -> str:
        return self._where

    def get_disambiguator(self) -> str:
        return self._where

    @classmethod
    def from_function(cls, function: Any, file: str) -> _Locator:
        return cls(function)


class _Implementation(CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = (_Locator,)


class _Sealed:
    """Compiled code of one kernel, a file for each signature and machine; a file that is damaged, cut, empty or
    foreign is as good as none, and a disk that is full or may not be written only costs the time to compile."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, f"{name}-py{sys.version_info[0]}{sys.version_info[1]}"

    def _path(self, key: Any) -> Path:
        return self._folder / f"{self._name}-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}.kernel"

    def save(self, key: Any, data: Any) -> None:
        """Keep what a signature was compiled to."""
        path = self._path(key)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            content = dumps((repr(key), data))
            part.write_bytes(hashlib.sha256(content).digest() + content)
            part.replace(path)
        except (OSError, pickle.PicklingError):
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def load(self, key: Any) -> Any:
        """What a signature was compiled to, or None."""
        try:
            raw = self._path(key).read_bytes()
            content = raw[_SEAL:]
            if raw[:_SEAL] != hashlib.sha256(content).digest():
                return None
            whose, data = pickle.loads(content)
        except Exception:  # whatever a foreign file makes of being read: it is compiled anew
            return None
        return data if whose == repr(key) else None

    def flush(self) -> None:
        """Nothing is listed anywhere, so there is nothing to forget."""


class _Files(FunctionCache):  # type: ignore[misc]
    _impl_class = _Implementation

    def __init__(self, function: Callable[..., Any], folder: Path) -> None:
        super().__init__(function)
        self._cache_file = _Sealed(folder, self._impl.filename_base)


class _Cache:
    """A kernel's cache, opened when the kernel is first needed; none where no folder can be written."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._files: Any = None

    def _opened(self) -> Any:
        folder = cache_folder()
        if self._files is None and folder is not None:
            self._files = _Files(self._function, folder)
        return self._files

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Compiled code for a signature, or None."""
        files = self._opened()
        return files.load_overload(signature, target) if files else None

    def save_overload(self, signature: Any, data: Any) -> None:
        """Keep compiled code of a signature."""
        if files := self._opened():
            files.save_overload(signature, data)

    @property
    def cache_path(self) -> str:
        """Where compiled code is kept."""
        return str(cache_folder())
