"""The metrics equal the marts, at every grain that a mart has and at all coarser ones."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import PROJECT, DbtRun

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.metrics import Metrics, page

Row = tuple[Any, ...]

MONTH = "metric_time__month"
# What a key of a mart is called when metrics are grouped by it.
GROUPS = {
    "supplier_id": "supplier",
    "product_id": "product",
    "category": "product__category",
    "order_month": MONTH,
    "request_month": MONTH,
    "contact_month": MONTH,
    "review_month": MONTH,
    "order_quarter": "metric_time__quarter",
    "date_day": "metric_time__day",
    "announced_grade": "offer_version__announced_grade",
    "contact_channel": "support_case__contact_channel",
    "outcome_group": "outcome_event__outcome_group",
    "customer_type": "outcome_event__customer_type",
    "source": "external_review__source",
    "case_id": "support_case",
    "return_line_id": "return_line",
}
MATURE = "{{ Dimension('cohort__is_mature_30d') }}"
YEAR_OLD = "{{ Dimension('cohort__is_mature_365d') }}"
LAST_PERIOD = "{{ TimeDimension('metric_time', 'day') }} > date '{last_period}'"

# Columns that are a metric of another name, beside those that kpi_catalog names.
ALIASES = {
    "mart_budget_impact": {
        "repair_cost_eur": "defect_repair_cost_eur",
        "return_freight_eur": "defect_freight_eur",
        "refund_eur": "defect_refund_eur",
    },
    "mart_external_reviews": {
        "score_sum": "review_score_sum",
        "satisfied_count": "satisfied_review_count",
    },
    "mart_grading_daily": {
        part: part
        for part in (
            "evaluations",
            "suggestions_shown",
            "accepted_suggestions",
            "compared_evaluations",
            "no_gap_evaluations",
            "slight_gap_evaluations",
        )
    },
    "mart_grade_return_rate": {
        "returned_units": "returned_units_30d",
        "condition_returned_units": "condition_returned_units_30d",
    },
    "mart_refusal_outcomes": {"score_sum": "score_after_sum"},
    "mart_return_cycle": {"phase_days_sum": "cycle_days_sum"},
}
# Of these marts only what kpi_catalog names is compared: other columns are of a part of the rows.
CATALOGUE_ALONE = {
    "fct_support_cases",
    "fct_returns",
    "mart_grading_daily",
    "mart_supplier_scorecard",
    "mart_refurbisher_board",
    "mart_supplier_mix_adjusted",
}
# Of mature months, in a mart that is of all.
OTHERWISE_DEFINED = {
    ("mart_refurbisher_components", "condition_returned_units"),
    ("mart_refurbisher_confidence", "condition_returned_units"),
}
# Marts of a part of the rows, or with other rows as well.
ONLY_MATURE = {
    ("mart_grade_return_rate", None),
    ("mart_refurbisher_condition_returns", None),
    ("mart_supplier_funnel", None),
    ("mart_supplier_mix_adjusted", None),
    ("mart_supplier_scorecard", "return_rate"),
    ("mart_supplier_scorecard", "defect_return_rate"),
    ("mart_supplier_scorecard", "confirmed_defect_rate"),
}
ROWS = {"mart_return_cycle": "phase = 'total'"}
KEYS = {"mart_return_cycle": ["request_month"]}
# Figures of all suppliers beside those of one.
MARKET_KEYS = {
    ("mart_refurbisher_months", "market_return_30d_rate"): ["order_month"],
    ("mart_refurbisher_categories", "market_concordance_rate"): ["category"],
    ("mart_supplier_mix_adjusted", "market_defect_return_rate"): [],
    ("mart_supplier_shrunk_rates", "market_defect_return_rate"): [],
}
# Counts of days without a row in the fact: there is no group, and the mart says 0.
NO_GROUP_IS_ZERO = {"mart_grading_daily", "mart_supplier_voices", "mart_refurbisher_board"}
# Means are quotients of a sum of durations and a count, whose names do not follow from theirs.
MEANS = {
    "mean_turnaround_days": ("turnaround_days_sum", "finished_repairs"),
    "return_cycle_time": ("cycle_days_sum", "closed_returns"),
    "first_response_time": ("first_response_hours_sum", "answered_cases"),
    "first_response_time_business": ("first_response_business_hours_sum", "answered_cases"),
    "resolution_time": ("resolution_days_sum", "closed_cases"),
}
# The index is of a rate and the mean turnaround.
EFFICIENCY = {
    "repair_efficiency": "return_rate",
    "repair_efficiency_repaired_only": "repeat_repair_rate",
}
# No coarser value follows from a mart's rows; the test on facts has other grains of these.
NOT_ADDITIVE = {
    "graded_products",
    "median_turnaround_days",
    "p90_turnaround_days",
    "median_return_cycle_time",
    "median_first_response_time",
}


@dataclass(frozen=True)
class Mart:
    """A mart beside the metrics that its columns are."""

    name: str
    columns: dict[str, str]
    keys: list[str]
    where: tuple[str, ...] = ()
    rows: str = "true"


def catalogue() -> list[dict[str, str]]:
    """Rows of kpi_catalog."""
    path = PROJECT / "seeds" / "reference" / "kpi_catalog.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def manifest(demo_build: DbtRun) -> dict[str, Any]:
    """The manifest of the demo's build."""
    return demo_build.artifact("manifest.json")


