"""The defect mart's query in DuckDB and in its peers, on the same Parquet files.

    python -m benchmarks.peers --folder FOLDER --peer {duckdb,polars,pandas,chdb}

Prints JSON: CPU and wall seconds of the middle of five runs after one that is not counted, reading
the files included, and what the answer adds up to, so that the answers can be compared.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

RUNS = 5
COUNTS = ("ordered_units", "returned_units", "confirmed_defect_units")
KEYS = ("supplier_id", "category", "order_month")
SQL = """
select supplier_id, category, order_month,
    sum(ordered_units) as sum_of_ordered_units,
    sum(returned_units) as sum_of_returned_units,
    sum(confirmed_defect_units) as sum_of_confirmed_defect_units,
    sum(confirmed_defect_units) * 1e0 / nullif(sum(ordered_units), 0) as confirmed_defect_rate
from {lines} as lines
inner join {products} as products on lines.product_id = products.product_id
group by supplier_id, category, order_month
"""


def duckdb(folder: Path) -> Callable[[], list[int]]:
    """DuckDB, over the files and not over its own tables."""
    import duckdb

    connection = duckdb.connect()
    sql = SQL.format(
        lines=f"read_parquet('{folder}/lines.parquet')",
        products=f"read_parquet('{folder}/products.parquet')",
    )
    totals = ", ".join(f"sum(sum_of_{name})::bigint" for name in COUNTS)

    def run() -> list[int]:
        connection.execute(f"create or replace temp table answer as {sql}")
        return list(connection.execute(f"select count(*), {totals} from answer").fetchone() or ())

    return run


def polars(folder: Path) -> Callable[[], list[int]]:
    """Polars with its streaming engine."""
    import polars

    def run() -> list[int]:
        answer = (
            polars.scan_parquet(folder / "lines.parquet")
            .select("product_id", "supplier_id", "order_month", *COUNTS)
            .join(polars.scan_parquet(folder / "products.parquet"), on="product_id")
            .group_by(KEYS)
            .agg([polars.col(name).cast(polars.Int64).sum() for name in COUNTS])
            .with_columns(
                (polars.col("confirmed_defect_units") / polars.col("ordered_units")).alias("rate")
            )
            .collect(engine="streaming")
        )
        return [answer.height, *(int(answer[name].sum()) for name in COUNTS)]

    return run


def pandas(folder: Path) -> Callable[[], list[int]]:
    """Pandas, which reads the columns that it needs."""
    import pandas

    def run() -> list[int]:
        columns = ["product_id", "supplier_id", "order_month", *COUNTS]
        lines = pandas.read_parquet(folder / "lines.parquet", columns=columns)
        products = pandas.read_parquet(folder / "products.parquet")
        answer = (
            lines.merge(products, on="product_id")
            .groupby(list(KEYS), sort=False, observed=True)[list(COUNTS)]
            .sum()
        )
        answer["rate"] = answer["confirmed_defect_units"] / answer["ordered_units"]
        return [len(answer), *(int(answer[name].sum()) for name in COUNTS)]

    return run


def chdb(folder: Path) -> Callable[[], list[int]]:
    """ClickHouse in the process."""
    import chdb

    sql = SQL.format(
        lines=f"file('{folder}/lines.parquet', Parquet)",
        products=f"file('{folder}/products.parquet', Parquet)",
    )
    totals = ", ".join(f"toInt64(sum(sum_of_{name}))" for name in COUNTS)

    def run() -> list[int]:
        answer = chdb.query(f"select count(), {totals} from ({sql})", "JSONCompact")
        return [int(value) for value in json.loads(str(answer))["data"][0]]

    return run


PEERS = {"duckdb": duckdb, "polars": polars, "pandas": pandas, "chdb": chdb}


def main() -> None:
    """Run one peer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--peer", choices=PEERS, required=True)
    arguments = parser.parse_args()
    run = PEERS[arguments.peer](arguments.folder.resolve())
    answer = run()
    costs = []
    for _ in range(RUNS):
        cpu, wall = time.process_time(), time.perf_counter()
        assert run() == answer, "two runs, two answers"
        costs.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall, cpu = sorted(costs)[RUNS // 2]
    print(json.dumps({"wall_seconds": wall, "cpu_seconds": cpu, "answer": answer}))


if __name__ == "__main__":
    main()
