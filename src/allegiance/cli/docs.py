"""`allegiance docs`: write the reference documentation from the model itself, and build the site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

COMMANDS = "cli.md"
"""Page of the command line, in the documentation folder."""


def register(app: typer.Typer) -> None:
    """Add the `docs` verb."""
    app.command("docs")(docs)


def docs(
    out: Annotated[Path, typer.Option(help="Documentation folder to write into.")] = Path("docs"),
    play: Annotated[
        bool, typer.Option("--play", help="Play the flagship anew for the README's figures and picture (a minute).")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a page is out of date.")] = False,
    site: Annotated[
        Path | None, typer.Option(help="Build the site into this folder instead, running the notebooks (minutes).")
    ] = None,
    notebooks: Annotated[bool, typer.Option(help="With --site: run the notebooks.")] = True,
) -> None:
    """Write the ODD protocol, the parameter, case and command references and a page per mechanism, from the model
    itself, and the figures of the README and of the forecasts, from the records of the runs that made them.
    """
    from allegiance.base.files import write_text
    from allegiance.report.claims_data import check_claims_data, write_claims_data
    from allegiance.report.fit_docs import check_fit_page, write_fit_page
    from allegiance.report.forecast_docs import check_scores, write_scores
    from allegiance.report.odd import check_pages, write_pages
    from allegiance.report.readme import check_readme, play_record, write_readme
    from allegiance.report.rivals_page import check_campaigns, write_campaigns
    from allegiance.report.scoreboard_docs import check_scoreboard, write_scoreboard
    from allegiance.report.sensitivity_docs import check_flagship, write_flagship

    if site is not None:
        from allegiance.report.site import build

        build(out, site, notebooks)
        typer.echo(f"built the site into {site}; to read and search it: python -m http.server -d {site}")
        return
    if check:
        check_pages(out)
        check_commands(out)
        check_readme(out)
        check_scores(out)
        check_campaigns(out)
        check_scoreboard(out)
        check_flagship(out)
        check_fit_page(out)
        check_claims_data(out)
        typer.echo(f"the generated pages in {out} are up to date")
        return
    if play:
        play_record(out)
    count = len(write_pages(out))
    write_text(out / COMMANDS, _commands())
    made = (
        write_readme(out), write_scores(out), write_scoreboard(out), write_campaigns(out), write_flagship(out),
        write_fit_page(out), write_claims_data(out),
    )  # fmt: skip
    told = [str(path) for path in made if path]
    figures = f" and the figures of {', '.join(told)}" if told else ""
    typer.echo(f"wrote {count + 1} pages into {out}{figures}")


def _commands() -> str:
    from allegiance.cli.main import app
    from allegiance.cli.reference import command_page

    return command_page(app)


def check_commands(out: Path) -> None:
    """Compare the page of the command line under `out` with the commands.

    Raises:
        AllegianceError: it is missing or out of date.
    """
    from allegiance.base.errors import AllegianceError
    from allegiance.report.odd import CURE

    page = out / COMMANDS
    if not page.is_file() or page.read_text(encoding="utf-8") != _commands():
        raise AllegianceError(f"out of date in {out}: {COMMANDS}", CURE)