@pytest.fixture(scope="module")
def metrics(demo_build: DbtRun) -> Metrics:
    """The metrics on the demo."""
    return Metrics(demo_build.database, demo_build.target / "semantic_manifest.json")


def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Models of the manifest by name."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def key_of(manifest: dict[str, Any], model: dict[str, Any]) -> list[str]:
    """Columns of its primary key, or of the test of its grain."""
    for constraint in model["constraints"]:
        if constraint["type"] == "primary_key":
            return constraint["columns"]
    return next(
        test["test_metadata"]["kwargs"]["columns"]
        for test in manifest["nodes"].values()
        if test.get("attached_node") == model["unique_id"]
        and test["test_metadata"]["name"] == "unique_grain"
    )


def marts_of(manifest: dict[str, Any], names: Iterable[str], last_period: str) -> list[Mart]:
    """Every mart with a metric, with one entry for each filter and grain that it needs."""
    by_name = models(manifest)
    named: dict[str, dict[str, str]] = {}
    for row in catalogue():
        if row["metric"]:
            named.setdefault(row["model_name"], {})[row["column_name"]] = row["metric"]
    public = set(names)
    found: dict[tuple[Any, ...], Mart] = {}
    for mart, of_catalogue in named.items():
        columns = dict(of_catalogue) | ALIASES.get(mart, {})
        if mart not in CATALOGUE_ALONE:
            columns |= {
                column: column
                for column in by_name[mart]["columns"]
                if column in public
                and column not in columns
                and (mart, column) not in OTHERWISE_DEFINED
            }
        for column, metric in columns.items():
            keys = MARKET_KEYS.get(
                (mart, column), KEYS.get(mart) or key_of(manifest, by_name[mart])
            )
            where: tuple[str, ...] = ()
            if {(mart, None), (mart, column)} & ONLY_MATURE:
                where = (MATURE,)
            if mart == "mart_supplier_shrunk_rates":
                where = (YEAR_OLD,)
            if mart == "mart_refurbisher_board":
                where = (LAST_PERIOD.replace("{last_period}", last_period),)
            entry = found.setdefault(
                (mart, tuple(keys), where),
                Mart(mart, {}, list(keys), where, ROWS.get(mart, "true")),
            )
            entry.columns[column] = metric
    return list(found.values())


def asked(metrics: Metrics, names: Sequence[str], keys: Sequence[str], where: Sequence[str] = ()):
    """Values of the metrics by group, days as dates; every group once."""
    names = list(dict.fromkeys(names))
    answer = metrics.query(names, [GROUPS[key] for key in keys], where)
    rows = [tuple(v.date() if isinstance(v, datetime) else v for v in row) for row in answer.rows]
    assert answer.columns[len(keys) :] == tuple(names)
    groups = {row[: len(keys)]: dict(zip(names, row[len(keys) :], strict=True)) for row in rows}
    assert len(groups) == len(rows), "a group has two rows"
    return groups


def same(got: Any, wanted: Any) -> bool:
    """Null like null, whole numbers and amounts exactly, doubles to twelve digits."""
    if got is None or wanted is None:
        return got is None and wanted is None
    if isinstance(got, float) or isinstance(wanted, float):
        return isclose(float(got), float(wanted), rel_tol=1e-12, abs_tol=0)
    return got == wanted


