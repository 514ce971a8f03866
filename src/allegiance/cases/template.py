"""An annotated case to start from, and the JSON schema of the format."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_origin

from allegiance.base.errors import AllegianceError
from allegiance.base.files import write_text
from allegiance.cases import schema as schema_parts
from allegiance.cases.index import coded_row
from allegiance.cases.loader import LIBRARY, load_case, load_observed
from allegiance.cases.schema import Case, Observed
from allegiance.cases.units import Unit
from allegiance.cases.walk import bare, child, fields

TEMPLATE = Path(__file__).with_name("template.yaml")


def new_case(path: Path, overwrite: bool = False) -> Path:
    """Write the annotated template to `path` and return it; the file passes the check as it is.

    Raises:
        AllegianceError: the file exists already, is a folder, or cannot be written.
    """
    path = Path(path)
    if path.is_dir():
        raise AllegianceError(f"{path} is a folder", f"name a file, such as {path / 'my-case.yaml'}")
    if path.exists() and not overwrite:
        raise AllegianceError(f"{path} exists already", "choose another name; nothing was changed")
    write_text(path, TEMPLATE.read_text(encoding="utf-8"))
    return path


def leftovers(case: Case) -> list[str]:
    """What a case still holds of the annotated template that no case of one's own can mean, in words."""
    found = [f"the title '{case.title}'"] if case.title == "My case" else []
    found += [f"the source '{s.title}'" for s in case.sources.values() if s.title == "Title of the work"]
    if case.summary.startswith("Two or three sentences that"):
        found.append("the summary")
    own_year = {case.start.year, case.last_day(case.days).year}
    labels = {a.label for side in case.sides.values() for a in side.aid} | {d.label for d in case.decisions.values()}
    found += [f"'{label}'" for label in ("First delivery", "Reservists are called up in full") if label in labels]
    opens = {p.opens for side in case.sides.values() for p in side.recruitment.values() if p.opens}
    found += [f"a pool that opens on {day}" for day in sorted(opens) if day.year == 2000 and 2000 not in own_year]
    return found


def json_schema(observed: bool = False) -> dict[str, Any]:
    """The JSON schema of case.yaml (or of observed.yaml), with units and bounds in each field's description."""
    model = Observed if observed else Case
    schema = model.model_json_schema(by_alias=True)
    for name, part in [(model.__name__, schema), *schema.get("$defs", {}).items()]:
        found = vars(schema_parts).get(name)
        for key, kind in fields(found).items() if hasattr(found, "model_fields") else ():
            unit = _unit(kind)
            if unit is not None:
                shown = part["properties"][key]
                shown["description"] = f"{shown.get('description', '')} ({unit.bounds})".strip()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Allegiance observed outcomes" if observed else "Allegiance case"
    return schema


def _unit(kind: Any) -> Unit | None:
    """The unit of a sourced number, or of the numbers in a dictionary of them."""
    inner, unit = bare(kind)
    return bare(child(inner, "0"))[1] if get_origin(inner) is dict else unit


def summaries() -> list[dict[str, Any]]:
    """One row per case of the library: id, title, start, days, sides, soldiers, tags, and `coded`.

    `coded` holds conditions and outcomes of the side whose disloyalty is coded (see index.coded_row), or None.
    """
    rows = []
    for folder in sorted(p.parent for p in LIBRARY.glob("*/case.yaml")):
        case, observed = load_case(folder), load_observed(folder)
        soldiers = sum(f.strength.value for side in case.sides.values() for f in side.forces.values())
        rows.append(
            {
                "id": case.id,
                "title": case.title,
                "start": case.start.isoformat(),
                "days": case.days,
                "sides": list(case.sides),
                "soldiers": int(soldiers),
                "tags": case.tags,
                "coded": None if observed is None else coded_row(case, observed),
            }
        )
    return rows


def field_table() -> list[dict[str, str]]:
    """Every key of the format: path (names of your own in capitals), unit or type, and meaning."""
    rows: list[dict[str, str]] = []
    _fields(Case, (), rows)
    return rows


def _fields(model: Any, path: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    for key, kind in fields(model).items():
        info = next(f for n, f in model.model_fields.items() if (f.alias or n) == key)
        inner, unit = bare(kind)
        below = inner
        here: tuple[str, ...] = (*path, key)
        while get_origin(below) in (dict, list):
            below, unit = bare(child(below, "0"))
            here = (*here, "NAME")
        if hasattr(below, "model_fields") and unit is None:
            _fields(below, here, rows)
        else:
            rows.append({"path": ".".join(here), "takes": _takes(below, unit), "meaning": info.description or ""})


def _takes(kind: Any, unit: Unit | None) -> str:
    if unit is not None:
        return unit.bounds
    return {str: "text", int: "whole number", bool: "true or false", float: "number", date: "day"}.get(
        kind, str(kind).replace("typing.", "")
    )
