"""Open every dashboard in Chromium and look, by `make test-dashboards`.

Every chart of every tab, in both languages, has drawn what its query gave; a filter changes the
numbers; one number per dashboard equals SQL on the published file; nothing is written to the
console; a new version of the file is seen by the next query, and no lock is kept. Pictures of the
French pages go to REFURB_PICTURES (default build/pictures).
"""

import os
import re
import sys
import time
from pathlib import Path

import duckdb
from PIL import Image
from playwright.sync_api import Page, Response, sync_playwright

from dashboards.bundle import DASHBOARDS, all_charts, header_of, slug
from dashboards.declaration.model import Chart, Dashboard, in_language

HOME = Path(os.environ["REFURB_SUPERSET_HOME"])
PUBLISHED = Path(os.environ["REFURB_PUBLISHED"])
CHROMIUM = os.environ.get("REFURB_CHROMIUM", "/usr/bin/chromium")
PICTURES = Path(os.environ.get("REFURB_PICTURES") or "build/pictures")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SECONDS = 90
LARGE = 390_000
# Superset's pages hold a counting pixel of an outside host; superset_config.py forbids every host
# but its own, and Chromium says so in the console. Nothing else is ignored.
IGNORED = re.compile(r"scarf\.sh.*violates the following Content Security Policy directive")
# The tabs that the documentation shows.
SHOWN = {
    ("quality", 0): "dashboard-quality",
    ("quality", 1): "dashboard-quality-months",
    ("quality", 2): "dashboard-quality-defects",
    ("service", 0): "dashboard-service",
    ("service", 1): "dashboard-service-repairs",
    ("service", 2): "dashboard-service-refusals",
    ("grading", 0): "dashboard-grading",
    ("grading", 1): "dashboard-grading-refurbisher",
    ("grading", 2): "dashboard-grading-model",
    ("health", 0): "dashboard-health",
}
# One number of each dashboard, asked of another table than the chart reads, or in other words:
# tab, title of the chart, the number of all rows, the filter, the number of the rows it keeps.
NUMBERS = {
    "quality": (
        0, "Taux de retour", "%",
        "select 100.0 * sum(returned_units) / sum(ordered_units) from quality.mart_supplier_defects"
        " where is_mature_365d",
        ("Fournisseur", "select supplier_id from quality.mart_supplier_scorecard"
         " order by ordered_units desc, supplier_id limit 1"),
        " and supplier_id = '{chosen}'",
    ),
    "service": (
        0, "Taux de refus", "%",
        "select 100.0 * sum(refused_requests) / sum(decided_requests)"
        " from service.mart_return_decisions where true",
        ("Fournisseur", "select supplier_id from quality.mart_supplier_scorecard"
         " order by ordered_units desc, supplier_id limit 1"),
        " and supplier_id = '{chosen}'",
    ),
    "grading": (
        1, "Concordance ML", "%",
        "select 100.0 * sum(no_gap_evaluations) / sum(compared_evaluations)"
        " from grading.mart_refurbisher_periods where period_name = 'current'",
        ("Reconditionneur", "select supplier_id from grading.mart_refurbisher_board"
         " order by compared_evaluations desc, supplier_id limit 1"),
        " and supplier_id = '{chosen}'",
    ),
    "health": (
        0, "Lignes reçues", "",
        "select sum(raw_rows) from health.source_coverage",
        None, None,
    ),
}  # fmt: skip


class Faults(list):
    """What is wrong, said as it is found."""

    def say(self, text: str) -> None:
        """Keep a fault and print it."""
        self.append(text)
        print(f"  FAULT {text}", flush=True)


def asked(sql: str):
    """Ask the published file for one value."""
    with duckdb.connect(str((PUBLISHED / "refurb.duckdb").resolve()), read_only=True) as file:
        return file.execute(sql).fetchone()[0]


def number(text: str) -> float:
    """Read a number as it is written in French."""
    cleaned = re.sub(r"[^0-9,.\-]", "", text.replace("\u202f", "").replace("\u00a0", ""))
    return float(cleaned.replace(",", "."))


def holders(page: Page):
    """Find the charts that are on the page now."""
    return page.locator('[data-test="chart-grid-component"]:visible')


