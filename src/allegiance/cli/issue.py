"""`allegiance issue`: the monthly issue, all outcomes and horizons at once, frozen in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegiance.cli.forecast import Folder
from allegiance.cli.shared import Force


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("issue")(issue)


def issue(
    as_of: Annotated[str | None, typer.Option(help="Month, YYYY-MM (default: the last whose coups are known).")] = None,
    outcome: Annotated[list[str] | None, typer.Option(help="Outcomes (default: all); repeatable.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of issues; this one goes into a folder of its own there.")] = Path(
        "issues"
    ),
    ledger: Annotated[Path | None, typer.Option(help="Ledger to freeze it in (default: ledger/ in --out).")] = None,
    folder: Folder = None,
    force: Force = False,
) -> None:
    """Make the issue of a month: page, maps, tables in three shapes, ledger entries, and last year's score."""
    from allegiance.cli.forecast import save, write_shaped
    from allegiance.cli.screen import say
    from allegiance.cli.shared import working
    from allegiance.evidence.folder import data_dir
    from allegiance.forecast.definitions import OUTCOMES
    from allegiance.forecast.issue import parse_month
    from allegiance.forecast.ledger import freeze, previous
    from allegiance.forecast.monthly import last_month, make_monthly, year_before
    from allegiance.forecast.prepare import METHOD, panel_sha256
    from allegiance.forecast.shapes import shaped
    from allegiance.report.forecast_issue import write_issue
    from allegiance.report.forecast_page import risk_map

    data = data_dir(folder)
    month = parse_month(as_of) if as_of else last_month(data)
    here = out / f"{month:%Y-%m}"
    book = ledger or out / "ledger"
    chosen = outcome or list(OUTCOMES)
    wanted = {"month": f"{month:%Y-%m}", "outcomes": chosen, "data_sha256": panel_sha256(data), "method": METHOD}
    with working(here, "issue", wanted, force) as (held, bar):
        monthly = make_monthly(data, month, tuple(chosen), progress=bar)
        earlier = {key: previous(one, book) for key, one in monthly.issues.items()}
        before = year_before(book, month, data)
        entries, written = [], ["forecasts.csv", "index.html"]
        write_shaped(here / "forecasts.csv", monthly.table)
        for (name, h), one in monthly.issues.items():
            for shape in ("views", "coupcats"):
                written.append(f"{name}_{h:02d}m_{shape}.csv")
                write_shaped(here / written[-1], shaped(one, shape))
            written.append(f"{name}_{h:02d}m.png")
            save(risk_map(one), here / written[-1])
            entries.append(freeze(one, book))
        page = write_issue(here / "index.html", monthly, earlier, before, data)
        held.publish(written)
    for (name, h), one in monthly.issues.items():
        top = one.table.row(0, named=True)
        highest = f"{top['country']} {100 * top['probability']:.2g} %"
        say(f"{name} {h:2d} months: {one.expected:5.2f} states expected; {highest}")
    for name, why in monthly.left_out.items():
        say(f"{name}: left out, {why}", err=True)
    if monthly.warning:
        say(f"beware: {monthly.warning}", err=True)
    say(f"page {page}\ntables and maps in {here}\n{len(entries)} forecasts frozen in {book}")
