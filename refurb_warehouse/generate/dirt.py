"""Rows that the staging gate must set aside.

Dirt is only ever added: an exact copy of a row, or a copy with one broken cell and a key of its
own. No clean row is touched, so the KPIs of a dirty run equal those of the clean run of the same
seed; nothing refers to an added row, so no rejection cascades.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from refurb_warehouse.generate.draws import Array, Draws
from refurb_warehouse.generate.tables import TABLES

FEWEST_ROWS = 400


@dataclass(frozen=True)
class Fault:
    """One way to break a row: `value` is SQL over the clean row, text or null."""

    kind: str
    column: str | None = None
    value: str | None = None
    keeps_key: bool = False
    also: tuple[str, str] | None = None  # another column to change with it, as SQL


DUPLICATE = Fault("exact duplicate", keeps_key=True)
SLASHED = "'01/02/2026'"
FUTURE = "'2099-01-01 00:00:00'"
IMPOSSIBLE = "'2025-02-30 10:00:00'"

KEYS = {
    table: next(iter(columns))
    for table, columns in TABLES.items()
    if table not in ("product_lists", "supplier_performance", "fx_rates")
}


def _comma(column: str) -> str:
    return f"replace(cast({column} as varchar), '.', ',')"


def _years_before(column: str) -> str:
    """A plausible time that is older than any order."""
    return f"cast(coalesce({column}, timestamp '2024-01-01') - interval 6 year as varchar)"


def _null_key(table: str) -> Fault:
    return Fault("null key", KEYS[table], "null")


def _conflict(column: str, value: str, event_at: str) -> Fault:
    """Same key, other content, one day older: the original is the one to keep."""
    older = f"cast({event_at} - interval 1 day as varchar)"
    return Fault("conflicting key", column, value, keeps_key=True, also=(event_at, older))


MOSTLY_DUPLICATES = (DUPLICATE,) * 4
FAULTS: dict[str, tuple[Fault, ...]] = {
    "order_lines": (
        *MOSTLY_DUPLICATES,
        Fault("unknown state", "state", "'lost_in_space'"),
        *MOSTLY_DUPLICATES,
        Fault("quantity of zero", "quantity", "'0'"),
        *MOSTLY_DUPLICATES,
        Fault("decimal comma", "unit_price", _comma("unit_price")),
        *MOSTLY_DUPLICATES,
        Fault("orphan order", "order_id", "'O-UNKNOWN'"),
    ),
    "return_lines": (
        *MOSTLY_DUPLICATES,
        Fault("unit number above the quantity", "unit_number", "'99'"),
        *MOSTLY_DUPLICATES,
        Fault("return before the order", "requested_at", _years_before("requested_at")),
        *MOSTLY_DUPLICATES,
        Fault("unknown decision", "decision", "'maybe'"),
        *MOSTLY_DUPLICATES,
        Fault("orphan order line", "order_line_id", "'L-UNKNOWN'"),
    ),
    "claims": (
        *MOSTLY_DUPLICATES,
        Fault("orphan subject", "subject_id", "'NOTHING'"),
        *MOSTLY_DUPLICATES,
        Fault("unknown subject type", "subject_type", "'weather'"),
    ),
    "product_evaluations": (
        *MOSTLY_DUPLICATES,
        Fault("battery above 100 %", "battery_health_pct", "'140'"),
        *MOSTLY_DUPLICATES,
        Fault("screen state above 4", "screen_state", "'7'"),
        *MOSTLY_DUPLICATES,
        Fault("unknown decision", "decision", "'perhaps'"),
    ),
    "payments": (
        Fault("decimal comma", "amount", _comma("amount")),
        Fault("negative amount", "amount", "'-5.00'"),
        DUPLICATE,
        Fault("orphan order", "order_id", "'O-UNKNOWN'"),
        _null_key("payments"),
        Fault("slashed date", "paid_at", SLASHED),
        Fault("date in the future", "paid_at", FUTURE),
        Fault("paid before the order", "paid_at", _years_before("paid_at")),
    ),
    "shipments": (
        Fault("unknown leg", "leg", "'sideways'"),
        Fault("delivered before shipped", "delivered_at", _years_before("shipped_at")),
        DUPLICATE,
        Fault("not a number", "cost", "'N/A'"),
        _null_key("shipments"),
        Fault("impossible date", "shipped_at", IMPOSSIBLE),
        Fault("orphan order line", "order_line_id", "'L-UNKNOWN'"),
    ),
    "defects": (
        Fault("unknown attribution", "attribution", "'weather'"),
        Fault("orphan return", "return_line_id", "'R-UNKNOWN'"),
        DUPLICATE,
        Fault("diagnosed before the request", "diagnosed_at", _years_before("diagnosed_at")),
        Fault("not a boolean", "is_confirmed", "'maybe'"),
        _null_key("defects"),
    ),
    "repairs": (
        Fault("sent before the request", "sent_to_service_at", _years_before("sent_to_service_at")),
        Fault("unknown outcome", "outcome", "'exploded'"),
        DUPLICATE,
        Fault("not a number", "parts_cost", "'N/A'"),
        Fault("orphan return", "return_line_id", "'R-UNKNOWN'"),
        _null_key("repairs"),
    ),
    "refunds": (
        Fault("refund above the line's amount", "amount", "cast(amount * 1000 as varchar)"),
        Fault("refund before the order", "refunded_at", _years_before("refunded_at")),
        DUPLICATE,
        Fault("orphan order line", "order_line_id", "'L-UNKNOWN'"),
        Fault("decimal comma", "amount", _comma("amount")),
        _null_key("refunds"),
    ),
    "messages": (
        Fault("orphan subject", "subject_id", "'NOTHING'"),
        Fault("unknown sender", "sender_role", "'robot'"),
        DUPLICATE,
        Fault("slashed date", "sent_at", SLASHED),
        _null_key("messages"),
        Fault("date in the future", "sent_at", FUTURE),
    ),
    "notifications": (
        Fault("orphan user", "user_id", "'U-UNKNOWN'"),
        Fault("null stage", "stage", "null"),
        DUPLICATE,
        Fault("slashed date", "sent_at", SLASHED),
        _null_key("notifications"),
    ),
    "ratings": (
        Fault("score of 6", "score", "'6'"),
        Fault("score of 0", "score", "'0'"),
        DUPLICATE,
        _conflict("score", "case when score = 1 then '2' else '1' end", "rated_at"),
        Fault("orphan order line", "order_line_id", "'L-UNKNOWN'"),
        Fault("rated before the order", "rated_at", _years_before("rated_at")),
        _null_key("ratings"),
        Fault("not a number", "score", "'five'"),
    ),
    "supplier_ratings": (
        Fault("score of 9", "score", "'9'"),
        Fault("orphan supplier", "supplier_id", "'S-UNKNOWN'"),
        DUPLICATE,
        Fault("null agent", "agent_id", "null"),
        Fault("date in the future", "rated_at", FUTURE),
    ),
    "grade_corrections": (
        Fault("orphan evaluation", "evaluation_id", "'E-UNKNOWN'"),
        Fault("unknown status", "status", "'lost'"),
        DUPLICATE,
        Fault("price of zero", "price_before", "'0'"),
        _null_key("grade_corrections"),
    ),
    "grade_audits": (
        Fault("orphan evaluation", "evaluation_id", "'E-UNKNOWN'"),
        Fault("null grade", "verified_grade", "null"),
        DUPLICATE,
        Fault("date in the future", "audited_at", FUTURE),
    ),
    "supplier_performance": (
        DUPLICATE,
        Fault("orphan supplier", "supplier_id", "'S-UNKNOWN'"),
        Fault("null key", "supplier_id", "null"),
        Fault("impossible date", "period_month", "'2025-02-30'"),
    ),
    "page_events": (
        _null_key("page_events"),
        Fault("null event type", "event_type", "null"),
        DUPLICATE,
        Fault("slashed date", "occurred_at", SLASHED),
        Fault("date in the future", "occurred_at", FUTURE),
    ),
    "external_reviews": (
        Fault("score of 0", "score", "'0'"),
        Fault("not a number", "score", "'N/A'"),
        DUPLICATE,
        _null_key("external_reviews"),
        Fault("date in the future", "reviewed_at", FUTURE),
    ),
    "fx_rates": (
        DUPLICATE,
        Fault("null key", "currency_code", "null"),
        Fault("impossible date", "rate_date", "'2025-02-30'"),
        Fault("malformed currency", "currency_code", "'E1'"),
    ),
}
ONLY_DUPLICATES = (DUPLICATE,)

# The dirty rows of the demo: twelve, each different, in tables of more than 400 rows.
DEMO_DIRT = (
    ("order_lines", "exact duplicate"),
    ("order_lines", "unknown state"),
    ("return_lines", "unit number above the quantity"),
    ("return_lines", "return before the order"),
    ("payments", "decimal comma"),
    ("payments", "orphan order"),
    ("shipments", "impossible date"),
    ("ratings", "score of 6"),
    ("ratings", "conflicting key"),
    ("messages", "orphan subject"),
    ("product_evaluations", "battery above 100 %"),
    ("page_events", "null key"),
)


@dataclass(frozen=True)
class Planted:
    """Dirty rows of one table: positions of landed rows, and the fault that each copy gets."""

    table: str
    rows: Array
    faults: tuple[Fault, ...]
    fault_of_row: Array

    def counts(self) -> dict[str, int]:
        """Number of dirty rows of each kind."""
        return dict(Counter(self.faults[at].kind for at in self.fault_of_row))


def plan_share(seed: int, share: float, rows: dict[str, int]) -> list[Planted]:
    """About `share` of the rows of every table that has at least FEWEST_ROWS."""
    plan = []
    for at, (table, count) in enumerate(rows.items()):
        if count < FEWEST_ROWS or share == 0:
            continue
        draws = Draws(seed, 1, at)
        wanted = max(1, round(share * count))
        chosen = np.sort(draws.rng.choice(count, wanted, replace=False, shuffle=False))
        faults = FAULTS.get(table, ONLY_DUPLICATES)
        plan.append(Planted(table, chosen, faults, np.arange(wanted) % len(faults)))
    return plan


def plan_demo(rows: dict[str, int]) -> list[Planted]:
    """The twelve documented rows of the demo."""
    plan = []
    for table in dict.fromkeys(table for table, _ in DEMO_DIRT):
        kinds = [kind for of_table, kind in DEMO_DIRT if of_table == table]
        faults = tuple(next(f for f in FAULTS[table] if f.kind == kind) for kind in kinds)
        chosen = rows[table] * (np.arange(len(faults)) + 1) // (len(faults) + 1)
        plan.append(Planted(table, chosen, faults, np.arange(len(faults))))
    return plan


def text_columns(faults: tuple[Fault, ...], table: str) -> set[str]:
    """Columns that must be text once the faults are in."""
    columns = {fault.column for fault in faults if fault.column}
    columns |= {fault.also[0] for fault in faults if fault.also}
    return columns | ({KEYS[table]} if table in KEYS else set())


def dirty_select(engine: duckdb.DuckDBPyConnection, landed: Path, planted: Planted) -> str:
    """SQL of the dirty rows of a table, in the table's columns."""
    engine.register(
        f"chosen_{planted.table}",
        {
            "chosen_row": planted.rows,
            "fault": planted.fault_of_row,
            "copy_number": np.arange(len(planted.rows)),
        },
    )
    as_text = text_columns(planted.faults, planted.table)
    columns = ", ".join(
        f"{_broken(planted, name)} as {name}" if name in as_text else name
        for name in TABLES[planted.table]
    )
    return (
        f"select {columns} from read_parquet({quoted(landed)}, file_row_number = true) "
        f"inner join chosen_{planted.table} on file_row_number = chosen_row order by copy_number"
    )