class Parts:
    """How each metric follows from others, by the semantic manifest and the table of means."""

    def __init__(self, semantic_manifest: Path):
        described = json.loads(semantic_manifest.read_text(encoding="utf-8"))
        self.ratios = {
            metric["name"]: tuple(
                metric["type_params"][part]["name"] for part in ("numerator", "denominator")
            )
            for metric in described["metrics"]
            if metric["type"] == "ratio"
        } | MEANS

    def are_additive(self, metric: str) -> bool:
        """Whether the values of groups add up to that of all."""
        return metric not in self.ratios.keys() | EFFICIENCY.keys() | NOT_ADDITIVE

    def complete(self, group: dict[str, Any], wanted: Iterable[str]) -> None:
        """Add the quotients whose parts the group has."""
        for metric in wanted:
            top, bottom = self.ratios.get(metric, (None, None))
            if top in group and bottom in group:
                group[metric] = quotient(group[top], group[bottom])
        for metric, rate in EFFICIENCY.items():
            if metric in wanted and rate in group and "mean_turnaround_days" in group:
                value, turnaround = group[rate], group["mean_turnaround_days"]
                group[metric] = None if None in (value, turnaround) else (1 - value) / turnaround


def quotient(top: Any, bottom: Any) -> float | None:
    """A rate of sums; null where its denominator is 0 or unknown."""
    return None if top is None or not bottom else float(top) / float(bottom)


def mart_rows(mart: Mart, build: DbtRun, by_name: dict[str, Any]) -> list[Row]:
    """Rows of the mart: its keys, then its columns; each group once where the keys are coarser."""
    keys = [f"nullif({key}, 'unknown')" if key == "announced_grade" else key for key in mart.keys]
    chosen = ", ".join([*keys, *mart.columns])
    schema = by_name[mart.name]["schema"]
    return build.query(f"select distinct {chosen} from {schema}.{mart.name} where {mart.rows}")


def added_up(mart: Mart, rows: list[Row], keys: Sequence[str], parts: Parts):
    """Metrics by group from the columns of the mart: sums added up, quotients from their sums."""
    places = [mart.keys.index(key) for key in keys]
    names = list(mart.columns.values())
    groups: dict[Row, dict[str, Any]] = {}
    for row in rows:
        group = groups.setdefault(tuple(row[place] for place in places), {})
        for metric, value in zip(names, row[len(mart.keys) :], strict=True):
            if len(keys) == len(mart.keys):
                group[metric] = value
            elif parts.are_additive(metric):
                known = [v for v in (group.get(metric), value) if v is not None]
                group[metric] = sum(known) if known else None
    if len(keys) < len(mart.keys):
        for group in groups.values():
            parts.complete(group, names)
    return groups


def subsets(keys: Sequence[str]) -> list[tuple[str, ...]]:
    """The grain of a mart, each of its keys alone, and the total."""
    return list(dict.fromkeys([tuple(keys), *((key,) for key in keys), ()]))


@dataclass
class Comparison:
    """What differs from the marts, and the grains and zeros that were compared."""

    differences: list[str]
    grains: dict[str, set[tuple[str, ...]]]
    zeros: set[str]


@pytest.fixture(scope="module")
def comparison(demo_build: DbtRun, metrics: Metrics, manifest: dict[str, Any]) -> Comparison:
    """Every metric beside every mart that has it, at every grain."""
    by_name = models(manifest)
    parts = Parts(demo_build.target / "semantic_manifest.json")
    ((last_period,),) = demo_build.query("select max(as_of_date) - 28 from core.dim_dates")
    found = Comparison([], {}, set())
    for mart in marts_of(manifest, metrics.names(), str(last_period)):
        rows = mart_rows(mart, demo_build, by_name)
        for keys in subsets(mart.keys):
            wanted = added_up(mart, rows, keys, parts)
            compare(mart, keys, wanted, metrics, found)
    return found


