"""Keep the joins, sums and sorts of a query to half of the memory that DuckDB may use.

`profiles.yml` names this module as a plugin of dbt-duckdb. DuckDB 2.0 lets several joins of a query
take nearly all of the memory together, and then finds none left to read the next block: the query
ends for want of memory where with half of it, or twice, it would not. What is kept from them is
there for reading and for the model that is built at the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHARE = 1 / 2


class Plugin(BasePlugin):
    """Sets `operator_memory_limit`, which is a setting of each session."""

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        """A share of whatever the memory limit is: a size, a percentage or DuckDB's own default."""
        [(limit,)] = cursor.execute("select current_setting('memory_limit')").fetchall()
        size, unit = limit.split()
        cursor.execute(f"set operator_memory_limit = '{float(size) * SHARE:.1f} {unit}'")
