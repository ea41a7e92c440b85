"""Do the verdicts find the suppliers that were planted as bad, and do projections hold the truth?

    python -m refurb_warehouse.checks.planted_truth [--order-lines N] [--seeds 1 2 3]

Generates extracts of each seed, builds them, compares what the marts say with what the generator
planted, beside what a simple ranking by the crude return rate would say, and writes the figures and
the picture of docs/why-not-a-simple-ratio.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path("build/planted")
PAGE = Path("docs/why-not-a-simple-ratio.md")
PICTURE = Path("docs/images/why-not-a-simple-ratio.svg")
FIGURES = ("<!-- figures -->", "<!-- end of figures -->")
# A supplier is planted as bad when its defects exceed those of its peers, in the same categories
# and months, by more than the excess that the verdict `act` asks for.
BAD_RATIO = 1.2

# Defect probabilities grow with the factor of the supplier, so the factor over the mean factor of
# those who sold the same categories in the same months is the true observed over expected.
TRUE_RATIOS = """
create or replace temp table true_ratios as
with cells as (
    select
        category,
        order_month,
        supplier_id,
        ordered_units,
        defect_returned_units,
        factors.factor
    from quality.mart_category_defects
    inner join factors using (supplier_id)
    where is_mature_30d and ordered_units > 0
),
market as (
    select
        category,
        order_month,
        sum(ordered_units * factor) / sum(ordered_units) as mean_factor,
        sum(defect_returned_units) / sum(ordered_units) as defect_rate
    from cells
    group by category, order_month
)
select
    supplier_id,
    max(factor) * sum(ordered_units * defect_rate)
    / sum(ordered_units * defect_rate * mean_factor) as true_ratio
from cells
inner join market using (category, order_month)
group by supplier_id
having sum(ordered_units * defect_rate) > 0
"""
SUPPLIERS = """
select
    scorecard.supplier_id,
    scorecard.verdict,
    scorecard.is_rankable,
    scorecard.quality_rank,
    scorecard.ordered_units,
    scorecard.defect_return_rate,
    scorecard.return_rate,
    scorecard.observed_expected_ratio,
    scorecard.observed_expected_ratio_low,
    scorecard.expected_defect_units,
    true_ratios.true_ratio,
    factors.is_tiny,
    factors.is_fragile_specialist
from quality.mart_supplier_scorecard as scorecard
inner join true_ratios using (supplier_id)
inner join factors using (supplier_id)
order by scorecard.supplier_id
"""
COHORTS = """
select
    supplier_id,
    strftime(order_month, '%Y-%m-%d') as order_month,
    ordered_units,
    returned_units_365d,
    counted_units_365d,
    developed_units_365d,
    projected_365d_return_rate_low as low,
    projected_365d_return_rate_high as high
