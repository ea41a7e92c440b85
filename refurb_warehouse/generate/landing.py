"""Rows on their way to the files: whole numbers in a DuckDB file of their own.

Batches are inserted by one background thread while the next batch is drawn, so memory holds a
few batches whatever the number of rows. The file takes about 0.5 kB an order line while it lives.
"""

from __future__ import annotations

import shutil
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np

from refurb_warehouse.generate.draws import Array

MEMORY_LIMIT = "256MB"
ROWS_AT_A_TIME = 122_880  # a row group of DuckDB
PENDING_INSERTS = 3


class Landing:
    """Tables of integers that grow batch by batch, and the identifiers given so far."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "landing.duckdb"
        self._spill = folder / "spill"
        self.connection = duckdb.connect(str(self._path))
        self.connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        self.connection.execute(f"set temp_directory = '{self._spill}'")
        self.connection.execute("set preserve_insertion_order = true")
        # The file lives for a minute: writing it fast matters more than its size.
        self.connection.execute("pragma force_compression = 'uncompressed'")
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._pending: deque[Future[None]] = deque()
        self._batches: dict[str, list[dict[str, Array]]] = {}
        self._waiting: dict[str, int] = {}
        self._next_id: dict[str, int] = {}
        self._tables: set[str] = set()

    def reserve(self, name: str, count: int) -> Array:
        """The next identifiers of a table, from 1."""
        first = self._next_id.get(name, 1)
        self._next_id[name] = first + count
        return np.arange(first, first + count, dtype=np.int64)

    def append(self, table: str, columns: dict[str, Array]) -> None:
        """Add rows to a table; they are inserted in the background, many at a time."""
        batches = self._batches.setdefault(table, [])
        batches.append(columns)
        self._waiting[table] = self._waiting.get(table, 0) + len(next(iter(columns.values())))
        if self._waiting[table] >= ROWS_AT_A_TIME:
            self._insert_later(table)

    def finish(self) -> None:
        """Wait until every batch is in; the connection is then free for others."""
        for table in self._batches:
            self._insert_later(table)
        while self._pending:
            self._pending.popleft().result()

    def count(self, table: str) -> int:
        """Rows of a table."""
        return self.connection.execute(f"select count(*) from {table}").fetchone()[0]

    def close(self) -> None:
        """Stop the thread and let go of the file."""
        self._worker.shutdown(wait=True, cancel_futures=True)
        self.connection.close()

    def remove_files(self) -> None:
        """Remove the DuckDB file, once closed."""
        self._path.unlink()
        shutil.rmtree(self._spill, ignore_errors=True)

    def _insert_later(self, table: str) -> None:
        batches, self._batches[table] = self._batches[table], []
        self._waiting[table] = 0
        if batches:
            self._pending.append(self._worker.submit(self._insert, table, batches))
        while len(self._pending) > PENDING_INSERTS:
            self._pending.popleft().result()

    def _insert(self, table: str, batches: list[dict[str, Array]]) -> None:
        rows = {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}
        self.connection.register("batch", rows)
        if table in self._tables:
            self.connection.execute(f"insert into {table} by name select * from batch")
        else:
            self.connection.execute(f"create table {table} as select * from batch")
            self._tables.add(table)
        self.connection.unregister("batch")
