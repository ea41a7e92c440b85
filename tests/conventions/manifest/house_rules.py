"""Rules of this house that dbt-bouncer has no check for. dbt-bouncer.yml switches them on."""

import csv
import re
from pathlib import Path

from dbt_bouncer.check_framework.decorator import check, fail


@check
def check_model_reads_only(model, ctx, *, permitted: list[str]):
    """A model reads only what its layer may read.

    Unlike the built-in lineage checks this one looks at models, seeds and sources alike. Each
    pattern is matched from the start of the file's path; a source is `source/<its name>`.
    """
    paths = {node.unique_id: node.original_file_path for node in [*ctx.models, *ctx.seeds]}
    paths |= {f"source.{'.'.join(name)}": path for name, path in _source_paths(ctx.sources)}
    patterns = [re.compile(pattern) for pattern in permitted]
    refused = [
        paths.get(upstream, upstream)
        for upstream in model.depends_on.nodes or []
        if not any(pattern.match(paths.get(upstream, upstream)) for pattern in patterns)
    ]
    if refused:
        fail(f"`{model.name}` reads what its layer may not: {', '.join(sorted(refused))}.")


@check
def check_model_has_key(model, ctx):
    """A model has a key that is checked: unique and not null, or a grain, or a primary key.

    A primary key counts on a table whose contract is enforced, for there the engine enforces it.
    """
    tested: dict[str, set[str]] = {}
    for test in ctx.tests_by_attached_node.get(model.unique_id, []):
        if test.test_metadata and not (test.config and test.config.where):
            arguments = test.test_metadata.kwargs or {}
            column = str(test.column_name or arguments.get("column_name") or "")
            tested.setdefault(str(test.test_metadata.name), set()).add(column)
    has_unique_column = bool(tested.get("unique", set()) & tested.get("not_null", set()))
    if has_unique_column or "unique_grain" in tested or _has_enforced_primary_key(model):
        return
    fail(
        f"`{model.name}` has no key test: give a column unique and not_null, or the model "
        "unique_grain, or a contracted table a primary key."
    )


@check
def check_model_states_grain(model):
    """The file says in a line of its own what one row is."""
    if not re.search(r"^(--|#) Grain: one row", str(model.raw_code), re.MULTILINE):
        fail(f"`{model.name}` does not say '-- Grain: one row ...' in its file.")


@check
def check_model_declares_columns(model):
    """A model names its columns in its properties file; other checks look at each of them."""
    if not model.columns:
        fail(f"`{model.name}` describes no column.")


@check
def check_model_has_no_personal_column(model, ctx):
    """No column is called like one that the contract tags as personal data.

    By its name alone a column may pass on what the tagged one holds: whoever needs such a name
    for something else chooses another.
    """
    personal = _tagged_columns(ctx.sources, "is_personal_data")
    if named := sorted(personal & set(model.columns or {})):
        fail(f"`{model.name}` has columns that the contract tags as personal: {', '.join(named)}.")


@check
def check_model_hashes_identifiers(model, ctx):
    """A model that shows the identifier of a person shows its keyed hash, in a table.

    The database does not keep the salt, so a view could be read by a build alone.
    """
    identifiers = _tagged_columns(ctx.sources, "is_person_identifier") & set(model.columns or {})
    if not identifiers:
        return
    named = ", ".join(sorted(identifiers))
    if "macro.refurb.keyed_hash" not in (model.depends_on.macros or []):
        fail(f"`{model.name}` shows identifiers of people without keyed_hash: {named}.")
    if model.config.materialized not in ("table", "incremental"):
        fail(f"`{model.name}` hashes identifiers of people in a view: {named}.")


@check
def check_model_numbers_are_finite(model, ctx, *, test: str):
    """The test that looks for infinite numbers reads each model with a column of type double."""
    numbers = [
        name for name, column in (model.columns or {}).items() if column.data_type == "double"
    ]
    read = {node for found in ctx.tests if found.name == test for node in found.depends_on.nodes}
    if numbers and model.unique_id not in read:
        fail(f"`{model.name}` has numbers ({', '.join(numbers)}): name it in {test}.")


@check
def check_seed_columns_described(seed):
    """Every column of the seed's file is described, and no other."""
    with (Path(seed.root_path) / seed.original_file_path).open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    described = {name for name, column in seed.columns.items() if _is_described(column)}
    missing = [name for name in header if name not in described]
    surplus = [name for name in seed.columns if name not in header]
    if missing:
        fail(f"`{seed.name}` has columns without a description: {', '.join(missing)}.")
    if surplus:
        fail(f"`{seed.name}` describes columns that its file lacks: {', '.join(surplus)}.")


@check
def check_source_columns_described(source):
    """Every column of a source has a description and a type: together they are the contract."""
    columns = source.columns or {}
    if not columns:
        fail(f"`{source.source_name}.{source.name}` describes no column.")
    incomplete = [
        name
        for name, column in columns.items()
        if not _is_described(column) or not column.data_type
    ]
    if incomplete:
        fail(
            f"`{source.source_name}.{source.name}` has columns without a description or a type: "
            f"{', '.join(incomplete)}."
        )


def _tagged_columns(sources, tag):
    return {
        name
        for wrapped in sources
        for name, column in ((getattr(wrapped, "source", None) or wrapped).columns or {}).items()
        if ((column.config and column.config.meta) or {}).get(tag)
    }


def _is_described(column):
    return len((column.description or "").strip()) >= 4


def _source_paths(sources):
    for wrapped in sources:
        source = getattr(wrapped, "source", None) or wrapped
        name = (source.package_name, source.source_name, source.name)
        yield name, f"source/{source.source_name}"


def _has_enforced_primary_key(model):
    if not (model.contract and model.contract.enforced):
        return False
    if model.config.materialized not in ("table", "incremental"):
        return False
    constraints = list(model.constraints or [])
    for column in (model.columns or {}).values():
        constraints.extend(column.constraints or [])
    return any(constraint.type == "primary_key" for constraint in constraints)
