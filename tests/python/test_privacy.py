"""Personal data ends in staging, identifiers leave it as keyed hashes, erased people are gone."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from conftest import ARTIFACTS, PROJECT, DbtRun, run_dbt
from dbt_common.exceptions import DbtRuntimeError
from raw_folders import GOLDEN, to_typed_parquet, write_csv

from refurb_warehouse.build import Plan, selection
from refurb_warehouse.salt import DEFAULT_SALT, Plugin

SALT = "a-salt-of-the-tests-7d41c09e"
WARNING = "REFURB_SALT is not set"
PERSONAL, IDENTIFIER = "is_personal_data", "is_person_identifier"

# ------------------------------------------------------------------- what the contract tags


@dataclass(frozen=True)
class Tagged:
    """A column of the raw contract with its tag."""

    table: str
    column: str
    tag: str


def tagged_columns(build: DbtRun) -> list[Tagged]:
    """Every tagged column of the contract, from the manifest."""
    return [
        Tagged(source["name"], name, tag)
        for source in build.artifact("manifest.json")["sources"].values()
        if source["source_name"] == "marketplace"
        for name, column in source["columns"].items()
        for tag in (PERSONAL, IDENTIFIER)
        if column["config"]["meta"].get(tag)
    ]


def open_schemas(build: DbtRun) -> list[str]:
    """Schemas of core, marts and health: what readers may see."""
    return sorted(
        {
            node["schema"]
            for node in build.artifact("manifest.json")["nodes"].values()
            if node["resource_type"] == "model"
            and node["original_file_path"].startswith(("models/marts/", "models/health/"))
        }
    )


def keyed_hash(salt: str, kind: str, identifier: str) -> str:
    """The hash as documented, computed without the warehouse."""
    return hashlib.sha256(f"{salt}|{kind}|{identifier}".encode()).hexdigest()[:32]


def test_the_tags_are_those_of_the_policy(demo_build: DbtRun, project: Path) -> None:
    """A column that is tagged or no longer so is said in docs/data-policy.md."""
    tagged = tagged_columns(demo_build)
    policy = (project / "docs" / "data-policy.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)\.(\w+)` \| (personal|identifier) \|", policy, re.MULTILINE)
    tags = {"personal": PERSONAL, "identifier": IDENTIFIER}
    assert sorted((table, column, tags[tag]) for table, column, tag in named) == sorted(
        (each.table, each.column, each.tag) for each in tagged
    )


def test_every_tagged_table_knows_whose_its_rows_are(demo_build: DbtRun, project: Path) -> None:
    """Of external reviews nobody is known; all others are masked for erased people."""
    tables = {each.table for each in tagged_columns(demo_build) if each.tag == PERSONAL}
    macro = (project / "macros" / "privacy" / "erasure.sql").read_text(encoding="utf-8")
    assert {table for table in tables if f"'{table}': [" not in macro} == {"external_reviews"}


# --------------------------------------------------- nothing of it in core, marts and health

# A title of a demo review can be a word that says nothing of anybody: a grade, and a part of the
# name of the table grade_corrections.
COMMON_WORDS = {"perfect", "correct"}
SHORTEST_SEARCHED_INSIDE = 5


@pytest.fixture(scope="module")
def search(demo_build: DbtRun, project: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Tables `tagged` (values of the demo extracts) and `shown` (text that readers see)."""
    with duckdb.connect() as connection:
        connection.execute("create table tagged (tag text, raw_table text, name text, value text)")
        for each in tagged_columns(demo_build):
            file = project / "seeds" / "raw" / f"{each.table}.csv"
            connection.execute(
                f"insert into tagged select distinct ?, ?, ?, lower(trim({each.column})) "
                f"from read_csv(?, all_varchar = true) where {each.column} is not null",
                [each.tag, each.table, each.column, str(file)],
            )
        connection.execute("create table shown (place text, value text)")
        connection.execute(f"attach '{demo_build.database}' as built (read_only)")
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where database_name = 'built' and schema_name in (select unnest(?)) "
            "and data_type = 'VARCHAR'",
            [open_schemas(demo_build)],
        ).fetchall()
        for schema, table, column in columns:
            connection.execute(
                f"insert into shown select distinct ?, lower({column}) "
                f"from built.{schema}.{table} where {column} is not null",
                [f"{schema}.{table}.{column}"],
            )
        yield connection


