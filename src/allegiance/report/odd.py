"""Reference documentation written from the model itself: ODD protocol, parameters, case format, one page per mechanism.

The protocol follows Grimm et al. (2020), doi:10.18564/jasss.4259. What the code knows (claims, schedule, state,
decisions, parameters, formulas, sources) is read from it; what only people know is prose in ``templates/docs``.
"""

from __future__ import annotations

import inspect
import re
import sys
import typing
from collections import Counter
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import allegiance
from allegiance import __version__
from allegiance.base.citations import format_reference, reference
from allegiance.base.claims import CLAIMS, claim
from allegiance.base.errors import AllegianceError
from allegiance.base.files import write_text
from allegiance.cases import schema
from allegiance.cases.index import index_page
from allegiance.cases.loader import load_case
from allegiance.day.schedule import SCHEDULE, Phase
from allegiance.inference.agreement import HEADS, agreement, apart, cells, coded_twice
from allegiance.report.claim_docs import claim_pages
from allegiance.report.codebook import EVENT_COLUMNS, MEMBER_COLUMNS
from allegiance.report.docstrings import attribute_docs, explain, module_parts
from allegiance.report.glossary import glossary_page
from allegiance.report.labels import EVENT_NAMES
from allegiance.theory.anchors import solve
from allegiance.theory.contract import Mechanism, Term
from allegiance.theory.forms import COUPS, FORMS
from allegiance.theory.model import rivalled
from allegiance.theory.registry import MECHANISMS, PARAMETERS, free
from allegiance.world import chance, soldiers, units
from allegiance.world.columns import Table
from allegiance.world.events import ENDS, EVENT_TYPES
from allegiance.world.inputs import epochs
from allegiance.world.quantities import QUANTITIES
from allegiance.world.world import World

CURE = "allegiance docs --out docs"
TABLES = (
    units.Contests, units.Sides, units.Forces, units.Brigades, units.Companies, units.Zones, units.Regions, units.Pools,
)
"""Tables of the world, from the widest unit to the narrowest."""


