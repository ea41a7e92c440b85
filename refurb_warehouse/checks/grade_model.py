"""Check the grade model on extracts whose truth is known.

    python -m refurb_warehouse.checks.grade_model [--order-lines N] [--seeds S ...]

Generates extracts, builds what grading needs and prints: how well the model predicts evaluations
that it could not know, against the refurbishers' own grades and the commonest grade; whether the
refurbishers that were planted as over-graders come out as such; whether it is fair; and what a
month shows in which half of the devices are worse than announced. Writes the figures of
docs/grade-model.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

FOLDER = Path("build/grade_model")
PAGE = Path("docs/grade-model.md")
FIGURES = ("<!-- figures -->", "<!-- end of figures -->")
SELECTED = ("+path:models/marts/grading",)
DRIFT_MONTH = "2025-10"
BAD_SHARE = 0.1  # a refurbisher that was planted to grade more than so many devices too high

QUALITY = """
select
    predictor, training_audits, evaluation_count, accuracy_rate, macro_f1,
    quadratic_weighted_kappa, calibration_error,
    cross_validation_macro_f1_mean, cross_validation_macro_f1_sd
from grading.mart_grade_model_quality
order by array_position(['model', 'refurbisher', 'majority'], predictor)
"""
OVERGRADERS = """
with suppliers as (
    select
        fct.supplier_id,
        count(*) as evaluations,
        avg(case when fct.is_overgraded then 1 else 0 end) as by_model,
        avg(case when assigned.grade_rank > suggested.grade_rank then 1 else 0 end)
            filter (where suggested.grade_rank is not null) as by_suggestion
    from core.fct_evaluations as fct
    inner join reference.grade_scale as assigned on fct.assigned_grade = assigned.grade
    left join reference.grade_scale as suggested on fct.suggested_grade = suggested.grade
    group by fct.supplier_id
    having count(*) >= 30
)
select suppliers.*, 1 - scores.confidence_score as by_confidence
from suppliers
inner join grading.mart_refurbisher_confidence as scores using (supplier_id)
order by supplier_id
"""
FAIRNESS = """
select
    group_type, group_name, evaluation_count, accuracy_rate, accuracy_rate_low,
    accuracy_rate_high, mean_confidence, refurbisher_accuracy_rate
from grading.mart_grade_model_fairness
order by group_type desc, evaluation_count desc, group_name
"""
MONTHS = """
select
    strftime(evaluation_month, '%Y-%m'),
    count(*),
    avg(case when is_overgraded then 1 else 0 end),
    count(verified_grade),
    avg(case when reference_grade = verified_grade then 1 else 0 end)
        filter (where verified_grade is not null),
    avg(case when assigned_grade = verified_grade then 1 else 0 end)
        filter (where verified_grade is not null)
from core.fct_evaluations
where is_out_of_time
group by evaluation_month
order by evaluation_month
"""


def quality_table(built: Sequence[tuple[int, duckdb.DuckDBPyConnection]]) -> list[str]:
    """Model and baselines, by seed."""
    lines = [
        "| Seed | Predictor | Trained on | Judged on | Accuracy | Macro F1 | Quadratic kappa | "
        "Calibration error | Cross-validated macro F1 |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for seed, connection in built:
        for predictor, trained, judged, *scores, error, mean, spread in connection.execute(
            QUALITY
        ).fetchall():
            shown = " | ".join(f"{value:.3f}" for value in scores)
            of_model = f"{error:.3f} | {mean:.3f} ± {spread:.3f}" if mean is not None else "| "
            lines.append(
                f"| {seed} | {predictor} | {trained:,} | {judged:,} | {shown} | {of_model} |"
            )
    return lines


def overgrader_table(
    built: Sequence[tuple[int, duckdb.DuckDBPyConnection]], truths: dict[int, dict[str, Any]]
) -> list[str]:
    """How the planted over-graders rank by what the warehouse says of refurbishers."""
    lines = [
        "| Seed | Refurbishers | Planted over-graders | Ranked by | "
        "Rank correlation with the truth | Over-graders among as many worst |",
        "|---:|---:|---:|---|---:|---:|",
    ]
    for seed, connection in built:
        planted = {
            row["supplier_id"]: row["overgrading_share"] for row in truths[seed]["suppliers"]
        }
        rows = connection.execute(OVERGRADERS).fetchall()
        truth = np.array([planted[row[0]] for row in rows])
        bad = truth > BAD_SHARE
        for name, column in [
            ("score of confidence", 4), ("share above the model's grade", 2),
            ("share above the platform's suggestion", 3),
        ]:  # fmt: skip
            found = np.array([row[column] for row in rows], dtype=float)
            worst = np.argsort(-found, kind="stable")[: bad.sum()]
            lines.append(
                f"| {seed} | {len(rows)} | {bad.sum()} | {name} | {_spearman(found, truth):.2f} | "
                f"{bad[worst].sum()} of {bad.sum()} |"
            )
    return lines


def _spearman(first: np.ndarray, second: np.ndarray) -> float:
    ranks = []
    for values in (first, second):
        _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
        ranks.append((np.cumsum(counts) - (counts - 1) / 2)[place])
    return float(np.corrcoef(*ranks)[0, 1])


def fairness_table(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Accuracy by size of the supplier and by brand."""
    lines = [
        "| Group | | Judged on | Accuracy, with 95 % bounds | Mean confidence | Of the suppliers |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for group_type, value, count, rate, low, high, sure, own in connection.execute(
        FAIRNESS
    ).fetchall():
        lines.append(
            f"| {group_type.replace('_', ' ')} | {value} | {count:,} | "
            f"{rate:.3f} ({low:.3f} to {high:.3f}) | {sure:.3f} | {own:.3f} |"
        )
    return lines


