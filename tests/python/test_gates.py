"""Every gate finds the fault that it is there for, planted in a copy of the project.

That the project itself has no finding is what the gates say in `make test`; it is not run again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refurb_warehouse.checks.gates import Gate, chosen, gates, run_gates

LEFT_OUT = (
    *(".git", ".venv", ".uv", "build", "target", "logs", "docs", "raw"),
    *("__pycache__", ".*_cache", ".hypothesis", "*.duckdb"),
)
TIMEOUT_SECONDS = 120

# -------------------------------------------------------------------------- what is planted: SQL

FAULTY_SQL = {
    "CP01": "SELECT supplier_id FROM {{ ref('dim_suppliers') }}\n",
    "CP02": "select SupplierId from {{ ref('dim_suppliers') }}\n",
    "RF06": "select \"supplier_id\" from {{ ref('dim_suppliers') }}\n",
    "CV11": "select supplier_id::integer as id from {{ ref('dim_suppliers') }}\n",
    "AM05": (
        "with one as (\n    select * from {{ ref('dim_suppliers') }}\n),\n\n"
        "other as (\n    select * from {{ ref('dim_products') }}\n)\n\n"
        "select one.supplier_id\nfrom one\njoin other\n    on one.supplier_id = other.brand\n"
    ),
    "LT04": "select\n    supplier_id\n    , is_active\nfrom {{ ref('dim_suppliers') }}\n",
    "LT05": f"select {'supplier_' * 12}id from {{{{ ref('dim_suppliers') }}}}\n",
    "ST05": (
        "select counted.n\nfrom (\n    select count(*) as n from {{ ref('dim_suppliers') }}\n"
        ") as counted\n"
    ),
    "TMP": "select {{ no_such_macro('supplier_id') }} as id from {{ ref('dim_suppliers') }}\n",
}

# ---------------------------------------------------------- what is planted: models and properties

HEADER = "-- Planted.\n-- Grain: one row per supplier_id.\n"
READS = HEADER + "select supplier_id from {{{{ ref('{upstream}') }}}}\n"
KEY_TESTED = "data_tests: [unique, not_null]"
EMAIL, AGENT = (
    f"      - name: {name}\n        data_type: varchar\n        description: Planted."
    for name in ("email", "agent_id")
)
PROPERTIES = """
models:
  - name: {name}
    description: A model planted by a test. One row per `supplier_id`.
    columns:
      - name: supplier_id
        data_type: varchar
        description: {column}
        {tests}
