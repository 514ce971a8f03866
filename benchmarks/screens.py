"""Photographs the ten views of docs/screens.md and the pages of docs/web.md, from a server of this tree.

    python benchmarks/screens.py [VIEW ...]

It needs Chromium, `playwright`, the standardised tables (ALLEGIANCE_DATA) and a ledger of forecasts for the home page
(`--ledger FILE`); a picture whose page cannot be shown is named, and the one that was there stays.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "img"
CASE, SIDE = "united-kingdom-falklands-1982", "argentina"
SIZE, SHOWN = {"width": 1440, "height": 900}, 0.75
WAIT = 240_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


def until(page: Any, expression: str) -> None:
    """Wait until JavaScript holds; asked from outside, for the page's policy bars Playwright's own wait."""
    stop = time.monotonic() + WAIT / 1000
    while not page.evaluate(expression):
        if time.monotonic() > stop:
            raise Error(f"not within {WAIT // 1000} s: {expression}")
        time.sleep(0.2)


def answered(page: Any) -> None:
    """Wait until the page's worker has said its last word."""
    until(page, "document.body.dataset.state === 'done' || +document.body.dataset.done >= 0.99")


def whatif(page: Any) -> None:
    """Move one lever, so that the page tells a change."""
    answered(page)
    page.eval_on_selector(
        f'[data-path="sides.{SIDE}.supply"]',
        "e => { e.closest('details').open = true; e.value = 0.15;"
        " e.dispatchEvent(new Event('input', {bubbles: true})) }",
    )
    page.wait_for_selector("#meaning", timeout=WAIT)
    answered(page)


def desk(page: Any) -> None:
    """Wait for the war, and go to its middle."""
    until(page, "+document.body.dataset.army > 20")
    page.eval_on_selector(
        "input[type=range]",
        "e => { e.value = Math.round(e.max / 2); e.dispatchEvent(new Event('input', {bubbles: true})) }",
    )
    page.wait_for_timeout(1500)


def still(page: Any) -> None:
    """Nothing is waited for any more."""
    page.wait_for_timeout(1500)
    until(page, "!/looking for|waiting|playing \\d+ wars/.test(document.body.innerText)")
    page.wait_for_timeout(500)


def first_claim(page: Any) -> None:
    """Open the first claim of the list."""
    page.locator("a:has-text('C1 ')").first.click()
    page.wait_for_selector("table tbody tr", timeout=WAIT)


VIEWS: dict[str, tuple[str, Callable[[Any], None]]] = {
    "home": ("", still), "cases": ("?page=cases", still), "case": (f"?page=cases&case={CASE}", still),
    "whatif": (f"?page=whatif&case={CASE}&side={SIDE}", whatif), "desk": (f"?page=day&case={CASE}", desk),
    "claims": ("?page=claims", still), "claim": ("?page=claims", first_claim),
    "forecasts": ("?page=forecasts", still), "yours": ("?page=yours", still),
}  # fmt: skip
"""Views of a running server; "report" is a file."""


@contextmanager
def server(ledger: Path | None) -> Iterator[str]:
    """Address of a server of this tree."""
    words = [sys.executable, "-m", "allegiance.cli.main", "serve", "--port", "0", "--no-open", "--case", CASE]
    if data := os.environ.get("ALLEGIANCE_DATA"):
        words += ["--data", data]
    if ledger:
        words += ["--ledger", str(ledger)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if found := re.search(r"http://[\w.:]+/?", seen):
            yield found[0].rstrip("/") + "/"
            break
    else:
        raise SystemExit(f"the server did not start:\n{seen}")
    process.terminate()
    process.wait(20)


def report() -> str:
    """Address of the report of a run of the case."""
    folder = Path(tempfile.mkdtemp()) / "run"
    words = [sys.executable, "-m", "allegiance.cli.main", "run", CASE, "--out", str(folder)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return (folder / "report.html").as_uri()


def shoot(page: Any, name: str, address: str, ready: Callable[[Any], None]) -> None:
    """Photograph one view."""
    try:
        page.goto(address, timeout=WAIT)
        ready(page)
        page.screenshot(path=str(IMAGES / f"after-{name}.png"))
        print(f"after-{name}.png")
    except Error as error:
        print(f"after-{name}.png: {str(error).splitlines()[0]}")


def main() -> None:
    """Photograph the views named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("views", nargs="*", help=", ".join([*VIEWS, "report"]))
    parser.add_argument("--ledger", type=Path)
    given = parser.parse_args()
    wanted = given.views or [*VIEWS, "report"]
    chromium = os.environ.get("ALLEGIANCE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver, server(given.ledger) as address:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(viewport=SIZE, device_scale_factor=SHOWN).new_page()
        for name in wanted:
            if name == "report":
                shoot(page, name, report(), still)
            else:
                query, ready = VIEWS[name]
                shoot(page, name, address + query, ready)
        browser.close()


if __name__ == "__main__":
    main()
