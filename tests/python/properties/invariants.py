"""What holds in every mart, derived from the names of columns and from the KPI catalogue.

A mart that is added is covered without a word here, as long as it keeps the conventions: keys in
its contract, `<rate>_low` and `<rate>_high`, counts as whole numbers, formulas in the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from marts import Mart, Marts, is_additive, same

# The denominator stands on the row of every type, so it does not add up over types.
# So do the returns of a month on the row of every phase.
NOT_ADDITIVE = {
    ("mart_defect_types", "ordered_units"),
    ("mart_return_cycle", "closed_returns"),
    ("mart_return_cycle", "open_returns"),
}
# What counts a part of the units alone (mature months, parcels sent, units at risk, samples), or
# has rows for what was never ordered. Reconciliations of tests/kpi add these up.
OF_A_PART = (
    *("mart_supplier_mix_adjusted", "mart_supplier_funnel", "mart_supplier_trend"),
    "mart_supplier_shrunk_rates",
    *("mart_supplier_scorecard", "mart_supplier_voices", "mart_supplier_concentration"),
    *("mart_transit_quality", "mart_supplier_delivery"),
    *("mart_return_development", "mart_cohort_completion", "mart_reliability_curve"),
    *("mart_service_exits", "mart_service_survival", "mart_hypothesis_"),
    # of grading: of orders whose 30 days have passed
    *("mart_grade_return_rate", "mart_refurbisher_", "mart_grading_daily"),
    *("mart_marketplace_health", "mart_correction_"),
)
# What is left when costs are taken off; a repair may cost more than the device.
MAY_BE_NEGATIVE = {"repair_budget_impact_eur", "net_after_all_eur"}
PARTS = [
    ("returned_units", "return_events"),
    ("defect_returned_units", "returned_units"),
    ("confirmed_defect_units", "returned_units"),
    ("transit_damaged_units", "returned_units"),
    ("repaired_units", "finished_repairs"),
    ("followed_up_units", "repaired_units"),
    ("repeat_repaired_same_defect_units", "repeat_repaired_units"),
    ("again_defective_units", "repaired_units"),
    ("again_defective_followed_up_units", "again_defective_units"),
    ("dearer_than_device_units", "priced_repaired_units"),
    ("settled_defect_units", "confirmed_defect_units"),
    ("priced_ordered_units", "ordered_units"),
    ("unpriced_units", "defect_units"),
    ("uncosted_replacements", "defect_units"),
    ("followed_up_people", "outcome_people"),
    ("matched_refused_trials", "refused_trials"),
    ("matched_refused_successes", "refused_successes"),
    ("expected_control_successes", "matched_refused_trials"),
    ("costed_repairs", "repair_events"),
    ("priced_repair_cost_eur", "repair_cost_eur"),
    ("rated_delivered_lines", "rated_lines"),
    ("response_pending_cases", "unanswered_cases"),
    ("rated_cases", "contacted_cases"),
    ("phase_returns", "closed_returns"),
    ("refused_in_warranty_requests", "refused_requests"),
    ("refused_in_warranty_requests", "in_warranty_requests"),
    ("refused_legal_withdrawal_requests", "legal_withdrawal_requests"),
    ("watched_requests", "requests"),
    ("followed_up_cases", "requests"),
]
SUMS = [
    (("finished_repairs", "open_repairs"), "repair_events"),
    (("answered_cases", "unanswered_cases"), "contacted_cases"),
    (("response_due_cases", "response_pending_cases"), "contacted_cases"),
    (("closed_cases", "open_cases"), "contacted_cases"),
    (("decided_requests", "undecided_requests"), "requests"),
    (("accepted_requests", "refused_requests"), "decided_requests"),
    (
        (
            *("unsettled_requests", "repaired_requests", "replaced_requests", "refunded_requests"),
            *("partially_refunded_requests", "sent_back_requests", "abandoned_requests"),
        ),
        "requests",
    ),
    (("delivered_parcels", "lost_parcels", "parcels_under_way"), "shipped_parcels"),
    (("settled_defect_units", "pending_defect_units"), "confirmed_defect_units"),
    (
        tuple(
            f"{outcome}_defect_units"
            for outcome in ("repaired", "replaced", "refunded", "refused", "sent_back", "pending")
        ),
        "confirmed_defect_units",
    ),
    *(
        ((f"no_return_{part}", f"pre_return_{part}", f"post_return_{part}"), part)
        for part in ("rating_count", "rating_sum", "csat_count")
    ),
]


def broken_invariants(
    marts: Marts, keys: Mapping[str, tuple[str, ...]], catalogue: Iterable[Mapping[str, str]]
) -> Iterator[str]:
    """Everything that cannot be, as sentences."""
    kpis = [
        (kpi["model_name"], kpi["column_name"], kpi["unit"], *formula.groups())
        for kpi in catalogue
        if (formula := re.fullmatch(r"(\w+) / (\w+)", kpi["formula"]))
    ]
    for name, rows in marts.items():
        for key, row in rows.items():
            formulas = [kpi[1:] for kpi in kpis if kpi[0] == name]
            for fault in (*broken_row(row), *broken_formulas(row, formulas)):
                yield f"{name} {', '.join(map(str, key))}: {fault}"
        yield from (f"{name}: {fault}" for fault in broken_shares(rows, keys[name]))
    for left, right in combinations(marts, 2):
        yield from broken_sums(left, right, marts, keys)


def broken_row(row: Mapping[str, Any]) -> Iterator[str]:
    """Counts below 0, rates outside 0 to 1 or their bounds, parts above their wholes."""
    for column, value in row.items():
        is_count = value is not None and is_additive(column, value)
        if is_count and value < 0 and column not in MAY_BE_NEGATIVE:
            yield f"{column} is {value}"
        if column.endswith("_rate") and value is not None and not 0 <= value <= 1:
            yield f"{column} is {value}"
        if column.endswith("_low"):
            name = column.removesuffix("_low")
            if name not in row:  # limits of a chart, and of effects that have a name of their own
                continue
            rate = row[name]
            bounds = (value, rate, row[f"{column.removesuffix('_low')}_high"])
            if None in bounds and bounds != (None, None, None):
                yield f"{column} and its rate are not null together: {bounds}"
            # a difference of two rates may be below 0
            least = -1 if name.endswith(("_difference", "_delta_points")) else 0
            most = float("inf") if name.endswith("_ratio") else 1
            if rate is not None and not least <= bounds[0] <= rate <= bounds[2] <= most:
                yield f"{column} and its rate are not in order: {bounds}"
    # what is of the whole market stands beside what is of one supplier
    own = [column for column in row if not column.startswith("market_")]
    wholes = [(column, "ordered_units") for column in own if column.endswith("ed_units")]
    for part, whole in (*PARTS, *wholes):
        pair = (row.get(part), row.get(whole))
        if None not in pair and pair[0] > pair[1]:
            yield f"{part} is more than {whole}: {pair}"
    for parts, whole in SUMS:
        values = [row.get(part) for part in parts]
        if None not in values and sum(values) != row[whole]:
            yield f"{parts} are not {whole}: {values}, {row[whole]}"


def broken_formulas(row: Mapping[str, Any], formulas: Iterable[tuple]) -> Iterator[str]:
    """Ratios that are not their numerator over their denominator; null exactly without either."""
    for column, unit, numerator, denominator in formulas:
        part, whole, value = row[numerator], row[denominator], row[column]
        if value is None:
            if part is not None and whole:
                yield f"{column} is null although {numerator} and {denominator} are known"
        elif part is None or not whole or not same(value, float(part) / float(whole)):
            yield f"{column} is {value} although it is {part} of {whole}"
        elif unit == "ratio 0-1" and part > whole:
            yield f"{numerator} is more than {denominator}: {part}, {whole}"


def broken_shares(mart: Mart, keys: tuple[str, ...]) -> Iterator[str]:
    """Shares that do not add up to 1 over the last key."""
    added: dict[tuple, dict[str, float]] = {}
    for key, row in mart.items():
        for column, value in row.items():
            if column.startswith("share_of_") and value is not None:
                sums = added.setdefault(key[:-1], {})
                sums[column] = sums.get(column, 0) + value
    for key, sums in added.items():
        for column, value in sums.items():
            if not same(value, 1.0):
                yield f"{column} of {key} adds up to {value} over {keys[-1]}"


def broken_sums(
    left: str, right: str, marts: Marts, keys: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Two marts that do not add up to the same, by the keys that they share or in all."""
    if left.startswith(OF_A_PART) or right.startswith(OF_A_PART):
        return
    shared = [key for key in keys[left] if key in keys[right]]
    sums = [added_up(marts[name], name, keys[name], shared) for name in (left, right)]
    for column in sums[0].keys() & sums[1].keys():
        if sums[0][column] != sums[1][column]:
            yield f"{column} of {left} and {right} differ: {sums[0][column]}, {sums[1][column]}"


def added_up(
    mart: Mart, name: str, keys: tuple[str, ...], shared: list[str]
) -> dict[str, dict[tuple, Any]]:
    """Sums of what adds up, by column and the shared keys."""
    added: dict[str, dict[tuple, Any]] = {}
    for key, row in mart.items():
        group = tuple(key[keys.index(column)] for column in shared)
        for column, value in row.items():
            is_sum = value is not None and is_additive(column, value)
            if is_sum and isinstance(value, int) and (name, column) not in NOT_ADDITIVE:
                sums = added.setdefault(column, {})
                sums[group] = sums.get(group, 0) + value
    return added
