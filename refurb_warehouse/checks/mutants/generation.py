"""Every mutant of a project: which model, where in it, what becomes what."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Collection, Iterator
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


def mutants_of(subject: str, query: exp.Expression, ctes: tuple[str, ...] = ()) -> list[Mutant]:
    """Every mutant of a query; `ctes` keeps those that are inside one of these."""
    found = []
    seen: Counter = Counter()
    repeated = _repeated_formulas(query)
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


def all_mutants(
    project: CompiledProject, subjects: Collection[str] | None = None
) -> Iterator[Mutant]:
    """Mutants of the models from intermediate to marts, and of the macros that have vectors; of
    these subjects alone where they are named.
    """

    def is_wanted(name: str) -> bool:
        return subjects is None or name in subjects

    for model in project.models.values():
        is_mutated = model.path.startswith(MUTATED_FOLDERS) and not model.is_python
        if is_mutated and is_wanted(model.name):
            yield from mutants_of(model.name, parsed(model.sql))
    for test in project.data_tests:
        if test.name.endswith(BED_SUFFIX) and is_wanted(test.name):
            yield from mutants_of(test.name, parsed(test.sql), BED_CTES)


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
