"""Every dbt data test goes red for a break that it is there for: none is a formality.

The breaks are made in the compiled SQL, in memory, on the demo warehouse. A test in `tests/kpi`
without a break here fails, and so does a break whose test was removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from refurb_warehouse.checks.compiled import CompiledProject, Warehouse

# (test, model, SQL that is replaced, what stands there instead)
BREAKS = [
    ("assert_as_of_date_covers_the_data", "int_as_of_date",
     "last_seen_date as as_of_date", "last_seen_date - 1 as as_of_date"),
    ("assert_calendar_covers_every_day", "int_calendar_days",
     "from days", "from days where date_day <> date '2024-02-29'"),
    ("assert_category_defects_add_up_to_supplier_defects", "mart_category_defects",
     "cast(sum(confirmed_defect_units) as bigint)", "count(confirmed_defect_units)"),
    ("assert_confirmed_defects_reconcile_with_staging", "int_return_diagnoses",
     "'supplier', 'unknown'", "'supplier'"),
    ("assert_defect_marts_reconcile_with_fact", "mart_supplier_defects",
     "cast(sum(return_events) as bigint)", "cast(max(return_events) as bigint)"),
    ("assert_defect_types_reconcile_with_fact", "mart_defect_types",
     "select distinct", "select"),
    ("assert_delivered_units_reconcile_with_shipments", "int_line_deliveries",
     "where leg = 'outbound'", "where leg <> 'outbound'"),
    ("assert_event_facts_reconcile_with_staging", "fct_refunds",
     "from refunds\n", "from (select * from refunds limit 10) as refunds\n"),
    ("assert_order_lines_reconcile_with_staging", "int_order_lines_attributed",
     "'shipped', 'refunded_after_shipping'", "'shipped'"),
    ("assert_rates_follow_from_their_parts", "mart_supplier_defects",
     "1.959963984540054E0", "1.644853626951473E0"),
    ("assert_repair_cost_reconciles_with_fact", "mart_category_repairs",
     "sum(repair_cost_eur)", "max(repair_cost_eur)"),
    ("assert_repair_marts_reconcile_with_fact", "mart_repair_efficiency",
     "count(*) filter (where is_repeat_repaired)", "count(*) filter (where is_finished)"),
    ("assert_satisfaction_marts_reconcile_with_fact", "mart_supplier_satisfaction",
     "where is_latest_in_phase", ""),
    ("assert_supplier_return_rate_is_one_number", "mart_repair_efficiency",
     "cast(sum(returned_units) as bigint) as returned_units",
     "cast(sum(return_events) as bigint) as returned_units"),
    ("assert_support_cases_reconcile_with_staging", "int_claims_cased",
     "first_returns.return_line_id is null as opens_case", "true as opens_case"),
    ("assert_units_are_parts_of_their_whole", "int_line_returns",
     "count(*) as returned_units", "sum(return_events) as returned_units"),
    ("assert_raw_rows_are_staged_or_rejected", "stg_marketplace__repairs",
     "typed_rows.reject_check is null",
     "typed_rows.reject_check is null and typed_rows.outcome <> 'fixed'"),
    ("assert_rejected_share_within_limit", "source_coverage",
     "cast(coalesce(rejected_counts.rejected_rows, 0) as double)",
     "cast(raw_counts.raw_rows as double)"),
]  # fmt: skip

# (test, statement on the raw tables or the reference)
BAD_DATA = [
    ("assert_kpi_catalog_is_complete",
     "delete from reference.kpi_catalog where column_name = 'return_rate'"),
    ("assert_offer_versions_do_not_contradict",
     "insert into raw.product_lists by name select * replace ('broken' as announced_grade, "
     "valid_from[:10] || ' 23:59:58' as valid_from, null as valid_to) "
     "from raw.product_lists where valid_to is null limit 1"),
    ("warn_about_rejected_rows", "insert into raw.orders (order_id) values (null)"),
    ("warn_when_returns_end_before_orders",
     "delete from raw.return_lines where requested_at > '2025-10-01'"),
]  # fmt: skip

# Compares two lists while dbt compiles: nothing that is built can change it.
DECIDED_AT_COMPILE_TIME = {"assert_raw_tables_are_the_contract"}
# A macro's test reads no model: the mutants of the macro show that it goes red.
BEDS_OF_MACROS = {"assert_wilson_bounds_match_published_vectors"}


@pytest.fixture(scope="module")
def warehouse(compiled_project: CompiledProject) -> Iterator[Warehouse]:
    """The demo warehouse in memory."""
    with Warehouse(compiled_project) as built:
        built.land_finished_build()
        built.build()
        yield built


def red_tests(warehouse: Warehouse, names: list[str]) -> set[str]:
    """Names of the tests of these models that find rows."""
    return {test.name for test, _ in warehouse.failing_tests(names)}


@pytest.mark.parametrize(("test", "model", "old", "new"), BREAKS)
def test_a_broken_definition_turns_its_test_red(
    warehouse: Warehouse, test: str, model: str, old: str, new: str
) -> None:
    sql = warehouse.project.models[model].sql
    assert old in sql
    with warehouse.rehearsal():
        touched = [model, *warehouse.project.descendants(model)]
        warehouse.build(touched, instead={model: sql.replace(old, new)})
        assert test in red_tests(warehouse, touched)


@pytest.mark.parametrize(("test", "statement"), BAD_DATA)
def test_bad_data_turns_its_test_red(warehouse: Warehouse, test: str, statement: str) -> None:
    with warehouse.rehearsal():
        warehouse.connection.execute(statement)
        warehouse.build()
        assert test in {found.name for found, _ in warehouse.failing_tests()}


def test_every_kpi_test_is_shown_to_go_red(project: Path) -> None:
    written = {file.stem for file in (project / "tests" / "kpi").glob("*.sql")}
    shown = {test for test, *_ in BREAKS} | {test for test, _ in BAD_DATA}
    assert written == shown | DECIDED_AT_COMPILE_TIME | BEDS_OF_MACROS


def test_a_row_that_stands_twice_is_never_built_or_never_green(warehouse: Warehouse) -> None:
    """Every model that declares a grain, by a test or by a primary key, holds to it."""
    guarded = {
        name: model
        for name, model in warehouse.project.models.items()
        if "primary key" in model.ddl
        or any(
            name in test.inputs and test.name.startswith(("unique_", "not_null_"))
            for test in warehouse.project.data_tests
        )
    }
    assert len(guarded) > 60
    for name, model in guarded.items():
        with warehouse.rehearsal():
            try:
                twice = f"select * from ({model.sql}) union all select * from ({model.sql})"
                warehouse.build([name], instead={name: twice})
            except duckdb.ConstraintException:
                continue
            assert any(test.startswith("unique_") for test in red_tests(warehouse, [name])), name
