"""Heavy parts are optional extras; a missing one fails with the line that cures it."""

from __future__ import annotations

import warnings
from importlib import import_module
from types import ModuleType

from allegiance.base.errors import AllegianceError


def require(module: str, extra: str) -> ModuleType:
    """Import `module`, or say which extra brings it.

    Raises:
        AllegianceError: the module is not installed.

    >>> require("no_such_module", "web")
    Traceback (most recent call last):
        ...
    allegiance.base.errors.AllegianceError: this needs 'no_such_module', which is not installed
      cure: python -m pip install 'allegiance[web]'
    """
    try:
        with warnings.catch_warnings():
            # what a library plans is news for those who write against it, not for those who use this one
            warnings.simplefilter("ignore", FutureWarning)
            return import_module(module)
    except ModuleNotFoundError as error:
        missing = error.name or module
        raise AllegianceError(
            f"this needs {missing!r}, which is not installed",
            f"python -m pip install 'allegiance[{extra}]'",
        ) from error
