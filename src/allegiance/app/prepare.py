"""Plays the baselines of the whole library before anybody asks, so that every first answer is at hand."""

from __future__ import annotations

from allegiance.app import whatif_task
from allegiance.app.worker import Progress
from allegiance.cases.loader import library, load_case


def prepare(progress: Progress) -> None:
    """Play every case of the library as far as the page ever does; what is kept already is not played again."""
    names = library()
    for k, name in enumerate(names):
        case = load_case(name)
        for members in range(whatif_task.STEP, whatif_task.PAIRS + 1, whatif_task.STEP):
            progress((k + members / whatif_task.PAIRS) / len(names), f"{name}: war {members} of {whatif_task.PAIRS}")
            whatif_task.baseline(case, members)