def wait_for(what: str, condition, faults: Faults, seconds: float = SECONDS) -> bool:
    """Ask until it is so; the page's own rules forbid scripts that would wait inside it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.3)
    faults.say(f"{what}: not after {seconds} seconds")
    return False


DRAWN = """
charts => charts.map(chart => ({
    name: chart.getAttribute('data-test-chart-name'),
    kind: chart.getAttribute('data-test-viz-type'),
    busy: chart.querySelector('[data-test="loading-indicator"], .loading') !== null,
    error: chart.querySelector('.ant-alert-error, [data-test="error-message"], .alert-danger')
        ?.innerText ?? null,
    empty: chart.querySelector('.ant-empty, .superset-chart-empty') !== null,
    painted: [...chart.querySelectorAll('canvas')].some(canvas => {
        if (!canvas.width || !canvas.height) return false;
        const pixels = canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height).data;
        for (let i = 3; i < pixels.length; i += 4) if (pixels[i]) return true;
        return false;
    }),
    rows: chart.querySelectorAll('tbody tr').length,
    words: chart.querySelector('.header-line')?.innerText ?? null,
}))
"""


def shown(page: Page) -> list[dict]:
    """Tell what each chart of the page shows."""
    return holders(page).evaluate_all(DRAWN)


def has_drawn(state: dict) -> bool:
    """Tell whether a chart shows data."""
    if state["busy"] or state["error"] or state["empty"]:
        return False
    if state["kind"] == "table":
        return state["rows"] > 0
    if state["kind"] == "big_number_total":
        return bool(state["words"]) and bool(re.search(r"\d", state["words"]))
    return state["painted"]


def settle(page: Page, charts: list[Chart], language: str, where: str, faults: Faults) -> None:
    """Wait until all charts of a tab have drawn, and say which have not."""
    names = {in_language(chart.title, language): chart for chart in charts}

    def finished() -> bool:
        states = shown(page)
        return {one["name"] for one in states} >= set(names) and not any(
            one["busy"] for one in states
        )

    wait_for(f"{where}: charts", finished, faults)
    until = time.monotonic() + 10
    missing: list[dict] = []
    while time.monotonic() < until:
        missing = [
            one
            for one in shown(page)
            if not has_drawn(one)
            and not (one["name"] in names and names[one["name"]].may_be_empty and one["empty"])
        ]
        if not missing:
            return
        time.sleep(0.5)
    for one in missing:
        faults.say(f"{where}: {one['name']} has drawn nothing: {one['error'] or one}")


def tall(page: Page, least: int = 900) -> None:
    """Make the window as tall as the page, so that every chart is in sight."""
    # the page fills the window: a tall one would stay tall
    page.set_viewport_size({"width": 1440, "height": least})
    bottom = page.locator(".grid-container").evaluate(
        "grid => Math.ceil(grid.getBoundingClientRect().bottom + window.scrollY)"
    )
    page.set_viewport_size({"width": 1440, "height": max(least, min(bottom + 24, 5000))})


def picture(page: Page, name: str) -> None:
    """Save a picture, with fewer colours where it would be large."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    file = PICTURES / f"{name}.png"
    page.mouse.move(2, 2)
    time.sleep(1.2)
    page.screenshot(path=file)
    with Image.open(file) as taken:
        taken.convert("RGB").save(file, optimize=True)
    if file.stat().st_size > LARGE:
        with Image.open(file) as taken:
            fewer = taken.quantize(256, Image.Quantize.MAXCOVERAGE, 3, dither=Image.Dither.NONE)
        fewer.save(file, optimize=True)


def big_number(page: Page, title: str) -> str:
    """Read a big number by its title."""
    for one in shown(page):
        if one["name"] == title and one["words"] and not one["busy"]:
            return one["words"]
    return ""


