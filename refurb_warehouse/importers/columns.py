"""Which type the raw contract gives to a column of that name; every other column is text.

The contract itself is models/staging/marketplace/_marketplace.yml, and for open_repairs
models/staging/open_repair/_open_repair.yml: a test compares.
"""

from __future__ import annotations

WHOLE_NUMBERS = {
    "quantity",
    "unit_number",
    "reason_code",
    "score",
    "storage_gb",
    "warranty_months",
    "year_of_manufacture",
}
DECIMALS = {"unit_price", "amount", "cost", "product_age_years"}


def contract_type(column: str) -> str:
    """The DuckDB type that the raw contract gives to a column."""
    if column.endswith("_at") or column in ("valid_from", "valid_to"):
        return "timestamp"
    if column.endswith("_date"):
        return "date"
    if column.startswith(("is_", "has_")):
        return "boolean"
    if column in WHOLE_NUMBERS:
        return "integer"
    if column in DECIMALS:
        return "decimal(14, 4)"
    return "varchar"


def loses_nothing(column: str) -> str:
    """SQL: true when a text value of the column fits its type without being rounded.

    A plain cast turns 1.5 into 2 and drops decimals beyond the scale without a word.
    """
    data_type = contract_type(column)
    name = quoted(column)
    exact = {
        "integer": f"try_cast({name} as double) = try_cast({name} as integer)",
        "decimal(14, 4)": (
            f"try_cast({name} as decimal(30, 12)) = try_cast({name} as decimal(14, 4))"
        ),
    }
    fits = exact.get(data_type, f"try_cast({name} as {data_type}) is not null")
    return f"({name} is null or coalesce({fits}, false))"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
