"""One table for events that happened and events that a simulation emits: its columns, types and checks.

The types are those of the theory's definitions; a coup that succeeded is a `coup_attempt` with `success` true, so
that attempts can be counted without counting successes twice.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError, near

EVENT_TYPES: dict[str, str] = {
    "coup_attempt": "illegal, overt attempt by military or state elites to unseat the executive (success: held 7 days)",
    "mutiny": "collective insubordination by at least 12 service members that does not seek executive power",
    "march": "people in mutiny leave their place and march without orders",
    "seizure": "people in mutiny seize a place (barracks, a radio station, a town)",
    "mutineers_kill": "people in mutiny kill civilians (size: the dead)",
    "defection": "a soldier or unit goes over to the opponent or to the civilians it was sent against",
    "desertion": "leaving service without leave and without joining the opponent",
    "refusal": "declining a specific order by fewer than 12 people who stay in service",
    "halt": "a commander halts his brigade: it stays in service and carries out no order",
    "dismissal": "a commander who halted his brigade is replaced by order of the government",
    "unit_defection": "a formation goes over to the opponent or to the crowd under its commander",
    "civil_war": "fighting between an army and soldiers who left it has cost 25 lives within about a year",
    "flight": "a commander leaves his men in a place under attack",
    "call_out": "the government calls the forces it keeps beside the army out of their barracks",
    "concession": "the government grants a crowd part of what it asks",
    "fragging": "violence by soldiers against their own superior",
    "shirking": "staying in place while withholding effort",
    "protest": "public collective dissent by civilians",
    "settlement": "the two sides end the fighting by agreement",
    "escalation": "a step up or down the ladder of destruction",
    "end": "the fighting ends, by agreement or otherwise (the note says how)",
}
"""Every type of event with its definition in short."""

ALIASES: dict[str, tuple[str, bool | None]] = {
    "coup": ("coup_attempt", None),
    "coup_success": ("coup_attempt", True),
    "coup_failed": ("coup_attempt", False),
}
"""Names a user may give for a type and a success."""

EVENT_SCHEMA: dict[str, Any] = {
    # what, when, by which source
    "event_id": pl.String,  # unique within a source
    "type": pl.String,
    "date": pl.Date,  # first day; see date_precision
    "date_precision": pl.String,  # day, month or year
    "date_known": pl.Date,  # first day on which somebody could have known of it
    "retrieved": pl.Date,  # when this row was taken from its source
    "source": pl.String,
    "stage": pl.String,  # event, plot (found out before it began) or rumour
    # where and who
    "gwcode": pl.Int32,
    "country": pl.String,
    "side": pl.String,
    "force": pl.String,
    "formation": pl.String,
    "place": pl.String,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
    # how large, and of what kind
    "size": pl.Float64,  # people taking part
    "success": pl.Boolean,
    "violent": pl.Boolean,
    "rank": pl.String,  # troops or officers
    "grievance": pl.String,
    "civilians_killed": pl.Float64,
    "actors": pl.String,  # space-separated: military palace rebel popular foreign auto ambiguous staged ...
    "note": pl.String,
    # simulated events only
    "member": pl.Int32,
    "day": pl.Int32,
    "weight": pl.Float64,  # men or events one row stands for
}
"""Column types of the event table."""

REQUIRED = ("event_id", "type", "date", "date_known", "retrieved", "source")
STAGES = ("event", "plot", "rumour")
PRECISIONS = ("day", "month", "year")


def conform(events: pl.DataFrame, source: str) -> pl.DataFrame:
    """`events` with all columns of the schema, in order and type, checked.

    Missing optional columns become null; `stage` defaults to "event" and `date_precision` to "day".

    Raises:
        AllegianceError: unknown column or type, missing required value, repeated `event_id`, or an event known
            before it happened.
    """
    unknown = [c for c in events.columns if c not in EVENT_SCHEMA]
    if unknown:
        raise AllegianceError(f"{source}: events have no column {unknown[0]!r}", near(unknown[0], EVENT_SCHEMA))
    missing = [pl.lit(None, kind).alias(name) for name, kind in EVENT_SCHEMA.items() if name not in events.columns]
    try:
        table = events.with_columns(missing).select(pl.col(n).cast(k) for n, k in EVENT_SCHEMA.items())
    except pl.exceptions.PolarsError as error:
        raise AllegianceError(f"{source}: a column has the wrong type: {str(error).splitlines()[0]}") from error
    table = table.with_columns(
        pl.col("stage").fill_null("event"),
        pl.col("date_precision").fill_null("day"),
        pl.col("source").fill_null(source),
    )
    _check(table, source)
    return table


def _check(table: pl.DataFrame, source: str) -> None:
    for name in REQUIRED:
        if table[name].null_count():
            raise AllegianceError(f"{source}: {table[name].null_count()} events lack {name!r}")
    for name, allowed in (("type", EVENT_TYPES), ("stage", STAGES), ("date_precision", PRECISIONS)):
        strange = table.filter(~pl.col(name).is_in(list(allowed)))[name]
        if len(strange):
            raise AllegianceError(f"{source}: unknown {name} {strange[0]!r}", near(strange[0], allowed))
    if table["event_id"].n_unique() != len(table):
        first = table.filter(pl.col("event_id").is_duplicated())["event_id"][0]
        raise AllegianceError(f"{source}: event_id {first!r} occurs twice", "remove the repeated rows")
    early = table.filter(pl.col("date_known") < pl.col("date"))
    if len(early):
        raise AllegianceError(f"{source}: event {early['event_id'][0]!r} is known before it happened")


def resolve_type(name: str) -> tuple[str, bool | None]:
    """A type given by a user as (type, success or None).

    >>> resolve_type("coup_success")
    ('coup_attempt', True)
    >>> resolve_type("mutinny")
    Traceback (most recent call last):
        ...
    allegiance.base.errors.AllegianceError: unknown type of event 'mutinny'
      cure: did you mean 'mutiny'?
    """
    if name in EVENT_TYPES:
        return name, None
    if name in ALIASES:
        return ALIASES[name]
    raise AllegianceError(f"unknown type of event {name!r}", near(name, [*EVENT_TYPES, *ALIASES]))


_SUCCESSFUL = {"coup_success": True, "coup_attempt": False}


def from_simulation(events: pl.DataFrame, run: str, start: date, retrieved: date) -> pl.DataFrame:
    """A run's events in the common schema.

    A run writes an attempted coup and, if it succeeded, its success as two rows; here they are one.

    Args:
        events: the engine's event frame (`member, day, type, side, force, formation, size, …`).
        run: name of the run; the source becomes ``simulation:<run>``.
        start: date of day 0. retrieved: date of the run.
    """
    source = f"simulation:{run}"
    texts = [name for name, dtype in events.schema.items() if isinstance(dtype, pl.Enum | pl.Categorical)]
    events = events.with_columns(pl.col(texts).cast(pl.String))
    won = events.filter(pl.col("type") == "coup_success").select("member", "day", "side", type=pl.lit("coup_attempt"))
    events = events.join(won, on=["member", "day", "side", "type"], how="anti")
    kind = pl.col("type").replace({alias: name for alias, (name, _) in ALIASES.items()})
    kept = [c for c in events.columns if c in EVENT_SCHEMA and c not in ("type", "day", "date", "formation")]
    named = [pl.col(c).replace("", None) for c in ("formation", "company") if events.schema.get(c) == pl.String]
    unit = pl.concat_str(named, separator=", ", ignore_nulls=True) if named else pl.lit(None, pl.String)
    day = pl.lit(start) + pl.duration(days=pl.col("day"))
    table = events.with_row_index("row").select(
        *kept,
        pl.col("day"),
        event_id=pl.col("row").cast(pl.String),
        formation=unit,
        note=pl.col("outcome").replace("", None) if "outcome" in events.columns else pl.lit(None, pl.String),
        type=kind,
        success=pl.col("type").replace_strict(_SUCCESSFUL, default=None, return_dtype=pl.Boolean),
        date=day.cast(pl.Date),
        date_known=day.cast(pl.Date),
        retrieved=pl.lit(retrieved),
        source=pl.lit(source),
    )
    return conform(table, source)
