"""SQL typed by a user, run by DuckDB over the store and the tables of a data folder: one SELECT, nothing else.

The connection lives in memory; the only files it can open are the Parquet and CSV files named here, because DuckDB's
access to the outside is switched off and its configuration locked before the user's text is parsed.
"""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.base.tables import read_table
from allegiance.evidence.parse import parse_csv
from allegiance.evidence.schema import EVENT_SCHEMA
from allegiance.evidence.store import Store

_FIRST, _LAST = date.min.toordinal() - date(1970, 1, 1).toordinal(), date.max.toordinal() - date(1970, 1, 1).toordinal()
"""First and last day that Python knows, in days from 1970-01-01."""


def query(
    sql: str,
    store: Store,
    folder: Path | None = None,
    as_of: date | None = None,
    events: pl.DataFrame | None = None,
    most: int | None = None,
    seconds: float | None = None,
) -> pl.DataFrame:
    """The result of one SELECT.

    Tables: `events` (what was knowable on `as_of`), `vintages` (all rows of all vintages, with `vintage`), and, if
    `folder` is given, every table of the data folder as `"<source>/<table>"`. `events`, if given, stands in for
    the store's events. `most` and `seconds` bound the rows and the time, for questions of people one does not know;
    they run on one thread with 1 GB.

    Raises:
        AllegianceError: not exactly one SELECT, a fault in the SQL, an attempt to reach outside the store, or a
            question that takes longer than it may.
    """
    duckdb = require("duckdb", "data")
    connection = duckdb.connect(":memory:")
    clock = threading.Timer(seconds or 0, connection.interrupt)
    try:
        if seconds is not None:
            connection.execute("SET threads = 1; SET memory_limit = '1GB'; SET max_temp_directory_size = '0MB'")
            clock.start()
        if events is not None:
            known = events if as_of is None else events.filter(pl.col("date_known") <= as_of)
            connection.register("events", known.to_arrow())
        try:
            _views(connection, store, folder, as_of, own_events=events is None)
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            raise AllegianceError(f"a table cannot be read: {said}", "see `allegiance data verify`") from error
        try:
            sql.encode()
            statements = connection.extract_statements(sql)
            kinds = [s.type.name for s in statements]
            if kinds != ["SELECT"]:  # not even EXPLAIN, which can carry a COPY
                raise AllegianceError(
                    f"only one SELECT may be given, not {' and '.join(kinds) or 'nothing'}",
                    "the store is read-only; use `allegiance data get` to add to it",
                )
            relation = _readable(connection.sql(sql))
            result: pl.DataFrame = (relation if most is None else relation.limit(most)).pl()
            _refuse_far_days(result)
        except UnicodeEncodeError as error:
            raise AllegianceError("the SQL holds bytes that are no text", "write it in UTF-8") from error
        except duckdb.InterruptException as error:
            raise AllegianceError(f"SQL took longer than {seconds:g} seconds", "ask for less at once") from error
        except duckdb.Error as error:
            raise _fault(error) from error
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OverflowError, ValueError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise AllegianceError(
                f"SQL gives a value that no table holds: {said}", "cast the column to text: COLUMN::VARCHAR"
            ) from error
        return result
    finally:
        clock.cancel()
        connection.close()


def _readable(relation: Any) -> Any:
    """The relation with spans of time as text: a table has no type for months and days together."""
    kinds = [str(kind) for kind in relation.types]
    if not any("INTERVAL" in kind for kind in kinds):
        return relation
    names = [_quote(name, chr(34)) for name in relation.columns]
    cells = [f"{n}::VARCHAR AS {n}" if "INTERVAL" in k else n for n, k in zip(names, kinds, strict=True)]
    return relation.project(", ".join(cells))


def _refuse_far_days(table: pl.DataFrame) -> None:
    """No day of a table lies outside what the calendar of Python and Polars holds.

    Raises:
        AllegianceError: one does.
    """
    for name, kind in table.schema.items():
        if kind == pl.Date:
            days = table[name].to_physical()
        elif isinstance(kind, pl.Datetime):
            days = table[name].to_physical() // (86_400 * {"ms": 1_000, "us": 1_000_000, "ns": 10**9}[kind.time_unit])
        else:
            continue
        if not days.drop_nulls().is_between(_FIRST, _LAST).all():
            raise AllegianceError(
                f"SQL gives a day outside the years 1 to 9999 in column {name!r}",
                "cast the column to text: COLUMN::VARCHAR",
            )


def _fault(error: Exception) -> AllegianceError:
    text = str(error)
    if "Permission Error" in text or "disabled by configuration" in text or "locked" in text:
        return AllegianceError(
            f"SQL may not reach outside the store: {text.splitlines()[0]}",
            "use the tables `events` and `vintages`, or --data DIR for the source tables",
        )
    return AllegianceError(f"SQL: {text.splitlines()[0]}", "tables: events, vintages; columns: docs/data.md")


def _views(connection: Any, store: Store, folder: Path | None, as_of: date | None, own_events: bool) -> None:
    """Create the views, then shut every door: only these files stay readable."""
    every = store.vintages()
    cut = "" if as_of is None else f" WHERE date_known <= DATE '{as_of.isoformat()}'"
    rows = {v.path: _rows(connection, v.path) for v in every}
    allowed = [str(v.path.resolve()) for v in every]
    statements = []
    if own_events:
        columns = ", ".join(f"NULL::{_sql(kind)} AS {name}" for name, kind in EVENT_SCHEMA.items())
        known = " UNION ALL ".join(f"SELECT * FROM {rows[v.path]}{cut}" for v, _ in store.as_of(as_of))
        statements.append(f"CREATE VIEW events AS {known or f'SELECT {columns} WHERE false'}")
    if every:
        cases = (f"SELECT DATE '{v.date.isoformat()}' AS vintage, * FROM {rows[v.path]}" for v in every)
        statements.append(f"CREATE VIEW vintages AS {' UNION ALL '.join(cases)}")
    for path in sorted(folder.glob("*/*.csv*")) if folder else []:
        name = f"{path.parent.name}/{path.name.split('.')[0]}"
        statements.append(f"CREATE VIEW {_quote(name, chr(34))} AS SELECT * FROM {_rows(connection, path)}")
        allowed.append(str(path.resolve()))
    connection.execute(f"SET allowed_paths = {_list(allowed)}" if allowed else "SET allowed_paths = []")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    for statement in statements:
        connection.execute(statement)
    connection.execute("SET lock_configuration = true")


def _rows(connection: Any, path: Path) -> str:
    """The rows of one file in SQL. DuckDB takes [ ] ? and * in a path for a pattern: such a file is read here."""
    place = path.resolve()
    parquet = path.suffix == ".parquet"
    if not set("[]?*") & set(str(place)):
        return f"{'read_parquet' if parquet else 'read_csv'}({_quote(place)})"
    name = f"file {place}"
    connection.register(name, (read_table(path) if parquet else parse_csv(path)).to_arrow())
    return _quote(name, chr(34))


def _sql(kind: Any) -> str:
    names = {pl.String: "VARCHAR", pl.Date: "DATE", pl.Int32: "INTEGER", pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN"}
    return names[kind]


def _quote(value: object, mark: str = "'") -> str:
    return mark + str(value).replace(mark, mark * 2) + mark


def _list(paths: list[Any]) -> str:
    return "[" + ", ".join(_quote(Path(p).resolve()) for p in paths) + "]"
