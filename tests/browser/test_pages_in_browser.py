"""Every page driven in a real browser; no console error, no request elsewhere, no serious accessibility violation."""

from __future__ import annotations

import os
import shutil
import signal
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from allegiance.app.downloads import case_file
from allegiance.app.wizard import blank
from allegiance.cases.loader import library
from allegiance.report.claim_docs import latest

pytestmark = pytest.mark.browser
WAIT = 150_000
SMALL = "united-kingdom-falklands-1982"
"""A case whose wars take a tenth of a second, where any case will do."""


MANY_COMPANIES = """() => {
  const n = 2000, days = 20;
  const text = (f) => btoa(String.fromCharCode(...Array.from({length: n}, (_, k) => f(k))).repeat(days));
  Allegiance.handlers.army({
    start: "2000-01-01", days: [...Array(days).keys()], scale: 1, end: "ongoing", sides: ["A"], zones: ["here"],
    areas: [{name: "here", people: 1, weight: 1}], troops: Array(days).fill([[2000]]), held: Array(days).fill(1),
    ground: null, ratio: null, words: {},
    statuses: ["at duty", "shirking", "refusing", "in mutiny", "largely gone", "not raised"],
    forces: [{side: 0, name: "army"}], brigades: Array.from({length: 200}, (_, k) => [0, k + 1]),
    companies: Array.from({length: n}, (_, k) => [Math.floor(k / 10), k + 1]), zone: Array(n).fill(0), events: [],
    grievance: text((k) => k % 200), status: text((k) => k % 6), present: text((k) => k % 100),
  });
}"""
"""A made-up army, handed to the page as the server would."""


def test_cases_search_filter_and_story(visit: Any) -> None:
    page = visit.go("?page=cases")
    assert page.locator(".card:visible").count() > 20
    page.fill("#search", "france")
    visit.until("document.querySelectorAll('.card:not([hidden])').length < 4")
    assert "French" in page.locator(".card:visible h2").first.inner_text()
    visit.shot("cases")
    visit.accessible()
    page.locator(".card:visible h2 a").first.click()
    page.wait_for_selector(".numbers", state="attached")
    assert page.locator(".story").inner_text()
    number = page.locator("button.number:visible").first
    number.focus()
    assert "Basis:" in number.inner_text()
    visit.shot("case")
    visit.accessible()


def test_a_lever_answers_in_the_right_direction_and_the_address_can_be_shared(visit: Any) -> None:
    page = visit.go(f"?page=whatif&case={SMALL}")
    visit.answered()
    visit.lever("sides.argentina.supply", 0.15)
    page.wait_for_selector("#meaning", timeout=WAIT)
    visit.until("+document.body.dataset.done >= 0.37 && document.querySelector('#meaning')")
    assert visit.difference("argentina.shirking", "argentina") > 0
    assert page.locator("#charts figure").count() >= 6
    visit.shot("whatif")
    visit.accessible()
    address = page.url
    assert "sides.argentina.supply%3D0.15" in address
    page.goto(address)
    assert page.input_value('[data-path="sides.argentina.supply"]') == "0.15"
    page.wait_for_selector("#meaning", timeout=WAIT)
    visit.lever("sides.argentina.supply", 0.95)
    visit.until(
        "+(document.querySelector('#answer tr[data-key=\"argentina.shirking\"]')?.dataset.difference ?? 0) < 0"
    )
    with page.expect_download() as download:
        page.click("#case_file_download")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "set by the user" in text
    page.click("#reset")
    page.wait_for_selector("text=this is the baseline", timeout=WAIT)


PHANTOMS = """() => {
  const found = [], rest = Allegiance.moved(), levers = [...document.querySelectorAll("#levers [data-path]")];
  if (rest.length) found.push(["at rest", ...rest]);
  for (const lever of levers) {
    const box = lever.type === "checkbox", before = box ? lever.checked : lever.value;
    if (!box && Number(before) !== Number(lever.dataset.value)) found.push(["not as in the case", lever.dataset.path]);
    if (box) lever.checked = !before;
    else { lever.stepUp(); if (lever.value === before) lever.stepDown(); }
    const moved = Allegiance.moved();
    if (moved.length !== 1 || moved[0] !== lever.dataset.path) found.push([lever.dataset.path, ...moved]);
    if (box) lever.checked = before; else lever.value = before;
    if (Allegiance.moved().length) found.push(["not back", lever.dataset.path]);
  }
  return [levers.length, found];
}"""


def test_no_slider_of_any_case_moves_another(visit: Any) -> None:
    """Every slider of every case: it stands where the case has it, and moving it moves nothing else."""
    visit.page.route_web_socket("**", lambda _: None)  # sliders ask nobody, and no case is played
    sliders = 0
    for name in library():
        page = visit.go(f"?page=whatif&case={name}")
        count, found = page.evaluate(PHANTOMS)
        assert not found, (name, found)
        sliders += count
    assert sliders > 1400