def drift_table(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Months since training, one of them with the planted drift."""
    lines = [
        "| Month | Evaluations | Called over-graded | Audited | Accuracy of the model | "
        "Of the refurbishers |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for month, count, over, audited, model, refurbisher in connection.execute(MONTHS).fetchall():
        marked = f"**{month}**" if month == DRIFT_MONTH else month
        shown = " | ".join("" if rate is None else f"{rate:.1%}" for rate in (model, refurbisher))
        lines.append(f"| {marked} | {count:,} | {over:.1%} | {audited:,} | {shown} |")
    return lines


def built_warehouse(seed: int, order_lines: int, drift: str | None = None) -> tuple[Path, dict]:
    """The database of a seed, with all that grading needs, and the truth of its extracts."""
    name = f"{seed}_drift" if drift else str(seed)
    raw, database = FOLDER / f"raw_{name}", FOLDER / f"seed_{name}.duckdb"
    FOLDER.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    generate = ["generate", "--order-lines", str(order_lines), "--seed", str(seed), "--out", raw]
    generate += ["--grading-drift", drift] if drift else []
    subprocess.run([sys.executable, "-m", "refurb_warehouse", *map(str, generate)], check=True)
    _dbt(
        database, raw, "build", "--select", *SELECTED,
        "--exclude-resource-type", "unit_test", "test",
    )  # fmt: skip
    return database, json.loads((raw / "truth.json").read_text(encoding="utf-8"))


def _dbt(database: Path, raw: Path, *arguments: str) -> None:
    subprocess.run(
        [Path(sys.executable).with_name("dbt"), *arguments, "--quiet"],
        env={
            **os.environ,
            "REFURB_RAW": str(raw),
            "REFURB_DATABASE": str(database),
            "DBT_TARGET_PATH": str(FOLDER / "target"),
            "DBT_LOG_PATH": str(FOLDER / "logs"),
        },
        check=True,
    )


def main() -> None:
    """Print the figures, and write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--order-lines", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    arguments = parser.parse_args()
    started = time.monotonic()
    databases, truths = {}, {}
    for seed in arguments.seeds:
        databases[seed], truths[seed] = built_warehouse(seed, arguments.order_lines)
    first = arguments.seeds[0]
    drifted, _ = built_warehouse(first, arguments.order_lines, DRIFT_MONTH)
    built = [(seed, duckdb.connect(str(path), read_only=True)) for seed, path in databases.items()]
    with duckdb.connect(str(drifted), read_only=True) as connection:
        drift = drift_table(connection)
    tables = "\n".join(
        [
            f"{arguments.order_lines:,} order lines, seeds {', '.join(map(str, databases))}; "
            "every evaluation is of the last 180 days, after the day of training.",
            "", *quality_table(built),
            "", f"Refurbishers with 30 evaluations; a planted over-grader grades more than "
            f"{BAD_SHARE:.0%} of its devices too high:",
            "", *overgrader_table(built, truths),
            "", f"Fairness, seed {first}:",
            "", *fairness_table(built[0][1]),
            "", f"Drift, seed {first}: in {DRIFT_MONTH} half of the devices are one grade worse:",
            "", *drift,
        ]
    )  # fmt: skip
    for _, connection in built:
        connection.close()
    print(tables)
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(FIGURES[0])
    _, _, after = rest.partition(FIGURES[1])
    PAGE.write_text(f"{before}{FIGURES[0]}\n\n{tables}\n\n{FIGURES[1]}{after}", encoding="utf-8")
    print(f"\n{PAGE} written after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
