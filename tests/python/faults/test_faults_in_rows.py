"""Every fault of a row ends as the catalogue says, in the compiled warehouse in memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType

import pytest
from baseline import ROWS
from catalogue import ACCEPTED, ALONE, CATALOGUE, ROW_FAULTS, SPOILT
from families import CONTRACT, KEYS, gate_model
from fault import Fails, Fault, Gives, Rejected, Warns
from guarded import Guarded, built_baseline, name_of

from refurb_warehouse.checks.compiled import CompiledProject, DataTest
from refurb_warehouse.checks.mutants.generation import BED_SUFFIX

# A case of a few rows has none of them every week.
OF_THE_BASELINE = {"warn_when_a_table_ends_early"}
# Measures that need a second seller of a category, a year of returns, two mature quarters, enough
# units for a rank, two months of evaluations, or people whose 180 days have passed: seven lines
# have none of these.
OF_LARGER_SAMPLES = {
    "mart_supplier_mix_adjusted": "compared_defect_units|.*_of_others|leave_one_out_ratio.*",
    "mart_return_development": "completion_365d_.*",
    "mart_cohort_completion": "developed_units_365d|projected_365d_.*",
    "mart_supplier_trend": "trend|previous_.*|defect_return_30d_delta_points.*",
    "mart_supplier_shrunk_rates": ".*",
    "mart_supplier_scorecard": "trend|leave_one_out_ratio|quality_rank|.*_delta_points"
    "|shrunk_.*|probability_.*",
    "fct_customer_outcomes": "next_order.*",
    "mart_budget_impact": "unpriced_cost_eur",
    "mart_refusal_outcomes": "retention_rate.*",
    "mart_refusal_comparison": "expected_control_.*|effective_.*|refused_.*|crude_.*|matched_.*",
    "dim_grade_models": "majority_grade|cross_validation_.*",
    "fct_evaluations": "reference_confidence|is_trained_on|is_out_of_time",
    "mart_grade_drift": "stability_index|p_value|mean_rank_shift",
    "mart_refurbisher_trend": ".*",
    "mart_alerts": ".*",
    "mart_refurbisher_condition_returns": "observed_expected_ratio.*",
    "mart_refurbisher_components": "(upheld_dispute_rate|condition_return_ratio).*",
    "mart_refurbisher_confidence": "prior_evaluations|(upheld_dispute|condition_return)_rat.*",
    "mart_refurbisher_periods": ".*returned_units_30d",
    "mart_refurbisher_board": ".*(returned_units_30d|_(rate|score|points|rel|low|high))",
    "mart_transit_quality": ".*_units|(return|transit_damage)_rate.*",
    "mart_correction_comparisons": "revenue_.*|priced_units_.*",
    "mart_correction_windows": ".*_revenue_.*|control_units_.*",
    "mart_correction_impact": ".*_units_.*|.*_revenue_.*|.*_effect_.*",
}
# What a few bad rows among few rows trip by themselves.
OF_ANY_REJECTED_ROW = {"warn_about_rejected_rows", "assert_rejected_share_within_limit"}


@pytest.fixture(scope="module")
def guarded(compiled_project: CompiledProject) -> Iterator[Guarded]:
    """The baseline, built and kept."""
    with built_baseline(compiled_project) as guarded:
        yield guarded


def test_the_baseline_is_sound_and_every_measure_of_a_mart_is_alive(guarded: Guarded) -> None:
    assert guarded.rejected() == Counter()
    assert set(guarded.failing()) == OF_THE_BASELINE
    empty = [
        f"{name_of(relation)}.{column}"
        for relation in guarded.kpis
        # a few rows are no sample, and teach no model
        if not name_of(relation).startswith(("mart_hypothesis_", "mart_grade_model_"))
        for column, *_ in guarded.warehouse.query(f"describe {relation}")
        if guarded.warehouse.query(f'select count("{column}") from {relation}') == [(0,)]
    ]
    assert [
        measure
        for measure in empty
        if not re.fullmatch(OF_LARGER_SAMPLES.get(measure.split(".")[0], ""), measure.split(".")[1])
    ] == []


def test_names_tell_faults_apart() -> None:
    names = Counter((fault.table, fault.name) for fault in CATALOGUE)
    assert [name for name, count in names.items() if count > 1] == []


# --- one more row, set aside -------------------------------------------------------------------


def added_row(number: int, fault: Fault) -> dict[str, str]:
    """The last row of the table under a key that no other row has, with the fault in it."""
    row = dict(ROWS[fault.table][-1])
    *_, last_of_key = key = KEYS[fault.table]
    if last_of_key == "period_month":
        row[last_of_key] = f"{2001 + number // 12}-{number % 12 + 1:02}-01"
    elif last_of_key == "rate_date":
        row[last_of_key] = f"2001-{number // 28 + 1:02}-{number % 28 + 1:02}"
    else:
        row[key[0]] = f"fault {number}"
    return row | dict(fault.edit.cells)


def row_key(table: str, row: dict[str, str], outcome: Rejected) -> str:
    """The key as rejected_rows writes it: what could be read of it."""
    return "|".join(
        row[name].strip()
        for name in KEYS[table]
        if row[name] and not (name == outcome.column and outcome.reason.startswith("not a "))
    )


def numbered_row_faults() -> list[tuple[int, Fault]]:
    """Row faults with their number in their table."""
    counted: Counter = Counter()
    numbered = []
    for fault in ROW_FAULTS:
        numbered.append((counted[fault.table], fault))
        counted[fault.table] += 1
    return numbered


NUMBERED = numbered_row_faults()


def expected_rejection(number: int, fault: Fault) -> tuple[str, str, str, str]:
    """What rejected_rows must say of the row."""
    outcome = fault.outcome
    key = row_key(fault.table, added_row(number, fault), outcome)
    return (fault.table, key, outcome.column, outcome.reason)


@dataclass
class Found:
    """What a build with many edits at once left."""

    rejected: Counter
    differing: list[str]
    failing: dict[str, str]
    changed_cells: dict[str, Counter]


@pytest.fixture(scope="module")
def with_bad_rows(guarded: Guarded) -> Found:
    """One build of the baseline and every bad row."""
    rows = {table: list(rows) for table, rows in ROWS.items()}
    for number, fault in NUMBERED:
        rows[fault.table].append(added_row(number, fault))
    with guarded.warehouse.rehearsal():
        guarded.warehouse.land(rows)
        guarded.build()
        return Found(
            guarded.rejected(), guarded.differing(guarded.kept("baseline")), guarded.failing(), {}
        )


@pytest.mark.parametrize(
    ("number", "fault"), [pytest.param(*numbered, id=str(numbered[1])) for numbered in NUMBERED]
)
def test_a_bad_row_is_set_aside_with_its_reason(
    with_bad_rows: Found, number: int, fault: Fault
) -> None:
    assert expected_rejection(number, fault) in with_bad_rows.rejected


def test_bad_rows_change_no_kpi_and_no_other_row_is_set_aside(with_bad_rows: Found) -> None:
    assert with_bad_rows.differing == []
    assert with_bad_rows.rejected == Counter(
        expected_rejection(number, fault) for number, fault in NUMBERED
    )
    assert set(with_bad_rows.failing) == OF_THE_BASELINE | OF_ANY_REJECTED_ROW


# --- the same row, written otherwise -----------------------------------------------------------


def keyed(table: str, row: dict[str, str]) -> str:
    """The key of a row as the catalogue writes it."""
    return "|".join(row[name] for name in KEYS[table])


def staged(guarded: Guarded, table: str) -> list[tuple]:
    """Rows of a staging table as text, in the order of their keys."""
    columns = ", ".join(
        f'cast("{column["name"]}" as varchar)' for column in CONTRACT[table]["columns"]
    )
    key = ", ".join(KEYS[table])
    return guarded.warehouse.query(
        f"select {columns} from staging.{gate_model('stg', table)} order by {key}"
    )


@pytest.fixture(scope="module")
def rewritten(guarded: Guarded) -> Found:
    """One build of the baseline with all the other spellings."""
    cells = {(fault.table, fault.edit.key): fault.edit.cells for fault in ACCEPTED}
    rows = {
        table: [row | dict(cells.pop((table, keyed(table, row)), {})) for row in rows]
        for table, rows in ROWS.items()
    }
    assert not cells, f"no such row: {list(cells)}"
    before = {table: staged(guarded, table) for table in CONTRACT}
    with guarded.warehouse.rehearsal():
        guarded.warehouse.land(rows)
        guarded.build()
        return Found(
            guarded.rejected(),
            guarded.differing(guarded.kept("baseline")),
            guarded.failing(),
            {
                table: changed_cells(table, before[table], staged(guarded, table))
                for table in CONTRACT
            },
        )


def changed_cells(table: str, before: list[tuple], after: list[tuple]) -> Counter:
    """Cells that are not what they were: their column, and what stands there now."""
    columns = [column["name"] for column in CONTRACT[table]["columns"]]
    return Counter(
        (column, cell)
        for old_row, row in zip(before, after, strict=True)
        for column, old_cell, cell in zip(columns, old_row, row, strict=True)
        if cell != old_cell
    )


@pytest.mark.parametrize("fault", ACCEPTED, ids=str)
def test_another_spelling_is_taken_as_it_is_meant(rewritten: Found, fault: Fault) -> None:
    expected = Counter(
        cell
        for other in ACCEPTED
        if other.table == fault.table
        for cell in other.outcome.staged.items()
    )
    assert rewritten.changed_cells[fault.table] == expected
    assert not [key for key in rewritten.rejected if key[0] == fault.table]


def test_other_spellings_change_no_kpi(rewritten: Found) -> None:
    # the ends of two offers are written as a far day: the versions are the same, but not open; and
    # a blank means of contact is an unknown one
    assert set(rewritten.differing) <= {"dim_offers", "fct_support_cases", "mart_service_response"}
    assert set(rewritten.failing) == OF_THE_BASELINE


# --- a build of its own ------------------------------------------------------------------------


def named_test(guarded: Guarded, outcome: Fails | Warns) -> DataTest:
    """The data test of an outcome, if it has the severity that the outcome says."""
    severity = "warn" if isinstance(outcome, Warns) else "error"
    [test] = [
        test
        for test in guarded.warehouse.project.data_tests
        if test.name.startswith(outcome.test) and test.severity == severity
    ]
    return test


def found_by(guarded: Guarded, test: DataTest) -> int:
    """How many rows a data test finds."""
    [(found,)] = guarded.warehouse.query(f"select count(*) from ({test.sql})")
    return found


def with_outcome(outcome: type | UnionType) -> pytest.MarkDecorator:
    """Once for each fault that is built alone and ends like this."""
    return pytest.mark.parametrize(
        "fault", [fault for fault in ALONE if isinstance(fault.outcome, outcome)], ids=str
    )


@with_outcome(Gives)
def test_what_is_taken_gives_the_figure_that_the_catalogue_states(
    guarded: Guarded, fault: Fault
) -> None:
    schemas = "core|quality|repairs|satisfaction|service|grading"
    read = re.findall(rf"\b(?:{schemas})\.(\w+)", fault.outcome.query)
    with guarded.warehouse.rehearsal():
        guarded.warehouse.connection.execute(fault.edit.sql)
        guarded.build(fault.edit.sql, for_=[*read, "rejected_rows"])
        assert guarded.warehouse.query(fault.outcome.query) == [fault.outcome.answer]
        assert guarded.rejected() == Counter()


@with_outcome(Fails | Warns)
def test_what_no_row_shows_by_itself_is_found_by_a_test(guarded: Guarded, fault: Fault) -> None:
    test = named_test(guarded, fault.outcome)
    assert found_by(guarded, test) == 0
    with guarded.warehouse.rehearsal():
        guarded.warehouse.connection.execute(fault.edit.sql)
        guarded.build(fault.edit.sql, for_=test.inputs)
        assert found_by(guarded, test) > 0


@with_outcome(Rejected)
def test_a_row_that_goes_bad_takes_along_what_refers_to_it(guarded: Guarded, fault: Fault) -> None:
    taken = {
        (table, key) for table, *keys in map(str.split, fault.edit.takes.split(",")) for key in keys
    }
    outcome, execute = fault.outcome, guarded.warehouse.connection.execute
    with guarded.warehouse.rehearsal():
        execute(fault.edit.sql)
        guarded.build(fault.edit.sql)
        rejected = guarded.rejected()
        assert (outcome.column, outcome.reason) in {key[2:] for key in rejected}
        assert {(table, key.split("|")[0]) for table, key, *_ in rejected} == taken
        guarded.keep("with_fault")
        guarded.warehouse.land(ROWS)
        for table, key in taken:
            execute(f"delete from raw.{table} where {KEYS[table][0]} = ?", [key])
        execute(fault.edit.leaves)
        guarded.build()
        assert guarded.rejected() == Counter()
        assert guarded.differing(guarded.kept("with_fault")) == []


def test_of_two_copies_that_refer_to_nothing_each_is_set_aside_once(guarded: Guarded) -> None:
    twice = """
        insert into raw.repairs
        select repairs.* replace ('twice' as repair_id, 'nowhere' as return_line_id)
        from raw.repairs, range(2)
        where repair_id = 'F3'
    """
    with guarded.warehouse.rehearsal():
        guarded.warehouse.connection.execute(twice)
        guarded.build(twice)
        assert guarded.rejected() == Counter(
            [
                ("repairs", "twice", "repair_id", "duplicate"),
                ("repairs", "twice", "return_line_id", "not found in return_lines"),
            ]
        )


def test_a_row_that_refers_to_nothing_stays_out_beside_one_that_failed_a_check(
    guarded: Guarded,
) -> None:
    twins = """
        insert into raw.repairs
        select repairs.* replace (
            'twin' as repair_id,
            case when range = 0 then 'nowhere' else return_line_id end as return_line_id,
            case when range = 1 then 'much' else labour_cost end as labour_cost
        )
        from raw.repairs, range(2)
        where repair_id = 'F3'
    """
    with guarded.warehouse.rehearsal():
        guarded.warehouse.connection.execute(twins)
        guarded.build(twins)
        assert {row[1:3] for row in guarded.rejected()} == {
            ("twin", "return_line_id"),
            ("twin", "labour_cost"),
        }
        staged = "select count(*) from staging.stg_marketplace__repairs where repair_id = 'twin'"
        assert guarded.warehouse.connection.execute(staged).fetchone() == (0,)


@pytest.mark.parametrize("fault", SPOILT, ids=str)
def test_a_figure_that_was_spoilt_fails_its_reconciliation(guarded: Guarded, fault: Fault) -> None:
    test = named_test(guarded, fault.outcome)
    assert found_by(guarded, test) == 0
    with guarded.warehouse.rehearsal():
        guarded.warehouse.connection.execute(fault.edit.sql)
        assert found_by(guarded, test) > 0


# --- nothing of the guard is without a fault ---------------------------------------------------


def checks_of(sql: str) -> list[tuple[str, str]]:
    """Column and reason of every check in the compiled SQL of a base_ or quarantine_ model."""
    parts = {}
    for numbers, part in re.findall(
        r"case (?:reject_check|broken_rule)\b(.*?)\bend\s+as reject_(column|reason)",
        sql,
        re.DOTALL,
    ):
        parts[part] = dict(re.findall(r"when (\d+) then '((?:[^']|'')*)'", numbers))
    return [(column, parts["reason"][number]) for number, column in parts.get("column", {}).items()]


def test_every_check_of_the_contract_is_needed_by_a_fault(
    compiled_project: CompiledProject,
) -> None:
    """Without a check its fault goes through: no other check gives this reason for this column."""
    checks: Counter = Counter()
    for table, key in KEYS.items():
        columns = ", ".join(key)
        checks.update([(table, columns, "duplicate"), (table, columns, "conflicting key")])
        for layer in ("base", "quarantine"):
            sql = compiled_project.models[gate_model(layer, table)].sql
            checks.update((table, *check) for check in checks_of(sql))
    assert len(checks) > 400
    assert [check for check, count in checks.items() if count > 1] == []
    expected = {(f.table, f.outcome.column, f.outcome.reason) for f in ROW_FAULTS}
    assert set(checks) - expected == set()


def test_every_reconciliation_and_warning_is_needed_by_a_fault(
    compiled_project: CompiledProject,
) -> None:
    """Those that no raw row can break are named, with the reason."""
    of_no_row = {
        # compares constants with constants, as do the published vectors, added below
        "assert_raw_tables_are_the_contract",
        # need two deliveries, a var that is off by default, or rows every week: test_health
        # tells their story
        "warn_when_a_table_ends_early",
        "warn_when_rows_are_missing",
        "warn_when_rows_arrive_late",
        "warn_when_extracts_are_old",
    }
    tests = {
        test.name
        for test in compiled_project.data_tests
        if test.name.startswith(("assert_", "warn_"))
    }
    named = {f.outcome.test for f in CATALOGUE if isinstance(f.outcome, (Fails, Warns))}
    of_no_row |= {test for test in tests if test.endswith(BED_SUFFIX)}
    assert tests - named == of_no_row
