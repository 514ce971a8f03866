"""Tables and lists of a run's report, and the row of outcomes that the terminal prints too."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from allegiance.cases.schema import Case
from allegiance.experiments.modelled import unmodelled
from allegiance.report.baserates import RATES, by_statistics, compared, own_rate
from allegiance.report.labels import EVENT_NAMES, FORMS, count, exact, people, percent, side_name, span
from allegiance.report.narrative import in_order, interval, middle
from allegiance.report.page import Bullets, Cell, References, Row, Stat, Stats, Table
from allegiance.theory.forms import INDIVIDUAL

SIZELESS = ("escalation", "settlement", "end", "coup_attempt", "coup_success", "call_out", "concession", "flight",
            "fragging", *INDIVIDUAL)  # fmt: skip
"""Events whose size is not a number of people taking part, or who act one by one."""


class OutcomeRow(NamedTuple):
    """One form of one side, as text: see the column heads of `OUTCOME_COLUMNS`."""

    form: str
    probability: str
    interval: str
    chance: str
    expected: str
    base: str
    source: str


OUTCOME_COLUMNS = (
    "Form", "Probability", "90 % interval", "from chance alone", "Expected (90 % interval)",
    "History, same horizon", "counted over",
)  # fmt: skip


def outcome_rows(summary: dict[str, Any], side: str) -> list[OutcomeRow]:
    """The outcomes of one side, in the order of `FORMS`.

    Args:
        summary: the content of `summary.json`.
        side: a side's key.
    """
    rows = []
    for form, known in FORMS.items():
        outcome = summary["outcomes"][side].get(form)
        if outcome is None:
            continue
        share = summary.get("shares", {}).get(side, {}).get(form)
        number = summary.get("counts", {}).get(side, {}).get(form)
        quantity, text = (share, percent) if share is not None else (number, count)
        centre = number["mean"] if number and "mean" in number else middle(quantity)
        around = span(interval(quantity), text)
        expected = "–" if quantity is None else text(centre) + (f" ({around})" if around != text(centre) else "")
        name = known.name + (f" ≥ {100 * known.threshold:g} %" if known.threshold else "")
        rows.append(
            OutcomeRow(
                name, percent(outcome["probability"]), span(outcome.get("interval"), percent),
                span(outcome.get("interval_chance_only"), percent), expected, *compared(form, int(summary["days"])),
            )
        )  # fmt: skip
    return rows


def outcome_table(case: Case, summary: dict[str, Any], side: str) -> Table:
    """The outcomes of one side as a table."""
    keyed = [f for f in FORMS if f in summary["outcomes"][side]]
    rows: list[Row] = [
        [
            Cell(row.form, title=FORMS[form].counted),
            Cell(row.probability, summary["outcomes"][side][form]["probability"]),
            Cell(row.interval),
            Cell(row.chance),
            Cell(row.expected),
            Cell(row.base or "–"),
            Cell(row.source or "none known", tone="" if row.source else "muted"),
        ]
        for form, row in zip(keyed, outcome_rows(summary, side), strict=True)
    ]
    caption = f"{side_name(case, side)}: outcomes over {summary['days']} days"
    return Table(
        OUTCOME_COLUMNS,
        rows,
        caption,
        "Expected: mean number of events, or median share of soldiers who ever did it; 90 % interval over members.",
    )


def base_rate_note(case: Case) -> Bullets:
    """How to read the historical base rates, and what each case says of its own state."""
    without = ", ".join(form.name for key, form in FORMS.items() if key not in RATES)
    text = (
        "are averages over many states or one army, brought to this horizon at a constant hazard; they are a yardstick,"
        f" not a target. Where none is given ({without}) we know of no comparable count."
    )
    items: list[str | tuple[str, str]] = [("Historical base rates", text)]
    items += [
        (f"{side.name}:", f"the level of coups in this case is set by its statistical rate, {own_rate(case, key)}.")
        for key, side in case.sides.items()
    ]
    items += [
        (f"{side.name}, by statistics alone:", "; ".join(said) + ".")
        for key, side in case.sides.items()
        if (said := by_statistics(case, key))
    ]
    return Bullets(items)


def war_stats(case: Case, summary: dict[str, Any]) -> Stats:
    """The war in a row of large figures."""

    def stat(label: str, quantity: Any, text: Any, unit: str = "") -> Stat | None:
        value = middle(quantity)
        ends = interval(quantity)
        if value is None:
            return None
        return Stat(label, text(value) + unit, f"90 % interval {span(ends, text)}" if ends else "")

    war, missing = summary.get("war", {}), unmodelled(case)
    top = summary.get("escalation", {}).get("max_level")
    found = [
        ("war.duration_days", stat("Duration, median", war.get("duration_days"), lambda v: f"{v:.0f}", " days")),
        ("war.mean_log_ratio", stat("Days within parity", war.get("parity_share"), percent)),
        ("escalation.max_level", stat("Highest level of destruction, 0 to 5", top, lambda v: f"{v:.0f}")),
        ("civilians_killed", stat("Civilians killed", summary.get("civilians_killed"), people)),
    ]
    for key, label in (("killed", "soldiers killed"), ("wounded", "wounded")):
        each = in_order(case, summary.get(key))
        found += [("killed", stat(f"{side_name(case, s)}: {label}", q, people)) for s, q in each]
    return Stats([s for key, s in found if s and key not in missing])


def events_table(case: Case, events: pl.DataFrame, members: int) -> Table:
    """Events by side and type: how many a member sees, how large they are."""
    grouped = (
        events.group_by("side", "type")
        .agg(
            (pl.col("weight").sum() / members).alias("per_member"),
            (pl.col("member").n_unique() / members).alias("share"),
            pl.col("size").median().alias("size"),
            pl.col("size").max().alias("largest"),
        )
        .sort("side", "type")
    )
    rows: list[Row] = [
        [
            f"{side_name(case, r['side']) or 'Both sides'}: {EVENT_NAMES.get(r['type'], r['type'])}",
            Cell(percent(r["share"]), r["share"]),
            Cell(count(r["per_member"]), r["per_member"]),
            *(
                Cell(count(r[k]), r[k]) if r["largest"] and r["type"] not in SIZELESS else "–"
                for k in ("size", "largest")
            ),
        ]
        for r in grouped.iter_rows(named=True)
    ]
    columns = ("Event", "Members with one", "Mean number per member", "Median size, people", "Largest, people")
    return Table(columns, rows, "Events by side and type")


def members_table(members: pl.DataFrame) -> Table:
    """Every outcome column of the members' frame: mean and quantiles."""
    rows: list[Row] = []
    for name in members.columns:
        series = members[name]
        if name == "member" or not series.dtype.is_numeric() or series.drop_nulls().is_empty():
            continue
        low, median, high = (float(series.quantile(q, "linear") or 0.0) for q in (0.05, 0.5, 0.95))
        rows.append([name, float(str(series.mean())), low, median, high])
    return Table(("Outcome", "Mean", "5 %", "Median", "95 %"), rows, "Outcomes over members, as in members.parquet")