from quality.mart_cohort_completion
where is_projection_365d and projected_365d_return_rate_low is not null
order by all
"""


@dataclass(frozen=True)
class Ranking:
    """The suppliers that a way of ranking names as the worst, and how many of them are."""

    name: str
    named: int
    bad: int
    innocent: int
    mean_true_ratio: float


@dataclass(frozen=True)
class Month:
    """A cohort of the whole marketplace: planted, projected and counted 12-month return rate."""

    order_month: str
    planted: float
    projected: float
    counted: float


@dataclass(frozen=True)
class Figures:
    """What one seed shows."""

    seed: int
    suppliers: Sequence[Mapping[str, Any]]
    rankings: Sequence[Ranking]
    precision: float
    recall: float
    recall_of_clear: float
    fragile_called_act: int
    fragile: int
    cohorts: int
    coverage: float
    months: Sequence[Month]


def compare(connection: duckdb.DuckDBPyConnection, truth: Mapping[str, Any], seed: int) -> Figures:
    """Set the marts of a warehouse beside the truth of its extracts."""
    _register_factors(connection, truth)
    suppliers = _rows(connection, SUPPLIERS)
    acted = [row for row in suppliers if row["verdict"] == "act"]
    rankable = [row for row in suppliers if row["is_rankable"]]
    fragile = [row for row in suppliers if row["is_fragile_specialist"]]
    cohorts, coverage, months = _completion(connection, truth)
    return Figures(
        seed=seed,
        suppliers=suppliers,
        rankings=_rankings(suppliers, len(acted)),
        precision=_share(acted, lambda row: row["true_ratio"] > BAD_RATIO),
        recall=_recall(rankable, BAD_RATIO),
        recall_of_clear=_recall(rankable, 1.5),
        fragile_called_act=sum(row["verdict"] == "act" for row in fragile),
        fragile=len(fragile),
        cohorts=cohorts,
        coverage=coverage,
        months=months,
    )


def _register_factors(connection: duckdb.DuckDBPyConnection, truth: Mapping[str, Any]) -> None:
    connection.execute(
        "create or replace temp table factors "
        "(supplier_id varchar, factor double, is_tiny boolean, is_fragile_specialist boolean)"
    )
    connection.executemany(
        "insert into factors values (?, ?, ?, ?)",
        [
            [
                supplier["supplier_id"],
                supplier["defect_factor"],
                supplier["is_tiny"],
                supplier["is_fragile_specialist"],
            ]
            for supplier in truth["suppliers"]
        ],
    )
    connection.execute(TRUE_RATIOS)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = connection.execute(sql)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _share(rows: Sequence[Mapping[str, Any]], holds) -> float:
    return sum(map(holds, rows)) / len(rows) if rows else 1.0


def _recall(rankable: Sequence[Mapping[str, Any]], ratio: float) -> float:
    bad = [row for row in rankable if row["true_ratio"] > ratio]
    return _share(bad, lambda row: row["verdict"] == "act")


def _rankings(suppliers: Sequence[Mapping[str, Any]], named: int) -> list[Ranking]:
    """As many of the worst, by each way of ranking, as the verdict names."""
    enough = [row for row in suppliers if row["ordered_units"] >= 30]

    def worst(name: str, rows: Iterable[Mapping[str, Any]], column: str) -> Ranking:
        known = [row for row in rows if row[column] is not None]
        picked = sorted(known, key=lambda row: -row[column])[:named]
        return Ranking(
            name,
            len(picked),
            sum(row["true_ratio"] > BAD_RATIO for row in picked),
            sum(row["true_ratio"] <= 1 for row in picked),
            sum(row["true_ratio"] for row in picked) / max(1, len(picked)),
        )

    return [
        worst("highest return rate", suppliers, "return_rate"),
        worst("highest defect return rate", suppliers, "defect_return_rate"),
        worst("the same, from 30 units on", enough, "defect_return_rate"),
        worst(
            "verdict `act`",
            [row for row in suppliers if row["verdict"] == "act"],
            "observed_expected_ratio_low",
        ),
    ]


def _completion(
    connection: duckdb.DuckDBPyConnection, truth: Mapping[str, Any]
) -> tuple[int, float, list[Month]]:
    """Cohorts projected, the share whose bounds hold the planted rate, and whole months."""
    position = {name: at for at, name in enumerate(truth["cohorts"]["columns"])}
    planted = {
        (row[position["supplier_id"]], row[position["order_month"]]): row[
            position["expected_returned_365d"]
        ]
        for row in truth["cohorts"]["rows"]
    }
    cohorts = _rows(connection, COHORTS)
    inside = 0
    totals: dict[str, list[float]] = {}
    for cohort in cohorts:
        returned = planted[cohort["supplier_id"], cohort["order_month"]]
        inside += cohort["low"] <= returned / cohort["ordered_units"] <= cohort["high"]
        parts = (
            cohort["ordered_units"],
            returned,
            cohort["counted_units_365d"],
            cohort["developed_units_365d"],
            cohort["returned_units_365d"],
        )
        total = totals.setdefault(cohort["order_month"], [0.0] * len(parts))
        for at, part in enumerate(parts):
            total[at] += part
    months = [
        Month(month, returned / units, counted / developed, so_far / units)
        for month, (units, returned, counted, developed, so_far) in sorted(totals.items())
    ]
    return len(cohorts), inside / max(1, len(cohorts)), months


def as_markdown(all_figures: Sequence[Figures], order_lines: int) -> str:
    """Tables of the page."""
    lines = [
        f"{order_lines:,} order lines, seeds {', '.join(str(f.seed) for f in all_figures)};",
        "each way of ranking names as many suppliers as get the verdict `act`.",
        "",
        f"| Seed | Worst by | Named | Bad (over {BAD_RATIO} times their peers) | "
        "No worse than their peers | Mean true ratio |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for figures in all_figures:
        lines += [
            f"| {figures.seed} | {ranking.name} | {ranking.named} | {ranking.bad} | "
            f"{ranking.innocent} | {ranking.mean_true_ratio:.2f} |"
            for ranking in figures.rankings
        ]
    lines += [
        "",
        f"| Seed | Precision of `act` | Recall, over {BAD_RATIO} | Recall, over 1.5 | "
        "Sellers of fragile devices called `act` | Cohorts projected | Bounds hold the truth |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {f.seed} | {f.precision:.0%} | {f.recall:.0%} | {f.recall_of_clear:.0%} | "
        f"{f.fragile_called_act} of {f.fragile} | {f.cohorts:,} | {f.coverage:.1%} |"
        for f in all_figures
    ]
    first = all_figures[0]
    lines += [
        "",
        f"12-month return rate of the last cohorts of seed {first.seed}, in percent:",
        "",
        "| Order month | Planted | Projected | Counted so far |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {month.order_month[:7]} | {month.planted:.1%} | {month.projected:.1%} | "
        f"{month.counted:.1%} |"
        for month in first.months
    ]
    return "\n".join(lines)


def draw(figures: Figures, picture: Path) -> None:
    """Suppliers by crude rate, by observed over expected, and the cohorts."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "refurb", "font.size": 9})
    from matplotlib import pyplot

    figure, (crude, adjusted, cohorts) = pyplot.subplots(1, 3, figsize=(13, 4.2))
    shown = [row for row in figures.suppliers if row["observed_expected_ratio"] is not None]
    groups = {
        "planted as bad": ("tab:red", lambda row: row["true_ratio"] > BAD_RATIO),
        "sells fragile categories": ("tab:orange", lambda row: row["is_fragile_specialist"]),
        "others": ("tab:gray", lambda row: True),
    }
    grouped: dict[str, list[Mapping[str, Any]]] = {name: [] for name in groups}
    for row in shown:
        name = next(name for name, (_, belongs) in groups.items() if belongs(row))
        grouped[name].append(row)
    for name, rows in reversed(grouped.items()):
        style = {"color": groups[name][0], "s": 14, "alpha": 0.8, "linewidths": 0, "label": name}
        units = [row["ordered_units"] for row in rows]
        crude.scatter(units, [100 * row["return_rate"] for row in rows], **style)
        adjusted.scatter(units, [row["observed_expected_ratio"] for row in rows], **style)
    acted = [row for row in shown if row["verdict"] == "act"]
    ringed = adjusted.scatter(
        [row["ordered_units"] for row in acted],
        [row["observed_expected_ratio"] for row in acted],
        s=42, facecolors="none", edgecolors="black", linewidths=0.8, label="verdict act",
    )  # fmt: skip
    crude.set(title="The simple ratio", ylabel="return rate, %", ylim=(0, 45))
    adjusted.set(title="Adjusted for mix and month", ylabel="observed / expected defects",
                 ylim=(0, 5.5))  # fmt: skip
    adjusted.axhline(1, color="black", linewidth=0.6)
    for axes in (crude, adjusted):
        axes.set(xscale="log", xlabel="ordered units in mature months")
    crude.legend(fontsize=7.5, loc="upper right")
    adjusted.legend(handles=[ringed], fontsize=7.5, loc="upper right")
    labels = [month.order_month[2:7] for month in figures.months]
    for name, attribute, line in [
        ("planted", "planted", "k--"), ("projected", "projected", "tab:blue"),
        ("counted so far", "counted", "tab:red"),
    ]:  # fmt: skip
        values = [100 * getattr(month, attribute) for month in figures.months]
        cohorts.plot(labels, values, line, label=name)
    cohorts.set(title="12-month return rate by order month", ylabel="%", ylim=(0, None))
    cohorts.tick_params(axis="x", rotation=60)
    cohorts.legend(fontsize=7.5, loc="lower left")
    for axes in (crude, adjusted, cohorts):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, metadata={"Date": None})
    pyplot.close(figure)