"""
FAULTY_MODELS = {
    # folder, name: (SQL, properties or none, what the finding must say)
    ("marts/quality", "mart_reads_staging"): (
        READS.format(upstream="stg_marketplace__suppliers"),
        {},
        "reads what its layer may not: models/staging/marketplace/stg_marketplace__suppliers.sql",
    ),
    ("marts/quality", "mart_reads_mart"): (
        READS.format(upstream="mart_supplier_satisfaction"),
        {},
        "reads what its layer may not",
    ),
    ("marts/quality", "mart_without_contract"): (
        "{{ config(contract={'enforced': false}) }}\n" + READS.format(upstream="dim_suppliers"),
        {},
        "does not have contracts enforced",
    ),
    ("marts/quality", "mart_with_personal_column"): (
        READS.format(upstream="dim_suppliers").replace("select", "select supplier_name as email,"),
        {"tests": f"{KEY_TESTED}\n{EMAIL}"},
        "has columns that the contract tags as personal: email",
    ),
    ("marts/core", "fct_with_raw_identifier"): (
        READS.format(upstream="stg_marketplace__suppliers").replace(
            "select", "select supplier_id as agent_id,"
        ),
        {"tests": f"{KEY_TESTED}\n{AGENT}"},
        "shows identifiers of people without keyed_hash: agent_id",
    ),
    ("marts/core", "fct_with_hash_in_a_view"): (
        "{{ config(materialized='view') }}\n"
        + READS.format(upstream="stg_marketplace__suppliers").replace(
            "select", "select {{ keyed_hash('agent', 'supplier_id') }} as agent_id,"
        ),
        {"tests": f"{KEY_TESTED}\n{AGENT}"},
        "hashes identifiers of people in a view: agent_id",
    ),
    ("intermediate", "int_reads_quarantine"): (
        READS.format(upstream="quarantine_marketplace__suppliers"),
        {},
        "reads what its layer may not",
    ),
    ("intermediate", "int_reads_core"): (
        READS.format(upstream="dim_suppliers"),
        {},
        "reads what its layer may not",
    ),
    ("intermediate", "int_reads_source"): (
        HEADER + "select supplier_id from {{ source('marketplace', 'suppliers') }}\n",
        {},
        "reads what its layer may not: source/marketplace",
    ),
    ("intermediate", "int_without_description"): (
        READS.format(upstream="stg_marketplace__suppliers"),
        None,
        "does not have a populated description",
    ),
    ("intermediate", "int_without_key"): (
        READS.format(upstream="stg_marketplace__suppliers"),
        {"tests": "data_tests: [unique]"},
        "has no key test",
    ),
    ("intermediate", "int_of_150_lines"): (
        READS.format(upstream="stg_marketplace__suppliers") + "-- and on\n" * 150,
        {},
        "more than the maximum permitted number of lines (110)",
    ),
    ("intermediate", "int_without_column_description"): (
        READS.format(upstream="stg_marketplace__suppliers"),
        {"column": "''"},
        "columns that do not have a populated description: ['supplier_id']",
    ),
    ("intermediate", "int_without_grain"): (
        "select supplier_id from {{ ref('stg_marketplace__suppliers') }}\n",
        {},
        "does not say '-- Grain: one row ...'",
    ),
    ("intermediate", "suppliers_misnamed"): (
        READS.format(upstream="stg_marketplace__suppliers"),
        {},
        "does not match the supplied regex",
    ),
}


# ------------------------------------------------------------------------------- small helpers


def run(*command: str | Path, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a copy of the project, with the modules of that copy."""
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "DBT_USE_COLORS": "false"} | env,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def copy_project(project: Path, folder: Path) -> Path:
    """A copy of the project without what is built or installed, with a header for each seed."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for seed in (project / "seeds" / "raw").glob("*.csv"):
        copy = folder / "seeds" / "raw" / seed.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(seed.read_text(encoding="utf-8").split("\n", 1)[0] + "\n", encoding="utf-8")
    # macros/raw was left out with seeds/raw: both folders are called raw
    shutil.copytree(project / "macros" / "raw", folder / "macros" / "raw")
    return folder


@pytest.fixture(scope="module")
def copy(project, tmp_path_factory) -> Path:
    """One copy of the project for faults that do not disturb each other."""
    return copy_project(project, tmp_path_factory.mktemp("gates") / "project")


# ------------------------------------------------------------------------------------ linters


@pytest.fixture(scope="module")
def sql_findings(copy) -> dict[str, set[str]]:
    """Rules that sqlfluff says are broken, by planted model."""
    folder = copy / "models" / "planted_sql"
    folder.mkdir()
    for code, sql in FAULTY_SQL.items():
        (folder / f"{code.lower()}.sql").write_text(sql, encoding="utf-8")
    finished = run("sqlfluff", "lint", folder, "--format", "json", folder=copy)
    shutil.rmtree(folder)
    assert finished.returncode == 1, finished.stderr
    return {
        Path(found["filepath"]).stem.upper(): {fault["code"] for fault in found["violations"]}
        for found in json.loads(finished.stdout)
    }


@pytest.mark.parametrize("code", FAULTY_SQL)
def test_sqlfluff_finds(code, sql_findings):
    assert code in sql_findings[code]


def test_sqlfluff_reads_models_that_are_one_macro_call(copy):
    folder = copy / "models" / "staging" / "marketplace"
    models = [
        folder / "base" / "base_marketplace__orders.sql",
        folder / "quarantine" / "quarantine_marketplace__orders.sql",
    ]
    faulty = [model.with_stem(f"{model.stem}_faulty") for model in models]
    for model, with_fault in zip(models, faulty, strict=True):
        with_fault.write_text(model.read_text("utf-8") + "  \n\n\n", encoding="utf-8")
    finished = run("sqlfluff", "lint", *models, *faulty, "--format", "json", folder=copy)
    for with_fault in faulty:
        with_fault.unlink()
    found = {
        Path(file["filepath"]).name: bool(file["violations"])
        for file in json.loads(finished.stdout)
    }
    assert found == {model.name: False for model in models} | {model.name: True for model in faulty}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("F401", "import json\n"),
        ("E501", f"X = {'1' * 100}\n"),
        ("B006", 'def f(x=[]):\n    """F."""\n    return x\n'),
        ("D103", "def public():\n    return 1\n"),
        ("UP006", "import typing\n\nX: typing.List[int] = []\n"),
    ],
    ids=lambda value: value if value.isalnum() else "",
)
def test_ruff_finds(code, text, copy):
    planted = copy / "refurb_warehouse" / "planted.py"
    planted.write_text(text, encoding="utf-8")
    finished = run("ruff", "check", planted, "--output-format", "concise", folder=copy)
    planted.unlink()
    assert finished.returncode == 1
    assert code in finished.stdout


def test_ruff_format_finds_another_layout(copy):
    planted = copy / "refurb_warehouse" / "planted.py"
    planted.write_text("x = { 'a':1 }\n", encoding="utf-8")
    finished = run("ruff", "format", "--check", planted, folder=copy)
    planted.unlink()
    assert finished.returncode == 1


# ------------------------------------------------------------------- strict parse and conventions


def _parse(folder: Path) -> subprocess.CompletedProcess[str]:
    return run("refurb_warehouse.checks.strict_parse", folder=folder)


def test_strict_parse_finds_deprecated_spellings(copy):
    # plain `dbt parse` on DuckDB says nothing of the second
    faults = {
        "MissingArgumentsPropertyInGenericTestDeprecation": (
            "models:\n  - name: dim_suppliers_planted\n    data_tests:\n"
            "      - unique_grain:\n          columns: [supplier_id]\n"
        ),
        "PropertyMovedToConfigDeprecation": (
            "models:\n  - name: dim_suppliers_planted\n    meta: {owner: planted}\n"
        ),
    }
    folder = copy / "models" / "intermediate"
    model = folder / "dim_suppliers_planted.sql"
    properties = folder / "_planted.yml"
    model.write_text(READS.format(upstream="stg_marketplace__suppliers"), encoding="utf-8")
    for event, text in faults.items():
        properties.write_text(text, encoding="utf-8")
        finished = _parse(copy)
        assert finished.returncode == 1, event
        assert event in finished.stdout
        assert not (copy / "target" / "strict" / "manifest.json").exists()
    model.unlink()
    properties.unlink()


@pytest.fixture(scope="module")
def convention_findings(copy) -> list[str]:
    """Findings of the conventions gate, with every faulty model planted at once."""
    planted = []
    for (folder, name), (sql, properties, _finding) in FAULTY_MODELS.items():
        path = copy / "models" / folder / f"{name}.sql"
        path.write_text(sql, encoding="utf-8")
        planted.append(path)
        if properties is not None:
            filled = {"name": name, "column": "Supplier.", "tests": KEY_TESTED} | properties
            path.with_suffix(".yml").write_text(PROPERTIES.format(**filled), encoding="utf-8")
            planted.append(path.with_suffix(".yml"))
    others = {
        "macros/planted.sql": (
            "{% macro planted(undescribed) %}{{ undescribed }}{% endmacro %}\n"
            "{% macro planted_too() %}1{% endmacro %}\n"
        ),
        "macros/_planted.yml": "macros:\n  - name: planted\n    description: A planted macro.\n",
        "seeds/reference/planted.csv": "code,undescribed\n1,2\n",
        "seeds/reference/_planted.yml": (
            "seeds:\n  - name: planted\n    description: A planted seed.\n"
            "    columns:\n      - name: code\n        description: A code.\n"
        ),
        "models/staging/landing/_planted.yml": (
            "sources:\n  - name: planted\n    description: A planted source.\n    tables:\n"
            "      - name: unread\n        description: No model reads it.\n"
            "        columns:\n          - name: untyped\n            description: No type.\n"
        ),
    }
    for name, text in others.items():
        (copy / name).write_text(text, encoding="utf-8")
        planted.append(copy / name)
    parsed = _parse(copy)
    checked = run("refurb_warehouse.checks.conventions", folder=copy)
    for path in planted:
        path.unlink()
    assert parsed.returncode == 0, parsed.stdout + parsed.stderr
    assert checked.returncode == 1, checked.stdout + checked.stderr
    return checked.stdout.splitlines()


@pytest.mark.parametrize("planted", FAULTY_MODELS, ids=[name for _folder, name in FAULTY_MODELS])
def test_conventions_find(planted, convention_findings):
    expected = FAULTY_MODELS[planted][2]
    about = [line for line in convention_findings if f"/{planted[1]}.sql: " in line]
    assert any(expected in line for line in about), about
    if FAULTY_MODELS[planted][1] is not None:
        assert len(about) == 1, "one fault was planted"


@pytest.mark.parametrize(
    "expected",
    [
        "Macro `planted` does not have a populated description for the following argument(s)",
        "`planted_too` does not have a populated description",
        "`planted` has columns without a description: undescribed",
        "`planted.unread` has columns without a description or a type: untyped",
        "`planted.unread` is orphaned",
    ],
)
def test_conventions_find_in_macros_seeds_and_sources(expected, convention_findings):
    assert any(expected in line for line in convention_findings)


def test_conventions_without_a_manifest_fail(copy):
    (copy / "target" / "strict" / "manifest.json").unlink(missing_ok=True)
    finished = run("refurb_warehouse.checks.conventions", folder=copy)
    assert finished.returncode == 1
    assert "did not run" in finished.stdout


def test_every_built_column_is_described_and_no_other(demo_build):
    # the manifest knows only what is written in properties files, the database what was built
    built: dict[str, set[str]] = {}
    for schema, table, column in demo_build.query(
        "select table_schema, table_name, column_name from information_schema.columns"
    ):
        built.setdefault(f"{schema}.{table}", set()).add(column)
    nodes = [
        node
        for node in demo_build.artifact("manifest.json")["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    ]
    described = {node["name"]: set(node["columns"]) for node in nodes}
    for name in described:
        # base_ and quarantine_ models describe what they add to the columns of the clean model
        layer, _, table = name.partition("_")
        if layer in ("base", "quarantine"):
            described[name] |= described[f"stg_{table}"]
    differing = {
        node["name"]: sorted(difference)
        for node in nodes
        if (
            difference := described[node["name"]]
            ^ built.get(f"{node['schema']}.{node['alias']}", set())
        )
    }
    assert not differing


# ------------------------------------------------------------------------------- the runner


def test_gates_go_on_after_a_failure_and_fail_at_the_end(tmp_path, capfd):
    ends = {True: ("true",), False: ("false",)}
    outcomes = run_gates(
        [
            Gate("first", "nothing", ends[False]),
            Gate("second", "nothing", ends[True]),
            Gate("third", "nothing", ends[True], needs="first"),
        ],
        tmp_path,
    )
    assert outcomes["first"] == "FAILED"
    assert outcomes["second"] == "passed"
    assert outcomes["third"].startswith("NOT RUN")
    assert "=== second: nothing" in capfd.readouterr().out


def test_a_gate_beside_others_counts_and_prints_what_it_held_back(tmp_path, capfd):
    waits = "until test -e seen; do sleep 0.05; done; echo held back >&2; exit 3"
    outcomes = run_gates(
        [
            Gate("linter", "layout", ("sh", "-c", waits), is_beside=True),
            # the first ends only if this one runs meanwhile
            Gate("meanwhile", "nothing", ("sh", "-c", "touch seen; echo at once")),
            Gate("pytest", "numbers", ("sh", "-c", "echo afterwards"), is_alone=True),
            Gate("last", "layout", ("false",), is_beside=True),
        ],
        tmp_path,
    )
    assert outcomes == {
        "linter": "FAILED",
        "meanwhile": "passed",
        "pytest": "passed",
        "last": "FAILED",
    }
    printed = capfd.readouterr().out
    assert printed.index("at once") < printed.index("held back") < printed.index("afterwards")
    assert printed.index("=== linter: layout") < printed.index("held back")


def test_a_gate_brings_the_one_it_needs(project):
    known = gates(project)
    assert [gate.name for gate in chosen(["conventions"], known)] == ["strict-parse", "conventions"]
    assert chosen([], known) == known
