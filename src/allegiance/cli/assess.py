"""`allegiance assess`: a first assessment of any army on any day, in one report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegiance.cli.shared import Force


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("assess", no_args_is_help=True)(assess)


def assess(
    country: Annotated[str, typer.Argument(help="State: ISO code, Gleditsch-Ward number, or name of the time.")],
    date: Annotated[str, typer.Option("--date", help="First day, YYYY-MM-DD; nothing later is read.")],
    days: Annotated[int | None, typer.Option(help="Horizon in days; the task's own if not given.")] = None,
    task: Annotated[str, typer.Option(help="auto, interstate, civil, repression or peace.")] = "auto",
    against: Annotated[str | None, typer.Option(help="The enemy state of a war between states.")] = None,
    like: Annotated[str | None, typer.Option(help="A case whose values stand in for defaults.")] = None,
    members: Annotated[int, typer.Option(help="Simulated worlds.")] = 24,
    seed: Annotated[int, typer.Option(help="Random seed: the same seed gives the same results, byte for byte.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder; runs/assess-COUNTRY-DATE if not given.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    folder: Annotated[Path | None, typer.Option("--data", help="Folder of standardised tables.")] = None,
    force: Force = False,
) -> None:
    """Assess an army: draft it from data, play it, say why and what would change it, beside statistics and history.

    Example: allegiance assess MLI --date 2012-01-01
    """
    import re
    import time

    from allegiance.cases.draft.drafting import as_day
    from allegiance.cases.draft.panel import tables_sha256
    from allegiance.cli.screen import say
    from allegiance.cli.shared import working
    from allegiance.evidence.states import find_state
    from allegiance.forecast.assess import assess as find
    from allegiance.report.assess_page import FORMS, headline, write_assessment
    from allegiance.report.labels import percent
    from allegiance.runs.bundle import versions
    from allegiance.runs.spec import RunSpec

    find_state(country, as_day(date))  # before a folder is named after them
    target = out or Path("runs") / re.sub(r"[^\w-]", "-", f"assess-{country}-{date}")
    wanted = {"country": country, "date": date, "days": days, "task": task, "against": against, "like": like,
              "members": members, "seed": seed, "data_sha256": tables_sha256(folder)}  # fmt: skip
    began = time.monotonic()
    with working(target, "assess", wanted, force) as (held, bar):
        found = find(
            country, date, members, seed, folder, workers or RunSpec().threads, bar,
            days=days, task=task, against=against, like=like,  # type: ignore[arg-type]
        )  # fmt: skip
        bar(0.98, "writing the report")
        page = write_assessment(target, found)
        held.publish(["case.yaml", "README.md", page.name], versions=versions(), seed=seed)
    say(f"{found.draft.case.title}\n{headline(found)}\n")
    outcomes = found.played.summary["outcomes"][found.draft.side]
    for form, words in FORMS:
        low, high = outcomes[form]["interval"]
        say(f"  {words:38s} {percent(outcomes[form]['probability']):>7s}   {percent(low)} to {percent(high)}")
    for notice in [*found.draft.notices, *found.missing]:
        say(f"note: {notice}", err=True)
    say(f"\nreport: {page} ({time.monotonic() - began:.0f} s)")
