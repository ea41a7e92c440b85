"""Tables as Parquet files, with a manifest that says what they are."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import duckdb

from refurb_warehouse.publishing.contents import (
    Relation,
    Version,
    publication_relations,
    text,
)

MANIFEST = "manifest.json"


def export(
    folder: Path,
    source: duckdb.DuckDBPyConnection,
    relations: list[Relation],
    version: Version,
    audience: str,
    shared: Path | None = None,
) -> dict:
    """Write a file for each relation and the manifest, which is returned.

    A table that stands as it is in the folder `shared` is linked from there.
    """
    tables, rows = [], {}
    for relation in relations:
        file = folder / relation.schema / f"{relation.name}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        original = shared and shared / relation.schema / file.name
        if original and original.is_file():
            _link(original, file)
        else:
            _write(file, source, relation, version)
        tables.append(_described(file, folder, source, relation))
        rows[relation.path] = tables[-1]["rows"]
    for relation in publication_relations(rows, version, audience):
        file = folder / relation.schema / f"{relation.name}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, source, relation, version)
        tables.append(_described(file, folder, source, relation))
    manifest = {
        "version": version.version,
        "published_at": f"{version.published_at.isoformat(timespec='milliseconds')}Z",
        "as_of_date": str(version.as_of_date) if version.as_of_date else None,
        "built_at": f"{version.built_at.isoformat(timespec='seconds')}Z",
        "build_status": version.build_status,
        "audience": audience,
        "tables": tables,
    }
    (folder / MANIFEST).write_text(
        json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return manifest


def _write(
    file: Path, source: duckdb.DuckDBPyConnection, relation: Relation, version: Version
) -> None:
    # Each file says which version it is of, so that a reader can tell when he mixes two.
    source.execute(
        f"copy ({relation.query}) to {text(str(file))} "
        f"(format parquet, kv_metadata {{refurb_version: {text(version.version)}}})"
    )


def _described(
    file: Path, folder: Path, source: duckdb.DuckDBPyConnection, relation: Relation
) -> dict:
    [(rows,)] = source.execute(
        f"select num_rows from parquet_file_metadata({text(str(file))})"
    ).fetchall()
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {
        "schema": relation.schema,
        "name": relation.name,
        "description": relation.comment,
        "file": str(file.relative_to(folder)),
        "rows": rows,
        "bytes": file.stat().st_size,
        "sha256": digest,
        "columns": [
            {"name": column.name, "type": column.data_type, "description": column.comment}
            for column in relation.columns
        ],
    }


def _link(original: Path, file: Path) -> None:
    try:
        file.hardlink_to(original)
    except OSError:
        shutil.copyfile(original, file)