def _built(seed: int, order_lines: int) -> tuple[Path, dict[str, Any]]:
    """The warehouse of a seed, and its truth."""
    raw, database = FOLDER / f"raw_{seed}", FOLDER / f"seed_{seed}.duckdb"
    FOLDER.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    generate = ["generate", "--order-lines", str(order_lines), "--seed", str(seed), "--out", raw]
    subprocess.run([sys.executable, "-m", "refurb_warehouse", *map(str, generate)], check=True)
    subprocess.run(
        [Path(sys.executable).with_name("dbt"), "build", "--quiet",
         "--exclude-resource-type", "unit_test", "test"],
        env={**os.environ, "REFURB_RAW": str(raw), "REFURB_DATABASE": str(database)},
        check=True,
    )  # fmt: skip
    return database, json.loads((raw / "truth.json").read_text(encoding="utf-8"))


def main() -> None:
    """Write the figures and the picture of the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--order-lines", type=int, default=300_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    arguments = parser.parse_args()
    all_figures = []
    for seed in arguments.seeds:
        database, truth = _built(seed, arguments.order_lines)
        with duckdb.connect(str(database), read_only=True) as connection:
            all_figures.append(compare(connection, truth, seed))
    tables = as_markdown(all_figures, arguments.order_lines)
    print(tables)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(FIGURES[0])
    _, _, after = rest.partition(FIGURES[1])
    text = f"{before}{FIGURES[0]}\n\n{tables}\n\n{FIGURES[1]}{after}"
    PAGE.write_text(text, encoding="utf-8")
    draw(all_figures[0], PICTURE)


if __name__ == "__main__":
    main()
