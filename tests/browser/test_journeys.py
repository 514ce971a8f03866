"""Five journeys of a newcomer, each driven in a real browser from the home page to the answer, with its time."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
SMALL = "united-kingdom-falklands-1982"
WAIT = 150_000
BUSY = 2.0
"""Load per core above which the war of the first journey is a small one: the flagship's would take minutes."""
FIRST = 2.0
"""Seconds to the first answer about a library case whose wars were played before."""


@contextmanager
def within(minutes: float, name: str) -> Iterator[None]:
    """Hold a journey to its minutes, and keep its time beside the screenshots if a folder is named for them."""
    start = time.monotonic()
    yield
    spent = time.monotonic() - start
    folder = os.environ.get("ALLEGIANCE_SHOTS")
    if folder:
        path = Path(folder) / "journeys.json"
        known = json.loads(path.read_text()) if path.is_file() else {}
        path.write_text(json.dumps(known | {name: round(spent, 1)}, indent=1, sort_keys=True))
    assert spent < 60 * minutes, f"{name}: {spent:.0f} s"


def test_home_has_three_doors_and_says_where_each_leads(visit: Any) -> None:
    page = visit.go("")
    assert page.locator(".doors h2").all_inner_texts() == ["Look", "Explore a war", "Assess an army"]
    visit.until("document.querySelector('#answer').children.length > 0")
    assert page.locator("a.door").count() == 3
    page.locator("main abbr[title]").first.focus()  # a term explains itself by key and by touch, too
    told = page.evaluate("getComputedStyle(document.activeElement, '::after').content")
    assert "soldiers" in told
    visit.shot("home")
    visit.accessible()


def test_the_first_answer_about_a_case_played_before_comes_within_two_seconds(visit: Any) -> None:
    visit.go(f"?page=whatif&case={SMALL}")
    visit.answered()
    visit.page.reload()
    start = time.monotonic()
    visit.answered()
    assert time.monotonic() - start < FIRST


def test_a_what_if_a_decision_had_not_been_taken(visit: Any) -> None:
    case, decision = "russia-ukraine-2022", "mobilisation"  # September 2022: eight of its wars, half a minute when idle
    if os.getloadavg()[0] > BUSY * (os.cpu_count() or 1) and not os.environ.get("ALLEGIANCE_FLAGSHIP"):
        case, decision = SMALL, "second-brigade"
    with within(3, f"a: no such decision ({case})"):
        page = visit.go("")
        page.click("a.door:has-text('library')")
        page.fill("#search", case.replace("-", " "))
        page.locator(f".card:visible a[href='?page=whatif&case={case}']").click()
        page.wait_for_selector("#levers")
        box = page.locator(f'[data-path="decisions.{decision}.enabled"]')
        box.evaluate("e => e.closest('details').open = true")
        box.uncheck()
        page.wait_for_selector("#meaning", timeout=WAIT)
        assert "number" in page.inner_text("#answer table"), "how many leave stands beside which share"
        assert page.locator("#answer small:has-text('who served')").count() >= 2
    page.click("#undo")
    page.wait_for_selector("text=this is the baseline", timeout=WAIT)
    assert "set=" not in page.url or "set=&" in page.url + "&"


def test_b_the_african_state_most_at_risk_of_mutiny_and_why(visit: Any) -> None:
    with within(2, "b: Africa, mutiny"):
        page = visit.go("?outcome=mutiny")
        visit.until("document.querySelectorAll('#f-region option').length > 2")
        page.select_option("#f-region", "Sub-Saharan Africa")
        assert page.inner_text("#region-top").startswith("Highest in Sub-Saharan Africa: Nigeria")
        assert page.locator("#all-states tbody tr:visible").count() == 3
        assert "Mali" in page.locator("#answer .scroll tbody tr:visible").first.inner_text(), "it changed most"
        visit.shot("look")
        visit.accessible()
        page.locator("#all-states tbody tr:visible a").first.click()
        why, without = page.locator("h2:has-text('Why is Nigeria')"), page.locator("text=No data folder is at hand")
        why.or_(without).first.wait_for(timeout=WAIT)
        if without.count():
            pytest.skip("no data folder (set ALLEGIANCE_DATA)")


