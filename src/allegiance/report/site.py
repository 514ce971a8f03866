"""Hooks of the documentation site (mkdocs.yml): pages from outside `docs/`, notebooks, folders, terms explained.

What lies outside the documentation folder and has no page of its own is told, not linked to, so that every link of the
site leads somewhere. Notebooks are stored without results; with `run_notebooks` they are run and show what came out.
"""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.report.glossary import marked
from allegiance.report.notebooks import Picture, as_markdown

OUTSIDE = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "README.md": "index.md"}
"""File beside the documentation folder -> the page of the site that stands for it."""
_INDEX = ("index.md", "README.md")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")
_PICTURES = "<!-- pictures of the notebooks -->"
_PLAIN = ("glossary.md", "changelog.md")
"""Pages whose terms are not explained in place."""

_pictures: list[Picture] = []


def build(docs: Path, site: Path, notebooks: bool) -> None:
    """Build the site of the documentation folder into `site`, as strictly as the tests do.

    Raises:
        AllegianceError: MkDocs is not installed, there is no mkdocs.yml, or the site has faults, all of them told.
    """
    require("mkdocs", "docs")
    settings = docs.resolve().parent / "mkdocs.yml"
    if not settings.is_file():
        raise AllegianceError(f"no {settings}", "run this in the project's own folder")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-f", str(settings), "-d"]
    surroundings = os.environ | {"ALLEGIANCE_NOTEBOOKS": str(notebooks).lower(), "NO_MKDOCS_2_WARNING": "1"}
    command.append(str(site.resolve()))
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AllegianceError(f"the site has faults:\n{(done.stderr or done.stdout).strip()}", "put them right")


def on_config(config: Any) -> Any:
    """Put the pages of a folder in the place of `folder/*` in the navigation."""
    config.nav = _expanded(config.nav, Path(config.docs_dir))
    return config


def _expanded(nav: Any, docs: Path) -> Any:
    if isinstance(nav, list):
        return [_expanded(item, docs) for item in nav]
    if isinstance(nav, dict):
        return {title: _expanded(item, docs) for title, item in nav.items()}
    return pages_of(docs, nav.removesuffix("/*")) if nav.endswith("/*") else nav


def pages_of(docs: Path, folder: str) -> list[str]:
    """The pages of a folder, its index first, C2 before C10."""
    found = [path.name for path in (docs / folder).glob("*.md")]
    return [f"{folder}/{name}" for name in sorted(found, key=lambda n: (n not in _INDEX, _numbered(n)))]


def _numbered(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", name)]


def on_files(files: Any, config: Any) -> Any:
    """Add the pages from outside the folder, and one page for each notebook."""
    from mkdocs.structure.files import File

    docs = Path(config.docs_dir)
    for source, page in OUTSIDE.items():
        if page != "index.md":
            text = _LINK.sub(lambda m: _from_root(m), (docs.parent / source).read_text(encoding="utf-8"))
            files.append(File.generated(config, page, content=text))
    _pictures.clear()
    for path in sorted(docs.glob("learn/*.ipynb")):
        text, pictures = as_markdown(path, bool(config.extra["run_notebooks"]))
        files.append(File.generated(config, f"learn/{path.stem}.md", content=text))
        for picture in pictures:
            files.append(File.generated(config, f"learn/{picture.name}", content=picture.data))
        _pictures.extend(pictures)
    return files


def _from_root(link: re.Match[str]) -> str:
    """A link of a file beside the folder, as seen from inside it."""
    bang, text, target, anchor = link.groups()
    if target in OUTSIDE:
        return f"[{text}]({OUTSIDE[target]}{anchor or ''})"
    inside = target.startswith("docs/")
    return f"{bang}[{text}]({target.removeprefix('docs/')}{anchor or ''})" if inside else text


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Turn links that leave the folder into links to the site's pages, or into text; fill the gallery."""
    folder = posixpath.dirname(page.file.src_uri)

    def inside(link: re.Match[str]) -> str:
        bang, text, target, anchor = link.groups()
        place = posixpath.normpath(posixpath.join(folder, target))
        if place.startswith("learn/") and place.endswith(".ipynb"):  # the page that is made from it
            return f"{bang}[{text}]({target.removesuffix('.ipynb')}.md{anchor or ''})"
        if not place.startswith("../"):
            return link.group(0)
        known = OUTSIDE.get(place.removeprefix("../"))
        return f"{bang}[{text}]({posixpath.relpath(known, folder or '.')}{anchor or ''})" if known else text

    if _PICTURES in markdown:
        markdown = markdown.replace(_PICTURES, gallery(_pictures))
    return _LINK.sub(inside, markdown)


def gallery(pictures: list[Picture]) -> str:
    """The pictures of the notebooks, each under its title and with a link to the notebook that made it, in Markdown."""
    if not pictures:
        return "*The notebooks were not run for this copy of the site; `allegiance docs --site DIR` runs them.*"
    return "\n\n".join(
        f"### {p.title}\n\n![{p.alt}](learn/{p.name})\n\nMade in [{p.notebook}](learn/{p.notebook}.md)."
        for p in pictures
    )


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Explain each term of the glossary where a page first uses it."""
    return html if page.file.src_uri in _PLAIN else marked(html)
