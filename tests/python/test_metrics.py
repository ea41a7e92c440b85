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

import pytest
from conftest import PROJECT, DbtRun

from refurb_warehouse.metrics import Metrics

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
    "source": "external_review__source",
    "case_id": "support_case",
    "return_line_id": "return_line",
}
MATURE = "{{ Dimension('cohort__is_mature_30d') }}"
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
    "mart_return_cycle": {"phase_days_sum": "cycle_days_sum", "phase_returns": "closed_returns"},
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


def primary_key(model: dict[str, Any]) -> list[str]:
    """Columns of its primary key."""
    return next(k["columns"] for k in model["constraints"] if k["type"] == "primary_key")


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
                if column in public and column not in columns
            }
        for column, metric in columns.items():
            keys = MARKET_KEYS.get((mart, column), KEYS.get(mart) or primary_key(by_name[mart]))
            where: tuple[str, ...] = ()
            if {(mart, None), (mart, column)} & ONLY_MATURE:
                where = (MATURE,)
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
    """The grain of a mart and all coarser ones, the total as the last."""
    return [
        chosen for size in range(len(keys), -1, -1) for chosen in itertools.combinations(keys, size)
    ]


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


def test_every_metric_is_compared_at_three_grains(comparison: Comparison, metrics: Metrics) -> None:
    few = {
        name: sorted(comparison.grains.get(name, ()))
        for name in metrics.names()
        if len(comparison.grains.get(name, ())) < 3
    }
    assert few == {}
