"""Works cited: a reader of the package's own `references.bib` and one way of printing a reference.

The reader takes a strict subset of BibTeX, so that a slip in the file is a fault with a line number and not a
reference quietly lost: an entry opens on a line `@kind{key,`, holds one `field = {value},` per line (values may
not run over lines, text is UTF-8), and closes with a line `}`. Lines outside entries are blank or start with `%`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from allegiance.base.errors import AllegianceError, Fault, FaultyInput, near

BIBLIOGRAPHY = Path(__file__).with_name("references.bib")
"""The package's bibliography; keys are first author(s) and year, such as `powellThyne2011`."""

_OPEN = re.compile(r"@(\w+)\{([^,{}\s]+),\s*$")
_FIELD = re.compile(r"(\w+)\s*=\s*\{(.*)\},?\s*$")
_KINDS = frozenset({"article", "book", "incollection", "inproceedings", "phdthesis", "techreport", "misc"})
_FIELDS = frozenset({
    "author", "editor", "year", "title", "journal", "booktitle", "volume", "number", "pages", "publisher",
    "school", "institution", "howpublished", "doi", "url", "note",
})  # fmt: skip
_REQUIRED = ("author", "year", "title")


@dataclass(frozen=True)
class Reference:
    """One work cited; a field that is not known is an empty string."""

    key: str
    kind: str
    fields: dict[str, str] = field(compare=False)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def authors(self) -> tuple[str, ...]:
        """Authors as written in the file, `Family, Given`."""
        return tuple(a.strip() for a in self["author"].split(" and "))

    @property
    def doi(self) -> str:
        """The DOI without a resolver, such as `10.1086/226707`; empty if not known for certain."""
        return self["doi"]

    @property
    def url(self) -> str:
        """An address for the work: the DOI's, else the one recorded, else empty."""
        return f"https://doi.org/{self.doi}" if self.doi else self["url"]

    @property
    def short(self) -> str:
        """Author and year for use in running text.

        >>> reference("powellThyne2011").short
        'Powell & Thyne 2011'
        """
        names = [_family(a) for a in self.authors]
        shown = " & ".join(names) if len(names) < 3 else f"{names[0]} et al."
        return f"{shown} {self['year']}"


def _family(author: str) -> str:
    return author.strip("{}").split(",")[0]


def read_bibliography(path: Path) -> dict[str, Reference]:
    """Read a bibliography, in the order of the file.

    Raises:
        FaultyInput: every line that does not fit, repeated keys and missing fields, each with its line.
    """
    entries: dict[str, Reference] = {}
    faults: list[Fault] = []
    key, kind, opened = "", "", 0
    fields: dict[str, str] = {}

    def fault(line: int, message: str, value: str = "", cure: str = "") -> None:
        faults.append(Fault(f"{path.name}:{line}", message, value, cure))

    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("%"):
            continue
        if match := _OPEN.match(line):
            if key:
                fault(opened, f"entry {key!r} is not closed", cure="close it with a line '}'")
            kind, key, opened, fields = match[1].lower(), match[2], number, {}
            if kind not in _KINDS:
                fault(number, f"unknown kind of work {kind!r}", cure=near(kind, _KINDS))
            if key in entries:
                fault(number, f"key {key!r} is used twice", cure="rename one of the two")
        elif line == "}" and key:
            for name in _REQUIRED:
                if not fields.get(name):
                    fault(opened, f"entry {key!r} has no {name}")
            entries[key] = Reference(key, kind, fields)
            key = ""
        elif (match := _FIELD.match(line)) and key:
            name, value = match[1].lower(), match[2].strip()
            if name not in _FIELDS:
                fault(number, f"unknown field {name!r}", cure=near(name, _FIELDS))
            elif name in fields:
                fault(number, f"field {name!r} is given twice in {key!r}")
            elif name == "doi" and not value.startswith("10."):
                fault(number, "a DOI starts with '10.'", value, "leave out 'https://doi.org/'")
            fields[name] = value
        else:
            fault(number, "not a line of an entry", line[:60], "write one 'field = {value},' per line")
    if key:
        fault(opened, f"entry {key!r} is not closed", cure="close it with a line '}'")
    if faults:
        raise FaultyInput(path.name, faults)
    return entries


@cache
def bibliography() -> dict[str, Reference]:
    """The package's own bibliography by key."""
    return read_bibliography(BIBLIOGRAPHY)


def reference(key: str) -> Reference:
    """The work with this key.

    Raises:
        AllegianceError: no such key; the message names the nearest ones.

    >>> reference("granovetter1978").doi
    '10.1086/226707'
    """
    found = bibliography().get(key)
    if found is None:
        raise AllegianceError(f"no work with the key {key!r} is in {BIBLIOGRAPHY.name}", near(key, bibliography()))
    return found


def format_reference(key: str) -> str:
    """The full reference in one line of plain text.

    >>> format_reference("granovetter1978")
    'Granovetter, M. (1978). Threshold Models of Collective Behavior. American Journal of Sociology 83(6), 1420-1443. https://doi.org/10.1086/226707'
    """
    work = reference(key)
    names = [_initials(a) for a in work.authors]
    authors = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " & " + names[-1]
    where = work["journal"]
    if work["booktitle"]:
        editor = f"{work['editor']} (ed.), " if work["editor"] else ""
        where = f"In {editor}{work['booktitle']}"
    if work["volume"]:
        where += f" {work['volume']}" + (f"({work['number']})" if work["number"] else "")
    if work["pages"]:
        where += f", {work['pages'].replace('--', '-')}"
    house = work["publisher"] or work["institution"] or work["howpublished"]
    if work["school"]:
        house = f"PhD thesis, {work['school']}"
    parts = [f"{authors} ({work['year']})", work["title"], where.strip(), house, work["note"], work.url]
    return ". ".join(p.rstrip(".") for p in parts if p) + ("" if work.url else ".")


def _initials(author: str) -> str:
    if "," not in author:  # an institution
        return author.strip("{}")
    family, given = (part.strip() for part in author.split(",", 1))
    return f"{family}, {' '.join(word[0] + '.' for word in given.split())}"


def works_cited(keys: Iterable[str]) -> list[str]:
    """The references of a run or a page: each work once, in the order of author and year.

    Raises:
        AllegianceError: a key is unknown.
    """
    works = sorted({reference(k) for k in set(keys)}, key=lambda w: (w["author"].lower(), w["year"], w.key))
    return [format_reference(w.key) for w in works]
