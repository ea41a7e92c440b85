"""The generator: the same bytes for the same seed, the raw contract, and the planted truth."""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from refurb_warehouse import generate
from refurb_warehouse.errors import RefurbError
from refurb_warehouse.generate import parameters
from refurb_warehouse.generate.dirt import DEMO_DIRT, FAULTS, FEWEST_ROWS
from refurb_warehouse.generate.parameters import Settings
from refurb_warehouse.generate.truth import Truth

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "models/staging/marketplace"
END = "timestamp '2025-12-31 22:59:59'"
MAY_BE_FUTURE = {"valid_from", "valid_to", "promised_at"}
TABLES = {
    table["name"]: table
    for path in sorted(CONTRACT.glob("*.yml"))
    for source in yaml.safe_load(path.read_text(encoding="utf-8")).get("sources", ())
    if source["name"] == "marketplace"
    for table in source["tables"]
}


def run(*arguments: str | Path) -> None:
    """Run the command as the command line would."""
    parser = argparse.ArgumentParser()
    generate.add_arguments(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    parsed.run(parsed)


def open_tables(folder: Path, file_format: str = "parquet") -> duckdb.DuckDBPyConnection:
    """A connection with one view per raw table."""
    connection = duckdb.connect()
    for table in TABLES:
        connection.execute(f"create view {table} as from '{folder}/{table}.{file_format}'")
    return connection


def truth_of(folder: Path) -> dict:
    """The planted truth of a run."""
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def clean_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """5,000 clean order lines, drawn in several chunks."""
    folder = tmp_path_factory.mktemp("clean") / "raw"
    settings = Settings(order_lines=5_000, seed=11, folder=folder, chunk_lines=2_300)
    generate.generate(parameters.complete(settings))
    return folder


@pytest.fixture(scope="module")
def clean(clean_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of the clean run, with lines, their orders and returns joined."""
    connection = open_tables(clean_folder)
    connection.execute(
        "create view lines as select order_lines.*, ordered_at, customer_id, currency_code "
        "from order_lines inner join orders using (order_id)"
    )
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, as `make demo-data` asks for it."""
    folder = tmp_path_factory.mktemp("demo") / "raw"
    run("--order-lines", 4000, "--suppliers", 15, "--months", 18, "--categories", 8, "--seed", 5,
        "--format", "csv", "--demo-dirt", "--out", folder)  # fmt: skip
    return folder


def test_same_seed_same_bytes_and_another_seed_other_bytes(tmp_path: Path) -> None:
    """Two CSV runs of one seed are equal byte by byte, truth included."""
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        run("--order-lines", 1500, "--seed", seed, "--format", "csv", "--out", tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    contents = {
        name: [(tmp_path / name / file).read_bytes() for file in files]
        for name in ("one", "two", "other")
    }
    assert contents["one"] == contents["two"]
    assert all(one != other for one, other in zip(contents["one"], contents["other"], strict=True))


def test_writes_the_contract_and_nothing_else(clean_folder: Path, demo_folder: Path) -> None:
    """All 25 tables are there, with exactly the contract's columns in its order."""
    assert len(TABLES) == 25
    for folder, file_format in ((clean_folder, "parquet"), (demo_folder, "csv")):
        written = {path.name for path in folder.iterdir()}
        assert written == {f"{table}.{file_format}" for table in TABLES} | {"truth.json"}
        connection = open_tables(folder, file_format)
        for name, table in TABLES.items():
            found = [column[0] for column in connection.execute(f"describe {name}").fetchall()]
            assert found == [column["name"] for column in table["columns"]], name


def test_parquet_is_typed_as_the_contract_types_it(clean: duckdb.DuckDBPyConnection) -> None:
    """Parquet brings timestamps, numbers and booleans, not their text."""
    for name, table in TABLES.items():
        types = {row[0]: row[1].lower() for row in clean.execute(f"describe {name}").fetchall()}
        for column in table["columns"]:
            wanted = column["data_type"].split("(")[0]
            assert types[column["name"]].split("(")[0] == wanted, (name, column["name"])


def test_csv_is_as_the_contract_formats_it(demo_folder: Path) -> None:
    """Line feeds, empty for null, true and false, seconds without fractions."""
    lines = (demo_folder / "shipments.csv").read_bytes().split(b"\n")
    assert b"\r" not in lines[1]
    assert lines[-1] == b""
    fields = lines[1].decode().split(",")
    assert fields[2] == ""
    assert fields[9] == "false"
    assert len(fields[6]) == len("YYYY-MM-DD HH:MM:SS")
    assert fields[6][10] == " "


def test_columns_keep_the_rules_of_the_contract(clean: duckdb.DuckDBPyConnection) -> None:
    """Keys, required columns, accepted values, patterns, bounds, order of dates, the future."""
    for name, table in TABLES.items():
        meta = table["config"]["meta"]
        key = ", ".join(meta["key"])
        breaks = [f"(select count(*) - count(distinct ({key})) from {name})"]
        for column in table["columns"]:
            for condition in _broken_rules(column):
                breaks.append(f"(select count(*) from {name} where {condition})")
        for rule in meta.get("rules", []):
            breaks.append(f"(select count(*) from {name} where {rule['breaks_when']})")
        counts = clean.execute(f"select {', '.join(breaks)}").fetchone()
        assert not any(counts), [
            condition for condition, count in zip(breaks, counts, strict=True) if count
        ]


def _broken_rules(column: dict) -> Iterator[str]:
    """SQL conditions that hold on rows that break the column's rules."""
    name, meta = column["name"], column.get("config", {}).get("meta", {})
    if meta.get("required"):
        yield f"{name} is null"
    if "accepted_values" in meta:
        yield f"{name} not in ({', '.join(repr(value) for value in meta['accepted_values'])})"
    if "pattern" in meta:
        yield f"not regexp_full_match({name}, '{meta['pattern']}')"
    if "min" in meta:
        yield f"{name} < {meta['min']}"
    if "max" in meta:
        yield f"{name} > {meta['max']}"
    if "above" in meta:
        yield f"{name} <= {meta['above']}"
    if "not_before" in meta:
        yield f"{name} < {meta['not_before']}"
    if column["data_type"] in ("timestamp", "date") and name not in MAY_BE_FUTURE:
        yield f"{name} > {END}"


REFERENCES = (
    ("product_lists", "product_id", "products"),
    ("product_lists", "supplier_id", "suppliers"),
    ("customers", "user_id", "users"),
    ("orders", "customer_id", "customers"),
    ("order_lines", "order_id", "orders"),
    ("order_lines", "product_list_id", "product_lists"),
    ("payments", "order_id", "orders"),
    ("shipments", "order_line_id", "order_lines"),
    ("shipments", "return_line_id", "return_lines"),
    ("return_lines", "order_line_id", "order_lines"),
    ("defects", "return_line_id", "return_lines"),
    ("repairs", "return_line_id", "return_lines"),
    ("refunds", "order_line_id", "order_lines"),
    ("refunds", "return_line_id", "return_lines"),
    ("notifications", "user_id", "users"),
    ("notifications", "return_line_id", "return_lines"),
    ("ratings", "order_line_id", "order_lines"),
    ("ratings", "customer_id", "customers"),
    ("supplier_ratings", "supplier_id", "suppliers"),
    ("supplier_ratings", "return_line_id", "return_lines"),
    ("product_evaluations", "product_list_id", "product_lists"),
    ("grade_corrections", "evaluation_id", "product_evaluations"),
    ("grade_audits", "evaluation_id", "product_evaluations"),
    ("supplier_performance", "supplier_id", "suppliers"),
    ("page_events", "customer_id", "customers"),
    ("page_events", "product_list_id", "product_lists"),
)


@pytest.mark.parametrize(("table", "column", "referred"), REFERENCES)
def test_references_exist(
    clean: duckdb.DuckDBPyConnection, table: str, column: str, referred: str
) -> None:
    """No orphan in clean data."""
    orphans = clean.execute(
        f"select count(*) from {table} where {column} is not null "
        f"and {column} not in (select {column} from {referred})"
    ).fetchone()
    assert orphans == (0,)


# Rows that break a rule across rows; every query must find none.
CROSS_ROW_RULES = {
    "a returned line has shipped": (
        "from return_lines inner join lines using (order_line_id) "
        "where state not in ('shipped', 'refunded_after_shipping')"
    ),
    "unit_number is one of the line's units": (
        "from return_lines inner join lines using (order_line_id) where unit_number > quantity"
    ),
    "a return follows its order": (
        "from return_lines inner join lines using (order_line_id) where requested_at <= ordered_at"
    ),
    "a return closes after its decision": "from return_lines where closed_at < decided_at",
    "a refusal has a reason and nothing else has one": (
        "from return_lines where (decision = 'refused') <> (refusal_reason is not null)"
    ),
    "a pending return is not decided": (
        "from return_lines where (decision = 'pending') <> (decided_at is null)"
    ),
    "a unit comes back again only after it was back": (
        "from return_lines as again inner join return_lines as before "
        "on again.order_line_id = before.order_line_id and again.unit_number = before.unit_number "
        "and again.return_line_id > before.return_line_id "
        "where again.requested_at <= before.closed_at or before.closed_at is null"
    ),
    "no repair of a refused return": (
        "from repairs inner join return_lines using (return_line_id) where decision = 'refused'"
    ),
    "a repair follows the request": (
        "from repairs inner join return_lines using (return_line_id) "
        "where sent_to_service_at < requested_at"
    ),
    "a repaired unit is back after the repair": (
        "from repairs where returned_to_customer_at < finished_at "
        "or (returned_to_customer_at is null) <> (outcome is null)"
    ),
    "a diagnosis follows the request": (
        "from defects inner join return_lines using (return_line_id) "
        "where diagnosed_at < requested_at"
    ),
    "no fault found is not confirmed": (
        "from defects where is_confirmed = (defect_type = 'no_fault_found') "
        "or is_confirmed = (attribution = 'none')"
    ),
    "refunds stay within the line's amount": (
        "from (select order_line_id, sum(amount) as amount from refunds group by all) as refunded "
        "inner join lines using (order_line_id) where amount > unit_price * quantity"
    ),
    "a refund follows its order, in its currency": (
        "from refunds inner join lines using (order_line_id) "
        "where refunded_at < ordered_at or refunds.currency_code <> lines.currency_code"
    ),
    "a rating follows its order, from its customer": (
        "from ratings inner join lines using (order_line_id) "
        "where rated_at < ordered_at or ratings.customer_id <> lines.customer_id"
    ),
    "an outbound parcel follows the order of a shipped line": (
        "from shipments inner join lines using (order_line_id) where leg = 'outbound' "
        "and (shipped_at < ordered_at or state not in ('shipped', 'refunded_after_shipping'))"
    ),
    "a shipped line has a parcel": (
        "from lines where state in ('shipped', 'refunded_after_shipping') and order_line_id not in "
        "(select order_line_id from shipments where leg = 'outbound')"
    ),
    "a lost parcel never arrives": "from shipments where is_lost and delivered_at is not null",
    "a message has a subject, and follows it": (
        "from messages left join return_lines as r on messages.subject_type = 'return_line' "
        "and messages.subject_id = r.return_line_id left join claims as c "
        "on messages.subject_type = 'claim' and messages.subject_id = c.claim_id "
        "where coalesce(sent_at < coalesce(requested_at, opened_at), true)"
    ),
    "a claim has a subject, and follows it": (
        "from claims left join lines on subject_type = 'order_line' and subject_id = order_line_id "
        "left join product_evaluations on subject_type = 'evaluation' "
        "and subject_id = evaluation_id "
        "where coalesce(opened_at < coalesce(ordered_at, evaluated_at), true)"
    ),
    "a payment follows its order": (
        "from payments inner join orders using (order_id) where paid_at < ordered_at"
    ),
    "payments add up to the order": (
        "from (select order_id, sum(amount) as amount from payments group by all) as paid "
        "inner join (select order_id, sum(unit_price * quantity) as total from lines group by all) "
        "as due using (order_id) where amount <> total"
    ),
    "every order and evaluation has one version of its offer": (
        "from (select product_list_id, ordered_at as moment from lines union all "
        "select product_list_id, evaluated_at from product_evaluations) as happened "
        "where 1 <> (select count(*) from product_lists as offer "
        "where offer.product_list_id = happened.product_list_id and moment >= valid_from "
        "and (valid_to is null or moment < valid_to))"
    ),
    "versions follow each other without gap or overlap": (
        "from (select valid_to, lead(valid_from) over (partition by product_list_id "
        "order by valid_from) as following from product_lists) as versions "
        "where valid_to is distinct from following"
    ),
    "corrections, audits and justifications follow the evaluation": (
        "from product_evaluations left join grade_corrections using (evaluation_id) "
        "left join grade_audits using (evaluation_id) where corrected_at < evaluated_at "
        "or audited_at < evaluated_at or justification_submitted_at < evaluated_at"
    ),
    "an account is older than its orders": (
        "from orders inner join customers using (customer_id) where created_at > ordered_at"
    ),
    "personal data is plainly invented": (
        "from users where email not like '%@example.org' or phone not like '+3363998%'"
    ),
    "exchange rates miss week-end days only": (
        "from (select currency_code, unnest(generate_series(date '2023-01-01', "
        "date '2025-12-31', interval 1 day)) as day from fx_rates group by currency_code) as days "
        "where isodow(day) < 6 and (currency_code, cast(day as date)) not in "
        "(select (currency_code, rate_date) from fx_rates)"
    ),
}


@pytest.mark.parametrize("rule", CROSS_ROW_RULES)
def test_rows_agree_with_each_other(clean: duckdb.DuckDBPyConnection, rule: str) -> None:
    """No row of clean data breaks a rule across tables."""
    assert clean.execute(f"select count(*) {CROSS_ROW_RULES[rule]}").fetchone() == (0,)


def test_clean_data_has_the_variety_that_kpis_need(clean: duckdb.DuckDBPyConnection) -> None:
    """Every state, reason and outcome occurs; units come back twice; offers change hands."""
    assert clean.execute("select count(*) from order_lines").fetchone() == (5_000,)
    for column, table, least in (
        ("state", "order_lines", 8),
        ("reason_code", "return_lines", 9),
        ("outcome", "return_lines", 7),
        ("attribution", "defects", 5),
        ("transport_mode", "shipments", 4),
        ("announced_grade", "product_lists", 4),
        ("currency_code", "orders", 4),
        ("score", "ratings", 5),
    ):
        found = clean.execute(f"select count(distinct {column}) from {table}").fetchone()[0]
        assert found >= least, (table, column)
    several = (
        "select count(*) from (select product_list_id from product_lists "
        "group by product_list_id having count(distinct supplier_id) > 1)"
    )
    assert clean.execute(several).fetchone()[0] > 0
    twice = (
        "select count(*) from (select order_line_id, unit_number from return_lines "
        "group by all having count(*) > 1)"
    )
    assert clean.execute(twice).fetchone()[0] > 0


# Units, and returned units of each kind, by supplier and order month in Europe/Paris.
MEASURED = """
with sold as (
    select lines.order_line_id, quantity, supplier_id, cast(date_trunc('month', timezone(
        'Europe/Paris', timezone('UTC', ordered_at))) as date) as order_month
    from (select * from order_lines inner join orders using (order_id)) as lines
    inner join product_lists on lines.product_list_id = product_lists.product_list_id
        and ordered_at >= valid_from and (valid_to is null or ordered_at < valid_to)
    where state in ('shipped', 'refunded_after_shipping')
),
units as (
    select order_line_id, unit_number, bool_or(reason_code in (21, 22, 23)) as is_defect,
        bool_or(coalesce(is_confirmed and attribution in ('supplier', 'unknown'), false)) as is_sure
    from return_lines left join defects using (return_line_id) group by all
),
returned as (
    select order_line_id, count(*) as returned_by_end,
        count(*) filter (where is_defect) as defect_by_end,
        count(*) filter (where is_sure) as confirmed_by_end
    from units group by all
)
select supplier_id, cast(order_month as varchar), cast(sum(quantity) as integer) as units,
    coalesce(sum(returned_by_end), 0), coalesce(sum(defect_by_end), 0),
    coalesce(sum(confirmed_by_end), 0)
from sold left join returned using (order_line_id) group by all
"""


def test_measured_rates_agree_with_the_truth(tmp_path: Path) -> None:
    """On cohorts of 400 days and more, suppliers of 500 units lie within Wilson's 99 % bounds."""
    run("--order-lines", 80_000, "--suppliers", 40, "--seed", 2, "--out", tmp_path / "raw")
    cohorts = truth_of(tmp_path / "raw")["cohorts"]
    planted = {
        (row["supplier_id"], row["order_month"]): row
        for row in (dict(zip(cohorts["columns"], row, strict=True)) for row in cohorts["rows"])
    }
    measured = open_tables(tmp_path / "raw").execute(MEASURED).fetchall()
    assert {row[:2]: row[2] for row in measured} == {
        key: row["ordered_units"] for key, row in planted.items()
    }
    kinds = ("returned_by_end", "defect_by_end", "confirmed_by_end")
    for at, kind in enumerate(kinds):
        suppliers: dict[str, list[float]] = {}
        for supplier, month, units, *counts in measured:
            if month <= "2024-10-01":
                sums = suppliers.setdefault(supplier, [0.0, 0.0, 0.0])
                sums[0] += units
                sums[1] += counts[at]
                sums[2] += planted[supplier, month][f"expected_{kind}"]
        large = [sums for sums in suppliers.values() if sums[0] >= 500]
        outside = [
            each for each in large if not _is_inside_wilson(each[1], each[0], each[2] / each[0])
        ]
        assert len(large) >= 25
        # One in a hundred is outside by chance.
        assert len(outside) <= max(1, 0.02 * len(large)), kind
        total_returned, total_expected = (sum(each[at] for each in large) for at in (1, 2))
        assert abs(total_returned - total_expected) < 4 * math.sqrt(total_expected), kind


def _is_inside_wilson(successes: float, trials: float, rate: float, z: float = 2.5758) -> bool:
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    spread = z * math.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    return abs(rate - centre) <= spread / (1 + z * z / trials)


def test_dirt_is_added_and_leaves_the_clean_rows_alone(tmp_path: Path) -> None:
    """A dirty file is the clean file and some rows more, as many as truth.json says."""
    dirty, plain = tmp_path / "dirty", tmp_path / "plain"
    run("--order-lines", 6_000, "--format", "csv", "--dirty", 0.005, "--out", dirty)
    run("--order-lines", 6_000, "--format", "csv", "--out", plain)
    planted = truth_of(dirty)["dirty_rows"]
    assert truth_of(plain)["dirty_rows"] == {}
    for table in TABLES:
        before = (plain / f"{table}.csv").read_bytes()
        after = (dirty / f"{table}.csv").read_bytes()
        assert after.startswith(before), table
        clean_rows, dirty_rows = before.count(b"\n") - 1, after[len(before) :].count(b"\n")
        assert dirty_rows == sum(planted.get(table, {}).values()), table
        if clean_rows < FEWEST_ROWS:
            assert dirty_rows == 0, table
        else:
            assert 0 < dirty_rows / clean_rows < 0.0075, table
            allowed = {fault.kind for fault in FAULTS.get(table, ())} | {"exact duplicate"}
            assert set(planted[table]) <= allowed
    assert {"exact duplicate"} == set(planted["orders"]) == set(planted["users"])


def test_dirty_parquet_is_text_only_where_it_must_be(tmp_path: Path) -> None:
    """Columns that hold broken text are text; the others keep their type."""
    run("--order-lines", 3_000, "--dirty", 0.01, "--out", tmp_path / "raw")
    connection = open_tables(tmp_path / "raw")
    types = {row[0]: row[1] for row in connection.execute("describe payments").fetchall()}
    assert types["amount"] == types["paid_at"] == "VARCHAR"
    types = {row[0]: row[1] for row in connection.execute("describe orders").fetchall()}
    assert types["ordered_at"] == "TIMESTAMP"


def test_demo_has_its_size_and_its_documented_dirt(demo_folder: Path) -> None:
    """Under 3 MB, and the twelve dirty rows are where truth.json says."""
    truth = truth_of(demo_folder)
    sizes = [path.stat().st_size for path in demo_folder.glob("*.csv")]
    assert sum(sizes) < 3_000_000
    assert len(truth["suppliers"]) == 15
    planted = [(row["table"], row["kind"]) for row in truth["demo_dirt"]]
    assert sorted(planted) == sorted(DEMO_DIRT)
    assert len(planted) == 12
    rows_lost = {table: planted_in.values() for table, planted_in in truth["dirty_rows"].items()}
    for table, counts in rows_lost.items():
        assert truth["rows"][table] > FEWEST_ROWS
        assert sum(counts) < 0.01 * truth["rows"][table]
    for row in truth["demo_dirt"]:
        key = TABLES[row["table"]]["config"]["meta"]["key"][0]
        path = demo_folder / f"{row['table']}.csv"
        found = duckdb.execute(
            f"select count(*) from read_csv('{path}', all_varchar = true) "
            f"where {key} is not distinct from $key",
            {"key": row["row_key"]},
        ).fetchone()[0]
        assert found == (2 if row["kind"] in ("exact duplicate", "conflicting key") else 1), row


def test_demo_suppliers_differ(demo_folder: Path) -> None:
    """Good, bad, tiny, and bad only for its categories: a reader sees them all."""
    suppliers = truth_of(demo_folder)["suppliers"]
    units = sum(each["ordered_units"] for each in suppliers)
    returned = sum(each["returned_by_end"] * each["ordered_units"] for each in suppliers)
    assert 0.08 < returned / units < 0.12
    assert sum(3 <= each["ordered_units"] <= 12 for each in suppliers) == 2
    large = [each for each in suppliers if not each["is_tiny"]]
    rates = sorted(each["returned_by_end"] for each in large)
    assert rates[-2] > 1.3 * returned / units
    assert rates[0] < 0.9 * returned / units
    fragile = next(each for each in large if each["is_fragile_specialist"])
    assert fragile["defect_factor"] == 1.0
    assert fragile["returned_by_end"] > 1.2 * returned / units


def test_memory_does_not_grow_with_the_order_lines(tmp_path: Path) -> None:
    """Four times the lines take about the same memory."""
    small, large = (_peak_megabytes(tmp_path / str(lines), lines) for lines in (50_000, 200_000))
    assert large < 700
    assert large - small < 250


def _peak_megabytes(folder: Path, order_lines: int) -> float:
    """Peak resident memory of a run of its own.

    Not ru_maxrss: that begins with what the process held from which the run was started.
    """
    code = (
        "import sys; from pathlib import Path; "
        "from refurb_warehouse.generate import generate; "
        "from refurb_warehouse.generate.parameters import Settings, complete; "
        "generate(complete(Settings(int(sys.argv[1]), 1, Path(sys.argv[2]), "
        "chunk_lines=25_000))); "
        "status = Path('/proc/self/status').read_text(); "
        "print(status.split('VmHWM:')[1].split()[0])"
    )
    command = [sys.executable, "-c", code, str(order_lines), str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stderr.count("\n") == 1, "only a final line when stderr is no terminal"
    return int(done.stdout) / 1024


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--order-lines", 0), "--order-lines is 0"),
        (("--order-lines", 10, "--dirty", 0.2), "--dirty is 0.2"),
        (("--order-lines", 10, "--dirty", -0.1), "--dirty is -0.1"),
        (("--order-lines", 10, "--seed", -1), "--seed is -1"),
        (("--order-lines", 10, "--suppliers", 2), "--suppliers is 2"),
        (("--order-lines", 10, "--products", 3), "--products is 3"),
        (("--order-lines", 10, "--offers", -4), "--offers is -4"),
        (("--order-lines", 10, "--categories", 99), "--categories is 99"),
        (("--order-lines", 10, "--months", 0), "--months is 0"),
        (("--order-lines", 10, "--end", "2999-01-01"), "--end is 2999-01-01"),
        (("--order-lines", 10, "--end", "01/02/2025"), "--end is 01/02/2025"),
        (("--order-lines", 10, "--demo-dirt"), "--demo-dirt"),
        (("--order-lines", 5000, "--demo-dirt", "--dirty", 0.01), "exclude each other"),
    ],
)
def test_senseless_arguments_are_refused(
    tmp_path: Path, arguments: tuple[str | float, ...], message: str
) -> None:
    """The message names the argument; nothing is written."""
    with pytest.raises(RefurbError, match=message):
        run(*arguments, "--out", tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize("order_lines", [1, 2, 7])
def test_the_smallest_runs_work(tmp_path: Path, order_lines: int) -> None:
    """Even one line gives all tables."""
    run("--order-lines", order_lines, "--format", "csv", "--out", tmp_path / "raw")
    assert (tmp_path / "raw/order_lines.csv").read_bytes().count(b"\n") == order_lines + 1


def test_foreign_files_are_refused_and_notes_are_kept(tmp_path: Path) -> None:
    """Nothing that the command did not write is ever removed."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "_raw__seeds.yml").write_text("version: 2\n")
    run("--order-lines", 5, "--out", folder)
    assert (folder / "_raw__seeds.yml").read_text() == "version: 2\n"
    (folder / "thesis.docx").write_text("important")
    with pytest.raises(RefurbError, match=r"thesis\.docx"):
        run("--order-lines", 5, "--out", folder)
    assert (folder / "thesis.docx").read_text() == "important"


def test_another_format_leaves_no_old_file_behind(tmp_path: Path) -> None:
    """A folder holds one format, or a reader would mix two runs."""
    folder = tmp_path / "raw"
    run("--order-lines", 5, "--format", "csv", "--out", folder)
    run("--order-lines", 5, "--format", "parquet", "--out", folder)
    assert not list(folder.glob("*.csv"))


def test_a_failure_leaves_the_last_good_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder changes only when everything is written."""
    folder = tmp_path / "raw"
    run("--order-lines", 50, "--format", "csv", "--out", folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Truth, "write", fail)
    with pytest.raises(OSError, match="disk full"):
        run("--order-lines", 60, "--format", "csv", "--out", folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]