def compare(page: Page, title: str, sign: str, sql: str, where: str, faults: Faults) -> bool:
    """Compare a big number with SQL, to the last digit that is shown."""
    expected = asked(sql)
    precision = 0.0500001 if sign == "%" else 0.5

    def equal() -> bool:
        text = big_number(page, title)
        return bool(re.search(r"\d", text)) and abs(number(text) - float(expected)) <= precision

    if wait_for(f"{where}: {title} is {expected}", equal, faults, 25):
        print(f"  {title}: {big_number(page, title)} = {float(expected):.6g} by SQL")
        return True
    faults.say(f"{where}: {title} shows {big_number(page, title)!r}, SQL says {expected}")
    return False


def choose(page: Page, label: str, words: str) -> None:
    """Choose one value of a filter, and apply it."""
    field = page.locator('[data-test="filter-bar"], .filter-bar, body').first
    item = field.locator('[data-test="form-item-value"]').nth(
        [
            one.strip()
            for one in page.locator('[data-test="filter-control-name"]').all_inner_texts()
        ].index(label)
    )
    item.locator("input").first.click()
    page.keyboard.type(words, delay=20)
    option = page.locator(f'.ant-select-item-option[title*="{words}"]').first
    option.wait_for(timeout=20_000)
    option.click()
    page.keyboard.press("Escape")
    page.locator('[data-test="filter-bar__apply-button"]').click()


def open_tab(page: Page, index: int) -> None:
    """Go to a tab of the dashboard."""
    page.locator(".grid-container .ant-tabs-tab").nth(index).click()


