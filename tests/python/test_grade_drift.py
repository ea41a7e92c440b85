"""A month of devices that are worse than announced raises its alert, and quiet years raise none."""

from __future__ import annotations

from pathlib import Path

import pytest

from refurb_warehouse.__main__ import main
from refurb_warehouse.checks.compiled import CompiledProject, Warehouse

LINES = "30000"
DRIFTED = "2025-06"
# What mart_grade_shares reads, made of the extracts alone: the suggestion is the reference.
EVALUATIONS = """
create or replace table core.fct_evaluations as
select
    evaluations.assigned_grade,
    evaluations.suggested_grade as reference_grade,
    audits.verified_grade,
    cast(date_trunc('month', try_cast(evaluations.evaluated_at as timestamp)) as date)
        as evaluation_month
from read_parquet('{folder}/product_evaluations.parquet') as evaluations
left join read_parquet('{folder}/grade_audits.parquet') as audits using (evaluation_id)
where try_cast(evaluations.evaluated_at as timestamp) is not null
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("drifted", [True, False], ids=["drifted", "quiet"])
def test_a_drifted_month_raises_its_alert_and_a_quiet_year_none(
    compiled_project: CompiledProject, tmp_path: Path, seed: int, drifted: bool
) -> None:
    options = ["--grading-drift", DRIFTED] if drifted else []
    arguments = ["--order-lines", LINES, "--seed", str(seed), "--format", "parquet"]
    assert main(["generate", *arguments, "--out", str(tmp_path), *options]) == 0
    with Warehouse(compiled_project) as warehouse:
        warehouse.query("create table core.dim_dates as from finished_build.core.dim_dates")
        warehouse.query(EVALUATIONS.format(folder=tmp_path))
        warehouse.build(["grade_scale", "mart_grade_shares", "mart_grade_drift"])
        alerts = warehouse.query(
            "select grade_source, strftime(evaluation_month, '%Y-%m') "
            "from grading.mart_grade_drift where alert_level = 'alert'"
        )
    # refurbishers do not notice, so that what they assign stays as it was
    assert {month for _, month in alerts} == ({DRIFTED} if drifted else set())
    assert ("reference", DRIFTED) in alerts or not drifted
    assert "assigned" not in {source for source, _ in alerts}