def compare(
    mart: Mart,
    keys: Sequence[str],
    wanted: dict[Row, dict[str, Any]],
    metrics: Metrics,
    found: Comparison,
) -> None:
    """One mart at one grain."""
    names = sorted({metric for values in wanted.values() for metric in values})
    if not names:
        return
    answers = asked(metrics, names, keys, mart.where)
    for group, name in itertools.product({**wanted, **answers}, names):
        got, want = answers.get(group, {}).get(name), wanted.get(group, {}).get(name)
        if group not in answers and want == 0 and mart.name in NO_GROUP_IS_ZERO:
            continue
        if not same(got, want):
            found.differences.append(f"{mart.name} {group}: {name} is {got!r}, not {want!r}")
        if got == 0:
            found.zeros.add(name)
    for name in names:
        found.grains.setdefault(name, set()).add(tuple(sorted(keys)))


def test_every_metric_equals_the_marts_at_every_grain(comparison: Comparison) -> None:
    assert comparison.differences[:20] == []


# Grains that no mart has, from the facts in SQL of their own: a table, what it is filtered by, the
# groups that it knows, and each metric as an aggregate.
BY = {
    "supplier": "facts.supplier_id",
    "product__category": "products.category",
    "supplier__country_code": "suppliers.country_code",
    "offer_version__announced_grade": "offers.announced_grade",
    "order_line__country_code": "lines.country_code",
    MONTH: "facts.{month}",
}
# Marts have the others.
BEYOND_MARTS = [group for group in BY if group not in ("supplier", "product__category")]
UNIT_PRICES = """list_sum(list_transform(list(distinct struct_pack(
    line := facts.order_line_id, unit := facts.unit_number, price := facts.sale_price_eur
)) filter (where repair_cost_eur is not null and sale_price_eur is not null), lambda u: u.price))"""
PRICED_COST = "sum(repair_cost_eur) filter (where sale_price_eur is not null)"
FACTS: list[tuple[str, str, str, list[str], dict[str, str]]] = [
    (
        "fct_order_lines",
        "order_month",
        "true",
        BEYOND_MARTS,
        {
            "return_rate": "sum(facts.returned_units) / sum(facts.ordered_units)",
            "confirmed_defect_rate": "sum(facts.confirmed_defect_units) / sum(facts.ordered_units)",
            "orders": "count(distinct facts.order_id) filter (where facts.ordered_units > 0)",
            "priced_orders": "count(distinct case when facts.unit_price_eur is not null and "
            "facts.ordered_units > 0 then facts.order_id end)",
            "revenue_eur": "sum(facts.ordered_units * facts.unit_price_eur)",
            "average_order_value": "sum(facts.ordered_units * facts.unit_price_eur)::double / "
            "count(distinct case when facts.unit_price_eur is not null and "
            "facts.ordered_units > 0 then facts.order_id end)",
        },
    ),
    (
        "fct_repairs",
        "order_month",
        "true",
        BEYOND_MARTS,
        {
            "mean_turnaround_days": "avg(turnaround_days)",
            "median_turnaround_days": "quantile_cont(turnaround_days, 0.5)",
            "p90_turnaround_days": "quantile_cont(turnaround_days, 0.9)",
            "repeat_repair_rate": "count(*) filter (where is_repeat_repaired) / "
            "nullif(count(*) filter (where is_followed_up), 0)",
            "costed_repairs": "count(repair_cost_eur)",
            "repair_cost_eur": "sum(repair_cost_eur)",
            "mean_repair_cost": "sum(repair_cost_eur)::double / nullif(count(repair_cost_eur), 0)",
            "priced_repair_cost_eur": PRICED_COST,
            "repaired_units_price_eur": UNIT_PRICES,
            "repair_cost_ratio": f"{PRICED_COST}::double / {UNIT_PRICES}",
        },
    ),
    (
        "fct_ratings",
        "order_month",
        "is_latest_in_phase",
        BEYOND_MARTS,
        {"average_rating": "avg(score)", "csat_rate": "avg((score >= 4)::integer)"},
    ),
    (
        "fct_returns",
        "return_month",
        "true",
        BEYOND_MARTS,
        {
            "closed_returns": "count(facts.closed_at)",
            "cycle_days_sum": "sum(cycle_days)",
            "return_cycle_time": "avg(cycle_days)",
            "median_return_cycle_time": "quantile_cont(cycle_days, 0.5)",
        },
    ),
    (
        "fct_support_cases",
        "contact_month",
        "contact_month is not null",
        [group for group in BEYOND_MARTS if group != "offer_version__announced_grade"],
        {
            "first_response_time": "avg(first_response_hours)",
            "first_response_time_business": "avg(first_response_business_hours)",
            "median_first_response_time": "quantile_cont(first_response_hours, 0.5)",
            "resolution_time": "avg(resolution_days)",
        },
    ),
    (
        "fct_support_cases",
        "contact_month",
        "case_type = 'grade_dispute'",
        ["supplier", "supplier__country_code", "product__category"],
        {"upheld_dispute_rate": "avg(is_upheld::integer)"},
    ),
    (
        "fct_supplier_ratings",
        "none",
        "true",
        ["supplier", "supplier__country_code"],
        {"agent_csat_rate": "avg(is_satisfied::integer)", "average_agent_rating": "avg(score)"},
    ),
    (
        "fct_evaluations",
        "evaluation_month",
        "true",
        [group for group in BEYOND_MARTS if group != "order_line__country_code"],
        {
            "concordance_rate": "avg(is_conform::integer)",
            "overgraded_rate": "avg(is_overgraded::integer)",
            "overgraded_evaluations": "count(*) filter (where is_overgraded)",
            "mean_grade_gap_abs": "avg(grade_gap_abs)",
            "slight_gap_rate": "avg((gap_class = 'slight')::integer)",
            "important_gap_rate": "avg((gap_class = 'important')::integer)",
            "no_gap_evaluations": "count(*) filter (where gap_class = 'none')",
            "slight_gap_evaluations": "count(*) filter (where gap_class = 'slight')",
            "important_gap_evaluations": "count(*) filter (where gap_class = 'important')",
            "suggestions_shown": "count(*) filter (where suggestion_gap_abs > 0)",
            "accepted_suggestions": "count(*) filter (where suggestion_gap_abs > 0 "
            "and decision = 'accepted')",
            "acceptance_rate": "avg((decision is not distinct from 'accepted')::integer) "
            "filter (where suggestion_gap_abs > 0)",
            "validated_gradings": "count(*) filter (where decision in ('validated', 'accepted'))",
            "validated_rate": "avg((coalesce(decision, '') in ('validated', 'accepted'))::integer)",
            "graded_products": "count(distinct facts.product_id)",
        },
    ),
    (
        "fct_session_days",
        "session_date",
        "true",
        ["metric_time__day"],
        {
            "viewing_sessions": "sum(viewing_sessions)",
            "ordering_sessions": "sum(ordering_sessions)",
            "conversion_rate": "sum(ordering_sessions) / nullif(sum(viewing_sessions), 0)",
        },
    ),
]


