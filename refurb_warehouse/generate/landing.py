"""Rows on their way to the files: landed batch by batch, kept as Parquet.

Batches are turned into columns and written by one background thread while the next batch is drawn,
so memory holds a few batches whatever the number of rows.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from refurb_warehouse.generate.columns import Rows
from refurb_warehouse.generate.draws import Array
from refurb_warehouse.generate.tables import TABLES

ROWS_AT_A_TIME = 65_536  # of a row group; what waits in 25 tables is most of the memory
PENDING_WRITES = 1


class Landing:
    """Clean tables that grow batch by batch in a folder, and the identifiers given so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {table: _open(self.path(table), table) for table in TABLES}
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._pending: deque[Future[None]] = deque()
        self._batches: dict[str, list[Rows]] = {table: [] for table in TABLES}
        self._waiting = dict.fromkeys(TABLES, 0)
        self._next_id: dict[str, int] = {}
        self.rows = dict.fromkeys(TABLES, 0)

    def path(self, table: str) -> Path:
        """File of a table, whole once the landing is closed."""
        return self._folder / f"{table}.parquet"

    def reserve(self, name: str, count: int) -> Array:
        """The next identifiers of a table, from 1."""
        first = self._next_id.get(name, 1)
        self._next_id[name] = first + count
        return np.arange(first, first + count, dtype=np.int64)

    def append(self, table: str, rows: Rows) -> None:
        """Add rows to a table; they are written in the background, many at a time."""
        count = len(next(iter(rows.values())))
        self._batches[table].append(rows)
        self._waiting[table] += count
        self.rows[table] += count
        if self._waiting[table] >= ROWS_AT_A_TIME:
            self._write_later(table)

    def finish(self) -> None:
        """Write what waits, and wait until all of it is written."""
        for table in TABLES:
            if self._waiting[table]:
                self._write_later(table)
        while self._pending:
            self._pending.popleft().result()

    def close(self) -> None:
        """Stop the thread and close the files."""
        self._worker.shutdown(wait=True, cancel_futures=True)
        for file in self._files.values():
            file.close()

    def _write_later(self, table: str) -> None:
        batches, self._batches[table] = self._batches[table], []
        self._waiting[table] = 0
        self._pending.append(self._worker.submit(self._write, table, batches))
        while len(self._pending) > PENDING_WRITES:
            self._pending.popleft().result()

    def _write(self, table: str, batches: list[Rows]) -> None:
        rows = {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}
        file = self._files[table]
        columns = [column.build(rows) for column in TABLES[table].values()]
        group = pa.Table.from_arrays(columns, schema=file.schema)
        file.write_table(group, row_group_size=len(group))


def _open(path: Path, table: str) -> pq.ParquetWriter:
    """A Parquet file for the table's columns, without what would only cost time.

    Trying a dictionary on a column that does not come as one, and statistics of row groups, which
    readers cannot skip: every batch has rows of the whole period.
    """
    schema = pa.schema([(name, column.type) for name, column in TABLES[table].items()])
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=[field.name for field in schema if pa.types.is_dictionary(field.type)],
        write_statistics=False,
        # Readers are to find plain text, and decimals as DuckDB writes them.
        store_schema=False,
        store_decimal_as_integer=True,
    )
