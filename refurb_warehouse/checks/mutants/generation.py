"""Every mutant of a project: which model, where in it, what becomes what."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from refurb_warehouse.checks.compiled import CompiledProject
from refurb_warehouse.checks.mutants.operators import OPERATORS

# Wilson's bounds have 90 nodes; what is written by hand has fewer than this.
LONG_FORMULA_NODES = 40
FORMULA_PARENTS = (exp.Select, exp.Alias, exp.Paren, exp.Case, exp.Func, exp.Binary, exp.Cast)
MUTATED_FOLDERS = ("models/intermediate/", "models/marts/")
# A test that compares a macro with published vectors writes the macro's calls in these CTEs.
BED_SUFFIX = "_match_published_vectors"
BED_CTES = ("computed",)
# What holds so few nodes beside what it was given is no formula of a macro.
SMALL_FORMULA_NODES = 4
# What a macro is told in words: rows of a window are those of who calls it.
OF_THE_CALLER = {exp.Window: ("partition_by", "order", "spec")}

Formulas = Mapping[type, Sequence[exp.Expression]]


@dataclass(frozen=True)
class Mutant:
    """One change to one query, and the expression that it stands in.

    The id stays the same while the changed place does.
    """

    id: str
    subject: str
    operator: str
    node: int
    variant: int
    cte: str
    before: str
    after: str
    within: str = ""

    def describe(self, width: int = 100) -> str:
        """The change in one line, with its ends cut."""
        place = f" in {self.cte}" if self.cte else ""
        before, after = _around_change(self.before, self.after, width)
        return f"{self.operator}{place}: {before} -> {after}"


def nodes_of(query: exp.Expression) -> list[exp.Expression]:
    """The nodes of a query in a fixed order; what a table is called does not count."""
    return list(query.walk(prune=lambda node: isinstance(node, exp.Table)))


def mutated(query: exp.Expression, mutant: Mutant) -> exp.Expression:
    """A copy of the query with the change."""
    copy = query.copy()
    node = nodes_of(copy)[mutant.node]
    replacement = list(OPERATORS[mutant.operator](node))[mutant.variant]
    if node is copy:
        return replacement
    node.replace(replacement)
    return copy


def mutants_of(
    subject: str,
    query: exp.Expression,
    ctes: tuple[str, ...] = (),
    macros: Formulas | None = None,
) -> list[Mutant]:
    """Every mutant of a query; `ctes` keeps those that are inside one of these.

    What a macro wrote is left out where `macros` holds its formula: it is changed once, in the
    macro's own test. What the macro was given is not.
    """
    found = []
    seen: Counter = Counter()
    repeated = _repeated_formulas(query)
    written = _written_by(macros or {}, query)
    texts: dict[int, str] = {}

    def text_of(part: exp.Expression | None) -> str:
        # most nodes share their parent with others
        if id(part) not in texts:
            texts[id(part)] = _text(part) if part else ""
        return texts[id(part)]

    for number, node in enumerate(nodes_of(query)):
        cte = _cte_of(node)
        # inside is numerical integration, where most changes move a digit that nobody reads; random
        # inputs against scipy (tests/python/test_statistics.py) judge it
        if (ctes and cte not in ctes) or node.find_ancestor(exp.Lambda):
            continue
        if id(node) in written:
            continue
        if any(id(formula) in repeated for formula in _formulas_around(node)):
            continue
        for name, operator in OPERATORS.items():
            for variant, replacement in enumerate(operator(node)):
                before, after = text_of(node), _text(replacement)
                if before == after:
                    continue
                text = "|".join((subject, name, cte, before, after))
                seen[text] += 1
                digest = hashlib.sha256(f"{text}|{seen[text]}".encode()).hexdigest()[:10]
                within = text_of(node.parent)
                found.append(
                    Mutant(digest, subject, name, number, variant, cte, before, after, within)
                )
    return found


def _formulas_around(node: exp.Expression) -> Iterator[exp.Expression]:
    """The node and what it is part of, up to the query."""
    while node is not None and not isinstance(node, exp.Query):
        yield node
        node = node.parent


def _repeated_formulas(query: exp.Expression) -> set[int]:
    """Long formulas that stand in the query before, of other columns: a macro wrote them all."""
    repeated, shapes = set(), set()
    for formula in query.walk(bfs=True):
        if isinstance(formula, exp.Query) or not isinstance(formula.parent, FORMULA_PARENTS):
            continue
        shape = tuple(_shapes_of(formula))
        if len(shape) < LONG_FORMULA_NODES:
            continue
        if shape in shapes:
            repeated.add(id(formula))
        shapes.add(shape)
    return repeated


def _shapes_of(formula: exp.Expression) -> Iterator[str]:
    """What each node is, but for the names of columns."""
    for node in formula.walk(prune=lambda node: isinstance(node, exp.Column)):
        yield node.name if isinstance(node, exp.Literal) else type(node).__name__


def macro_formulas(queries: Sequence[exp.Expression]) -> Formulas:
    """What macros write in the tests of their vectors, by the kind of the first node."""
    formulas: dict[type, list[exp.Expression]] = {}
    for query in queries:
        computed = [cte.this for cte in query.find_all(exp.CTE) if cte.alias in BED_CTES]
        for select in (part for cte in computed for part in cte.find_all(exp.Select)):
            for formula in (part for column in select.expressions for part in _asked(column)):
                own: list[exp.Expression] = []
                _is_written_as(formula, formula, {}, own)
                if len(own) > SMALL_FORMULA_NODES:
                    formulas.setdefault(type(formula), []).append(formula)
    return formulas


def _asked(column: exp.Expression) -> list[exp.Expression]:
    """What a column of a test computes: several things, where a kind says which."""
    formula = column.unalias()
    branches = formula.args["ifs"] if isinstance(formula, exp.Case) and formula.this else []
    if branches and all(branch.this.is_string for branch in branches):
        return [branch.args["true"] for branch in branches]
    return [formula]


def _written_by(macros: Formulas, query: exp.Expression) -> set[int]:
    """The nodes of a query that a macro wrote, without those of what it was given."""
    written: set[int] = set()
    for node in query.walk():
        for formula in macros.get(type(node), ()):
            nodes: list[exp.Expression] = []
            if _is_written_as(formula, node, {}, nodes):
                written.update(map(id, nodes))
    return written


def _is_written_as(
    formula: object, part: object, given: dict[str, exp.Expression], nodes: list[exp.Expression]
) -> bool:
    """Whether a part of a query is a formula, with anything in the place of its columns.

    One column stands for one thing; `nodes` gathers what is the formula's own.
    """
    if isinstance(formula, exp.Column) and isinstance(part, exp.Expression):
        return given.setdefault(formula.name, part) == part
    if isinstance(formula, list) and isinstance(part, list):
        return len(formula) == len(part) and all(
            _is_written_as(one, other, given, nodes)
            for one, other in zip(formula, part, strict=True)
        )
    if not isinstance(formula, exp.Expression):
        return (formula or None) == (part or None)
    if type(formula) is not type(part):
        return False
    of_the_caller = OF_THE_CALLER.get(type(formula), ())
    if not of_the_caller:
        nodes.append(part)
    return all(
        _is_written_as(formula.args.get(name), part.args.get(name), given, nodes)
        for name in formula.args.keys() | part.args.keys()
        if name not in of_the_caller
    )


def all_mutants(
    project: CompiledProject, subjects: Collection[str] | None = None
) -> Iterator[Mutant]:
    """Mutants of the models from intermediate to marts, and of the macros that have vectors; of
    these subjects alone where they are named.
    """

    def is_wanted(name: str) -> bool:
        return subjects is None or name in subjects

    beds = {
        test.name: parsed(test.sql) for test in project.data_tests if test.name.endswith(BED_SUFFIX)
    }
    macros = macro_formulas(list(beds.values()))
    for model in project.models.values():
        is_mutated = model.path.startswith(MUTATED_FOLDERS) and not model.is_python
        if is_mutated and is_wanted(model.name):
            yield from mutants_of(model.name, parsed(model.sql), macros=macros)
    for name, query in beds.items():
        if is_wanted(name):
            yield from mutants_of(name, query, BED_CTES)


def parsed(sql: str) -> exp.Expression:
    """A query as a tree; formulas of statistics nest deeper than Python allows by itself."""
    sys.setrecursionlimit(10_000)
    return sqlglot.parse_one(sql, dialect="duckdb")


def _cte_of(node: exp.Expression) -> str:
    cte = node if isinstance(node, exp.CTE) else node.find_ancestor(exp.CTE)
    return cte.alias if cte else ""


def _text(node: exp.Expression) -> str:
    return " ".join(node.sql(dialect="duckdb", comments=False).split())


def _around_change(before: str, after: str, width: int) -> tuple[str, str]:
    """Both texts from a little before the place where they part."""
    parting = next(
        (n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0
    )
    start = max(0, parting - width // 3)
    cut = [text[start : start + width] for text in (before, after)]
    lead = "..." if start else ""
    return (
        lead + cut[0] + ("..." if len(before) > start + width else ""),
        lead + cut[1] + ("..." if len(after) > start + width else ""),
    )
