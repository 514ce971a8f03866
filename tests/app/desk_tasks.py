"""Tasks for tests of the desk: no model, no waiting beyond what a test asks for."""

from __future__ import annotations

import os
import time
from typing import Any

from allegiance.app.worker import Task, Update, beside, stepped
from allegiance.base.errors import AllegianceError


def count(_: dict[str, Any], steps: int, seconds: float = 0.0, name: str = "") -> Task:
    for step in range(1, steps + 1):
        time.sleep(seconds)
        yield Update(step / steps, f"step {step}", (name, step))


def die(_: dict[str, Any]) -> Task:
    yield Update(0.5, "half")
    os._exit(1)


def fault(_: dict[str, Any]) -> Task:
    yield Update(0.5, "half")
    raise AllegianceError("the case has no army", "add one")


def surprise(_: dict[str, Any]) -> Task:
    yield Update(0.5, "half")
    raise ZeroDivisionError("secret path /etc")


def reported(_: dict[str, Any]) -> Task:
    def work(progress: Any) -> str:
        for k in range(4):
            progress(k / 4, f"part {k}")
        return "result"

    yield from stepped(work)


def slow(_: dict[str, Any]) -> Task:
    yield from beside(lambda: time.sleep(1.5) or "slow result", "learning")


def hang(_: dict[str, Any]) -> Task:
    time.sleep(3600)
    yield Update(1.0, "never")


def nice(_: dict[str, Any]) -> Task:
    yield Update(1.0, "ready", os.nice(0))


TASKS = {
    "hang": hang, "nice": nice, "slow": slow, "count": count, "die": die, "fault": fault, "surprise": surprise,
    "reported": reported,
}  # fmt: skip
