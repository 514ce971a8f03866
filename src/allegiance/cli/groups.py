"""The help of `allegiance` by what one wants to do: verbs in groups, the first ones first. It adds no verb."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

GROUPS: dict[str, tuple[str, ...]] = {
    "Play": ("run", "compare", "sweep", "update", "assess", "world", "campaigns", "serve"),
    "Explain": ("why", "sensitivity", "claims", "evidence"),
    "Forecast": ("forecast", "issue", "backtest", "ledger"),
    "Data": ("data", "events"),
    "Cases": ("case", "score", "fit", "calibrate", "ukraine"),
    "Check": ("check", "doctor", "bench", "docs"),
}
"""Group -> its verbs, in the order of the help. A verb that is in none stands under the last."""


def register(app: typer.Typer) -> None:
    """Show the verbs of `app` in groups."""
    app.info.cls = Grouped


def group_of(verb: str) -> str:
    """The group that a verb stands under.

    >>> group_of("run"), group_of("no-such-verb")
    ('Play', 'Check')
    """
    return next((group for group, verbs in GROUPS.items() if verb in verbs), list(GROUPS)[-1])


class Grouped(TyperGroup):
    """The verbs in the order of GROUPS, each with the group's name as its panel."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All verbs, group by group."""
        order = [verb for verbs in GROUPS.values() for verb in verbs]
        return sorted(super().list_commands(ctx), key=lambda v: (order.index(v) if v in order else len(order), v))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A verb, with its group."""
        found: Any = super().get_command(ctx, cmd_name)
        if found is not None:
            found.rich_help_panel = group_of(cmd_name)
        return found
