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
    profile: Annotated[
        bool, typer.Option("--profile", help="Where the time of a day goes, phase by phase; the rate at every scale.")
    ] = False,
    clock: Annotated[
        bool, typer.Option("--clock", help="Whole default runs by the clock, cold and warm (minutes).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure soldier-days per second, memory per soldier and start-up times, beside the same step in Mesa."""
    from allegiance.benchmarks.bench import benchmark
    from allegiance.cli.screen import print_json

    found = benchmark(case, days, mesa, profile, clock)
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
    _more(found, table)
    console = screen()
    console.print(table)
    for caption, heads, rows in _profile(found):
        lines = Table(title=caption, title_justify="left")
        for k, column in enumerate(heads):
            lines.add_column(column, justify="right" if k else "left")
        for cells in rows:
            lines.add_row(*cells)
        console.print(lines)


def _more(found: dict[str, Any], table: Any) -> None:
    labels = {
        "compiling": "compiling, once (processor)", "warm": "whole default run, compiled code on disk",
        "cold": "whole default run, nothing compiled",
    }  # fmt: skip
    for name, label in labels.items():
        if name in found.get("whole_run", {}):
            table.add_row(label, f"{found['whole_run'][name]:.1f} s", f"≤ {found['targets'][name]:g} s")


def _profile(found: dict[str, Any]) -> list[tuple[str, list[str], list[list[str]]]]:
    if "phases" not in found:
        return []
    total = sum(found["phases"].values())
    phases = [[name, f"{ns:.2f}", f"{ns / total:.0%}"] for name, ns in found["phases"].items()]
    scales = [[s, f"{r['share']:.2f}", _m(r["per_processor_second"])] for s, r in found["scales"].items()]
    return [
        ("One thread, by phase", ["phase", "ns per soldier-day", "share"], phases),
        ("One thread, by scale", ["scale", "share played", "soldier-days per second"], scales),
    ]


def _m(rate: float) -> str:
    return f"{rate / 1e6:,.2f} million"