def check_dashboard(page: Page, base: str, dashboard: Dashboard, language: str, faults: Faults):
    """Look at every tab of one page."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{base}/superset/dashboard/{slug(dashboard, language)}/")
    page.wait_for_selector(".grid-container", timeout=SECONDS * 1000)
    for index, tab in enumerate(dashboard.tabs):
        where = f"{slug(dashboard, language)}, {in_language(tab.title, language)}"
        if index:
            open_tab(page, index)
        tall(page)
        charts = [part for row in tab.rows for part in row if isinstance(part, Chart)]
        settle(page, [header_of(dashboard), *charts], language, where, faults)
        tall(page)
        if language == "fr" and (dashboard.key, index) in SHOWN:
            picture(page, SHOWN[dashboard.key, index])
    print(f"{slug(dashboard, language)}: {len(all_charts(dashboard))} charts", flush=True)


def check_numbers(page: Page, base: str, dashboard: Dashboard, faults: Faults) -> None:
    """Compare one number with SQL, before and after a filter."""
    tab, title, sign, sql, chosen_by, narrowed = NUMBERS[dashboard.key]
    page.set_viewport_size({"width": 1440, "height": 1400})
    page.goto(f"{base}/superset/dashboard/{slug(dashboard, 'fr')}/")
    page.wait_for_selector(".grid-container", timeout=SECONDS * 1000)
    if tab:
        open_tab(page, tab)
    where = slug(dashboard, "fr")
    compare(page, title, sign, sql, where, faults)
    if chosen_by is None:
        # the filter of this page is on the extracts: one row of the table is left
        rows = "select count(*) from health.source_coverage"
        before = asked(rows)
        choose(page, "Extraction", "orders")
        head = "Ce qui est arrivé, table par table"
        wait_for(
            f"{where}: a filter leaves one extract of {before}",
            lambda: next((one["rows"] for one in shown(page) if one["name"] == head), 0) == 1,
            faults,
            25,
        )
        return
    chosen = asked(chosen_by[1])
    before = big_number(page, title)
    choose(page, chosen_by[0], chosen)
    narrower = sql + narrowed.format(chosen=chosen)
    equal = compare(page, title, sign, narrower, where, faults)
    if equal and big_number(page, title) == before:
        faults.say(f"{where}: the filter {chosen} has not changed {title}")


# The other filters of the first dashboard, given in the address: what each keeps, and its SQL.
KEPT = {
    "period": (
        "(time_range:'2024-07-01 : 2025-01-01')",
        "'2024-07-01 : 2025-01-01'",
        " and order_month >= date '2024-07-01' and order_month < date '2025-01-01'",
    ),
    "category": (
        "(filters:!((col:category_fr,op:IN,val:!(Smartphone))))",
        "!(Smartphone)",
        " and category = 'smartphone'",
    ),
}


def check_address(page: Page, base: str, faults: Faults) -> None:
    """Filter by period and by category, by the address of the page, and compare with SQL."""
    for key, (data, state, narrowed) in KEPT.items():
        name = f"NATIVE_FILTER-quality-{key}"
        page.goto(
            f"{base}/superset/dashboard/quality-fr/?native_filters=({name}:(extraFormData:{data},"
            f"filterState:(value:{state}),id:{name},ownState:()))"
        )
        page.wait_for_selector(".grid-container", timeout=SECONDS * 1000)
        sql = (
            "select 100.0 * sum(returned_units) / sum(ordered_units)"
            f" from quality.mart_category_defects where is_mature_365d{narrowed}"
        )
        compare(page, "Taux de retour", "%", sql, f"quality-fr by {key}", faults)


def check_versions(page: Page, base: str, faults: Faults) -> None:
    """Swap the published file: the next query must see the new one, and nothing be locked."""
    token = page.request.get(f"{base}/api/v1/security/csrf_token/").json()["result"]
    found = page.request.get(
        f"{base}/api/v1/dataset/?q=(filters:!((col:table_name,opr:eq,value:build_health)))"
    ).json()["result"][0]["id"]

    def rows_shown() -> int:
        answer = page.request.post(
            f"{base}/api/v1/chart/data",
            headers={"X-CSRFToken": token, "Referer": base},
            data={
                "datasource": {"id": found, "type": "table"},
                "queries": [{"columns": ["raw_rows"], "metrics": [], "row_limit": 1}],
                "result_format": "json",
                "result_type": "full",
            },
        ).json()
        return answer["result"][0]["data"][0]["raw_rows"]

    before = rows_shown()
    with duckdb.connect(str(PUBLISHED / "versions/second/refurb.duckdb")) as file:
        file.execute("update health.build_health set raw_rows = raw_rows + 1")
    fresh = PUBLISHED / "current.new"
    fresh.symlink_to("versions/second")
    fresh.replace(PUBLISHED / "current")
    after = rows_shown()
    if after != before + 1:
        faults.say(f"after a swap the query shows {after} rows, not {before + 1}")
    # DuckDB refuses a writer while anybody else has the file open
    for version in ("first", "second"):
        try:
            duckdb.connect(str(PUBLISHED / "versions" / version / "refurb.duckdb")).close()
        except duckdb.Error as error:
            faults.say(f"the {version} version is locked: {error}")
    print(f"versions: {before} rows, after the swap {after}; no lock on either file")


def main() -> int:
    """Look at everything and tell what is wrong."""
    if not Path(CHROMIUM).exists():
        print(
            f"error: there is no {CHROMIUM}: apt-get install chromium, or name a Chromium by"
            " REFURB_CHROMIUM.",
            file=sys.stderr,
        )
        return 1
    faults = Faults()
    base = f"http://127.0.0.1:{(HOME / 'server').read_text().split()[1]}"
    answered = 0

    def heard(message) -> None:
        if message.type == "error" and not IGNORED.search(message.text):
            faults.say(f"console: {message.text[:300]}")

    def received(response: Response) -> None:
        nonlocal answered
        if "/api/v1/chart/data" in response.url:
            answered += 1
        if response.status >= 400:
            faults.say(f"HTTP {response.status} of {response.url[:150]}")

    started = time.monotonic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{base}/login/")
        page.fill("#username", "admin")
        page.fill("#password", (HOME / "admin_password").read_text().strip())
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "/login" not in url, timeout=SECONDS * 1000)
        page.on("console", heard)
        page.on("pageerror", lambda error: faults.say(f"script: {error}"))
        page.on("response", received)
        only = os.environ.get("REFURB_DASHBOARDS_ONLY", "").split()
        for dashboard in [one for one in DASHBOARDS if not only or one.key in only]:
            for language in ("fr", "en"):
                check_dashboard(page, base, dashboard, language, faults)
            check_numbers(page, base, dashboard, faults)
            if dashboard.key == "quality":
                check_address(page, base, faults)
        check_versions(page, base, faults)
        browser.close()
    took = time.monotonic() - started
    print(f"{answered} queries answered, {len(faults)} faults, {took:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
