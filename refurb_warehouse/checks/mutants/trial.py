"""Whether a dbt test notices a mutant: first the unit tests of its model, then the data tests of
the demo warehouse with the model and all that reads it made again."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from refurb_warehouse.checks.compiled import CompiledProject, DataTest, UnitTest, Warehouse
from refurb_warehouse.checks.mutants.generation import BED_SUFFIX, Mutant, mutated, nodes_of, parsed

FIXTURE_PREFIX = "__dbt__cte__"
ACTUAL = "dbt_internal_unit_test_actual"
PLACE = "__query_of_the_model__"
TIME_LIMIT_SECONDS = 20

KILLED, SURVIVED, STILLBORN = "killed", "survived", "stillborn"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, and the test that noticed it."""

    mutant: Mutant
    outcome: str
    by: str = ""

    def as_row(self) -> dict:
        """The verdict as one flat row."""
        return asdict(self.mutant) | {"outcome": self.outcome, "by": self.by}


class Bench:
    """A demo warehouse in memory, on which mutants are tried one after the other."""

    def __init__(self, project: CompiledProject) -> None:
        self.project = project
        self.warehouse = Warehouse(project)
        self.warehouse.land_finished_build()
        self.warehouse.build()
        self.rows = {name: self._rows(name) for name in project.models}
        with _nothing_collected():
            self.queries = {
                model.name: parsed(model.sql)
                for model in project.models.values()
                if not model.is_python
            }
            self.beds = {
                test.name: parsed(test.sql)
                for test in project.data_tests
                if test.name.endswith(BED_SUFFIX)
            }
            self.unit_tests: dict[str, list[_MutableUnitTest]] = {}
            for test in project.unit_tests:
                mutable = _MutableUnitTest(test)
                # a test that sets a var may run a query of another shape, without the changed place
                if mutable.shape == _shape(self.queries[test.model]):
                    self.unit_tests.setdefault(test.model, []).append(mutable)

    def flaws(self) -> list[str]:
        """Tests that fail before anything is changed: nothing could be learnt from them."""
        return self.failing_unit_tests() + self.failing_data_tests()

    def failing_unit_tests(self) -> list[str]:
        """Unit tests that fail on the models as they are."""
        return [
            test.test.name
            for tests in self.unit_tests.values()
            for test in tests
            if not self.warehouse.unit_test_passes(test.sql(test.query))
        ]

    def failing_data_tests(self) -> list[str]:
        """Data tests that fail on the demo as it is; those that only warn may."""
        failing = self.warehouse.failing_tests()
        return [test.name for test, _ in failing if test.severity == "error"]

    def judge(self, mutant: Mutant) -> Verdict:
        """Kill the mutant with the first test that can."""
        with self._time_limit():
            try:
                if mutant.subject in self.beds:
                    return self._judge_macro(mutant)
                return self._judge_model(mutant)
            except duckdb.InterruptException:
                return Verdict(mutant, KILLED, f"stopped after {TIME_LIMIT_SECONDS} s")

    def _judge_macro(self, mutant: Mutant) -> Verdict:
        sql = _written(mutated(self.beds[mutant.subject], mutant))
        try:
            rows = self.warehouse.query(sql)
        except (duckdb.BinderException, duckdb.ParserException):
            return Verdict(mutant, STILLBORN)
        except duckdb.Error as error:
            return Verdict(mutant, KILLED, _said(error))
        return Verdict(mutant, KILLED, mutant.subject) if rows else Verdict(mutant, SURVIVED)

    def _judge_model(self, mutant: Mutant) -> Verdict:
        # tests of one model mostly ask the same query, and to write it takes longer than to run it
        written: dict[str, str] = {}
        for test in self.unit_tests.get(mutant.subject, []):
            if test.query not in written:
                written[test.query] = _written(mutated(test.model, mutant))
            try:
                if not self.warehouse.unit_test_passes(test.sql(written[test.query])):
                    return Verdict(mutant, KILLED, test.test.name)
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                by = f"{test.test.name}: {_said(error)}"
                return self._fault(mutant, self._changed(mutant)) or Verdict(mutant, KILLED, by)
        sql = self._changed(mutant)
        if fault := self._fault(mutant, sql):
            return fault
        with self.warehouse.rehearsal():
            try:
                return self._judge_build(mutant, sql)
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                return Verdict(mutant, KILLED, _said(error))

    def _changed(self, mutant: Mutant) -> str:
        return _written(mutated(self.queries[mutant.subject], mutant))

    def _fault(self, mutant: Mutant, sql: str) -> Verdict | None:
        """The verdict on a query that DuckDB does not take; none when it does."""
        try:
            self.warehouse.query(f"explain {sql}")
        except (duckdb.BinderException, duckdb.ParserException):
            return Verdict(mutant, STILLBORN)
        except duckdb.Error as error:
            return Verdict(mutant, KILLED, _said(error))
        return None

    def _judge_build(self, mutant: Mutant, sql: str) -> Verdict:
        """Each model is made again only if one that it reads has changed, and tested at once."""
        touched = [mutant.subject, *self.project.descendants(mutant.subject)]
        place = {name: number for number, name in enumerate(touched)}
        tests: dict[str, list[DataTest]] = {}
        for test in self.project.tests_of(touched):
            last_read = max(place.keys() & set(test.inputs), key=place.__getitem__)
            tests.setdefault(last_read, []).append(test)
        changed: set[str] = set()
        for name in touched:
            if name == mutant.subject or changed.intersection(self.project.models[name].inputs):
                self.warehouse.build([name], instead={mutant.subject: sql})
                rows = self._rows(name)
                if rows is None or rows != self.rows[name]:
                    changed.add(name)
            due = [test for test in tests.get(name, []) if changed.intersection(test.inputs)]
            for test, _ in self.warehouse.failing_tests(due):
                if test.severity == "error":
                    return Verdict(mutant, KILLED, test.name)
        return Verdict(mutant, SURVIVED)

    def _rows(self, name: str) -> tuple | None:
        """What tells the rows of a table from others; none of a view, whose rows nobody reads."""
        model = self.project.models[name]
        if model.materialized == "view":
            return None
        [rows] = self.warehouse.query(
            f"select count(*), sum(cast(hash(made) as hugeint)) from {model.relation} as made"
        )
        return rows

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        timer = threading.Timer(TIME_LIMIT_SECONDS, self.warehouse.connection.interrupt)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """While many objects are made that all stay: to search them for garbage takes half the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_bench: Bench | None = None


def start_bench(target: Path, database: Path) -> None:
    """Set up the bench of a worker process."""
    global _bench
    _bench = Bench(CompiledProject.read(target, database))


def flaws_of_bench(tests: str) -> list[str]:
    """Those of the unit tests or data tests that fail on the bench of a worker process."""
    return _bench.failing_unit_tests() if tests == "unit tests" else _bench.failing_data_tests()


def judge_on_bench(mutant: Mutant) -> Verdict:
    """Judge a mutant in a worker process."""
    return _bench.judge(mutant)


class _MutableUnitTest:
    """A unit test whose model can be changed: its query, and the text that stands around it."""

    def __init__(self, test: UnitTest) -> None:
        self.test = test
        tree = parsed(test.sql)
        actual = next(cte for cte in tree.find_all(exp.CTE) if cte.alias == ACTUAL)
        model = actual.this.find(exp.Subquery).this
        with_ = model.args["with_"]
        own = [cte for cte in with_.expressions if not cte.alias.startswith(FIXTURE_PREFIX)]
        fixtures = [cte for cte in with_.expressions if cte not in own]
        if own:
            with_.set("expressions", own)
        else:
            model.set("with_", None)
        self.model = model.copy()
        self.shape = _shape(self.model)
        self.query = _written(self.model)
        model.replace(exp.select(PLACE))
        tree.args["with_"].set("expressions", fixtures + tree.args["with_"].expressions)
        self.before, self.after = _written(tree).split(f"SELECT {PLACE}")

    def sql(self, query: str) -> str:
        """The query of the test on this query of the model."""
        return f"{self.before}{query}{self.after}"


def _written(query: exp.Expression) -> str:
    return query.sql(dialect="duckdb")


def _shape(query: exp.Expression) -> list[type]:
    return [type(node) for node in nodes_of(query)]


def _said(error: duckdb.Error) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:90]}"