def environment() -> Environment:
    """Templates of Markdown pages; a name that is missing is an error."""
    env = Environment(
        loader=PackageLoader("allegiance.report", "templates/docs"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    env.filters.update(number=_number, cell=_cell, short=lambda key: reference(key).short, claim=claim)
    return env


def _number(value: float) -> str:
    return f"{value:g}"


def _cell(text: str) -> str:
    """Text fit for a table cell."""
    return " ".join(str(text).split()).replace("|", "\\|")


def pages() -> dict[str, str]:
    """Every generated page, by its path under the documentation folder."""
    env = environment()
    context: dict[str, Any] = {
        "version": __version__,
        "claims": CLAIMS,
        "mechanisms": MECHANISMS,
        "basis": _basis(),
        "solved": solve({name: p.value for name, p in PARAMETERS.items()}),
        "module": _module,
        "explain": explain,
    }
    out = {
        "odd.md": env.get_template("odd.md.j2").render(
            **context, schedule=[_phase(p) for p in SCHEDULE], draws=_draws(),
            soldier=attribute_docs(soldiers.Soldiers), statuses=soldiers.STATUS_NAMES,
            bytes_per_soldier=soldiers.BYTES_PER_SOLDIER, events=EVENT_TYPES,
            world=[_table(t) for t in TABLES],
            given=_given(), world_docs=attribute_docs(World), inputs=case_parts()[0]["fields"],
            grimm=format_reference("grimm2020"), founding=format_reference("johnson2022"),
        ),
        "parameters.md": env.get_template("parameters.md.j2").render(**context, references=_references(MECHANISMS)),
        "case-format.md": env.get_template("case-format.md.j2").render(parts=case_parts()),
        "case-index.md": index_page(),
        "codebook.md": env.get_template("codebook.md.j2").render(
            quantities=QUANTITIES, columns=EVENT_COLUMNS, events=EVENT_TYPES, event_names=EVENT_NAMES, forms=FORMS,
            coups=COUPS, ends=ENDS, members=MEMBER_COLUMNS,
        ),
    }  # fmt: skip
    out["coding-rules.md"] = coding_page()
    out["glossary.md"] = glossary_page()
    out["api.md"] = api_page()
    out |= {f"claims/{name}": text for name, text in claim_pages().items()}
    out |= {f"mechanisms/{mechanism.id}.md": mechanism_page(mechanism) for mechanism in MECHANISMS}
    return {name: _tidy(text) for name, text in out.items()}


def coding_page() -> str:
    """The rules by which outcomes are coded, with the agreement of the library's two coders, as Markdown."""
    pairs = coded_twice()
    lines = ["| " + " | ".join(row) + " |" for row in (HEADS, *map(cells, agreement(pairs)))]
    text = environment().get_template("coding-rules.md.j2").render(
        heads=lines[0], agreement=lines[1:], apart=apart(pairs)
    )
    return _tidy(text)


def api_page() -> str:
    """The reference of the public functions, as directives that the site turns into their documentation."""
    public = sorted((n for n in allegiance.__all__ if not n.startswith("_")), key=str.lower)
    return environment().get_template("api.md.j2").render(
        names=[f"{getattr(allegiance, name).__module__}.{name}" for name in public]
    )


def mechanism_page(mechanism: Mechanism) -> str:
    """The page of one mechanism, as Markdown."""
    text = environment().get_template("mechanism.md.j2").render(
        mechanism=mechanism, module=_module, explain=explain, references=_references([mechanism]),
        phases=[p.name for p in SCHEDULE if mechanism.id in p.mechanisms],
        solved=solve({name: p.value for name, p in PARAMETERS.items()}),
        terms=[_term(t, mechanism.id) for t in mechanism.terms],
        rivals=[(r, rivalled(mechanism.id, r).__name__) for r in mechanism.rivals],
    )  # fmt: skip
    return _tidy(text)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _basis() -> Counter[str]:
    return Counter(PARAMETERS[name].basis.value for name in free())


def _module(mechanism: Mechanism) -> tuple[str, str]:
    return module_parts(sys.modules[f"allegiance.theory.{mechanism.id}"])


def _phase(phase: Phase) -> dict[str, Any]:
    text, _ = module_parts(sys.modules[phase.step.__module__])
    claims = dict.fromkeys(c for m in MECHANISMS if m.id in phase.mechanisms for c in m.claims)
    ordered = sorted(claims, key=lambda c: (c[0], int(c[1:])))
    return {"name": phase.name, "doc": phase.doc, "text": text, "mechanisms": phase.mechanisms, "claims": ordered}


def _term(term: Term, identifier: str) -> dict[str, Any]:
    """A term as its page shows it: formula, what it adds to, where its arguments come from, where it acts."""
    into = term.into if isinstance(term.into, str) else ", ".join(f"{n} × {s:g}" for n, s in term.into.shares.items())
    inputs = {
        name: f"{value:g}" if not isinstance(value, str) else value if "." in value else f"{identifier}_{value}"
        for name, value in term.inputs.items()
    }
    return {"formula": term.formula.__name__, "into": into, "inputs": inputs, "where": term.where}


def _table(table: type[Table]) -> dict[str, Any]:
    """A table of the world with a text for each of its columns; columns that share a text stand above it."""
    docs, columns, waiting = attribute_docs(table), dict[str, str](), list[str]()
    for name in (f.name for f in fields(table)[1:]):
        if name in docs:
            columns |= dict.fromkeys([*waiting, name], docs[name])
            waiting = []
        elif name == "key":
            columns[name] = "key of its luck, from its full name"
        elif name in table.POINTS_TO:
            columns[name] = f"row of its {table.POINTS_TO[name]}"
        else:
            columns[name] = ""
            waiting.append(name)
    return {"name": table.__name__.lower(), "doc": inspect.getdoc(table), "columns": columns}


def _given() -> dict[str, list[str]]:
    """Columns that the case gives, by table."""
    epoch = epochs(load_case("reference"), 1)[0]
    return {name: sorted(getattr(epoch, name)) for name in ("contest", "side", "force", "zone", "pool")}


def _draws() -> list[tuple[int, str, str]]:
    docs = attribute_docs(chance)
    return sorted((getattr(chance, name), name.lower(), text) for name, text in docs.items())


def _references(mechanisms: Any) -> list[str]:
    keys = {k for m in mechanisms for k in (*m.sources, *(p.source for p in m.parameters))}
    works = sorted((reference(k)["author"].lower().strip("{"), reference(k)["year"], k) for k in keys)
    return [format_reference(k) for _, _, k in works]


def case_parts() -> list[dict[str, Any]]:
    """The parts of a case and of its recorded outcomes, outermost first, each with its fields."""
    seen: dict[str, dict[str, Any]] = {}
    queue: list[type[BaseModel]] = [schema.Case, schema.Observed]
    while queue:
        model = queue.pop(0)
        if model.__name__ in seen:
            continue
        rows = []
        for name, info in model.model_fields.items():
            queue += _models(info.annotation)
            default = "required" if info.is_required() else "optional"
            rows.append((info.alias or name, _type_name(info.annotation), default, _meaning(info)))
        seen[model.__name__] = {"name": model.__name__, "doc": inspect.getdoc(model) or "", "fields": rows}
    return [part for name, part in seen.items() if name != "Sourced"]


def _meaning(info: FieldInfo) -> str:
    """A field's description, or that of the part it holds."""
    held = [m for m in _models(info.annotation) if m.__name__ != "Sourced"]
    return info.description or (inspect.getdoc(held[0]) or "" if held else "")


def _models(annotation: Any) -> list[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for argument in typing.get_args(annotation) for m in _models(argument)]


def _type_name(annotation: Any) -> str:
    if annotation is type(None):
        return "nothing"
    arguments = typing.get_args(annotation)
    if not arguments:
        if inspect.isclass(annotation) and issubclass(annotation, StrEnum):
            return "one of " + ", ".join(m.value for m in annotation)
        return getattr(annotation, "__name__", str(annotation))
    if hasattr(annotation, "__metadata__"):
        return _type_name(arguments[0])
    origin = typing.get_origin(annotation)
    if origin is typing.Literal:
        return "one of " + ", ".join(str(a) for a in arguments)
    if origin is dict:
        return f"map of {_type_name(arguments[0])} to {_type_name(arguments[1])}"
    if origin in (list, tuple):
        return f"list of {_type_name(arguments[0])}"
    return " or ".join(dict.fromkeys(_type_name(a) for a in arguments))


def write_pages(folder: Path) -> list[Path]:
    """Write every generated page under `folder` and remove pages of mechanisms that are no more.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    written = []
    for name, text in pages().items():
        write_text(folder / name, text)
        written.append(folder / name)
    for old in set((folder / "mechanisms").glob("*.md")) - set(written):
        old.unlink()
    return written


def check_pages(folder: Path) -> None:
    """Compare the pages under `folder` with what the model says now.

    Raises:
        AllegianceError: pages that are missing, out of date, or about mechanisms that are no more.
    """
    wanted = pages()
    stale = [n for n, t in wanted.items() if not (folder / n).is_file() or (folder / n).read_text("utf-8") != t]
    kept = (f"mechanisms/{p.name}" for p in (folder / "mechanisms").glob("*.md"))
    stale += [name for name in kept if name not in wanted]
    if stale:
        raise AllegianceError(f"out of date in {folder}: {', '.join(sorted(stale))}", CURE)
