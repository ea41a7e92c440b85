"""Ask MetricFlow for the SQL of a query and run it on a database that is only read.

The `mf` command goes through dbt, which opens the built file for writing: it cannot be used beside
a reader, nor on a published file. Here DuckDB attaches any file with the core tables, and amounts
stay decimals, which MetricFlow's own tables of results turn into floats.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from refurb_warehouse.errors import RefurbError


@dataclass(frozen=True)
class Answer:
    """Rows of a query: what it was grouped by first, then the metrics."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    sql: str


@dataclass(frozen=True)
class _Dialect:
    """What MetricFlow asks of a client to write SQL for it; it runs nothing itself."""

    sql_engine_type: Any
    sql_plan_renderer: Any


class Metrics:
    """The metrics of a project, on one database.

    Metrics(Path("build/refurb.duckdb")).query(["return_rate"], by=["supplier"])
    """

    def __init__(
        self, database: Path, semantic_manifest: Path = Path("target/semantic_manifest.json")
    ):
        if not semantic_manifest.exists():
            raise RefurbError(f"{semantic_manifest} is absent: run dbt parse or make build first")
        if not database.exists():
            raise RefurbError(f"{database} is absent: run make build first, or name another file")
        self._database = database
        described = semantic_manifest.read_text(encoding="utf-8")
        self._catalog = _catalog(json.loads(described))
        self._manifest, self._engine = _read(described)

    def names(self) -> list[str]:
        """Metrics that may be asked for; those that others are made of alone are hidden."""
        return sorted(
            metric.name for metric in self._manifest.metrics if not metric.type_params.is_private
        )

    def group_by(self, metrics: Sequence[str]) -> list[str]:
        """What all of these metrics can be grouped by, with the shortest name of each."""
        found = self._engine.simple_dimensions_for_metrics(list(metrics))
        return sorted({dimension.granularity_free_dunder_name for dimension in found})

    def sql(
        self,
        metrics: Sequence[str],
        by: Sequence[str] = (),
        where: Sequence[str] = (),
    ) -> str:
        """The query as SQL of DuckDB."""
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
        from metricflow_semantics.errors.error_classes import InvalidQueryException

        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics),
            group_by_names=list(by) or None,
            where_constraints=list(where) or None,
            order_by_names=list(by) or None,
        )
        try:
            return self._engine.explain(request).sql_statement.sql
        except InvalidQueryException as error:
            raise RefurbError(
                f"no such query: {', '.join(metrics)} by {', '.join(by) or 'nothing'}. "
                f"docs/metrics.md lists the metrics and what each is grouped by.\n{error}"
            ) from error

    def query(
        self,
        metrics: Sequence[str],
        by: Sequence[str] = (),
        where: Sequence[str] = (),
    ) -> Answer:
        """Values of metrics by groups, in the order of the groups; a row for all without any."""
        sql = self.sql(metrics, by, where)
        with duckdb.connect() as connection:
            path = str(self._database).replace("'", "''")
            connection.execute(f"attach '{path}' as \"{self._catalog}\" (read_only)")
            result = connection.execute(sql)
            columns = [column[0] for column in result.description]
            places = _places(columns, metrics, by)
            return Answer(
                tuple(columns[place] for place in places),
                tuple(tuple(row[place] for place in places) for row in result.fetchall()),
                sql,
            )


def _places(columns: Sequence[str], metrics: Sequence[str], by: Sequence[str]) -> list[int]:
    """Where the result has what was asked for, in the order in which it was.

    MetricFlow has an order of its own, and writes a group with the path by which it reached it.
    """
    groups = [column for column in columns if column not in metrics]
    named = [
        group
        if group in groups
        else next(c for c in groups if c.endswith(f"__{group}") or c.startswith(f"{group}__"))
        for group in by
    ]
    return [columns.index(column) for column in [*named, *metrics]]


def _catalog(manifest: dict[str, Any]) -> str:
    """Name by which the SQL calls the database: the one that was built when dbt parsed."""
    return manifest["semantic_models"][0]["node_relation"]["database"]


def _read(described: str) -> tuple[Any, Any]:
    """The semantic manifest and MetricFlow's engine for it.

    The import takes two seconds, so commands that need no metric do not make it.
    """
    try:
        from metricflow.engine.metricflow_engine import MetricFlowEngine
        from metricflow.protocols.sql_client import SqlEngine
        from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
        from metricflow_semantics.model.dbt_manifest_parser import (
            parse_manifest_from_dbt_generated_manifest,
        )
        from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
    except ImportError as error:
        raise RefurbError(
            f"MetricFlow cannot be imported ({error}): it comes with dbt-core, run make setup"
        ) from error
    manifest = parse_manifest_from_dbt_generated_manifest(manifest_json_string=described)
    client = _Dialect(SqlEngine.DUCKDB, DuckDbSqlPlanRenderer())
    return manifest, MetricFlowEngine(SemanticManifestLookup(manifest), client)  # type: ignore
