"""Ten queries as dashboards ask them, of marts and of facts: the middle and the 95th per cent.

    python -m benchmarks.dashboards --database FILE

Prints JSON: milliseconds by query. Each is run RUNS times on one connection, after once uncounted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

import duckdb

RUNS = 40
QUERIES = {
    "verdicts on suppliers (mart)": """
        select supplier_id, verdict, confirmed_defect_rate from quality.mart_supplier_scorecard
        order by observed_expected_ratio desc nulls last limit 20""",
    "defects of one supplier by month (mart)": """
        select order_month, confirmed_defect_rate from quality.mart_supplier_defects
        where supplier_id = (select min(supplier_id) from core.dim_suppliers)
        order by order_month""",
    "defects by category and month (mart)": """
        select category, order_month, sum(confirmed_defect_units), sum(ordered_units)
        from quality.mart_category_defects group by category, order_month""",
    "repairs by supplier (mart)": """
        select supplier_id, repaired_units, mean_turnaround_days
        from repairs.mart_repair_efficiency order by repaired_units desc limit 20""",
    "satisfaction by supplier (mart)": """
        select supplier_id, csat_rate, avg_rating from satisfaction.mart_supplier_satisfaction
        order by csat_rate limit 20""",
    "first response by channel (mart)": """
        select * from service.mart_service_response order by contact_month desc limit 50""",
    "refurbishers by confidence (mart)": """
        select * from grading.mart_refurbisher_confidence order by confidence_score limit 20""",
    "alerts (mart)": "select * from grading.mart_alerts limit 100",
    "returned units by country (fact)": """
        select country_code, sum(ordered_units), sum(returned_units) from core.fct_order_lines
        group by country_code""",
    "repairs by outcome (fact)": """
        select outcome, count(*), avg(turnaround_days) from core.fct_repairs group by outcome""",
}


def main() -> None:
    """Time each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, required=True)
    arguments = parser.parse_args()
    found = {}
    with duckdb.connect(arguments.database, read_only=True) as connection:
        for name, sql in QUERIES.items():
            connection.execute(sql).fetchall()
            times = []
            for _ in range(RUNS):
                started = time.perf_counter()
                connection.execute(sql).fetchall()
                times.append((time.perf_counter() - started) * 1000)
            found[name] = {
                "p50_ms": statistics.median(times),
                "p95_ms": statistics.quantiles(times, n=20)[-1],
            }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