def test_what_is_sent_is_the_moved_lever_alone(visit: Any) -> None:
    page = visit.go(f"?page=whatif&case={SMALL}")
    visit.lever("sides.argentina.supply", 0.2)
    visit.until("location.search.includes('set=')")
    (asked,) = parse_qs(urlsplit(page.url).query)["set"]
    assert asked == "sides.argentina.supply=0.2"
    visit.answered()


def _screens(visit: Any, report: Path, folder: Path) -> float:
    """How many screens of a report stand before what a reader has to open."""
    page = visit.page.context.new_page()
    page.goto(shutil.copy(report, folder / "report.html").as_uri())
    fold = "(document.querySelector('details.fold').getBoundingClientRect().top + scrollY) / innerHeight"
    found = float(page.evaluate(fold))
    page.close()
    return found


def test_a_decision_moved_to_another_day_and_the_report_of_it(visit: Any, tmp_path: Path) -> None:
    page = visit.go(f"?page=whatif&case={SMALL}&set=decisions.second-brigade.date%3D1982-06-05")
    page.wait_for_selector("#meaning", timeout=WAIT)
    slider = page.locator('[data-path="decisions.second-brigade.date"]')
    assert slider.get_attribute("aria-valuetext") == "5 Jun 1982"
    slider.focus()
    page.keyboard.press("ArrowRight")
    visit.until("location.search.includes('1982-06-06')")
    visit.answered()
    page.click('[data-send="prepare"]')
    visit.until("document.querySelector('#prepare-status').textContent.includes('%')")
    page.wait_for_selector("#ready:not([hidden])", timeout=2 * WAIT)
    with page.expect_download() as download:
        page.click("#report")
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert "1982-06-06" in report
    assert len(report) < 3_000_000
    assert _screens(visit, Path(download.value.path()), tmp_path) <= 6
    with page.expect_download() as download:
        page.click("#bundle")
    with zipfile.ZipFile(download.value.path()) as archive:
        assert {"report.html", "manifest.json"} <= set(archive.namelist())
    visit.lever("sides.argentina.supply", 0.4)
    visit.until("document.querySelector('#ready').hidden")  # what was prepared is of the levers as they stood


def test_levers_by_keyboard(visit: Any) -> None:
    page = visit.go(f"?page=whatif&case={SMALL}")
    visit.answered()
    slider = page.locator('[data-path="sides.britain.supply"]')
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#meaning", timeout=WAIT)
    assert "set=sides.britain.supply" in page.url


def test_a_killed_worker_is_told_and_the_next_question_is_answered(visit: Any) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("needs /proc to find the worker")
    page = visit.go(f"?page=whatif&case={SMALL}")
    visit.until("document.body.dataset.state === 'done'")  # or 'running' below may still be said of this first question
    visit.lever("sides.britain.supply", 0.1)
    visit.until("location.search.includes('supply') && document.body.dataset.state === 'running'")
    os.kill(visit.site.worker(), signal.SIGKILL)
    page.wait_for_selector("text=ended unexpectedly", timeout=WAIT)
    visit.lever("sides.britain.supply", 0.3)
    page.wait_for_selector("#meaning", timeout=WAIT)


def test_the_war_desk(visit: Any) -> None:
    page = visit.go(f"?page=day&case={SMALL}")
    visit.until("+document.body.dataset.army > 20")
    before = page.inner_text("#day-date")
    page.focus("#day")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#day-date") != before
    page.click("#play")
    visit.until("+document.querySelector('#day').value >= 3")
    page.click("#play")
    assert page.inner_text("#play") == "Play"
    assert page.locator("#map svg text").count() > 3
    page.locator("#icicle .brigade").nth(6).click()
    page.wait_for_selector("#brigade table", timeout=WAIT)
    assert page.locator("#brigade tbody tr").last.locator("th").inner_text() == "Its soldiers themselves, and chance"
    page.focus("#icicle svg")
    page.keyboard.press("ArrowRight")
    visit.until("document.body.dataset.brigade === '7'")
    page.locator("#companies summary").click()
    page.click("#army", position={"x": 5, "y": 28})
    assert "company" in page.inner_text("#company").lower()
    page.focus("#army")
    page.keyboard.press("ArrowRight")
    assert "Company" in page.inner_text("#company h3")
    visit.shot("desk")
    visit.accessible()
    page.emulate_media(color_scheme="dark")
    visit.accessible()


def test_the_day_stays_smooth_with_two_thousand_companies(visit: Any) -> None:
    page = visit.go(f"?page=day&case={SMALL}")
    visit.until("+document.body.dataset.army > 20")
    page.evaluate(MANY_COMPANIES)
    assert page.get_attribute("body", "data-army") == "2000"
    assert "2000 companies" in page.inner_text("#counts")
    spent = page.evaluate(
        "() => { const slider = document.querySelector('#day'), spent = [];"
        " for (let k = 0; k < 40; k++) { slider.value = k % 20; const start = performance.now();"
        " slider.dispatchEvent(new Event('input')); spent.push(performance.now() - start); }"
        " return spent.sort((a, b) => a - b); }"
    )
    assert spent[20] < 50, spent  # milliseconds for a new day at the median


