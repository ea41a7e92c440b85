"""Look at what was written before anybody sees it: is it whole, and does it say too much?"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import yaml

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.publishing.audiences import Declarations
from refurb_warehouse.publishing.contents import Relation
from refurb_warehouse.publishing.readiness import UNCHANGED, attached

CONTRACT = Path("models/staging/marketplace/_marketplace.yml")
TAGS = ("is_personal_data", "is_person_identifier")
E_MAIL = r"[^@\s]+@[^@\s]+\.[a-z]{2,}"


def tagged_columns(project: Path) -> set[str]:
    """Names of columns that the raw contract tags as personal or as standing for a person."""
    try:
        contract = yaml.load(
            (project / CONTRACT).read_text(encoding="utf-8"),
            # The same in C: the contract is long.
            Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
        )
    except OSError as error:
        raise RefurbError(
            f"{project / CONTRACT} cannot be read, {UNCHANGED}: it says which columns are personal "
            "data. Publish at the root of the repository."
        ) from error
    return {
        column["name"]
        for source in contract["sources"]
        for table in source["tables"]
        for column in table["columns"]
        if any((column.get("config") or {}).get("meta", {}).get(tag) for tag in TAGS)
    }


def check_columns(relations: list[Relation], personal: set[str], declared: Declarations) -> None:
    """No column is called like one of the contract's personal ones, or is a pseudonym."""
    named = [
        f"{each.path}.{column.name}"
        for each in relations
        for column in each.columns
        if column.name in personal | declared.pseudonyms
    ]
    if named:
        raise RefurbError(
            f"Personal data would be published, {UNCHANGED}: {', '.join(sorted(named)[:5])}. "
            "Rename the column if it holds something else, or add it to `pseudonyms` in "
            "audiences.yml, which leaves it out."
        )


def check_file(file: Path, rows: dict[str, int]) -> None:
    """The file opens for reading, old clients can open it, and each table has its rows."""
    try:
        with attached(file) as connection:
            [(tags,)] = connection.execute(
                "select tags from duckdb_databases() where database_name = current_database()"
            ).fetchall()
            counted = {
                path: connection.execute(f"select count(*) from {path}").fetchone()[0]
                for path in rows
            }
    except duckdb.Error as error:
        raise RefurbError(
            f"The new file {file.name} cannot be read back, {UNCHANGED}: "
            f"{' '.join(str(error).split())}. Publish again; if it stays so, look at the disk."
        ) from error
    if "v1.4" not in str(tags.get("storage_version", "")):
        raise RefurbError(
            f"The new file {file.name} is of storage version {tags.get('storage_version')}, which "
            f"clients of DuckDB 1.4 refuse, {UNCHANGED}."
        )
    wrong = [
        f"{path} has {counted[path]} rows instead of {rows[path]}"
        for path in rows
        if counted[path] != rows[path]
    ]
    if wrong:
        raise RefurbError(f"The new file {file.name} is not whole, {UNCHANGED}: {wrong[0]}.")


def check_counts(
    source: duckdb.DuckDBPyConnection, relations: list[Relation], rows: dict[str, int]
) -> None:
    """Each table has as many rows as that of the build, which is asked again."""
    for each in relations:
        [(expected,)] = source.execute(f"select count(*) from {each.path}").fetchall()
        if rows[each.path] != expected:
            raise RefurbError(
                f"{each.path} has {expected} rows in the build and {rows[each.path]} in the copy, "
                f"{UNCHANGED}. Publish again."
            )


def check_values(
    source: duckdb.DuckDBPyConnection,
    relations: list[Relation],
    who: str,
    forbidden: set[str] | None = None,
) -> None:
    """No text looks like an e-mail address, or is or contains one of the forbidden words."""
    exact = sorted(forbidden or ())
    # Names are searched for inside of texts too; an identifier such as 12 would be found anywhere.
    pattern = "|".join([E_MAIL, *(re.escape(word) for word in exact if " " in word)])
    for relation in relations:
        columns = [column.name for column in relation.columns if column.data_type == "VARCHAR"]
        if not columns:
            continue
        tests = ", ".join(
            f"max(case when regexp_matches({column}, ?) or list_contains(?, {column}) "
            f"then {column} end)"
            for column in columns
        )
        parameters = [pattern, exact] * len(columns)
        found = source.execute(
            f"select {tests} from ({relation.query}) as shown", parameters
        ).fetchone()
        for column, value in zip(columns, found, strict=True):
            if value is not None:
                raise RefurbError(
                    f"{relation.path}.{column} would show {value!r} to {who}, who may not see it, "
                    f"{UNCHANGED}. Take the table out of the audience in audiences.yml, or the "
                    "value out of the extract."
                )
