"""What the worker can be asked: each task by its name."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegiance.app import beside_task, day_task, evidence_task, forecast_task, look_task, whatif_task
from allegiance.app.worker import Progress, Task, Update, beside, stepped
from allegiance.cases.loader import load_case
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value

WHY_MEMBERS = 8
"""Wars in each world of the first answer to why: the first of those that `allegiance why` plays, at its scale."""
ASSESS_MEMBERS = 12
"""Simulated worlds of an assessment."""


@dataclass(frozen=True)
class Files:
    """What a task wrote: the report as text, and all of it as one archive."""

    report: str
    archive: bytes


def _packed(folder: Path, report: Path) -> Files:
    with tempfile.TemporaryDirectory(prefix="allegiance-zip-") as beside:
        archive = shutil.make_archive(str(Path(beside) / "bundle"), "zip", folder)
        return Files(report.read_text(encoding="utf-8"), Path(archive).read_bytes())


def warm(options: dict[str, Any], case: str) -> Task:
    """Load the compiled kernels by playing the first wars of a case's baseline, which are remembered."""
    for update in whatif_task.whatif(options, load_case(case), {}):
        if update.result is not None:
            yield Update(1.0, "ready", update.done)
            return
        yield Update(update.done, "loading the compiled model")


def report_of_whatif(options: dict[str, Any], case: Case, values: dict[str, Value]) -> Task:
    """Compare a case with a what-if and write the report and the bundle; without values, a plain run of the case."""
    if not values:
        yield from run_case(options, case)
        return

    def work(progress: Progress) -> Files:
        from allegiance.experiments.compare import compare
        from allegiance.report.compare_page import write_compare_report

        told = ",".join(f"{k}={str(v).lower() if isinstance(v, bool) else v}" for k, v in values.items())
        with tempfile.TemporaryDirectory(prefix="allegiance-web-") as folder:
            result = compare(
                case,
                [f"what-if:{told}"],
                whatif_task.PAIRS,
                out=Path(folder) / "compare",
                progress=progress,
                scale=whatif_task.scale_for(case),
            )
            return _packed(Path(folder) / "compare", write_compare_report(Path(folder) / "compare", result))

    yield from stepped(work)


def run_case(_: dict[str, Any], case: Case) -> Task:
    """Play a case as `allegiance run` does and write its report and bundle."""

    def work(progress: Progress) -> Files:
        from allegiance.report.result import run

        with tempfile.TemporaryDirectory(prefix="allegiance-web-") as folder:
            done = run(
                case, whatif_task.PAIRS, out=Path(folder) / "run", progress=progress, scale=whatif_task.scale_for(case)
            )
            return _packed(done.folder, done.write_report())

    yield from stepped(work)


def draft(options: dict[str, Any], country: str, against: str, day: str) -> Task:
    """Draft a war between two states from data; the result is the case."""

    def work() -> Case:
        from allegiance.cases.draft.drafting import draft_case

        data = evidence_task.data_folder(options)
        return draft_case(country, day, task="interstate", against=against, data=data).case

    yield from beside(work, "drafting both armies from data")


def ratio(_: dict[str, Any], case: Case) -> Task:
    """Ratio of effective power, attacker to defender, on the first day of one war; None if nobody fights back."""
    from allegiance.runs.member import begin, play_day
    from allegiance.runs.spec import RunSpec
    from allegiance.world.blueprint import build

    yield Update(0.1, "reckoning the starting ratio")
    spec = RunSpec()
    plan = build(case, case.days, whatif_task.scale_for(case))
    world = begin(plan, spec.theory, spec.draws([0]), spec.seed, [0])
    play_day(world)
    found = math.exp(float(world.contest.log_ratio[0])) if world.contest.has_enemy[0] > 0 else None
    yield Update(1.0, "ready", {"ratio": found})


def why(_: dict[str, Any], case: Case, side: str, members: int = WHY_MEMBERS) -> Task:
    """Weigh the conditions of a case; the result is the page of `report.why_page` and how many wars a world has."""

    def work(progress: Progress) -> tuple[Any, int]:
        from allegiance.experiments.why import why as attribute
        from allegiance.report.why_page import why_page

        return why_page(attribute(case, members, side=side, progress=progress)), members

    yield from stepped(work)


def assess(options: dict[str, Any], country: str, day: str, task: str, against: str | None) -> Task:
    """Assess an army at a small scale; the result is the page of `report.assess_page`."""

    def work(progress: Progress) -> Any:
        from allegiance.forecast.assess import assess as find
        from allegiance.report.assess_page import assess_page

        data = evidence_task.data_folder(options)
        asked: Any = task  # the page has checked it
        found = find(
            country, day, task=asked, against=against, data=data, members=ASSESS_MEMBERS, workers=1, progress=progress
        )
        return assess_page(found)

    yield from stepped(work)


TASKS: dict[str, Callable[..., Task]] = {
    "warm": warm,
    "whatif": whatif_task.whatif,
    "history": beside_task.history,
    "whatif_report": report_of_whatif,
    "run": run_case,
    "draft": draft,
    "ratio": ratio,
    "why": why,
    "assess": assess,
    "day": day_task.day_in_the_army,
    "why_brigade": day_task.why_brigade,
    "look": look_task.look,
    "drafted": look_task.drafted,
    "events": evidence_task.events,
    "sql": evidence_task.sql,
    "forecast": forecast_task.forecast,
    "issued": forecast_task.issued,
    "ledger": forecast_task.ledger_scores,
}
