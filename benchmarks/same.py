"""Whether two databases hold the same core and mart tables; and files for the peers.

python -m benchmarks.same ONE OTHER
python -m benchmarks.same --export DATABASE FOLDER
python -m benchmarks.same --shorten FILE OTHER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

SCHEMAS = "('core', 'quality', 'repairs', 'satisfaction', 'service', 'grading')"


def contents(database: Path) -> dict[str, tuple[int, int]]:
    """Rows and the sum of their hashes, by table; doubles to the last bit."""
    with duckdb.connect(database, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            f"where schema_name in {SCHEMAS}"
        ).fetchall()
        return {
            table: connection.execute(
                f"select count(*), coalesce(sum(cast(hash(t) as hugeint)), 0) from {table} as t"
            ).fetchone()
            for (table,) in tables
        }


def export(database: Path, folder: Path) -> None:
    """The fact and the products that the peers read."""
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute(f"copy core.fct_order_lines to '{folder}/lines.parquet'")
        connection.execute(
            "copy (select product_id, category from core.dim_products) "
            f"to '{folder}/products.parquet'"
        )


def shorten(file: Path, other: Path) -> None:
    """A Parquet file without a hundredth of its rows."""
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * from '{file}' as t where hash(t) % 100 <> 0) to '{other}'"
        )


def main() -> None:
    """Print JSON: how many tables and rows there are, and the tables that differ."""
    if sys.argv[1] in ("--export", "--shorten"):
        make = {"--export": export, "--shorten": shorten}[sys.argv[1]]
        make(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    one, other = (contents(Path(name)) for name in sys.argv[1:])
    differing = sorted(
        table for table in one.keys() | other.keys() if one.get(table) != other.get(table)
    )
    rows = sum(found[0] for found in one.values())
    print(json.dumps({"tables": len(one), "rows": rows, "differing": differing}))


if __name__ == "__main__":
    main()
