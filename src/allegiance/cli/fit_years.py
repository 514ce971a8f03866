"""`allegiance fit --study state-years`: parameters and the recording of mutinies, fitted to state-years."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allegiance.base.owner import Owned
    from allegiance.inference.fit.study import YearsStudy
    from allegiance.inference.fit.years import YearsFit


@dataclass(frozen=True)
class Asked:
    """Options of `allegiance fit` that state-years take, too."""

    out: Path
    plays: Path | None
    workers: int | None
    cluster: str | None
    data: Path | None
    record: Path | None
    force: bool
    as_json: bool


def only_campaigns(name: str, file: Path | None, leaderboard: Path | None) -> None:
    """Raises AllegianceError if an option was given that a study of state-years has no use for."""
    from allegiance.base.errors import AllegianceError

    for given, option in ((file, "--file"), (leaderboard, "--leaderboard")):
        if given is not None:
            raise AllegianceError(f"{option} goes with a study of campaigns", f"leave {option} out for {name}")


def fit_state_years(name: str, study: YearsStudy, asked: Asked) -> None:
    """Fit to state-years and write what was found.

    Raises:
        AllegianceError: the fit cannot be made.
    """
    from allegiance.base.files import read_json
    from allegiance.base.owner import PARTS
    from allegiance.cli.screen import print_json, say
    from allegiance.cli.shared import working
    from allegiance.inference.fit.plays import store
    from allegiance.inference.fit.records import SUMMARY, keep_record
    from allegiance.inference.fit.year_ground import year_ground
    from allegiance.inference.fit.years import fit_years
    from allegiance.runs.cluster import joined
    from allegiance.runs.spec import RunSpec

    if not asked.as_json:
        spell = study.state_years
        say(f"drafting every state from {spell.first} to {spell.last}: half a minute")
    ground = year_ground(study, asked.data)
    wanted = {"study": study.identity(), **ground.identity()}
    with working(asked.out, "fit", wanted, asked.force) as (held, bar), joined(asked.cluster):
        if held.finished([SUMMARY]) is None:
            kept = store(asked.plays or held.out / PARTS / "plays")
            _publish(held, fit_years(study, ground, kept, asked.workers or RunSpec().threads, bar))
        summary = read_json(asked.out / SUMMARY, "give the same command with --force")
    if asked.record is not None:
        keep_record(asked.record, name, summary)
    if asked.as_json:
        print_json(summary)
    else:
        _show(summary, asked.out)


def _publish(held: Owned, found: YearsFit) -> None:
    """Write tables, parameter set, posterior, summary, report and manifest."""
    from allegiance.base.files import write_json
    from allegiance.cli.fit_out import write_fit
    from allegiance.inference.fit.recording import UNKNOWN
    from allegiance.inference.fit.records import SUMMARY
    from allegiance.report.fit_page import write_fit_report
    from allegiance.report.fit_years_page import years_summary
    from allegiance.runs.bundle import versions

    tables = {
        "parameters": found.parameters, "combinations": found.combinations, "observers": found.observers,
        "decades": found.decades, "state-years": found.state_years, "groups": found.groups, "rates": found.rates,
        "coverage": found.recovered.coverage, "scores": found.scores, "comparisons": found.comparisons,
    }  # fmt: skip
    names = write_fit(held.out, tables, found.result, found.posterior, UNKNOWN)
    summary = years_summary(found)
    write_json(held.out / SUMMARY, summary)
    write_fit_report(held.out, summary)
    held.publish([*names, SUMMARY, "report.html"], formulas=found.result.formulas, versions=versions(),
                 seed=found.study.seed, study=found.study.identity())  # fmt: skip


def _show(summary: dict[str, Any], out: Path) -> None:
    from allegiance.cli.fit_out import show_fit
    from allegiance.report.fit_page import compared_rows, informed_rows, observer_rows
    from allegiance.report.fit_years_page import chance_rows, expected_rows

    show_fit(summary, out, (
        chance_rows(summary), informed_rows(summary, 12), observer_rows(summary), expected_rows(summary),
        compared_rows(summary),
    ))  # fmt: skip