def from_facts(by_name: dict[str, Any], fact: str, month: str, condition: str, group: str | None):
    """The tables that a fact is grouped with, and the group."""
    columns = by_name[fact]["columns"]
    joined = [f"core.{fact} as facts"]
    for key, table, alias in (
        ("supplier_id", "dim_suppliers", "suppliers"),
        ("product_id", "dim_products", "products"),
        ("offer_version_id", "dim_offers", "offers"),
        ("order_line_id", "fct_order_lines", "lines"),
    ):
        if key in columns:
            joined.append(f"left join core.{table} as {alias} on facts.{key} = {alias}.{key}")
    grouped = {"metric_time__day": f"facts.{month}", **BY}.get(group or "", "null")
    source = (
        f"from {' '.join(joined)} where {condition.replace('order_month', 'facts.order_month')}"
    )
    return grouped.replace("{month}", month), source


@pytest.mark.parametrize("table", FACTS, ids=[f"{row[0]} {row[2]}" for row in FACTS])
def test_metrics_equal_the_facts_at_grains_that_no_mart_has(
    table: tuple[str, str, str, list[str], dict[str, str]],
    demo_build: DbtRun,
    metrics: Metrics,
    manifest: dict[str, Any],
) -> None:
    fact, month, condition, groups, aggregates = table
    by_name = models(manifest)
    names = list(aggregates)
    for group in [*groups, None]:
        grouped, source = from_facts(by_name, fact, month, condition, group)
        listed = ", ".join(aggregates.values())
        wanted = {
            row[0]: dict(zip(names, row[1:], strict=True))
            for row in demo_build.query(f"select {grouped}, {listed} {source} group by 1")
        }
        answer = metrics.query(names, [group] if group else [])
        found = {
            plain(row[0]) if group else None: row[len([group] if group else []) :]
            for row in answer.rows
        }
        assert wanted.keys() <= found.keys()
        for key, values in found.items():
            for name, got in zip(names, values, strict=True):
                want = wanted.get(key, {}).get(name)
                assert same(got, want) or (key not in wanted and not got), (group, key, name)


