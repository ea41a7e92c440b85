"""The macros of macros/statistics against scipy, on random inputs over their whole domain."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import duckdb
import jinja2
import numpy as np
import pytest
from scipy import special, stats

MACROS = Path(__file__).parents[2] / "macros"
SIZE = 1000
Z = 1.959963984540054


@cache
def macros() -> dict[str, Callable[..., str]]:
    """The macros as plain functions that render SQL for DuckDB."""
    files = [MACROS / "engine" / "engine.sql", *sorted((MACROS / "statistics").glob("*.sql"))]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    # return() is dbt's own; what it returns is here what the macro prints
    source = re.sub(r"\{\{\s*return\((.*?)\)\s*\}\}", r"{{ (\1) }}", source, flags=re.DOTALL)
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])

    class Adapter:
        def dispatch(self, name: str, _package: str) -> Callable[..., str]:
            return environment.globals[f"duckdb__{name}"]

    environment.globals["adapter"] = Adapter()
    # macros of one file call those of another: they are names of the environment
    module = environment.from_string(source).module
    environment.globals |= {n: getattr(module, n) for n in dir(module) if not n.startswith("_")}
    return environment.globals


def answers(macro: str, *columns: np.ndarray) -> np.ndarray:
    """What a macro answers for each row of its arguments, NaN for null."""
    names = [f"column_{number}" for number in range(len(columns))]
    expression = str(macros()[macro](*names)).strip()
    values = ", ".join(
        f"({number}, {', '.join(f'{value!r}::double' for value in row)})"
        for number, row in enumerate(zip(*(c.tolist() for c in columns), strict=True))
    )
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select {expression} from (values {values}) as t (number, {', '.join(names)}) "
            "order by number"
        ).fetchall()
    return np.array([np.nan if value is None else value for (value,) in rows])


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(20240101)


def spread(random: np.random.Generator, low: float, high: float) -> np.ndarray:
    """Values of every order of magnitude from 10^low to 10^high."""
    return 10 ** random.uniform(low, high, SIZE)


def test_ln_gamma_is_that_of_scipy_to_1e_13_of_its_size(random: np.random.Generator) -> None:
    x = spread(random, -6, 9)
    expected = special.gammaln(x)
    assert np.max(np.abs(answers("ln_gamma", x) - expected) / np.maximum(1, abs(expected))) < 1e-13


def test_tails_of_the_normal_keep_their_relative_accuracy(random: np.random.Generator) -> None:
    z = random.uniform(-37, 37, SIZE)
    expected = 2 * stats.norm.sf(np.abs(z))
    np.testing.assert_allclose(answers("normal_two_sided", z), expected, rtol=1e-11)
    np.testing.assert_allclose(answers("normal_cdf", z), stats.norm.cdf(z), rtol=0, atol=1e-15)


def test_chi_square_is_that_of_scipy_up_to_5000_degrees(random: np.random.Generator) -> None:
    df = np.ceil(spread(random, 0, 3.69))
    statistic = np.where(
        random.random(SIZE) < 0.5,
        stats.chi2.ppf(random.random(SIZE), df),
        df * spread(random, -2, 0.7),
    )
    expected = stats.chi2.sf(statistic, df)
    np.testing.assert_allclose(answers("chi_square_sf", statistic, df), expected, 2e-11, 1e-300)


@pytest.mark.parametrize("magnitudes", [(-3, 0), (-2, 2), (2, 7), (-3, 7)])
def test_beta_is_that_of_scipy_to_1e_9(
    random: np.random.Generator, magnitudes: tuple[float, float]
) -> None:
    a, b = spread(random, *magnitudes), spread(random, *magnitudes)
    x = np.where(
        random.random(SIZE) < 0.5, stats.beta.ppf(random.random(SIZE), a, b), random.random(SIZE)
    )
    x = np.clip(x, 1e-200, 1 - 1e-12)
    for macro, expected in (("beta_cdf", special.betainc), ("beta_sf", special.betaincc)):
        computed = answers(macro, x, a, b)
        np.testing.assert_allclose(computed, expected(a, b, x), rtol=0, atol=1e-9)


def test_t_and_f_are_those_of_scipy_to_1e_9(random: np.random.Generator) -> None:
    df1, df2 = np.ceil(spread(random, 0, 3.7)), np.ceil(spread(random, 0, 6.3))
    t = random.standard_t(3, SIZE)
    f = stats.f.ppf(random.random(SIZE), df1, df2)
    expected = 2 * stats.t.sf(np.abs(t), df2)
    np.testing.assert_allclose(answers("student_t_two_sided", t, df2), expected, rtol=0, atol=1e-9)
    expected = stats.f.sf(f, df1, df2)
    np.testing.assert_allclose(answers("f_sf", f, df1, df2), expected, rtol=0, atol=1e-9)


def test_probability_above_is_the_posterior_of_scipy(random: np.random.Generator) -> None:
    trials = np.floor(spread(random, 0, 5))
    market, correlation = random.uniform(0.005, 0.5, SIZE), spread(random, -5, -0.1)
    successes = random.binomial(trials.astype(int), market).astype(float)
    target = random.uniform(0.005, 0.5, SIZE)
    prior = 1 / correlation - 1
    alpha = successes + prior * market
    beta = trials - successes + prior * (1 - market)
    expected = special.betaincc(alpha, beta, target)
    computed = answers("probability_above", target, successes, trials, market, correlation)
    np.testing.assert_allclose(computed, expected, rtol=0, atol=1e-9)
    computed = answers("shrunk_rate", successes, trials, market, correlation)
    np.testing.assert_allclose(computed, alpha / (alpha + beta), rtol=1e-9)


def test_bounds_of_a_difference_are_newcombes(random: np.random.Generator) -> None:
    n1, n2 = (np.floor(spread(random, 0, 5)) for _ in range(2))
    x1, x2 = (np.floor(random.random(SIZE) * (n + 1)) for n in (n1, n2))

    def wilson(x: np.ndarray, n: np.ndarray, sign: int) -> np.ndarray:
        return (x + Z**2 / 2 + sign * Z * np.sqrt(x * (n - x) / n + Z**2 / 4)) / (n + Z**2)

    p1, p2 = x1 / n1, x2 / n2
    low = p1 - p2 - np.hypot(p1 - wilson(x1, n1, -1), wilson(x2, n2, 1) - p2)
    high = p1 - p2 + np.hypot(wilson(x1, n1, 1) - p1, p2 - wilson(x2, n2, -1))
    np.testing.assert_allclose(answers("newcombe_low", x1, n1, x2, n2), low, rtol=0, atol=1e-9)
    np.testing.assert_allclose(answers("newcombe_high", x1, n1, x2, n2), high, rtol=0, atol=1e-9)


def test_bounds_of_a_correlation_are_fishers(random: np.random.Generator) -> None:
    r, n = random.uniform(-0.999, 0.999, SIZE), np.floor(spread(random, 0.7, 5))
    for macro, sign in (("fisher_low", -1), ("fisher_high", 1)):
        expected = np.tanh(np.arctanh(r) + sign * Z / np.sqrt(n - 3))
        np.testing.assert_allclose(answers(macro, r, n), expected, rtol=0, atol=1e-11)


def test_byar_is_close_to_the_exact_bounds_of_poisson(random: np.random.Generator) -> None:
    observed, expected = np.ceil(spread(random, 0.7, 4)), spread(random, 0, 4)
    low = stats.chi2.ppf(0.025, 2 * observed) / 2 / expected
    high = stats.chi2.ppf(0.975, 2 * observed + 2) / 2 / expected
    np.testing.assert_allclose(answers("byar_low", observed, expected), low, rtol=1e-2)
    np.testing.assert_allclose(answers("byar_high", observed, expected), high, rtol=1e-3)


def test_groups_of_random_sizes_give_the_tests_of_scipy(random: np.random.Generator) -> None:
    groups = [random.integers(0, 30, random.integers(2, 40)).astype(float) for _ in range(25)]
    values = ", ".join(f"({k}, {v})" for k, group in enumerate(groups) for v in group.tolist())
    m = macros()
    with duckdb.connect() as connection:
        [(h, f)] = connection.execute(
            f"""
            with ranked as (
                select *, {m["average_rank"]("x")} as r, {m["tie_count"]("x")} as t
                from (values {values}) as v (k, x)
            ),
            grouped as (
                select k, count(*) as n, sum(x) as s, sum(x * x) as q, sum(r) as r,
                    sum(t * t - 1) as t
                from ranked group by k
            ),
            summed as (
                select count(*) as k, sum(n) as n, {m["kruskal_h"]("n", "r", "t")} as h,
                    {m["between_sum_of_squares"]("n", "s")} as b,
                    {m["within_sum_of_squares"]("n", "s", "q")} as w
                from grouped
            )
            select h, {m["anova_f"]("b", "w", "k", "n")} from summed
            """
        ).fetchall()
    assert h == pytest.approx(stats.kruskal(*groups).statistic, rel=1e-11)
    assert f == pytest.approx(stats.f_oneway(*groups).statistic, rel=1e-11)