def test_your_case_good_and_bad(visit: Any, tmp_path: Path) -> None:
    page = visit.go("?page=yours")
    visit.until("document.body.dataset.checked === 'ok'")
    visit.accessible()
    page.locator("#file summary").click()
    text = case_file(blank())
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("days: 180", "days: soon"), encoding="utf-8")
    line = text.splitlines().index("days: 180") + 1
    page.set_input_files("#upload", bad)
    page.wait_for_selector(f"text=bad.yaml:{line}")
    visit.shot("yours-bad")
    page.click(f'[data-line="{line}"]')
    assert page.evaluate("getSelection().toString()") == "days: soon"
    good = tmp_path / "good.yaml"
    evil = "<script>document.body.dataset.evil = 1</script>"
    good.write_text(text.replace("title: A war of your own", f'title: "{evil}"'), encoding="utf-8")
    page.set_input_files("#upload", good)
    visit.until("document.body.dataset.checked === 'ok'")
    assert evil in page.inner_text("#faults")
    page.click('[data-send="prepare"]')
    page.wait_for_selector("#ready:not([hidden])", timeout=WAIT)
    with page.expect_download() as download:
        page.click("#report")
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert evil not in report
    assert "&lt;script&gt;" in report
    assert page.get_attribute("body", "data-evil") is None
    visit.shot("yours")


def test_a_huge_upload_is_refused_in_the_browser(visit: Any, tmp_path: Path) -> None:
    page = visit.go("?page=yours")
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"a: 1\n" * 500_000)
    page.set_input_files("#upload", huge)
    page.wait_for_selector("text=too large for a case")


def test_claims(visit: Any) -> None:
    page = visit.go("?page=claims")
    assert page.locator("tbody tr").count() == 18
    visit.accessible()
    recorded = [row["verdict"] for row in latest()["claims"]]  # the recorded trial stands in for one's own
    assert page.locator("td strong:has-text('supported')").count() == recorded.count("supported") > 0
    page.click("a:has-text('C5 coup-proofing')")
    page.wait_for_selector("figure svg")
    assert page.locator("table tbody tr").count() > 3
    visit.shot("claim")
    visit.accessible()
    page.click("a:has-text('plot')")
    page.wait_for_selector("text=Mechanism: plot")
    assert page.locator("h3:has-text('Parameters'), h4:has-text('Parameters')").count() == 1
    visit.accessible()


def test_evidence(visit: Any) -> None:
    page = visit.go("?page=evidence&country=Mali")
    if page.locator("text=No data folder is at hand").count():
        pytest.skip("no data folder (set ALLEGIANCE_DATA)")
    page.wait_for_selector("#found-events", timeout=WAIT)
    assert "1 country" in page.inner_text("#found-events")
    page.fill("#f-country", "Atlantis")
    page.click("button.main")
    page.wait_for_selector("[role=alert]", timeout=WAIT)
    page.fill("#f-country", "")
    page.click("button.main")
    page.wait_for_selector("#found-events", timeout=WAIT)
    visit.shot("evidence")
    visit.accessible()
    with page.expect_download() as download:
        page.click("#events_csv")
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("event_id")


def test_sql_reads_and_reaches_nothing_else(visit: Any) -> None:
    page = visit.go("?page=evidence")
    if page.locator("text=No data folder is at hand").count():
        pytest.skip("no data folder (set ALLEGIANCE_DATA)")
    page.click("form.sql button")
    page.wait_for_selector("#sql-answer tbody tr", timeout=WAIT)
    assert page.locator("#sql-answer tbody tr").count() == 10
    page.fill("#f-sql", "select * from read_csv('/etc/passwd')")
    page.click("form.sql button")
    page.wait_for_selector("#sql-status:has-text('may not reach outside')", timeout=WAIT)
    page.fill("#f-sql", "drop table events")
    page.click("form.sql button")
    page.wait_for_selector("#sql-status:has-text('only one SELECT')", timeout=WAIT)
    visit.accessible()


def test_why_draws_a_waterfall(visit: Any) -> None:
    page = visit.go("?page=why&case=soviet-union-1991")
    page.click('[data-send="weigh"]')
    page.wait_for_selector("#answer figure svg", timeout=WAIT)
    assert "From the first 8 of 64 wars" in page.inner_text("#answer")
    assert page.locator('#answer [data-send="weigh_all"]').count() == 1
    visit.shot("why")
    visit.accessible()


@pytest.mark.parametrize(
    "name",
    ["cases", "assess", "cases&case=russia-ukraine-2022", "whatif", "why", "day", "claims", "claims&mechanism=combat",
     "forecasts", "evidence", "yours", "home"],
)  # fmt: skip
def test_no_page_is_wider_than_a_telephone(visit: Any, name: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    page = visit.go(f"?page={name}")
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if name == "forecasts":
        visit.shot("forecasts")
        visit.accessible()
