"""Notebooks of the documentation as Markdown: their text and code, and what came out if they are run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegiance.base.extras import require

SECONDS = 600
"""Longest time that one cell of a notebook may take."""


@dataclass(frozen=True)
class Picture:
    """A picture that a notebook made: file name, SVG, text for those who cannot see it, title, and the notebook."""

    name: str
    data: bytes
    alt: str
    title: str
    notebook: str


def read(path: Path) -> Any:
    """A notebook, as nbformat reads it.

    Raises:
        AllegianceError: nbformat is not installed.
    """
    return require("nbformat", "docs").read(path, as_version=4)


def executed(path: Path) -> Any:
    """The notebook with the results of running it in an empty folder and a kernel of this interpreter.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed. AllegianceError: nbclient is not installed.
    """
    notebook = read(path)
    with tempfile.TemporaryDirectory(prefix="allegiance-") as folder:
        place = {"metadata": {"path": folder}}
        require("nbclient", "docs").NotebookClient(notebook, timeout=SECONDS, resources=place).execute()
    return notebook


def as_markdown(path: Path, run: bool) -> tuple[str, list[Picture]]:
    """A notebook as a page in Markdown, and the pictures it shows; without results unless `run`."""
    notebook = executed(path) if run else read(path)
    parts, pictures = [], list[Picture]()
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        alt = cell.metadata.get("alt", "")
        for k, output in enumerate(cell.outputs):
            data = output.get("data", {})
            if "image/svg+xml" in data:
                name = f"{path.stem}-{number}-{k}.svg"
                drawn = _standing(data["image/svg+xml"]).encode()
                pictures.append(Picture(name, drawn, alt, cell.metadata.get("title", alt), path.stem))
                parts.append(f"![{alt}]({name})")
            else:
                parts.extend(_shown(output, data))
    note = "" if run else "*Without results: the notebook was not run for this copy of the page.*"
    foot = f'<a href="{path.name}" download>Download this notebook</a>. {note}'
    return "\n\n".join([*parts, "---", foot]) + "\n", pictures


def _standing(svg: str) -> str:
    """An SVG that stands in a page as a file of its own."""
    named = "xmlns=" in svg[: svg.index(">")]
    return svg if named else svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)


def _shown(output: Any, data: Any) -> Iterator[str]:
    """What a cell gave, but for pictures; what went to the error stream is left out."""
    if output.output_type == "stream" and output.name == "stdout":
        yield f"```text\n{output.text.rstrip()}\n```"
    elif data.get("text/html") == "":
        return  # a progress bar that has gone
    elif "text/html" in data:
        yield f'<div class="output">\n{_one_block(data["text/html"])}\n</div>'
    elif "text/plain" in data:
        yield f"```text\n{data['text/plain']}\n```"


def _one_block(html: str) -> str:
    """HTML without empty lines, which would end a block of Markdown."""
    return "\n".join(line for line in html.splitlines() if line.strip())
