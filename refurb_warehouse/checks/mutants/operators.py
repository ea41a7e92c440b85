"""The changes that are made to a query, one at a time.

An operator looks at one node of a parsed query and answers the nodes that could stand in its
place. It changes nothing itself, so that every change is made on a copy of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

Operator = Callable[[exp.Expression], Iterator[exp.Expression]]

COMPARISONS = {
    exp.LT: [exp.LTE, exp.GT],
    exp.LTE: [exp.LT, exp.GTE],
    exp.GT: [exp.GTE, exp.LT],
    exp.GTE: [exp.GT, exp.LTE],
    exp.EQ: [exp.NEQ],
    exp.NEQ: [exp.EQ],
}
AGGREGATES = {
    exp.Sum: exp.Avg,
    exp.Avg: exp.Sum,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.LogicalAnd: exp.LogicalOr,
    exp.LogicalOr: exp.LogicalAnd,
    exp.Lag: exp.Lead,
    exp.Lead: exp.Lag,
    exp.FirstValue: exp.LastValue,
    exp.LastValue: exp.FirstValue,
    exp.Least: exp.Greatest,
    exp.Greatest: exp.Least,
}
ARITHMETIC = {exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Div, exp.Div: exp.Mul}


def negated_predicate(node: exp.Expression) -> Iterator[exp.Expression]:
    """What a filter, a join or a branch of a case asks for, turned round."""
    parent = node.parent
    is_asked = (
        (isinstance(parent, exp.Where | exp.Having) and node.arg_key == "this")
        or (isinstance(parent, exp.Join) and node.arg_key == "on")
        or (isinstance(parent, exp.If) and node.arg_key == "this" and not _of_simple_case(parent))
    )
    if is_asked:
        yield exp.Not(this=exp.Paren(this=node.copy()))


def dropped_filter(node: exp.Expression) -> Iterator[exp.Expression]:
    """A query without its where or having, an aggregate without its filter."""
    if isinstance(node, exp.Filter):
        yield node.this.copy()
    if isinstance(node, exp.Select):
        for key in ("where", "having"):
            if node.args.get(key):
                copy = node.copy()
                copy.set(key, None)
                yield copy


def dropped_condition(node: exp.Expression) -> Iterator[exp.Expression]:
    """One side of an and or an or alone; a join on its only condition without it."""
    if isinstance(node, exp.And | exp.Or):
        yield node.left.copy()
        yield node.right.copy()
    if isinstance(node.parent, exp.Join) and node.arg_key == "on":
        yield exp.true()


def swapped_connective(node: exp.Expression) -> Iterator[exp.Expression]:
    """And for or."""
    if isinstance(node, exp.And | exp.Or):
        other = exp.Or if isinstance(node, exp.And) else exp.And
        yield exp.Paren(this=other(this=node.left.copy(), expression=node.right.copy()))


def join_kind(node: exp.Expression) -> Iterator[exp.Expression]:
    """An inner join for a left one, and back."""
    if isinstance(node, exp.Join) and node.args.get("on"):
        copy = node.copy()
        copy.set("side", None if node.side == "LEFT" else "LEFT")
        copy.set("kind", "INNER" if node.side == "LEFT" else None)
        yield copy


def distinct(node: exp.Expression) -> Iterator[exp.Expression]:
    """A distinct put in or taken out: of a count, a query or a union."""
    if isinstance(node, exp.Count):
        inner = node.this
        if isinstance(inner, exp.Distinct):
            yield exp.Count(this=inner.expressions[0].copy())
        elif not isinstance(inner, exp.Star):
            yield exp.Count(this=exp.Distinct(expressions=[inner.copy()]))
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        copy = node.copy()
        copy.set("distinct", None)
        yield copy
    if isinstance(node, exp.Union):
        copy = node.copy()
        copy.set("distinct", not node.args.get("distinct"))
        yield copy


def aggregate(node: exp.Expression) -> Iterator[exp.Expression]:
    """Sum for avg, min for max, first for last, lag for lead, row_number for rank."""
    if other := AGGREGATES.get(type(node)):
        yield other(**{key: _copied(value) for key, value in node.args.items()})
    if isinstance(node, exp.RowNumber):
        yield exp.Anonymous(this="rank")


def swapped_division(node: exp.Expression) -> Iterator[exp.Expression]:
    """The numerator for the denominator."""
    if isinstance(node, exp.Div):
        top, bottom = node.right, node.left.copy()
        if isinstance(top, exp.Nullif):
            bottom = exp.Nullif(this=bottom, expression=top.expression.copy())
            top = top.this
        yield exp.Div(
            this=top.copy(),
            expression=bottom,
            typed=node.args.get("typed"),
            safe=node.args.get("safe"),
        )


def arithmetic(node: exp.Expression) -> Iterator[exp.Expression]:
    """Plus for minus, times for divided by."""
    if other := ARITHMETIC.get(type(node)):
        if other is exp.Div:
            yield exp.Paren(this=exp.Div(this=node.left.copy(), expression=node.right.copy()))
        else:
            yield exp.Paren(this=other(this=node.left.copy(), expression=node.right.copy()))


def comparison(node: exp.Expression) -> Iterator[exp.Expression]:
    """The bound itself in or out, and the comparison turned round."""
    for other in COMPARISONS.get(type(node), []):
        yield other(this=node.left.copy(), expression=node.right.copy())
    if isinstance(node, exp.Between):
        this, low, high = node.this, node.args["low"], node.args["high"]
        for lower, upper in ((exp.GT, exp.LTE), (exp.GTE, exp.LT)):
            yield exp.Paren(
                this=exp.And(
                    this=lower(this=this.copy(), expression=low.copy()),
                    expression=upper(this=this.copy(), expression=high.copy()),
                )
            )


def constant(node: exp.Expression) -> Iterator[exp.Expression]:
    """A number a little more and a little less, another text, the other truth value."""
    if isinstance(node, exp.Boolean):
        yield exp.Boolean(this=not node.this)
    # the length of a SHA-2 is part of the function's name in SQL
    if not isinstance(node, exp.Literal) or isinstance(node.parent, exp.DataTypeParam | exp.SHA2):
        return
    text = str(node.this)
    if isinstance(node.parent, exp.Interval) and text.isdigit():
        yield exp.Literal.string(str(int(text) + 1))
        yield exp.Literal.string(str(int(text) - 1))
    elif not node.is_string:
        value = float(text)
        step = 1 if value == int(value) else 0.1
        for changed in (value + step, value - step):
            yield exp.Literal.number(int(changed) if text.isdigit() else f"{changed!r}E0")
    elif isinstance(node.parent, exp.EQ | exp.NEQ | exp.If | exp.Case | exp.Alias | exp.In):
        yield exp.Literal.string(f"not {text}")


def dropped_guard(node: exp.Expression) -> Iterator[exp.Expression]:
    """A coalesce, a nullif or a rounding taken away."""
    if isinstance(node, exp.Coalesce | exp.Nullif | exp.Round | exp.Abs):
        yield node.this.copy()


def dropped_key(node: exp.Expression) -> Iterator[exp.Expression]:
    """One column less to group, to partition or to order by."""
    if isinstance(node, exp.Select) and node.args.get("group"):
        keys = node.args["group"].expressions
        for number in range(len(keys) if len(keys) > 1 else 0):
            yield _without_group_key(node, number)
    if isinstance(node, exp.Window):
        for number in range(len(node.args.get("partition_by") or [])):
            copy = node.copy()
            kept = [k for n, k in enumerate(copy.args["partition_by"]) if n != number]
            copy.set("partition_by", kept or None)
            yield copy
    if isinstance(node, exp.Order) and len(node.expressions) > 1:
        for number in range(len(node.expressions)):
            copy = node.copy()
            copy.set("expressions", [k for n, k in enumerate(copy.expressions) if n != number])
            yield copy


def order_direction(node: exp.Expression) -> Iterator[exp.Expression]:
    """The last first."""
    if isinstance(node, exp.Ordered):
        copy = node.copy()
        copy.set("desc", not node.args.get("desc"))
        yield copy


def dropped_time_zone(node: exp.Expression) -> Iterator[exp.Expression]:
    """A time that is not taken to the zone that is asked for."""
    if isinstance(node, exp.AtTimeZone):
        yield node.this.copy()
    if isinstance(node, exp.Anonymous) and str(node.this).lower() == "timezone":
        yield node.expressions[-1].copy()


def dropped_branch(node: exp.Expression) -> Iterator[exp.Expression]:
    """A union without one of its queries, a case without one of its branches, a shorter list."""
    if isinstance(node, exp.Union):
        for side in (node.left, node.right):
            copy = side.copy()
            if node.args.get("with_"):
                copy.set("with_", node.args["with_"].copy())
            yield copy
    if isinstance(node, exp.Case):
        branches = node.args["ifs"]
        for number in range(len(branches) if len(branches) > 1 else 0):
            copy = node.copy()
            copy.set("ifs", [k for n, k in enumerate(copy.args["ifs"]) if n != number])
            yield copy
        if node.args.get("default"):
            copy = node.copy()
            copy.set("default", None)
            yield copy
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        for number in range(len(node.expressions)):
            copy = node.copy()
            copy.set("expressions", [k for n, k in enumerate(copy.expressions) if n != number])
            yield copy


def null_check(node: exp.Expression) -> Iterator[exp.Expression]:
    """Is null for is not null."""
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
        yield exp.Paren(this=exp.Not(this=node.copy()))
    if isinstance(node, exp.Not) and isinstance(node.this, exp.Boolean | exp.Column | exp.Paren):
        yield node.this.copy()


OPERATORS: dict[str, Operator] = {
    operator.__name__: operator
    for operator in (
        negated_predicate,
        dropped_filter,
        dropped_condition,
        swapped_connective,
        join_kind,
        distinct,
        aggregate,
        swapped_division,
        arithmetic,
        comparison,
        constant,
        dropped_guard,
        dropped_key,
        order_direction,
        dropped_time_zone,
        dropped_branch,
        null_check,
    )
}


def _of_simple_case(branch: exp.If) -> bool:
    return isinstance(branch.parent, exp.Case) and branch.parent.this is not None


def _copied(value: object) -> object:
    if isinstance(value, exp.Expression):
        return value.copy()
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _without_group_key(node: exp.Select, number: int) -> exp.Select:
    copy = node.copy()
    group = copy.args["group"]
    dropped = group.expressions[number]
    group.set("expressions", [k for n, k in enumerate(group.expressions) if n != number])
    for selected in copy.expressions:
        for column in list(selected.find_all(exp.Column)):
            if column == dropped and not column.find_ancestor(exp.AggFunc, exp.Window):
                column.replace(exp.AnyValue(this=column.copy()))
    # a bare column loses its name when it is wrapped
    copy.set(
        "expressions",
        [
            exp.alias_(selected, dropped.alias_or_name)
            if isinstance(selected, exp.AnyValue)
            else selected
            for selected in copy.expressions
        ],
    )
    return copy
