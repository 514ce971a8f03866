"""What the study files of a calibration and of a fit have in common: how they are found, read and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from allegiance.base.errors import AllegianceError, near
from allegiance.cases.faults import validated
from allegiance.cases.reader import Document, Sort, parse, read_text

Count = Annotated[int, Field(ge=1, le=100_000)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


class Part(BaseModel):
    """A part of a study, or a whole one: nothing unknown gets in, and nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def identity(self) -> dict[str, Any]:
        """Everything that decides the result."""
        return self.model_dump(mode="json")


P = TypeVar("P", bound=Part)


def sort_of(page: str, example: str) -> Sort:
    """How faults speak of a study file that a page of the documentation explains, with a shipped one as example."""
    start = f"start from the study in {page}, or use --study {example}"
    return Sort("study file", "study.yaml", start, f"see {page} for this key")


def read_study(name: str, shipped: Path, sort: Sort, kind: type[P]) -> tuple[Document, P]:
    """The study called `name` in the folder `shipped`, or the file at that path; faults may be added to the document.

    Raises:
        AllegianceError: no such file, or a fault in it.
    """
    path = shipped / f"{name}.yaml"
    path = path if path.is_file() else Path(name)
    if not path.exists():
        known = sorted(p.stem for p in shipped.glob("*.yaml"))
        raise AllegianceError(f"no study '{name}', and no file of that name", near(name, known))
    document = parse(read_text(path, sort), str(path), sort)
    return document, validated(document, kind)
