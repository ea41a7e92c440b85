"""The declaration of the dashboards, without Superset: columns, languages, rates, sources.

What a browser sees is in `make test-dashboards`.
"""

import json
import re
import subprocess
import sys

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

from dashboards import __main__ as starter
from dashboards.bundle import DASHBOARDS, all_charts, bundle, fingerprint, zipped
from dashboards.declaration.model import Chart, Dim, Metric, T, Text

CHARTS = [
    pytest.param(dashboard, chart, id=f"{dashboard.key}-{chart.key}")
    for dashboard in DASHBOARDS
    for chart in all_charts(dashboard)
]
DATASETS = {
    dataset.key: dataset
    for dashboard in DASHBOARDS
    for dataset in [
        *(chart.dataset for chart in all_charts(dashboard)),
        *(one.dataset for one in dashboard.filters if one.dataset),
    ]
}
# What cannot be added up or averaged: rates, means, quantiles, bounds, differences.
NOT_ADDITIVE = re.compile(
    r"(_rate|_ratio|_share|_low|_high|_rel|_points|_score|_index|_kappa|_precision|_recall|_f1)"
    r"|^(mean|median|avg|p90|macro|quadratic|ratio|score|failed_share)"
)


def parts(value, kind: type) -> list:
    """Find everything of a kind in the settings of a chart."""
    if isinstance(value, kind):
        return [value]
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        return [found for one in value for found in parts(one, kind)]
    return []


def columns_of(sql: str) -> set[str]:
    """Name the columns of an expression."""
    written = sql.replace("{lang}", "fr")
    return {one.name for one in sqlglot.parse_one(written, read="duckdb").find_all(exp.Column)}


def conditions(chart: Chart) -> str:
    """Write the conditions that all rows of a chart meet."""
    filters = parts(chart.params.get("adhoc_filters", []), dict)
    return " and ".join(one["sqlExpression"] for one in filters if "sqlExpression" in one)


@pytest.fixture(scope="module")
def warehouse(demo_build) -> dict[str, dict[str, dict[str, str]]]:
    """Every column of the warehouse, from the built file, as published: without health's paths."""
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for table_schema, table, column, kind in demo_build.query(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
    ):
        schema.setdefault(table_schema, {}).setdefault(table, {})[column] = kind
    schema["health"]["source_coverage"].pop("file_name")
    return schema


def test_the_same_declaration_makes_the_same_bundle():
    code = "from dashboards.bundle import *; print(fingerprint(bundle()))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == fingerprint(bundle())
    assert zipped(bundle()) == zipped(bundle())


def test_the_bundle_names_nothing_twice_and_no_place_of_this_machine(project):
    files = bundle()
    written = [json.loads(text) for text in files.values()]
    names = [one["uuid"] for one in written if "uuid" in one]
    assert len(names) == len(set(names))
    assert str(project) not in "".join(files.values())
    assert "password" not in "".join(files.values()).lower()


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_a_dataset_reads_columns_that_exist_and_gives_those_it_names(warehouse, dataset):
    query = sqlglot.parse_one(dataset.sql, read="duckdb")
    read = {f"{one.db}.{one.name}" for one in query.find_all(exp.Table) if one.db}
    assert read == set(dataset.tables)
    qualified = qualify(
        query, schema=warehouse, dialect="duckdb", validate_qualify_columns=True, expand_stars=True
    )
    given = [one.alias_or_name for one in qualified.selects]
    assert set(dataset.columns) <= set(given)
    assert len(dataset.columns) == len(set(dataset.columns))


@pytest.mark.parametrize(("dashboard", "chart"), CHARTS)
def test_a_chart_uses_columns_of_its_dataset(dashboard, chart):
    expressions = [one.sql for one in parts(chart.params, Metric)]
    expressions += [one.column for one in parts(chart.params, Dim)]
    expressions += [one for one in [conditions(chart)] if one]
    expressions += [
        chart.params[key]
        for key in ("x_axis", "series", "entity")
        if isinstance(chart.params.get(key), str)
    ]
    for expression in expressions:
        assert columns_of(expression) <= set(chart.dataset.columns), expression


@pytest.mark.parametrize(("dashboard", "chart"), CHARTS)
def test_a_chart_speaks_both_languages(dashboard, chart):
    for text in [chart.title, *([chart.caption] if chart.caption else [])]:
        assert text.fr.strip()
        assert text.en.strip()
    for text in parts(chart.params, T):
        assert bool(text.fr) == bool(text.en)
        # what the warehouse calls by one word in both languages stays one word
        assert "{" not in text.fr + text.en


def test_a_dashboard_speaks_both_languages():
    for dashboard in DASHBOARDS:
        texts = [dashboard.title, *(tab.title for tab in dashboard.tabs)]
        texts += [one.title for one in dashboard.filters]
        texts += [
            part.text
            for tab in dashboard.tabs
            for row in tab.rows
            for part in row
            if isinstance(part, Text)
        ]
        assert all(text.fr.strip() and text.en.strip() for text in texts)
        keys = [chart.key for chart in dashboard.charts]
        assert len(keys) == len(set(keys))
        assert dashboard.tabs[-1].title.en == "Definitions"


