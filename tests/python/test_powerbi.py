"""The Power BI model is current, names what exists, and its measures are the metrics."""

from __future__ import annotations

import re
from math import isclose
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import PROJECT, DbtRun

from refurb_warehouse import powerbi
from refurb_warehouse.errors import RefurbError
from refurb_warehouse.metrics import Metrics

CATALOGUE = powerbi.read_catalogue(PROJECT / powerbi.CATALOGUE)
TABLES = {table.name: table for table in powerbi.TABLES}
REFERENCE = re.compile(r"'((?:[^']|'')+)'\[(\w+)\]")
MEASURE = re.compile(r"^\tmeasure '((?:[^']|'')+)' = (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def models(demo_build: DbtRun) -> dict[str, Any]:
    """Models of the demo's manifest."""
    return powerbi.read_manifest(demo_build.target / "manifest.json")


@pytest.fixture(scope="module")
def made(models: dict[str, Any]) -> dict[str, str]:
    """The files as they would be written now."""
    return powerbi.files(models, CATALOGUE)


def measures(made: dict[str, str]) -> dict[str, str]:
    """DAX of every measure by its name."""
    found = [match for text in made.values() for match in MEASURE.findall(text)]
    assert len(dict(found)) == len(found), "two measures share a name"
    return dict(found)


def test_the_model_is_current(made: dict[str, str]) -> None:
    """Otherwise: make powerbi."""
    folder = PROJECT / powerbi.FOLDER
    written = {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in (PROJECT / powerbi.MODEL).rglob("*")
        if path.is_file()
    }
    assert written == made


def test_every_column_and_table_that_is_named_exists(
    made: dict[str, str], models: dict[str, Any]
) -> None:
    for name, table in TABLES.items():
        text = made[f"{powerbi.MODEL.name}/definition/tables/{name}.tmdl"]
        sources = re.findall(r"^\t\tsourceColumn: (\w+)$", text, re.MULTILINE)
        assert sources
        assert set(sources) <= models[table.model]["columns"].keys()
        assert f'Lire("{models[table.model]["schema"]}", "{table.model}")' in text
    for expression in measures(made).values():
        for table_name, column in REFERENCE.findall(expression):
            table = TABLES[table_name]
            assert column in powerbi.columns_of(table, models[table.model], CATALOGUE)


def test_relationships_lead_from_many_rows_to_a_unique_key(
    models: dict[str, Any], demo_build: DbtRun
) -> None:
    for source, column, target, key in powerbi.relationships():
        model = models[TABLES[target].model]
        assert column in powerbi.columns_of(TABLES[source], models[TABLES[source].model], CATALOGUE)
        keys = [k["columns"] for k in model["constraints"] if k["type"] == "primary_key"]
        # categories are made distinct by the partition
        assert [key] in keys or target == "Catégories"
        many = f"{models[TABLES[source].model]['schema']}.{TABLES[source].model}"
        one = f"{model['schema']}.{TABLES[target].model}"
        lost = demo_build.query(
            f"select distinct {column} from {many} where {column} not in (select {key} from {one})"
        )
        assert lost == []


def test_no_measure_adds_up_or_averages_what_is_no_sum(made: dict[str, str]) -> None:
    rate = re.compile(r"(_rate|_ratio|_low|_high|_share|efficiency\w*)$|^(mean|avg|median|p90)_")
    for name, expression in measures(made).items():
        assert "AVERAGE" not in expression
        assert set(re.findall(r"[A-Z]{3,}", re.sub(r"'[^']+'", "", expression))) <= {
            "SUM", "DIVIDE", "VAR", "RETURN", "NOT", "ISBLANK",
        }  # fmt: skip
        for _, column in REFERENCE.findall(expression):
            assert not rate.search(column), name


def test_measures_over_everything_are_the_metrics(
    made: dict[str, str], models: dict[str, Any], demo_build: DbtRun
) -> None:
    metrics = Metrics(demo_build.database, demo_build.target / "semantic_manifest.json")
    named = {
        (row["model_name"], row["name_fr"]): row["metric"] for row in CATALOGUE if row["metric"]
    }
    compared = 0
    for table in powerbi.TABLES:
        wanted = {}
        for name, expression in measures(made).items():
            metric = named.get((table.model, name))
            if metric and REFERENCE.findall(expression)[0][0] == table.name:
                wanted[metric] = in_sql(expression)
        if not wanted:
            continue
        source = f"{models[table.model]['schema']}.{table.model}"
        with duckdb.connect(str(demo_build.database), read_only=True) as connection:
            connection.execute("create temp macro divided(a, b) as a::double / nullif(b, 0)")
            listed = ", ".join(wanted.values())
            ((*values,),) = connection.execute(f"select {listed} from {source}").fetchall()
        for metric, value, got in zip(
            wanted, values, metrics.query(list(wanted)).rows[0], strict=True
        ):
            assert isclose(got, value, rel_tol=1e-12), metric
        compared += len(wanted)
    assert compared > 25


def in_sql(expression: str) -> str:
    """The few functions of DAX that the measures use, as SQL over one table."""
    expression = re.sub(r"SUM\('[^']+'\[(\w+)\]\)", r"sum(\1)", expression)
    if index := re.fullmatch(r"VAR Taux = (.+) RETURN IF\(NOT ISBLANK\(Taux\), (.+)\)", expression):
        expression = index[2].replace("Taux", index[1])
    return expression.replace("DIVIDE(", "divided(")


def test_the_exposure_names_what_the_model_reads(demo_build: DbtRun) -> None:
    exposures = demo_build.artifact("manifest.json")["exposures"].values()
    [exposure] = [one for one in exposures if one["name"] == "powerbi_semantic_model"]
    named = {node.rsplit(".", 1)[1] for node in exposure["depends_on"]["nodes"]}
    assert named == {table.model for table in powerbi.TABLES}


def test_without_a_manifest_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RefurbError, match="run dbt parse or make build first"):
        powerbi.read_manifest(tmp_path / "manifest.json")