def test_c_a_war_of_ones_own_within_five_minutes(visit: Any) -> None:
    with within(5, "c: a new war"):
        page = visit.go("")
        page.click("a:has-text('Write a war of your own')")
        page.wait_for_selector("#wizard", timeout=WAIT)
        visit.until("document.body.dataset.checked === 'ok'")
        for name, text in (
            ("title", "Karsia and Vell, 2027"), ("attacker", "Karsia"), ("defender", "Vell"), ("start", "2027-04-01"),
            ("days", "40"), ("decided", "2027-04-20"), ("attacker.soldiers", "6000"), ("defender.soldiers", "4000"),
        ):  # fmt: skip
            page.fill(f'#wizard [name="{name}"]', text)
        visit.until("document.querySelector('#faults').textContent.includes('Karsia')")
        visit.until("document.querySelector('#start-ratio').textContent.includes('attacker to defender')")
        visit.shot("wizard")
        visit.accessible()
        page.click('[data-send="keep"]')
        page.click("#kept a:has-text('War desk')", timeout=WAIT)
        page.wait_for_selector("#army-box", state="attached", timeout=WAIT)
        visit.until("+document.body.dataset.army > 20")
        assert "Karsia" in page.inner_text("#icicle")
        page.goto(page.url.replace("page=day", "page=whatif"))
        visit.answered()
        assert "Yours: Karsia and Vell" in page.inner_text("#f-case")
        page.click('[data-send="prepare"]')
        page.wait_for_selector("#ready:not([hidden])", timeout=2 * WAIT)


def test_d_evidence_for_and_against_a_claim(visit: Any) -> None:
    with within(1, "d: conscription"):
        page = visit.go("?page=claims")
        page.locator("a:has-text('C1 ')").first.click()
        page.wait_for_selector("table tbody tr", timeout=WAIT)
        text = page.inner_text("main")
        assert "conscript" in text.lower()
        row = page.locator("tr:has(th:text-is('mutiny'))").first
        assert "no direct evidence" in row.inner_text(), "no study is about mutiny, and the page says so"


def test_e_three_changes_side_by_side(visit: Any) -> None:
    with within(3, "e: three changes"):
        page = visit.go(f"?page=whatif&case={SMALL}&side=argentina")
        visit.answered()
        for letter, supply in (("A", 0.15), ("B", 0.6), ("C", 0.95)):
            visit.lever("sides.argentina.supply", supply)
            visit.until(f"location.search.includes('supply%3D{supply}')")
            page.wait_for_selector("#meaning", timeout=WAIT)
            page.click(f'[data-pin="{letter}"]')
        page.wait_for_selector("#pinned td[data-letter=C]", timeout=WAIT)
        assert page.locator("#pinned thead th").all_inner_texts() == ["outcome", "baseline", "A", "B", "C"]
        visit.shot("side-by-side")
        visit.accessible()
    address = page.url
    assert all(f"&{letter}=" in address for letter in "abc")
    page.goto(address)
    page.wait_for_selector("#pinned td[data-letter=C]", timeout=WAIT)
    page.click('[data-pin="B"]')
    visit.until("!document.querySelector('#pinned td[data-letter=B]')")
    page.click("#undo") if page.locator("#undo:enabled").count() else None
    assert visit.difference("argentina.shirking", "argentina") != 0


def test_history_stands_first_on_every_page_of_a_case(visit: Any) -> None:
    for name in ("cases", "whatif", "why", "day"):
        page = visit.go(f"?page={name}&case={SMALL}")
        page.wait_for_selector("#verdict", timeout=WAIT)
        above = page.evaluate(
            "document.querySelector('.beside').getBoundingClientRect().top"
            " < document.querySelector('#answer, .story, #levers').getBoundingClientRect().top"
        )
        assert above, name


def test_charts_are_read_by_keyboard_and_taken_away(visit: Any) -> None:
    page = visit.go(f"?page=whatif&case={SMALL}&side=argentina")
    visit.answered()
    chart = page.locator("#charts figure").first
    page.locator("#charts figure svg").first.focus()
    page.keyboard.press("ArrowRight")
    # a chart is drawn anew whenever more wars have been played: the day that is read, and the focus, stay
    reading = "[document.activeElement.dataset.curve, document.querySelector('#charts figure .values').textContent]"
    curve, before = page.evaluate(reading)
    page.evaluate("document.dispatchEvent(new Event('side'))")
    again, after = page.evaluate(reading)
    assert curve == again
    assert "baseline" in before
    assert before.split(":")[0] == after.split(":")[0]
    for kind, start in (("CSV", b"date,world,median"), ("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as download:
            chart.locator(f"button:has-text('{kind}')").click()
        data = Path(download.value.path()).read_bytes()
        assert data.startswith(start), data[:40]
        assert b"var(--" not in data
    page.wait_for_selector("#verdict", timeout=WAIT)
    marks = page.locator("#charts svg title")
    visit.until("document.querySelectorAll('#charts svg title').length > 0")
    assert "Happened on 1982" in marks.first.text_content()
