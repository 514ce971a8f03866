"""`allegiance bench`: measure speed, memory and start-up on this machine."""

from __future__ import annotations

from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the `bench` verb."""
    app.command("bench")(bench)


def bench(
    case: Annotated[str, typer.Argument(help="A case's name; its full strength is simulated.")] = "russia-ukraine-2022",
    days: Annotated[int, typer.Option(help="Days played when speed is measured.")] = 120,
    mesa: Annotated[bool, typer.Option(help="Run the same step in Mesa beside ours (the bench extra).")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure soldier-days per second, memory per soldier and start-up times, beside the same step in Mesa."""
    from allegiance.benchmarks.bench import benchmark
    from allegiance.cli.screen import print_json

    found = benchmark(case, days, mesa)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    from rich.table import Table

    from allegiance.cli.screen import screen

    machine, targets = found["machine"], found["targets"]
    title = f"{found['case']} at full strength, {machine['cores']} cores, Python {machine['python']}"
    table = Table(title=title, title_justify="left")
    for head in ("measured", "value", "held to"):
        table.add_column(head, justify="left" if head == "measured" else "right")
    two, one = found["rate"]["two_threads"], found["rate"]["one_thread"]
    table.add_row("soldier-days per second, two threads", _m(two["per_second"]), f"≥ {_m(targets['two_threads'])}")
    table.add_row("soldier-days per second, one thread", _m(one["per_second"]), "")
    table.add_row("the same, per second of one processor", _m(one["per_processor_second"]), "")
    if "mesa" in found:
        table.add_row("the soldier's step in Mesa 3, one core", _m(found["mesa"]["per_second"]), "")
        for name, ratio in found["mesa"]["ratio"].items():
            table.add_row(f"ratio to Mesa, {name.replace('_', ' ')}", f"{ratio:,.0f} x", "")
    for name, what in found["memory"].items():
        label = name.replace("_", " ")
        table.add_row(f"peak memory, {label} on two threads", f"{what['peak_mb']:,.0f} MB", "")
        table.add_row(f"growth per soldier alive, {label}", f"{what['bytes_per_soldier']:.1f} bytes", "")
    columns = found["memory"]["two_members"]["columns_bytes_per_soldier"]
    table.add_row("state per soldier", f"{columns:.0f} bytes", f"≤ {targets['bytes_per_soldier']}")
    labels = {"import": "import allegiance", "help": "allegiance --help", "until_simulating": "until first day played"}
    for name, label in labels.items():
        table.add_row(label, f"{found['start_up'][name]:.2f} s", f"≤ {targets[name]:g} s")
    screen().print(table)


def _m(rate: float) -> str:
    return f"{rate / 1e6:,.2f} million"
