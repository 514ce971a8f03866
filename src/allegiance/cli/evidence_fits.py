"""`allegiance evidence --fits`: what fits to campaigns say of the claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allegiance.inference.fit.claims import Weighed


def show_fits(claim: str | None, paths: list[Path], as_json: bool) -> None:
    """Print what the fits at `paths` say of one claim, or of all.

    Raises:
        AllegianceError: no such claim, or no fits there.
    """
    from dataclasses import asdict

    from allegiance.base.claims import claim as known
    from allegiance.cli.screen import print_json, say
    from allegiance.inference.fit.claims import rule, weigh
    from allegiance.inference.fit.records import read_all
    from allegiance.report.claims_data import fit_rows, in_short, overview_rows

    chosen = None if claim is None else known(claim)
    fits = read_all(paths)
    weighed = [w for w in weigh(fits) if chosen is None or w.claim == chosen.id]
    if as_json:
        print_json([asdict(w) for w in weighed])
        return
    if chosen is not None:
        _one(weighed[0])
        return
    _table(*fit_rows(fits))
    _table(*overview_rows(weighed))
    for text in (*in_short(weighed), "", *rule()):
        say(text.replace("*", ""))


def _one(weighed: Weighed) -> None:
    from allegiance.base.claims import claim
    from allegiance.cli.screen import line, say, screen
    from allegiance.report.claims_data import agreement, claim_rows

    about = claim(weighed.claim)
    screen().print(line((f"{about.id} {about.name}", "bold"), f": {about.sentence}\n", (weighed.verdict, "bold")))
    head, rows = claim_rows(weighed)
    if rows:
        _table(head, rows)
    for text in agreement(weighed):
        say(text)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import screen

    table = Table(*head, box=SIMPLE, padding=(0, 1, 0, 0))
    for row in rows:
        table.add_row(*row)
    screen().print(table)
