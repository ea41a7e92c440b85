"""What must hold for any extract: the marts equal the oracle, and what cannot matter does not.

Every test sees extracts of one seed. A test fails with the smallest extract that breaks it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest
from examples import EXAMPLES, FEWER, FEWEST, examples
from extracts import Tables, extracts, readable
from hypothesis import assume, given, note
from invariants import broken_invariants
from marts import MartBuilder, differences
from oracle import Oracle
from relations import (
    OF_PEOPLE,
    doubled,
    not_doubled,
    reject_only_rows,
    renamed,
    renamed_keys,
    shifted,
    shuffled,
    spelled_otherwise,
    split_lines,
    totals,
    with_rows,
    with_unrelated_supplier,
    without_counts_of_lines,
    without_samples,
    without_unrelated_supplier,
)

from refurb_warehouse.checks.compiled import CompiledProject


@pytest.fixture(scope="session")
def builder(compiled_project: CompiledProject) -> MartBuilder:
    """The compiled project, ready to build extracts one after the other."""
    return MartBuilder(compiled_project)


@pytest.fixture(scope="session")
def catalogue(project: Path) -> list[dict[str, str]]:
    """The KPI catalogue, which says what is divided by what."""
    path = project / "seeds" / "reference" / "kpi_catalog.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def none_of(faults: Iterable[str], tables: Tables) -> None:
    """Fail with all faults and the extract that shows them."""
    found = list(faults)
    if found:
        note(readable(tables))
    assert not found, "\n".join(found)


@examples(EXAMPLES)
@given(tables=extracts())
def test_marts_equal_the_oracle(builder: MartBuilder, tables: Tables) -> None:
    none_of(differences(builder.marts(tables), Oracle(tables).marts()), tables)


@examples(EXAMPLES)
@given(tables=extracts())
def test_numerators_bounds_and_parts_are_within_their_wholes(
    builder: MartBuilder, catalogue: list[dict[str, str]], tables: Tables
) -> None:
    none_of(broken_invariants(builder.marts(tables), builder.keys, catalogue), tables)


@examples(FEWEST)
@given(tables=extracts())
def test_every_data_test_passes_on_sound_rows(builder: MartBuilder, tables: Tables) -> None:
    # without any order there is no as-of date, and the build stops for that
    assume(tables["orders"])
    none_of(builder.failing_tests(tables), tables)


@examples(FEWER)
@given(tables=extracts())
def test_the_order_of_rows_changes_nothing(builder: MartBuilder, tables: Tables) -> None:
    marts = builder.marts(tables)
    none_of(differences(builder.marts(shuffled(tables)), marts), tables)


@examples(FEWER)
@given(tables=extracts())
def test_other_identifiers_change_nothing(builder: MartBuilder, tables: Tables) -> None:
    marts = renamed_keys(without_samples(builder.marts(tables)), builder.keys)
    none_of(differences(without_samples(builder.marts(renamed(tables))), marts), tables)


@examples(FEWER)
@given(tables=extracts())
def test_padding_case_and_offsets_change_nothing(builder: MartBuilder, tables: Tables) -> None:
    marts = builder.marts(tables)
    none_of(differences(builder.marts(spelled_otherwise(tables)), marts), tables)


@examples(FEWER)
@given(tables=extracts())
def test_an_unrelated_supplier_changes_no_other_row(builder: MartBuilder, tables: Tables) -> None:
    marts = without_samples(builder.marts(tables))
    widened = without_samples(builder.marts(with_unrelated_supplier(tables)))
    none_of(
        differences(
            without_unrelated_supplier(widened, builder.keys),
            without_unrelated_supplier(marts, builder.keys),
        ),
        tables,
    )


@examples(FEWER)
@given(tables=extracts())
def test_two_units_on_one_line_are_as_two_lines(builder: MartBuilder, tables: Tables) -> None:
    marts = without_counts_of_lines(without_samples(builder.marts(tables)))
    split = without_counts_of_lines(without_samples(builder.marts(split_lines(tables))))
    none_of(differences(split, marts), tables)


@examples(FEWER)
@given(tables=extracts())
def test_everything_twice_doubles_counts_and_leaves_rates(
    builder: MartBuilder, tables: Tables
) -> None:
    once = without_samples(builder.marts(tables))
    twice = builder.marts(doubled(tables))
    none_of(
        (
            f"{name} {fault}"
            for name in once
            if name not in OF_PEOPLE
            for fault in not_doubled(twice[name], once[name])
        ),
        tables,
    )


@examples(FEWER)
@given(tables=extracts())
def test_whole_weeks_later_the_totals_are_the_same(builder: MartBuilder, tables: Tables) -> None:
    marts = without_samples(builder.marts(tables))
    later = builder.marts(shifted(tables, weeks=5))
    keys = {name: builder.keys[name] for name in marts if name not in OF_PEOPLE}
    none_of(
        differences(
            {name: totals(name, later[name], keys[name]) for name in keys},
            {name: totals(name, marts[name], keys[name]) for name in keys},
        ),
        tables,
    )


@examples(FEWER)
@given(tables=extracts())
def test_rows_that_are_rejected_change_nothing(builder: MartBuilder, tables: Tables) -> None:
    marts, rejects = builder.marts(tables), list(reject_only_rows(tables))
    spoiled = with_rows(tables, rejects)
    set_aside = builder.rejected_rows(spoiled)
    none_of(differences(builder.marts(spoiled), marts), spoiled)
    assert len(set_aside) == len(rejects), "\n".join(map(str, set_aside))
