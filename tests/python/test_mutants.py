"""Mutants are made as their operators say, judged by the tests of the warehouse, and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from refurb_warehouse.checks.compiled import CompiledProject
from refurb_warehouse.checks.mutants.__main__ import Results, fingerprints, sampled
from refurb_warehouse.checks.mutants.generation import (
    Mutant,
    all_mutants,
    macro_formulas,
    mutants_of,
    mutated,
    parsed,
)
from refurb_warehouse.checks.mutants.report import as_markdown, stale, tallies, unexplained
from refurb_warehouse.checks.mutants.review import Finding, read_findings
from refurb_warehouse.checks.mutants.trial import KILLED, SURVIVED, Bench, Verdict

# What each operator makes of a query: all of its mutants, in any order.
CHANGES = [
    ("negated_predicate", "select a from t where b > 1", {"select a from t where not (b > 1)"}),
    ("dropped_filter", "select a from t where b > 1", {"select a from t"}),
    (
        "dropped_filter",
        "select count(*) filter (where b) from t",
        {"select count(*) from t"},
    ),
    (
        "dropped_condition",
        "select a from t where b and c",
        {"select a from t where b", "select a from t where c"},
    ),
    (
        "dropped_condition",
        "select a from t inner join u on t.i = u.i",
        {"select a from t inner join u on true"},
    ),
    ("swapped_connective", "select a from t where b or c", {"select a from t where (b and c)"}),
    (
        "join_kind",
        "select a from t inner join u on t.i = u.i",
        {"select a from t left join u on t.i = u.i"},
    ),
    (
        "join_kind",
        "select a from t left join u on t.i = u.i",
        {"select a from t inner join u on t.i = u.i"},
    ),
    ("distinct", "select count(distinct a) from t", {"select count(a) from t"}),
    ("distinct", "select count(a) from t", {"select count(distinct a) from t"}),
    ("distinct", "select distinct a from t", {"select a from t"}),
    (
        "distinct",
        "select a from t union all select a from u",
        {"select a from t union select a from u"},
    ),
    ("aggregate", "select sum(a) from t", {"select avg(a) from t"}),
    ("aggregate", "select bool_or(a) from t", {"select bool_and(a) from t"}),
    ("swapped_division", "select a / b from t", {"select b / a from t"}),
    ("swapped_division", "select a / nullif(b, 0) from t", {"select b / nullif(a, 0) from t"}),
    ("arithmetic", "select a + b from t", {"select (a - b) from t"}),
    ("comparison", "select a < b from t", {"select a <= b from t", "select a > b from t"}),
    (
        "comparison",
        "select a between 0 and b from t",
        {"select (a > 0 and a <= b) from t", "select (a >= 0 and a < b) from t"},
    ),
    ("constant", "select a + 90 from t", {"select a + 91 from t", "select a + 89 from t"}),
    ("constant", "select a = 'x' from t", {"select a = 'not x' from t"}),
    ("constant", "select true from t", {"select false from t"}),
    ("dropped_guard", "select coalesce(a, 0) from t", {"select a from t"}),
    ("dropped_guard", "select nullif(a, 0) from t", {"select a from t"}),
    (
        "dropped_key",
        "select a, b, count(*) from t group by a, b",
        {
            "select any_value(a) as a, b, count(*) from t group by b",
            "select a, any_value(b) as b, count(*) from t group by a",
        },
    ),
    (
        "dropped_key",
        "select row_number() over (partition by a order by b) from t",
        {"select row_number() over (order by b) from t"},
    ),
    (
        "order_direction",
        "select row_number() over (order by a) from t",
        {"select row_number() over (order by a desc) from t"},
    ),
    ("dropped_time_zone", "select timezone('Europe/Paris', a) from t", {"select a from t"}),
    (
        "dropped_branch",
        "select a from t union all select b from u",
        {"select a from t", "select b from u"},
    ),
    (
        "dropped_branch",
        "select case when a then 1 when b then 2 end from t",
        {"select case when b then 2 end from t", "select case when a then 1 end from t"},
    ),
    (
        "dropped_branch",
        "select a in (1, 2) from t",
        {"select a in (2) from t", "select a in (1) from t"},
    ),
    ("null_check", "select a is null from t", {"select (not a is null) from t"}),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "before", "after"), CHANGES)
def test_an_operator_makes_these_changes_and_no_other(
    operator: str, before: str, after: set[str]
) -> None:
    query = parsed(before)
    made = {
        mutated(query, mutant).sql(dialect="duckdb")
        for mutant in mutants_of("model", query)
        if mutant.operator == operator
    }
    assert made == {parsed(sql).sql(dialect="duckdb") for sql in after}
    assert query == parsed(before)


def test_every_model_from_intermediate_to_marts_has_mutants(
    compiled_project: CompiledProject,
) -> None:
    """Models that only hand columns on have nothing to change."""
    mutants = list(all_mutants(compiled_project))
    assert len({mutant.id for mutant in mutants}) == len(mutants) > 400
    plain = {
        name
        for name, model in compiled_project.models.items()
        if model.path.startswith(("models/intermediate/", "models/marts/")) and not model.is_python
    } - {mutant.subject for mutant in mutants}
    assert plain == {"dim_suppliers", "dim_sources", "int_line_repairs"}
    assert "assert_wilson_bounds_match_published_vectors" in {m.subject for m in mutants}


@pytest.fixture(scope="module")
def bench(compiled_project: CompiledProject) -> Bench:
    """A bench on the demo warehouse."""
    return Bench(compiled_project)


def test_nothing_fails_before_anything_is_changed(bench: Bench) -> None:
    assert bench.flaws() == []


@pytest.mark.parametrize(
    ("subject", "operator", "before", "by"),
    [
        # a unit test that states the rule
        ("int_line_returns", "aggregate", "SUM(return_events)",
         "a_line_counts_its_units_and_its_events_apart"),
        # a unit test of a model that others read
        ("int_business_days", "join_kind",
         "LEFT JOIN holidays ON days.date_day = holidays.holiday_date",
         "nine_business_days_lie_between_20_december_2024_and_5_january_2025"),
        # a macro, by its published vectors
        ("assert_wilson_bounds_match_published_vectors", "constant", "1.959963984540054E0",
         "assert_wilson_bounds_match_published_vectors"),
    ],
)  # fmt: skip
def test_a_changed_definition_is_red_with_the_name_of_its_rule(
    bench: Bench, subject: str, operator: str, before: str, by: str
) -> None:
    found = [
        mutant
        for mutant in all_mutants(bench.project, [subject])
        if (mutant.operator, mutant.before) == (operator, before)
    ]
    assert found
    for mutant in found:
        verdict = bench.judge(mutant)
        assert (verdict.outcome, verdict.by) == (KILLED, by), mutant.describe()


def test_a_change_that_no_unit_test_sees_is_tried_on_the_demo(bench: Bench) -> None:
    """Without its unit tests a model is still guarded by the data tests of what reads it."""
    mutant = next(
        mutant
        for mutant in mutants_of("fct_defects", bench.queries["fct_defects"])
        if mutant.operator == "dropped_branch"
    )
    unit_tests = bench.unit_tests.pop("fct_defects")
    try:
        verdict = bench.judge(mutant)
    finally:
        bench.unit_tests["fct_defects"] = unit_tests
    assert verdict.outcome == KILLED
    assert verdict.by in {test.name for test in bench.project.data_tests}
    assert bench.flaws() == []


def test_a_model_that_doubles_its_rows_is_never_green(bench: Bench) -> None:
    """Every model that declares a grain, by a test or by a primary key, holds to it."""
    guarded = {
        name: model
        for name, model in bench.project.models.items()
        if "primary key" in model.ddl
        or any(
            name in test.inputs and test.name.startswith(("unique_", "not_null_"))
            for test in bench.project.data_tests
        )
    }
    assert len(guarded) > 50
    for name, model in guarded.items():
        if model.is_python:
            continue
        if bench.warehouse.query(f"select count(*) from ({model.sql})") == [(0,)]:
            continue
        with bench.warehouse.rehearsal():
            try:
                twice = f"select * from ({model.sql}) union all select * from ({model.sql})"
                bench.warehouse.build([name], instead={name: twice})
            except duckdb.ConstraintException:
                continue
            red = {
                test.name
                for test, _ in bench.warehouse.failing_tests(bench.project.tests_of([name]))
            }
            assert any(test.startswith("unique_") for test in red), name


def test_a_mutant_is_called_the_same_when_its_model_changes_elsewhere() -> None:
    one, other = (
        {mutant.id for mutant in mutants_of("m", parsed(sql)) if mutant.operator == "comparison"}
        for sql in ("select a < b from t", "select c, a < b from t where d")
    )
    assert one == other


def test_what_a_macro_wrote_is_changed_in_its_own_test_alone() -> None:
    """And in a model what the macro was given, and what is made of its answer."""
    vectors = parsed(
        """
        with computed as (
            select
                cast(x as double) / nullif(n, 0) as rate,
                sum(x) over (partition by k order by x) * 2 - 1 - 3 as part
            from vectors
        )
        select * from computed
        """
    )
    model = parsed(
        """
        select
            cast(sum(a) as double) / nullif(b - 1, 0) > 2 as is_high,
            cast(a as double) / nullif(a, 1) as of_other_shape,
            sum(a) over (partition by i, j order by a desc) * 2 - 1 - 3 as part
        from t
        """
    )
    found = mutants_of("model", model, macros=macro_formulas([vectors]))
    changed = [(mutant.operator, mutant.before) for mutant in found]
    rate = "CAST(SUM(a) AS DOUBLE) / NULLIF(b - 1, 0) > 2"
    other = "CAST(a AS DOUBLE) / NULLIF(a, 1)"
    window = "SUM(a) OVER (PARTITION BY i, j ORDER BY a DESC)"
    assert sorted(changed) == sorted(
        [
            *[("comparison", rate)] * 2,
            *[("constant", "2")] * 2,
            *[("aggregate", "SUM(a)"), ("arithmetic", "b - 1")],
            *[("constant", "1")] * 4,
            *[
                ("swapped_division", other),
                ("arithmetic", other),
                ("dropped_guard", "NULLIF(a, 1)"),
            ],
            *[("dropped_key", window)] * 2,
            ("order_direction", "a DESC"),
        ]
    )


# ----------------------------------------------------------------------------- counts and review


def mutant(number: int, subject: str = "fct_refunds", before: str = "1") -> Mutant:
    """A mutant that nobody makes."""
    return Mutant(f"id{number}", subject, "constant", number, 0, "", before, "2")


def finding(verdict: str, before: str, subjects: tuple[str, ...] = ()) -> Finding:
    """What was found out about constants."""
    return Finding(subjects, "constant", before, ".*", ".*", verdict, "A reason.")


def test_equivalents_are_not_counted_and_known_gaps_are(compiled_project: CompiledProject) -> None:
    verdicts = [
        Verdict(mutant(1), KILLED, "a_test"),
        Verdict(mutant(2, before="equal"), SURVIVED),
        Verdict(mutant(3, before="gap"), SURVIVED),
        Verdict(mutant(4, before="new"), SURVIVED),
    ]
    findings = [finding("equivalent", "equal"), finding("known gap", "gap")]
    layers, subjects, total = tallies(verdicts, findings, compiled_project)
    assert (total.tried, total.killed, total.survived, total.equivalent) == (4, 1, 2, 1)
    assert total.score == pytest.approx(1 / 3)
    assert layers["facts"] == subjects["fct_refunds"] == total
    assert [verdict.mutant.id for verdict in unexplained(verdicts, findings)] == ["id4"]
    report = as_markdown(verdicts, findings, compiled_project, date(2026, 1, 31))
    assert "2026-01-31" in report
    assert "**not looked at yet**" in report
    assert "| a_test | 1 |" in report


def test_a_report_says_which_models_are_done(compiled_project: CompiledProject) -> None:
    verdicts = [Verdict(mutant(1), KILLED, "a_test")]
    of_each = {"fct_refunds": 1, "dim_dates": 2}
    report = as_markdown(verdicts, [], compiled_project, date(2026, 1, 31), of_each=of_each)
    assert "of the 1 of 2 models and macros of which every mutant has been tried: 1 of 3" in report
    del of_each["dim_dates"]
    report = as_markdown(verdicts, [], compiled_project, date(2026, 1, 31), of_each=of_each)
    assert "has been tried" not in report


def test_a_finding_without_a_survivor_is_outdated() -> None:
    verdicts = [Verdict(mutant(1, before="equal"), KILLED, "a_test")]
    outdated = finding("equivalent", "equal")
    assert stale(verdicts, [outdated]) == [outdated]


def test_a_finding_covers_the_subjects_that_it_names() -> None:
    assert finding("equivalent", "1", ("fct_refunds",)).covers(mutant(1))
    assert not finding("equivalent", "1", ("fct_returns",)).covers(mutant(1))
    assert not finding("equivalent", "10").covers(mutant(1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {subjects: [], operator: constant, reason: x}", "entry 1: 'verdict' is missing"),
        ("- {subjects: [], operator: constant, verdict: fine, reason: x}", "'fine' is neither"),
    ],
)
def test_a_mistake_in_the_reviewed_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "reviewed.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_findings(path)


def test_every_reviewed_finding_has_a_reason() -> None:
    assert all(len(found.reason.split()) > 4 for found in read_findings())


def test_a_stopped_run_goes_on_and_what_has_changed_is_tried_anew(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    subject = mutant(1).subject
    Results(path, {subject: "one"}).add(Verdict(mutant(1), KILLED, "a_test"))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"id": "id2", "outc')  # killed while it wrote
    assert Results(path, {subject: "one", "another": "two"}).known == {"id1": (KILLED, "a_test")}
    assert Results(path, {subject: "other", "another": "two"}).known == {}


def test_a_verdict_depends_on_what_its_model_reads_and_on_what_reads_it(
    compiled_project: CompiledProject,
) -> None:
    """A leaf's verdicts stay when another leaf changes, a fact's do not."""
    name = "mart_supplier_satisfaction"
    models = dict(compiled_project.models)
    models[name] = replace(models[name], sql=models[name].sql + " -- changed")
    before = fingerprints(compiled_project)
    after = fingerprints(replace(compiled_project, models=models))
    changed = {key for key in before if before[key] != after[key]}
    assert {name, "fct_ratings", "int_rated_lines", "stg_marketplace__ratings"} <= changed
    assert changed.isdisjoint({"mart_product_satisfaction", "fct_shipments", "mart_transit_times"})


def test_a_long_formula_is_tried_for_the_first_of_its_columns_alone() -> None:
    """A macro wrote it for all of its columns; what is short is written by hand."""
    long = " + ".join(f"sqrt({{0}} * {factor} + 1)" for factor in range(2, 9))
    sql = f"select {long.format('a')} as x, {long.format('b')} as y, c * 2 as v, d * 2 as w from t"
    changed = {mutant.before for mutant in mutants_of("m", parsed(sql))}
    assert "a * 7" in changed
    assert {"c * 2", "d * 2"} <= changed
    assert "b * 7" not in changed


def test_the_sample_is_fixed() -> None:
    mutants = [mutant(number) for number in (5, 3, 1, 4, 2)]
    assert [m.id for m in sampled(mutants, 2)] == ["id1", "id2"]
    assert sampled(mutants, None) == mutants
