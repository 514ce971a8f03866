"""A server and a browser for the tests that drive pages: skipped, with the reason said, where there is no Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
WAIT = 150_000
"""Milliseconds for the first answer, which may have to compile the model."""


CASE = "united-kingdom-falklands-1982"
"""The case that pages begin with: its wars take a fiftieth of the flagship's time, and every part is in them."""


@dataclass
class Site:
    """A running server."""

    address: str
    process: Any

    def worker(self) -> int:
        """Process id of the server's worker."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        names = {int(p): Path(f"/proc/{p}/cmdline").read_bytes() for p in listed}
        return next(p for p, name in names.items() if b"spawn_main" in name)


@dataclass
class Visit:
    """A page under test, with what its console said."""

    page: Any
    site: Site
    said: list[str] = field(default_factory=list)

    def go(self, query: str) -> Any:
        self.page.goto(self.site.address + query)
        return self.page

    def answered(self, share: float = 0.12) -> None:
        """Wait for an answer at least this far refined."""
        self.until(
            "share => ['running', 'done'].includes(document.body.dataset.state) && +document.body.dataset.done >= share"
            " && document.querySelector('#answer').children.length > 0",
            share,
        )

    def until(self, expression: str, argument: Any = None) -> None:
        """Wait until JavaScript holds. Playwright's own wait evaluates text in the page, which its policy bars."""
        stop = time.monotonic() + WAIT / 1000
        while not self.page.evaluate(expression, argument):
            assert time.monotonic() < stop, (expression, self.page.inner_text("main")[:600])
            time.sleep(0.05)

    def lever(self, path: str, value: float) -> None:
        """Move a slider as a hand would: focus it, set it, let the page hear of it."""
        self.page.eval_on_selector(
            f'[data-path="{path}"]',
            "(e, v) => { e.closest('details').open = true; e.value = v;"
            " e.dispatchEvent(new Event('input', {bubbles: true})); }",
            str(value),
        )

    def difference(self, key: str, side: str) -> float:
        """The difference shown for an outcome of a side."""
        row = self.page.locator(f'#answer tr[data-key="{key}"][data-side="{side}"]')
        return float(row.get_attribute("data-difference"))

    def accessible(self) -> None:
        """No serious or critical violation by axe-core."""
        base = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
        script = Path(base.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(script)  # through the debugger: the page's own policy bars it, as it should
        found = self.page.evaluate("axe.run()")["violations"]
        grave = [v for v in found if v["impact"] in ("serious", "critical")]
        bad = [(v["id"], [n["target"] for n in v["nodes"]][:4]) for v in grave]
        assert not bad, bad

    def shot(self, name: str) -> None:
        """Keep a screenshot at both widths if a folder is named for them."""
        folder = os.environ.get("ALLEGIANCE_SHOTS")
        if folder:
            before = self.page.viewport_size
            for width in (1440, 390):
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.wait_for_timeout(150)
                self.page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
            self.page.set_viewport_size(before)


def _chromium() -> str | None:
    named = os.environ.get("ALLEGIANCE_CHROMIUM")
    found = [named] if named else [shutil.which(n) for n in ("chromium", "chromium-browser", "google-chrome")]
    return next((f for f in found if f and Path(f).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (allegiance[test])")
    with playwright.sync_playwright() as driver:
        try:
            found = driver.chromium.launch(executable_path=_chromium(), args=FLAGS)
        except playwright.Error as error:
            pytest.skip(f"no Chromium (set ALLEGIANCE_CHROMIUM or run `playwright install chromium`): {error}"[:300])
        yield found
        found.close()


STATES = (
    (475, "NGA", "Nigeria", 0.29), (625, "SDN", "Sudan", 0.2), (432, "MLI", "Mali", 0.12),
    (2, "USA", "United States of America", 0.01), (700, "AFG", "Afghanistan", 0.31), (140, "BRA", "Brazil", 0.03),
)  # fmt: skip


def ledger(folder: Path) -> Path:
    """A ledger of two made-up forecasts of mutiny, a year apart."""
    from allegiance.base.files import sha256_text, to_json

    previous = ""
    for year, more in ((2017, 0.05), (2018, 0.0)):
        rows = [
            {"gwcode": code, "iso3": iso, "country": name, "probability": p + more * (iso == "MLI"), "low": p / 2,
             "high": min(1.0, 2 * p), "climatology": 0.03}
            for code, iso, name, p in STATES
        ]  # fmt: skip
        said = {"outcome": "mutiny", "horizon": 12, "as_of": f"{year}-12-01", "data": {}, "weights": {},
                "model": {"name": "made up", "version": "0", "method": 0},
                "rows": rows, "issued": f"{year + 1}-01-02T00:00:00+00:00", "previous": previous}  # fmt: skip
        previous = sha256_text(to_json(said))
        path = folder / f"{year}-12_mutiny_12m_{previous[:12]}.json"
        path.write_text(to_json({"sha256": previous, "forecast": said}), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    log = tmp_path_factory.mktemp("serve") / "log"
    data = os.environ.get("ALLEGIANCE_DATA") or str(Path(__file__).resolve().parents[3] / "shared" / "data")
    named = ["--data", data] if Path(data).is_dir() else []
    command = [sys.executable, "-m", "allegiance.cli.main", "serve", "--port", "0", "--no-open", "--case", CASE, *named]
    command += ["--ledger", str(ledger(tmp_path_factory.mktemp("ledger")))]
    with log.open("w") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, cwd=log.parent)
        stop = time.monotonic() + 60
        while not (match := re.search(r"http://\S+", log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < stop
            time.sleep(0.1)
        yield Site(match[0], process)
        process.terminate()
        process.wait(20)


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_navigation_timeout(WAIT)  # the first page waits until the library is read
    found = Visit(page, site)
    page.on("console", lambda m: found.said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: found.said.append(str(e)))
    page.on("request", lambda r: found.said.append(f"foreign request {r.url}") if not _own(r.url, site) else None)
    yield found
    context.close()
    assert found.said == []


def _own(url: str, site: Site) -> bool:
    host = site.address.split("//")[1].rstrip("/")
    return url.split("//")[-1].startswith(host) or url.startswith(("data:", "blob:"))
