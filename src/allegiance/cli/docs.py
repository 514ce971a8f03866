"""`allegiance docs`: write the reference documentation from the model itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the `docs` verb."""
    app.command("docs")(docs)


def docs(
    out: Annotated[Path, typer.Option(help="Documentation folder to write into.")] = Path("docs"),
    play: Annotated[
        bool, typer.Option("--play", help="Play the flagship anew for the README's figures and picture (a minute).")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a page is out of date.")] = False,
) -> None:
    """Write the ODD protocol, the parameter and case references and a page per mechanism, from the model itself, and
    the figures of the README and of the forecasts, from the records of the runs that made them.
    """
    from allegiance.report.forecast_docs import check_scores, write_scores
    from allegiance.report.odd import check_pages, write_pages
    from allegiance.report.readme import check_readme, play_record, write_readme
    from allegiance.report.rivals_page import check_campaigns, write_campaigns
    from allegiance.report.scoreboard_docs import check_scoreboard, write_scoreboard

    if check:
        check_pages(out)
        check_readme(out)
        check_scores(out)
        check_campaigns(out)
        check_scoreboard(out)
        typer.echo(f"the generated pages in {out} are up to date")
        return
    if play:
        play_record(out)
    made = (write_readme(out), write_scores(out), write_scoreboard(out), write_campaigns(out))
    told = [str(path) for path in made if path]
    figures = f" and the figures of {', '.join(told)}" if told else ""
    typer.echo(f"wrote {len(write_pages(out))} pages into {out}{figures}")
