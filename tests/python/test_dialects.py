"""What only one engine understands is found, and what both do is let through."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import PROJECT, DbtRun

from refurb_warehouse.checks.dialects import DENIED, faults

ONE_ENGINE_ALONE = {
    "select a from t qualify row_number() over (order by a) = 1": "'qualify'",
    "select a, count(*) from t group by all": "'group by all'",
    "select a from t order by all": "'order by all'",
    "select a from t union by name select a from u": "'union by name'",
    "select distinct on (a) a from t": "'distinct on'",
    "select a from t asof join u on t.a >= u.a": "'asof'",
    "select a from t positional join u": "'positional join'",
    "select t.a from t left semi join u on t.a = u.a": "'semi join'",
    "select t.a from t left anti join u on t.a = u.a": "'anti join'",
    "select a from t using sample 3": "'using sample'",
    "select a from t pivot (sum(b) for c in (1, 2))": "'pivot'",
    "select * exclude (a) from t": "'* exclude'",
    "select a, from t": "', from'",
    "select a::int from t": "'::'",
    "select a // b from t": "spark SQL",
    "select a ^ b from t": "'^'",
    "select {'a': 1} from t": "spark SQL",
    "select [1, 2] from t": "square brackets",
    "from t": "begins with from",
    "select b from (from t)": "begins with from",
    "select list_sum(a) from t": "list_sum()",
    "select unnest(a) from t": "unnest()",
    "select 1.5 * a from t": "1.5",
    "select a from t; select b from t": "not one query",
    "drop table t": "not one query",
}


@pytest.mark.parametrize("sql", ONE_ENGINE_ALONE)
def test_what_one_engine_alone_has_is_found(sql: str) -> None:
    assert any(ONE_ENGINE_ALONE[sql] in fault for fault in faults(sql, "spark"))


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) filter (where a > 1.5) from t where b in (1, 2)",
        "with c as (select sum(a) over (partition by b order by c) as d from t) select d from c",
        "select percentile_cont(5E-1) within group (order by a) from t",
        "select transform(array(a), x -> x + 1)[0] from t",
        "select a as sample, b as name from t union all select a, b from u order by name",
        "select cast(1.96E0 * a as decimal(18, 4)) from t",
    ],
)
def test_what_both_engines_have_is_let_through(sql: str) -> None:
    assert list(faults(sql, "spark")) == []


def test_every_denied_construct_is_tried() -> None:
    untried = [
        denied
        for denied in DENIED
        if not any(" ".join(denied) in f"{sql.replace('::', ' :: ')} " for sql in ONE_ENGINE_ALONE)
    ]
    # spelled like one that is tried
    assert set(untried) <= {("union", "all", "by", "name"), ("unpivot",), ("*", "replace")}


def test_every_model_is_sql_of_both_engines(demo_build: DbtRun) -> None:
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "refurb_warehouse.checks.dialects"),
            *("--project-dir", str(PROJECT), "--duckdb-target", str(demo_build.target)),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-3000:]
    assert "models compiled for spark" in checked.stdout