def basis_table(summary: dict[str, Any]) -> Table:
    """How many numbers of case and theory rest on what."""
    means = {
        "measured": "counted or computed from data that the source holds",
        "published": "stated by a study, an official or a press report",
        "estimated": "estimated by a model or fitted",
        "judgement": "set by the authors of the case or the theory, with a reason",
    }
    basis = summary.get("basis", {})
    total = sum(basis.values()) or 1
    rows: list[Row] = []
    for name, meaning in means.items():
        number = basis.get(name, 0)
        rows.append([name, Cell(str(number), number), Cell(percent(number / total), number), meaning])
    return Table(("Basis", "Numbers", "Share", "Meaning"), rows, "What the numbers of case and theory rest on")


def numbers_table(case: Case) -> Table:
    """Every number of the case with its range, basis and source."""
    from allegiance.cases.paths import numbers

    rows: list[Row] = [
        [
            path,
            Cell(exact(n.value), n.value),
            n.unit,
            Cell(f"{exact(n.range[0])} to {exact(n.range[1])}" if n.range else "–"),
            Cell(str(n.basis), tone="warn" if n.basis == "judgement" else ""),
            n.source or "–",
            n.note or "–",
        ]
        for path, n in sorted(numbers(case), key=lambda entry: entry[0])
    ]
    columns = ("Path", "Value", "Unit", "Plausible range", "Basis", "Source", "Why")
    return Table(columns, rows, "Every number of the case; set one with --set path=value")


def sources(case: Case) -> References:
    """The case's sources with addresses."""
    return References([(f"[{key}] {s.label}. {s.note}".strip(), s.address) for key, s in sorted(case.sources.items())])


def works() -> References:
    """The works that the theory's mechanisms cite."""
    from allegiance.base.citations import bibliography, format_reference
    from allegiance.theory.registry import MECHANISMS

    cited = {key for m in MECHANISMS for key in (*m.sources, *(p.source for p in m.parameters))} & set(bibliography())
    items = []
    for key in sorted(cited, key=lambda k: bibliography()[k].short):
        address = bibliography()[key].url
        items.append((format_reference(key).removesuffix(address).rstrip(), address))
    return References(items)


def limits(case: Case) -> list[tuple[str, str]]:
    """What the model leaves out: of every run, then of each mechanism."""
    from allegiance.theory.registry import MECHANISMS

    general = [
        ("Not a forecast.", "A run says what follows if the case's numbers and the theory hold. Probabilities are"
         " shares of simulated wars, not frequencies that have been checked against this war."),
        ("Cut-off.", f"Nothing known only after {case.information_date:%d %B %Y} is an input."),
        ("Words.", "Likely, unlikely and so on follow the steps of ICD 203: remote below 5 %, very unlikely below 20 %,"
         " unlikely below 45 %, likely from 55 %, very likely from 80 %, almost certain from 95 %."),
    ]  # fmt: skip
    silent = [
        (f"{m.id.replace('_', ' ').capitalize()}:", f"does not model {m.silent_on}.") for m in MECHANISMS if m.silent_on
    ]
    return general + silent
