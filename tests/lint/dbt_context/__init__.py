"""What sqlfluff's jinja templater needs to render our models and its dbt builtins do not have.

Those of macros/statistics that answer columns are loaded as they are (.sqlfluff names the files):
few, since sqlfluff reads them anew for each file. Others of macros/statistics and macros/engine
are calls of their own name, and those of macros/raw, which read the contract from dbt's graph, are
short stand-ins: the SQL inside a macro is not what the linter looks at anyway. Names that are
missing here make sqlfluff report an undefined variable.
"""

import re as _re
from pathlib import Path as _Path

_TABLES = {"orders": "ordered_at", "fx_rates": None}


class _Bridge:
    """Any macro of a namespace, rendered as a SQL function of the same name."""

    def __getattr__(self, name):
        return lambda *arguments: f"{name}({', '.join(str(value) for value in arguments)})"


class _Dbt(_Bridge):
    def date_spine(self, *_arguments):
        return "select date_day from spine"


class _Adapter:
    def dispatch(self, name, _package=None):
        return getattr(_Bridge(), name)


class _Exceptions:
    def raise_compiler_error(self, message):
        raise ValueError(message)


adapter = _Adapter()
dbt = _Dbt()
exceptions = _Exceptions()
execute = True
graph = {
    "nodes": {
        "one": {"name": "mart_one", "resource_type": "model", "columns": {"return_rate": {}}}
    },
    "sources": {"one": {"name": "orders", "source_name": "marketplace", "columns": {}}},
}
target = {"name": "duckdb", "type": "duckdb", "schema": "main"}


def env_var(_name, default=""):
    """An environment variable, always at its default."""
    return default


def raw_tables():
    """Two tables of the contract: one with an event time and one without."""
    return list(_TABLES)


def raw_contract(table):
    """The parts of a table's contract that a model may read."""
    return {"key": [f"{table}_id"], "event_at": _TABLES.get(table), "rules": [], "columns": []}


def raw(table):
    """The relation of a raw table."""
    return f"raw_{table}"


def gate(layer, table):
    """A model of the gate."""
    return f"{layer}_marketplace__{table}"


def row_key(key):
    """The key of a row as one text."""
    return f"concat_ws('|', {', '.join(key)})"


def shown_row_key(contract):
    """The key of a rejected row, unless it names a person."""
    return row_key(contract["key"])


def shown_reject_value(_contract):
    """What was rejected, unless it tells of a person."""
    return "reject_value"


def erased_users(users):
    """The body of stg_marketplace__erased_users."""
    return f"select user_id from {users}"


def erased_customers(customers, _erased_users):
    """The body of stg_marketplace__erased_customers."""
    return f"select customer_id from {customers}"


def erased_order_lines(order_lines, _orders, _erased_customers):
    """The body of stg_marketplace__erased_order_lines."""
    return f"select order_line_id from {order_lines}"


def typed_rows(table):
    """The body of a base_ model."""
    return f"select {table}_id from raw_{table}"


def quarantine(table, **_rules):
    """The body of a quarantine_ model."""
    return f"select {table}_id from base_{table}"


def accepted_rows(table):
    """The rows that a stg_ model renames."""
    return f"select * from base_{table}"


def rows_unlike_rate(model, rate_name, *_parts):
    """The rows of a model in which a rate is not that of its parts."""
    return f"select {rate_name} from {model}"


rows_unlike_ratio = rows_unlike_rate


def tomorrow():
    """The day after the build."""
    return "2026-01-02"


def raw_path():
    """Folder of the extracts, none for the demo."""
    return ""


def build_started_at():
    """The start of the build."""
    return "cast('2026-01-01 00:00:00' as timestamp)"


def max_lag_days(source_table):
    """The limit of a table."""
    return f"case {source_table} when 'orders' then 7 end"


def _call(name):
    """A macro that answers a value, rendered as a SQL function of the same name."""

    def render(*arguments, **named):
        values = [str(value) for value in (*arguments, *named.values())]
        over = [value for value in values if value.startswith(("partition by", "order by"))]
        call = f"{name}({', '.join(value for value in values if value not in over)})"
        return f"{call} over ({over[0]})" if over else call

    return render


_macros = _Path(__file__).resolve().parents[3] / "macros"
for _file in [*(_macros / "engine").glob("*.sql"), *(_macros / "statistics").glob("*.sql")]:
    for _name in _re.findall(r"macro (\w+)\(", _file.read_text(encoding="utf-8")):
        globals()[_name] = _call(_name)


def with_value(first, second, *_inside):
    """A value that is given a name; what is done with it is nested deeper than can be parsed."""
    return f"with_value({first}, {second})"


sum_of_series = with_value


def with_values(first, values, _inside):
    """Values that are given names."""
    return f"with_values({first}, {', '.join(values.values())})"