def quoted(path: Path) -> str:
    """A path as text of SQL."""
    text = str(path).replace("'", "''")
    return f"'{text}'"


def _broken(planted: Planted, column: str) -> str:
    """SQL of one column of the dirty rows: broken, renumbered or as it was."""
    cases = []
    for at, fault in enumerate(planted.faults):
        if fault.column == column:
            cases.append(f"when fault = {at} then {fault.value}")
        elif fault.also and fault.also[0] == column:
            cases.append(f"when fault = {at} then {fault.also[1]}")
        elif column == KEYS.get(planted.table) and not fault.keeps_key:
            cases.append(f"when fault = {at} then {column} || '-X' || copy_number")
    kept = f"cast({column} as varchar)"
    return f"case {' '.join(cases)} else {kept} end" if cases else kept


def describe_demo(
    engine: duckdb.DuckDBPyConnection, landed: Path, planted: Planted
) -> list[dict[str, object]]:
    """Table, key, column, value and kind of each dirty row of the demo."""
    key = KEYS[planted.table]
    found = engine.execute(dirty_select(engine, landed, planted))
    names = [column[0] for column in found.description]
    described = []
    for fault, row in zip(planted.faults, found.fetchall(), strict=True):
        values = dict(zip(names, row, strict=True))
        described.append(
            {
                "table": planted.table,
                "row_key": values[key],
                "column": fault.column,
                "value": values[fault.column] if fault.column else None,
                "kind": fault.kind,
            }
        )
    return described
