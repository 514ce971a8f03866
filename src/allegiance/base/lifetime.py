"""A helper process ends with the process that started it, however that one ended."""

from __future__ import annotations

import os
import threading
import time

_EVERY = 0.5
"""Seconds between two looks at who the parent is."""
_watched: set[int] = set()


def end_with(parent: int) -> None:
    """End this process within a second of its parent's end; a second call for the same parent does nothing.

    A parent that was killed can tell nobody. What its children can see is that they have another parent now, so a
    thread looks. (Linux could send a signal, but does so when the thread ends that started the child.) On Windows a
    process keeps its parent's number for ever: there nothing is watched.

    Args:
        parent: process id of the parent, taken before this process was started.
    """
    if os.name != "posix" or parent in _watched:
        return
    _watched.add(parent)
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="lifetime").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_EVERY)
    os._exit(1)  # not sys.exit: a long computation in another thread would go on