def found(search: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Tagged values inside what is shown: whole texts, and parts of them from five letters on."""
    return search.execute(
        """
        with lengths as (
            select distinct length(value) as n from tagged where length(value) >= ?
        ),
        parts as (
            select place, substr(value, i, n) as part
            from shown cross join lengths, unnest(range(1, length(value) - n + 2)) as starts(i)
            where n <= length(value) and not regexp_full_match(value, '[0-9a-f]{32}')
            union all
            select place, value from shown
        )
        select distinct tag, raw_table, name, place, value
        from parts inner join tagged on parts.part = tagged.value
        where value not in (select unnest(?))
        order by all limit 20
        """,
        [SHORTEST_SEARCHED_INSIDE, list(COMMON_WORDS)],
    ).fetchall()


def test_no_tagged_value_is_shown(search: duckdb.DuckDBPyConnection) -> None:
    """Neither personal data nor a raw identifier of a person."""
    [(values, columns)] = search.execute(
        "select count(*), count(distinct (raw_table, name)) from tagged"
    ).fetchall()
    assert values > 10_000
    assert columns == 17
    assert found(search) == []


def test_the_search_finds_what_is_there(search: duckdb.DuckDBPyConnection) -> None:
    """A city in a sentence, a whole short identifier: else the test above proves nothing."""
    search.execute("begin")
    search.execute(
        "insert into shown select 'planted', 'lives in ' || min(value) || ' now' from tagged "
        "where name = 'city' union all "
        "select 'planted', min(value) from tagged where name = 'agent_id'"
    )
    names = [(name, place) for _tag, _table, name, place, _value in found(search)]
    search.execute("rollback")
    assert names == [("agent_id", "planted"), ("city", "planted")] or names == [
        ("city", "planted"),
        ("agent_id", "planted"),
    ]


def test_no_column_is_called_like_a_tagged_one(demo_build: DbtRun) -> None:
    """Identifiers keep their name in core, where they are hashes; elsewhere they are not."""
    tagged = tagged_columns(demo_build)
    personal = {each.column for each in tagged if each.tag == PERSONAL}
    identifiers = {each.column for each in tagged if each.tag == IDENTIFIER}
    columns = demo_build.query(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_schema in (select unnest(?))",
        [open_schemas(demo_build)],
    )
    assert not [row for row in columns if row[2] in personal]
    assert {schema for schema, _table, name in columns if name in identifiers} == {"core"}


# -------------------------------------------------------------------------- keyed hashes


def test_core_has_the_documented_hashes_and_they_join(demo_build: DbtRun) -> None:
    """The same account has the same hash in every fact, of the default salt in the demo."""
    raw = demo_build.query(
        "select customer_id, user_id from staging.stg_marketplace__customers "
        "anti join staging.stg_marketplace__erased_customers using (customer_id)"
    )
    assert len(raw) > 2000
    expected = {
        (keyed_hash(DEFAULT_SALT, "customer", customer), keyed_hash(DEFAULT_SALT, "user", user))
        if user
        else (keyed_hash(DEFAULT_SALT, "customer", customer),) * 2
        for customer, user in raw
    }
    assert len({customer for customer, person in expected if customer == person}) > 0
    assert expected == set(
        demo_build.query("select customer_id, person_id from core.dim_customers")
    )
    devices = demo_build.query(
        "select serial_number, device_id from core.fct_evaluations "
        "inner join staging.stg_marketplace__product_evaluations as evaluations "
        "using (evaluation_id)"
    )
    assert len({device for serial, device in devices if serial is None}) > 0
    assert all(
        device == keyed_hash(DEFAULT_SALT, "device", serial) for serial, device in devices if serial
    )
    for fact in ("fct_order_lines", "fct_returns", "fct_ratings", "fct_support_cases"):
        assert demo_build.query(
            f"select count(*) from core.{fact} anti join core.dim_customers using (customer_id) "
            "where customer_id is not null"
        ) == [(0,)], fact
    [(joined,)] = demo_build.query(
        "select count(*) from core.fct_order_lines inner join core.dim_customers "
        "using (customer_id)"
    )
    assert joined > 3900


def compiled_customers(build: DbtRun) -> str:
    """SQL of dim_customers as dbt compiled it."""
    file = build.target / "compiled/refurb/models/marts/core/dim_customers.sql"
    return file.read_text(encoding="utf-8")


def test_the_salt_decides_the_hash(demo_build: DbtRun) -> None:
    """Two salts give two sets of hashes without a common one, one salt the same again."""
    with duckdb.connect(str(demo_build.database), read_only=True) as connection:

        def hashes(salt: str) -> set[str]:
            connection.execute("set variable refurb_salt = ?", [salt])
            rows = connection.execute(compiled_customers(demo_build)).fetchall()
            return {value for row in rows for value in row[:2]}

        assert hashes("one salt") == hashes("one salt")
        assert not hashes("one salt") & hashes("another salt")


def test_without_a_salt_nothing_is_hashed(demo_build: DbtRun) -> None:
    """A session that the plugin did not prepare is refused, not given unsalted hashes."""
    refusal = pytest.raises(duckdb.Error, match=r"must list the plugin refurb_warehouse\.salt")
    with duckdb.connect(str(demo_build.database), read_only=True) as connection, refusal:
        connection.execute(compiled_customers(demo_build)).fetchall()


@pytest.mark.parametrize("salt", ["short", "fifteen letters"])
def test_a_salt_that_can_be_guessed_is_refused(salt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFURB_SALT", salt)
    with duckdb.connect() as connection, pytest.raises(DbtRuntimeError, match="openssl") as error:
        Plugin("salt", {}).configure_cursor(connection)
    assert salt not in str(error.value)


def test_an_empty_salt_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFURB_SALT", "")
    with duckdb.connect() as connection:
        Plugin("salt", {}).configure_cursor(connection)
        assert connection.execute(
            "select getvariable('refurb_salt'), getvariable('refurb_salt_is_default')"
        ).fetchone() == (DEFAULT_SALT, True)


def test_the_default_salt_is_warned_about_once(demo_build: DbtRun, plain: DbtRun) -> None:
    """The warning says how to mend it, and is gone with a salt."""
    [line] = [line for line in demo_build.output.splitlines() if WARNING in line]
    assert "openssl rand -hex 32" in line
    assert WARNING not in plain.output


# -------------------------------------------------------------------------------- erasure

USERS = (
    "user_id,email,full_name,phone,country_code,city,created_at,has_marketing_consent,erased_at\n"
)
JEANNE = "jeanne.effacee@example.org,Jeanne Effacee,+33600000001"
TEXTS_OF_THE_ERASED = [
    *("jeanne.effacee@example.org", "Jeanne Effacee", "+33600000001", "Villeperdue", "Novigone"),
    *("odile.refusee@example.org", "Odile Refusee", "+33600000003", "Horsliste"),
    *("first word of Jeanne", "last word of Jeanne", "rejected word of Jeanne"),
    *("Jeanne on the line of Paul", "somebody on the line of Jeanne"),
]
TEXTS_OF_OTHERS = ["paul.present@example.org", "Paul Present", "Villegardee", "word of Paul"]
# Jeanne has two accounts, and an export that overlaps has her twice, in two cities; the row of
# Odile is rejected for its country. In the second extract both have asked to be erased.
WITH_PEOPLE = GOLDEN | {
    "users": (
        f"{USERS}U1,{JEANNE},FR,Villeperdue,2023-01-01 00:00:00,true,\n"
        f"U1,{JEANNE},FR,Novigone,2023-01-02 00:00:00,true,\n"
        "U2,paul.present@example.org,Paul Present,+33600000002,FR,Villegardee,"
        "2023-01-01 00:00:00,true,\n"
        "U3,odile.refusee@example.org,Odile Refusee,+33600000003,France,Horsliste,"
        "2023-01-01 00:00:00,true,\n"
    ),
    "customers": (
        "customer_id,user_id,created_at\n"
        "C1,U1,2023-01-01 00:00:00\nC1B,U1,2023-01-01 00:00:00\n"
        "C2,U2,2023-01-01 00:00:00\nC3,U3,2023-01-01 00:00:00\nGUEST,,2023-01-01 00:00:00\n"
    ),
    "orders": GOLDEN["orders"]
    .replace("\n1,,", "\n1,C1,")
    .replace("\n2,,", "\n2,C1B,")
    .replace("\n3,,", "\n3,C2,")
    .replace("\n4,,", "\n4,GUEST,"),
    "ratings": (
        "rating_id,order_line_id,customer_id,score,perceived_grade,comment,rated_at\n"
        "T1,L1,C1,5,perfect,first word of Jeanne,2024-01-10 00:00:00\n"
        "T2,L1,C1,2,fair,last word of Jeanne,2024-01-11 00:00:00\n"
        "T3,L1,C1,9,fair,rejected word of Jeanne,2024-01-11 00:00:00\n"
        "T4,L3,C1,3,fair,Jeanne on the line of Paul,2024-03-01 00:00:00\n"
        "T5,L2,,4,fair,somebody on the line of Jeanne,2024-03-01 00:00:00\n"
        "T6,L3,C2,4,fair,word of Paul,2024-03-01 00:00:00\n"
    ),
}
# The older copy of Jeanne's row says it, the later one, which is kept, does not.
ERASED = WITH_PEOPLE | {
    "users": WITH_PEOPLE["users"]
    .replace("Villeperdue,2023-01-01 00:00:00,true,\n", "Villeperdue,2023-01-01 00:00:00,true,"
             "2024-06-01 00:00:00\n")
    .replace("Horsliste,2023-01-01 00:00:00,true,\n", "Horsliste,2023-01-01 00:00:00,true,"
             "2024-06-01 00:00:00\n")
}  # fmt: skip
# In a handful of rows any rejected one is a large share.
SMALL = {"max_rejected_share": 0.9}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where both extracts are built, one after the other into one database."""
    return tmp_path_factory.mktemp("erasure")


def built(folder: Path, raw: Path, *options: str) -> DbtRun:
    """A build with the salt of the tests."""
    build = run_dbt(
        *("build", *options),
        folder=folder,
        env=ARTIFACTS | {"REFURB_RAW": str(raw), "REFURB_SALT": SALT},
        variables=SMALL,
    )
    assert build.returncode == 0, build.output[-6000:]
    return build


@pytest.fixture(scope="module")
def plain(folder: Path) -> DbtRun:
    """The warehouse before anybody asked; its database is set aside for comparison."""
    build = built(
        folder,
        write_csv(folder / "raw", WITH_PEOPLE),
        *("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
    )
    kept = folder / "plain.duckdb"
    shutil.copy(build.database, kept)
    return DbtRun(build.returncode, build.output, kept, build.target)


@pytest.fixture(scope="module")
def erased(folder: Path, plain: DbtRun) -> DbtRun:
    """What `make build` makes next of the same database, from an extract that says who asked."""
    assert plain.returncode == 0
    increment = selection(PROJECT, Plan(("users.csv",)))
    return built(folder, write_csv(folder / "raw", ERASED), *increment)


def relations(build: DbtRun) -> list[tuple[str, str]]:
    """Every table and view of the database."""
    return build.query("select table_schema, table_name from information_schema.tables")


def texts_in(build: DbtRun, texts: list[str]) -> set[tuple[str, str]]:
    """Relations, raw excepted, that hold one of the texts, with the text."""
    hits = set()
    with duckdb.connect(str(build.database), read_only=True) as connection:
        for schema, table in relations(build):
            rows = connection.execute(f'select t::text from "{schema}"."{table}" as t').fetchall()
            everything = "\n".join(row for (row,) in rows)
            hits |= {(f"{schema}.{table}", text) for text in texts if text in everything}
    return hits


def test_erased_people_are_nowhere_after_the_next_build(plain: DbtRun, erased: DbtRun) -> None:
    """Not in landing, staging, quarantine or any later layer; others are still in staging."""
    before = texts_in(plain, TEXTS_OF_THE_ERASED)
    assert {text for _relation, text in before} == set(TEXTS_OF_THE_ERASED)
    assert {relation.split(".")[0] for relation, _text in before} == {"landing", "staging"}
    assert "staging.quarantine_marketplace__users" in {relation for relation, _text in before}
    assert texts_in(erased, TEXTS_OF_THE_ERASED) == set()
    assert {text for _relation, text in texts_in(erased, TEXTS_OF_OTHERS)} == set(TEXTS_OF_OTHERS)


def test_erased_people_have_no_key_in_core(plain: DbtRun, erased: DbtRun) -> None:
    """Their facts have no customer, and no account of theirs is left."""
    one, other, paul, guest = (
        keyed_hash(SALT, "customer", customer) for customer in ("C1", "C1B", "C2", "GUEST")
    )
    customers = "select customer_id from core.dim_customers order by customer_id"
    assert plain.query(customers) == sorted([(one,), (other,), (paul,), (guest,)])
    assert erased.query(customers) == sorted([(paul,), (guest,)])
    lines = (
        "select order_line_id, customer_id from core.fct_order_lines "
        "where order_line_id < 'L5' order by order_line_id"
    )
    assert plain.query(lines) == [("L1", one), ("L2", other), ("L3", paul), ("L4", guest)]
    assert erased.query(lines) == [("L1", None), ("L2", None), ("L3", paul), ("L4", guest)]
    ratings = "select rating_id, customer_id from core.fct_ratings order by rating_id"
    assert plain.query(ratings) == [
        ("T1", one), ("T2", one), ("T4", one), ("T5", None), ("T6", paul)
    ]  # fmt: skip
    assert erased.query(ratings) == [
        ("T1", None), ("T2", None), ("T4", None), ("T5", None), ("T6", paul)
    ]  # fmt: skip
    gone = [one, other, *(keyed_hash(SALT, "user", user) for user in ("U1", "U3"))]
    assert texts_in(plain, gone[:3])
    assert texts_in(erased, gone) == set()


def test_every_figure_stays(plain: DbtRun, erased: DbtRun) -> None:
    """Facts and marts are equal row by row but for the keys; two ratings still count as one."""
    compared = [
        (schema, table)
        for schema, table in relations(plain)
        if schema in ("core", "quality", "satisfaction", "repairs", "service", "grading")
        # these count people: of an erased one nobody knows that two answers are one person's
        and table != "dim_customers"
        and not table.startswith(("mart_hypothesis_", "fct_customer_outcomes", "mart_refusal_"))
    ]
    assert len(compared) > 15
    for schema, table in [*compared, ("health", "source_coverage")]:
        columns = plain.query(
            "select column_name from information_schema.columns where table_schema = ? "
            "and table_name = ? and column_name <> 'customer_id'",
            [schema, table],
        )
        query = f"select {', '.join(name for (name,) in columns)} from {schema}.{table}"
        assert plain.query(f"{query} order by all") == erased.query(f"{query} order by all"), table
    counted = (
        "select rating_count, rating_sum, pre_return_rating_count, pre_return_rating_sum "
        "from satisfaction.mart_supplier_satisfaction"
    )
    assert plain.query(counted) == erased.query(counted) == [(4, 13, 1, 2)]


def test_health_names_nobody(plain: DbtRun) -> None:
    """The rejected rows of people are counted and give their reason, without key or value."""
    assert plain.query(
        "select source_table, row_key, column_name, raw_value, reason from health.rejected_rows "
        "order by all"
    ) == [
        ("customers", "(personal data)", "user_id", "(personal data)", "not found in users"),
        ("ratings", "T3", "score", "9", "above 5"),
        ("users", "(personal data)", "country_code", "(personal data)",
         "does not look like [A-Z]{2}"),
        ("users", "(personal data)", "user_id", "(personal data)", "conflicting key"),
    ]  # fmt: skip


def staged(folder: Path, raw: Path) -> DbtRun:
    """Users and ratings alone, in a database of their own."""
    run = run_dbt(
        *("build", "--select", "+stg_marketplace__users", "+stg_marketplace__ratings"),
        *("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
        folder=folder,
        env={"REFURB_RAW": str(raw), "REFURB_SALT": SALT},
    )
    assert run.returncode == 0, run.output[-6000:]
    return run


def test_a_fresh_file_has_no_byte_of_what_must_not_be_there(tmp_path: Path, plain: DbtRun) -> None:
    """Neither of erased people nor of a column that the contract does not know.

    Blocks that a build no longer uses keep their bytes, so the file must be new.
    """
    first, *others = ERASED["users"].splitlines()
    lines = [f"{first},address", *(f"{line},12 rue Inventee" for line in others)]
    raw = write_csv(tmp_path / "raw", ERASED | {"users": "\n".join(lines) + "\n"})
    run = staged(tmp_path, raw)
    assert "column 'address' is not in the contract" in run.output
    assert "address" not in {
        name for (name,) in run.query("select column_name from information_schema.columns")
    }
    before, fresh = plain.database.read_bytes(), run.database.read_bytes()
    for text in TEXTS_OF_THE_ERASED:
        assert text.encode() in before, "the search itself must work"
        assert text.encode() not in fresh, text
    assert b"Paul Present" in fresh
    assert b"rue Inventee" not in fresh


def test_parquet_is_masked_as_well(tmp_path: Path) -> None:
    """The file lies outside of the database: its view shows it, staging does not."""
    raw = to_typed_parquet(write_csv(tmp_path / "csv", ERASED), tmp_path / "raw")
    run = staged(tmp_path, raw)
    hits = {relation for relation, _text in texts_in(run, TEXTS_OF_THE_ERASED)}
    assert hits == {"landing.users", "landing.ratings"}
    shown = {text for relation, text in texts_in(run, TEXTS_OF_OTHERS) if "stg_" in relation}
    assert shown == set(TEXTS_OF_OTHERS)


# ------------------------------------------------------------------- the salt stays outside


def test_the_salt_is_in_no_file(folder: Path, erased: DbtRun) -> None:
    """Not in artifacts, compiled SQL, logs or databases, though the hashes are of this salt."""
    [(hashed,)] = erased.query(
        "select customer_id from core.fct_order_lines where order_line_id = 'L3'"
    )
    assert hashed == keyed_hash(SALT, "customer", "C2")
    files = [file for file in folder.rglob("*") if file.is_file()]
    names = {file.name for file in files}
    assert {"manifest.json", "partial_parse.msgpack", "dbt.log", "refurb.duckdb"} <= names
    assert [file for file in files if SALT.encode() in file.read_bytes()] == []
    assert SALT not in erased.output