def plain(value: Any) -> Any:
    """A day that MetricFlow gives as a moment, as a day."""
    return value.date() if isinstance(value, datetime) else value


def test_every_metric_is_compared_at_three_grains(comparison: Comparison, metrics: Metrics) -> None:
    grains = {name: set(found) for name, found in comparison.grains.items()}
    for _, _, _, groups, aggregates in FACTS:
        for name in aggregates:
            compared = {(GRAINS.get(group, group),) for group in groups}
            grains.setdefault(name, set()).update(compared, {()})
    for name in EFFICIENCY:
        grains.setdefault(name, set()).update((GRAINS[group],) for group in EFFICIENCY_BY)
    few = {name: grains.get(name) for name in metrics.names() if len(grains.get(name, ())) < 3}
    assert few == {}


EFFICIENCY_BY = (MONTH, "product__category", "offer_version__announced_grade")
# The same grain has one name, whether it was compared with a mart or with a fact.
GRAINS = {"supplier": "supplier_id", "product__category": "category", MONTH: "month"} | {
    "offer_version__announced_grade": "announced_grade"
}


@pytest.mark.parametrize("group", EFFICIENCY_BY)
def test_the_efficiency_of_a_group_is_of_one_cohort_of_orders(
    group: str, demo_build: DbtRun, metrics: Metrics, manifest: dict[str, Any]
) -> None:
    """Units ordered in the month, and the repairs of units ordered in it, whenever made."""
    by_name = models(manifest)
    counted = {
        "fct_order_lines": "sum(facts.returned_units) / sum(facts.ordered_units)",
        "fct_repairs": "avg(turnaround_days), count(*) filter (where is_repeat_repaired) / "
        "nullif(count(*) filter (where is_followed_up), 0)",
    }
    parts: dict[Any, tuple[Any, ...]] = {}
    for fact, aggregate in counted.items():
        grouped, source = from_facts(by_name, fact, "order_month", "true", group)
        for key, *values in demo_build.query(f"select {grouped}, {aggregate} {source} group by 1"):
            parts[key] = (*parts.get(key, ()), *values)
    for key, *found in metrics.query(list(EFFICIENCY), [group]).rows:
        returned, turnaround, repeated = (*parts[plain(key)], None, None)[:3]
        for got, rate in zip(found, (returned, repeated), strict=True):
            want = None if None in (rate, turnaround) else (1 - rate) / turnaround
            assert same(got, want), (key, got, want)


def test_a_group_without_a_case_counts_none_and_is_not_lost(
    demo_build: DbtRun, metrics: Metrics
) -> None:
    names = ["finished_repairs", "repeat_repaired_units", "pre_return_rating_count"]
    names += ["defect_returned_units_30d", "condition_returned_units", "repaired_defect_units"]
    found = asked(metrics, names, ["product_id"])
    products = set(demo_build.query("select distinct product_id from core.fct_order_lines"))
    assert found.keys() == products
    for name in names:
        counts = {group: values[name] for group, values in found.items()}
        assert 0 in counts.values(), f"{name} has no group without a case: the demo shows nothing"
        assert None not in counts.values()
    rates = asked(metrics, ["repeat_repair_rate", "mean_turnaround_days"], ["product_id"])
    repaired = demo_build.query(
        "select distinct product_id from core.fct_repairs where is_finished"
    )
    assert {
        group for group, row in rates.items() if row["mean_turnaround_days"] is not None
    } == set(repaired)


