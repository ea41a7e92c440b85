"""Whether a dbt test notices a mutant: first the unit tests of its model, then the data tests of
the demo warehouse with the model and all that reads it made again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from refurb_warehouse.checks.compiled import CompiledProject, UnitTest, Warehouse
from refurb_warehouse.checks.mutants.generation import BED_SUFFIX, Mutant, mutated, nodes_of, parsed

FIXTURE_PREFIX = "__dbt__cte__"
ACTUAL = "dbt_internal_unit_test_actual"
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
        found = [
            test.test.name
            for tests in self.unit_tests.values()
            for test in tests
            if not self.warehouse.unit_test_passes(test.sql())
        ]
        found += [
            test.name for test, _ in self.warehouse.failing_tests() if test.severity == "error"
        ]
        return found

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
        sql = mutated(self.beds[mutant.subject], mutant).sql(dialect="duckdb")
        try:
            rows = self.warehouse.query(sql)
        except (duckdb.BinderException, duckdb.ParserException):
            return Verdict(mutant, STILLBORN)
        except duckdb.Error as error:
            return Verdict(mutant, KILLED, _said(error))
        return Verdict(mutant, KILLED, mutant.subject) if rows else Verdict(mutant, SURVIVED)

    def _judge_model(self, mutant: Mutant) -> Verdict:
        query = mutated(self.queries[mutant.subject], mutant)
        sql = query.sql(dialect="duckdb")
        try:
            self.warehouse.query(f"explain {sql}")
        except (duckdb.BinderException, duckdb.ParserException):
            return Verdict(mutant, STILLBORN)
        except duckdb.Error as error:
            return Verdict(mutant, KILLED, _said(error))
        for test in self.unit_tests.get(mutant.subject, []):
            try:
                if not self.warehouse.unit_test_passes(test.sql(mutant)):
                    return Verdict(mutant, KILLED, test.test.name)
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                return Verdict(mutant, KILLED, f"{test.test.name}: {_said(error)}")
        with self.warehouse.rehearsal():
            try:
                return self._judge_build(mutant, sql)
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                return Verdict(mutant, KILLED, _said(error))

    def _judge_build(self, mutant: Mutant, sql: str) -> Verdict:
        touched = [mutant.subject, *self.project.descendants(mutant.subject)]
        self.warehouse.build(touched, instead={mutant.subject: sql})
        for test, _ in self.warehouse.failing_tests(touched):
            if test.severity == "error":
                return Verdict(mutant, KILLED, test.name)
        return Verdict(mutant, SURVIVED)

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        timer = threading.Timer(TIME_LIMIT_SECONDS, self.warehouse.connection.interrupt)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


_bench: Bench | None = None


def start_bench(target: Path, database: Path) -> None:
    """Set up the bench of a worker process."""
    global _bench
    _bench = Bench(CompiledProject.read(target, database))


def judge_on_bench(mutant: Mutant) -> Verdict:
    """Judge a mutant in a worker process."""
    return _bench.judge(mutant)


class _MutableUnitTest:
    """A unit test whose model can be changed: its fixtures are kept apart from the model's CTEs."""

    def __init__(self, test: UnitTest) -> None:
        self.test = test
        self.tree = parsed(test.sql)
        model = self._model_query(self.tree)
        with_ = model.args["with_"]
        own = [cte for cte in with_.expressions if not cte.alias.startswith(FIXTURE_PREFIX)]
        self.fixtures = [cte for cte in with_.expressions if cte not in own]
        if own:
            with_.set("expressions", own)
        else:
            model.set("with_", None)
        self.model = model.copy()
        self.shape = _shape(self.model)

    @staticmethod
    def _model_query(tree: exp.Expression) -> exp.Expression:
        actual = next(cte for cte in tree.find_all(exp.CTE) if cte.alias == ACTUAL)
        return actual.this.find(exp.Subquery).this

    def sql(self, mutant: Mutant | None = None) -> str:
        """The test's query, on the model as it is or as the mutant has it."""
        model = mutated(self.model, mutant) if mutant else self.model.copy()
        fixtures = [cte.copy() for cte in self.fixtures]
        if model.args.get("with_"):
            model.args["with_"].set("expressions", fixtures + model.args["with_"].expressions)
        else:
            model.set("with_", exp.With(expressions=fixtures))
        tree = self.tree.copy()
        self._model_query(tree).replace(model)
        return tree.sql(dialect="duckdb")


def _shape(query: exp.Expression) -> list[type]:
    return [type(node) for node in nodes_of(query)]


def _said(error: duckdb.Error) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:90]}"
