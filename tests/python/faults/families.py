"""Faults that follow from the contract: for each of its checks, a row that breaks it.

Nothing is listed here that a contract file says: a column that is added to it has its faults at
once. References and rules across tables are SQL in the quarantine models, so their faults are
written by hand in the catalogue; a test sees to it that none is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from baseline import ROWS
from fault import Add, Fault, Rejected

STAGING = Path(__file__).resolve().parents[3] / "models/staging"
SOURCES = {
    source: yaml.safe_load((STAGING / source / f"_{source}.yml").read_text("utf-8"))["sources"][0]
    for source in ("marketplace", "open_repair")
}
CONTRACT = {table["name"]: table for source in SOURCES.values() for table in source["tables"]}
KEYS = {table: contract["config"]["meta"]["key"] for table, contract in CONTRACT.items()}

EARLIEST = "2000-01-01"

# What is none of the type, and how the reason names the type.
UNTYPED = {
    "integer": ("1.5", "not a whole number"),
    "boolean": ("yes", "not true or false"),
    "timestamp": ("2024-02-30 00:00:00", "not a time (YYYY-MM-DD HH:MM:SS)"),
    "date": ("30/01/2024", "not a day (YYYY-MM-DD)"),
}

# Another content of the last row, that is not the copy to keep: an earlier one where the table has
# a time beside its key, otherwise one whose text comes later.
OTHER_CONTENT = {
    "products": {"brand": "Other"},
    "product_lists": {"unit_price": "999"},
    "order_lines": {"quantity": "3"},
    "supplier_performance": {"declared_units": "3"},
    "fx_rates": {"eur_rate": "0.99"},
    "open_repairs": {"provider": "Other"},
}


def gate_model(layer: str, table: str) -> str:
    """Name of the base_, quarantine_ or stg_ model of a table."""
    [source] = [name for name, source in SOURCES.items() if CONTRACT[table] in source["tables"]]
    return f"{layer}_{source}__{table}"


def shifted(moment: str, seconds: int) -> str:
    """A time or a day that lies so many seconds later."""
    later = datetime.fromisoformat(moment) + timedelta(seconds=seconds)
    return str(later if " " in moment else later.date())


def breaches(column: dict, last_row: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Cells that break a check of the column, each with the reason that must be given."""
    name, data_type = column["name"], column["data_type"]
    rules = column.get("config", {}).get("meta", {})
    if data_type.startswith("decimal"):
        scale = data_type.split(",")[1].strip(" )")
        yield "1,5", f"not a number with at most {scale} decimals"
    elif data_type in UNTYPED:
        yield UNTYPED[data_type]
    if "accepted_values" in rules:
        yield "nonsense", "not an accepted value"
    if "pattern" in rules:
        yield "?", f"does not look like {rules['pattern']}"
    if "min" in rules:
        yield str(rules["min"] - 1), f"below {rules['min']}"
    if "above" in rules:
        yield str(rules["above"]), f"not above {rules['above']}"
    if "max" in rules:
        yield str(rules["max"] + 1), f"above {rules['max']}"
    if data_type in ("timestamp", "date"):
        yield shifted(f"{EARLIEST} 00:00:00", -1)[: len(last_row[name])], f"before {EARLIEST}"
        if not rules.get("may_be_future"):
            yield "2999-01-01", "in the future"
    if "not_before" in rules:
        other = rules["not_before"]
        yield shifted(last_row[other], -1), f"before {other}"


def of_table(table: str) -> Iterator[Fault]:
    """A fault for every check of the table's own rows, and the copies of a row."""
    key, last_row = KEYS[table], ROWS[table][-1]
    for column in CONTRACT[table]["columns"]:
        name = column["name"]
        found = list(breaches(column, last_row))
        if column.get("config", {}).get("meta", {}).get("required"):
            found.insert(0, ("", f"{'key' if name in key else 'value'} is missing"))
        for cell, reason in found:
            yield Fault(f"{name} = {cell!r}", table, Add({name: cell}), Rejected(name, reason))
    same_key = {name: last_row[name] for name in key}
    event_at = CONTRACT[table]["config"]["meta"].get("event_at")
    other = OTHER_CONTENT.get(table) or {event_at: shifted(last_row[event_at], -86400)}
    columns = ", ".join(key)
    yield Fault("the same row twice", table, Add(same_key), Rejected(columns, "duplicate"))
    yield Fault(
        "two rows of one key",
        table,
        Add(same_key | other),
        Rejected(columns, "conflicting key"),
    )


FAMILIES = [fault for table in CONTRACT for fault in of_table(table)]