@pytest.mark.parametrize(("dashboard", "chart"), CHARTS)
def test_no_metric_adds_up_or_averages_a_rate(dashboard, chart):
    metrics = parts(chart.params, Metric)
    grouped = [one.column for one in parts(chart.params, Dim)]
    if isinstance(chart.params.get("x_axis"), str):
        grouped.append(chart.params["x_axis"])
    grouped += [chart.params[key] for key in ("series", "entity") if key in chart.params]
    for metric in metrics:
        tree = sqlglot.parse_one(metric.sql.replace("{lang}", "fr"), read="duckdb")
        assert not list(tree.find_all(exp.Avg, exp.Median)), metric.sql
        for one in tree.find_all(exp.Sum):
            added = {column.name for column in one.find_all(exp.Column)}
            assert not [column for column in added if NOT_ADDITIVE.search(column)], metric.sql
        for one in tree.find_all(exp.Max, exp.Min):
            shown = {column.name for column in one.find_all(exp.Column)}
            if not any(NOT_ADDITIVE.search(column) for column in shown):
                continue
            # a figure of a single row: the chart must have one row for each value it shows
            assert chart.dataset.grain, f"{chart.dataset.key} shows {shown} and has no grain"
            fixed = shown | {
                name.removesuffix("_fr").removesuffix("_kind").removesuffix("_value")
                for sql in [*grouped, conditions(chart) or "true"]
                for name in columns_of(sql)
            }
            fixed |= {"kind"} if "correction_kind" in shown else set()
            fixed |= {"dimension_value"} if "category" in fixed else set()
            fixed |= {"correction_month"} if "is_latest" in fixed else set()
            marketplace = "dimension_name = 'marketplace'" in metric.sql
            fixed |= {"dimension_value"} if marketplace else set()
            assert set(chart.dataset.grain) <= fixed, (metric.sql, chart.dataset.grain, fixed)


@pytest.mark.parametrize(("dashboard", "chart"), CHARTS)
def test_young_months_are_left_out_or_marked(dashboard, chart):
    marks = [one for one in chart.dataset.columns if one.startswith(("is_mature", "is_projection"))]
    if not marks:
        return
    if any(mark in conditions(chart) for mark in marks):
        return
    for metric in parts(chart.params, Metric):
        divides = "nullif" in metric.sql
        if divides and "market" not in metric.key:
            assert any(mark in metric.sql for mark in marks), metric.sql


def test_suppliers_without_enough_data_have_neither_rank_nor_ratio(demo_build):
    card = DATASETS["supplier_scorecard"].sql
    unjudged = f"from ({card}) where verdict_en = 'Not enough data'"
    assert demo_build.query(f"select count(*) {unjudged}") != [(0,)]
    assert demo_build.query(
        f"select count(*) {unjudged} and (quality_rank is not null or ratio is not null)"
    ) == [(0,)]
    last_ranked, first_unranked = demo_build.query(
        f"select max(display_order) filter (where is_rankable),"
        f" min(display_order) filter (where not is_rankable) from ({card})"
    )[0]
    assert last_ranked < first_unranked


def test_every_dataset_answers_on_the_demo(demo_build):
    for dataset in DATASETS.values():
        rows = demo_build.query(f"select count(*) from ({dataset.sql})")
        assert rows[0][0] > 0 or dataset.key in {"grading_alerts", "low_volume_days"}, dataset.key


def test_codes_have_words_in_both_languages(demo_build):
    # a code without a word would be shown as it is, in both languages
    for dataset in DATASETS.values():
        french = {c.removesuffix("_fr") for c in dataset.columns if c.endswith("_fr")}
        for name in french & {"category", "defect_type", "phase", "age_band", "verdict", "zone"}:
            shown = demo_build.query(f"select distinct {name}_fr from ({dataset.sql})")
            raw = [one for (one,) in shown if one and re.fullmatch(r"[a-z_0-9-]+", one)]
            # reliability has grades and the whole marketplace in the column of its categories
            assert set(raw) <= {"all", "fair", "broken", "perfect", "very_good"}, (
                dataset.key,
                name,
                raw,
            )


def test_exposures_name_what_the_charts_read(demo_build):
    manifest = demo_build.artifact("manifest.json")
    exposures = {
        one["name"]: one for one in manifest["exposures"].values() if one["type"] == "dashboard"
    }
    for dashboard in DASHBOARDS:
        exposure = exposures[f"dashboard_{dashboard.key}"]
        named = {node.split(".")[-1] for node in exposure["depends_on"]["nodes"]}
        read = {table for chart in all_charts(dashboard) for table in chart.dataset.tables}
        read |= set(dashboard.tables)
        assert named == {table.split(".")[1] for table in read}
        assert exposure["url"].endswith(f"/{dashboard.key}-fr/")
        assert exposure["owner"]["name"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_has_a_link_for_feedback(monkeypatch, language):
    monkeypatch.setenv("REFURB_FEEDBACK_URL", "https://example.org/feedback")
    pages = [
        text
        for name, text in bundle().items()
        if name.startswith("dashboards/") and name.endswith(f"-{language}.yaml")
    ]
    assert len(pages) == len(DASHBOARDS)
    assert all("https://example.org/feedback" in page for page in pages)


def test_secrets_are_drawn_once_and_read_by_their_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(starter, "HOME", tmp_path)
    first = starter.secret("admin_password")
    assert starter.secret("admin_password") == first
    assert len(first) >= 32
    assert (tmp_path / "admin_password").stat().st_mode & 0o777 == 0o600
    assert starter.secret("secret_key") != first


def test_without_a_published_file_it_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setenv("REFURB_PUBLISHED", str(tmp_path))
    with pytest.raises(starter.DashboardsError, match=r"refurb\.duckdb: run make publish first"):
        starter.published_file()


def test_a_process_that_is_not_the_server_is_never_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(starter, "HOME", tmp_path)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as bystander:
        (tmp_path / "server").write_text(f"{bystander.pid} 8088")
        starter.stop()
        assert bystander.poll() is None
        bystander.kill()
    assert not (tmp_path / "server").exists()
