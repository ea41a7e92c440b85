"""Every mutant of a project: which model, where in it, what becomes what."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from refurb_warehouse.checks.compiled import CompiledProject
from refurb_warehouse.checks.mutants.operators import OPERATORS

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
    for number, node in enumerate(nodes_of(query)):
        cte = _cte_of(node)
        # inside is numerical integration, where most changes move a digit that nobody reads; random
        # inputs against scipy (tests/python/test_statistics.py) judge it
        if (ctes and cte not in ctes) or node.find_ancestor(exp.Lambda):
            continue
        for name, operator in OPERATORS.items():
            for variant, replacement in enumerate(operator(node)):
                before, after = _text(node), _text(replacement)
                if before == after:
                    continue
                text = "|".join((subject, name, cte, before, after))
                seen[text] += 1
                digest = hashlib.sha256(f"{text}|{seen[text]}".encode()).hexdigest()[:10]
                within = _text(node.parent) if node.parent else ""
                found.append(
                    Mutant(digest, subject, name, number, variant, cte, before, after, within)
                )
    return found


def all_mutants(project: CompiledProject) -> Iterator[Mutant]:
    """Mutants of the models from intermediate to marts, and of the macros that have vectors."""
    for model in project.models.values():
        if model.path.startswith(MUTATED_FOLDERS) and not model.is_python:
            yield from mutants_of(model.name, parsed(model.sql))
    for test in project.data_tests:
        if test.name.endswith(BED_SUFFIX):
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