def altered(build: DbtRun, manifest: dict[str, Any], database: Path, *statements: str) -> None:
    """Write the tables that metrics read into a file of its own, and change them."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{build.database}' as demo (read_only)")
        connection.execute("create schema core")
        connection.execute("create schema repairs")
        for name, model in models(manifest).items():
            if model["schema"] == "core" or name == "mart_unit_costs":
                table = f"{model['schema']}.{name}"
                connection.execute(f"create table {table} as from demo.{table}")
        for statement in statements:
            connection.execute(statement)


def test_an_evaluation_without_a_reference_is_not_compared(
    demo_build: DbtRun, tmp_path: Path, manifest: dict[str, Any]
) -> None:
    """In the demo every one has a reference, so there the denominators do not differ."""
    database = tmp_path / "unjudged.duckdb"
    altered(
        demo_build,
        manifest,
        database,
        "update core.fct_evaluations set grade_gap_abs = null, is_conform = null, "
        "is_overgraded = null, gap_class = null where supplier_id <= 'S0002'",
        "update core.fct_evaluations set grade_gap_abs = null, is_conform = null, "
        "is_overgraded = null, gap_class = null where assigned_grade = 'fair'",
    )
    metrics = Metrics(database, demo_build.target / "semantic_manifest.json")
    rates = {
        "concordance_rate": "is_conform",
        "overgraded_rate": "is_overgraded",
        "slight_gap_rate": "gap_class = 'slight'",
        "important_gap_rate": "gap_class = 'important'",
    }
    found = asked(metrics, [*rates, "compared_evaluations", "evaluations"], ["supplier_id"])
    with duckdb.connect(str(database), read_only=True) as connection:
        listed = ", ".join(f"avg(({rate})::integer)" for rate in rates.values())
        wanted = connection.execute(
            f"select supplier_id, {listed}, count(grade_gap_abs), count(*) "
            "from core.fct_evaluations group by supplier_id"
        ).fetchall()
    for supplier, *values in wanted:
        for (name, got), want in zip(found[(supplier,)].items(), values, strict=True):
            assert same(got, want), (supplier, name)
    assert found[("S0001",)]["concordance_rate"] is None


def test_what_was_not_delivered_is_null_and_not_zero(
    demo_build: DbtRun, tmp_path: Path, manifest: dict[str, Any]
) -> None:
    database = tmp_path / "without.duckdb"
    unknown = {
        "returned_units": ["return_rate", "defect_returned_units_30d", "pre_return_rating_count"],
        "repair_events": [
            "finished_repairs",
            "repeat_repair_rate",
            "repair_efficiency_repaired_only",
        ],
        "confirmed_defect_units": ["confirmed_defect_rate", "again_defective_units"],
        "is_rated": ["rating_count", "csat_count", "response_rate", "average_rating"],
        "delivered_units": ["delivered_lines"],
    }
    emptied = ("fct_repairs", "fct_ratings", "fct_returns", "mart_unit_costs")
    absent = ", ".join(f"{column} = null" for column in unknown)
    altered(
        demo_build,
        manifest,
        database,
        *(f"delete from {'repairs' if name[0] == 'm' else 'core'}.{name}" for name in emptied),
        f"update core.fct_order_lines set {absent}",
    )
    metrics = Metrics(database, demo_build.target / "semantic_manifest.json")
    names = [name for group in unknown.values() for name in group]
    for keys in ([], ["supplier_id"]):
        for group, values in asked(metrics, names, keys).items():
            assert {name for name, value in values.items() if value is not None} == set(), group
    assert asked(metrics, ["ordered_units"], [])[()]["ordered_units"] > 0


def test_no_metric_mixes_two_axes_of_time(demo_build: DbtRun) -> None:
    by_metric = page.axes(demo_build.artifact("semantic_manifest.json"))
    assert {name: axes for name, axes in by_metric.items() if len(axes) != 1} == {}


def test_the_list_of_metrics_is_current(demo_build: DbtRun) -> None:
    """Otherwise: dbt parse && python -m refurb_warehouse.metrics.page."""
    text = (PROJECT / page.PAGE).read_text(encoding="utf-8")
    assert text == page.with_listing(text, demo_build.artifact("semantic_manifest.json"))


def test_every_kpi_has_a_metric_or_says_why_not(metrics: Metrics) -> None:
    known = set(metrics.names())
    for row in catalogue():
        where = f"{row['model_name']}.{row['column_name']}"
        assert bool(row["metric"]) != bool(row["no_metric_reason"]), where
        assert not row["metric"] or row["metric"] in known, where
        assert not row["no_metric_reason"] or len(row["no_metric_reason"]) > 20, where


def test_a_query_that_cannot_be_is_told_in_words(metrics: Metrics, tmp_path: Path) -> None:
    with pytest.raises(RefurbError, match="no such query: concordance_rate by order_line__country"):
        metrics.query(["concordance_rate"], ["order_line__country_code"])
    with pytest.raises(RefurbError, match="run dbt parse or make build first"):
        Metrics(tmp_path / "none.duckdb", tmp_path / "none.json")
