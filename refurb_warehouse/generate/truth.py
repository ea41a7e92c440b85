"""What was planted: exact expectations, added up batch by batch while the data is drawn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from refurb_warehouse.generate import aftersales, hazards, opinions
from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.catalogue import World
from refurb_warehouse.generate.draws import DAY, Array
from refurb_warehouse.generate.hazards import Risks
from refurb_warehouse.generate.orders import Frame

EXPECTED = (
    "returned_by_end",
    "returned_30d",
    "returned_365d",
    "returned_eventually",
    "defect_by_end",
    "defect_30d",
    "defect_365d",
    "defect_eventually",
    "confirmed_by_end",
    "confirmed_eventually",
)
FAR_AHEAD = 10_000 * DAY
MEANING = (
    "Sums over the ordered units (lines shipped or refunded_after_shipping) of the probability "
    "with which each unit was drawn. returned: at least one return; defect: at least one return "
    "with reason 21, 22 or 23; confirmed: a confirmed defect attributed to the supplier or "
    "unknown. by_end: until the end of the data, so right-censored as the data is; 30d and 365d: "
    "within these days of the ORDER; eventually: within the warranty; the last three as if the "
    "data never ended. Given these probabilities units are independent of each other. Months are "
    "order months in Europe/Paris; the supplier is that of the offer's version at the order."
)


class Truth:
    """Sums by supplier and order month, and by supplier and category."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shape = (len(world.suppliers), len(world.clock.months))
        self.by_category_shape = (len(world.suppliers), world.settings.categories)
        self.units = np.zeros(self.shape, dtype=np.int64)
        self.expected = {name: np.zeros(self.shape) for name in EXPECTED}
        self.category_units = np.zeros(self.by_category_shape, dtype=np.int64)
        self.category_returned = np.zeros(self.by_category_shape)

    def add(self, lines: Frame, risks: Risks) -> None:
        """Add the probabilities of a batch of lines."""
        month = self.world.clock.month_of(lines["ordered_at"])
        cell = lines["supplier"].astype(np.int64) * self.shape[1] + month
        self.units += _sums(cell, risks.weight, self.shape).astype(np.int64)
        probabilities = self._probabilities(lines, risks)
        for name, probability in probabilities.items():
            self.expected[name] += _sums(cell, probability * risks.weight, self.shape)
        cell = lines["supplier"].astype(np.int64) * self.by_category_shape[1] + lines["category"]
        self.category_units += _sums(cell, risks.weight, self.by_category_shape).astype(np.int64)
        eventual = probabilities["returned_eventually"] * risks.weight
        self.category_returned += _sums(cell, eventual, self.by_category_shape)

    def _probabilities(self, lines: Frame, risks: Risks) -> dict[str, Array]:
        """Probability per unit of each line, by the names of EXPECTED."""
        ordered_at, end = lines["ordered_at"], self.world.clock.end
        horizons = {
            "by_end": end,
            "30d": ordered_at + 30 * DAY,
            "365d": ordered_at + 365 * DAY,
            "eventually": end + FAR_AHEAD,
        }
        probabilities = {}
        for name, horizon in horizons.items():
            returned, defect = risks.returned_by(horizon)
            probabilities[f"returned_{name}"], probabilities[f"defect_{name}"] = returned, defect
        probabilities["confirmed_by_end"] = risks.confirmed_by(end)
        probabilities["confirmed_eventually"] = risks.confirmed_by(end + FAR_AHEAD)
        return probabilities

    def write(self, path: Path, rows: dict[str, int], dirt: dict[str, object]) -> None:
        """Write truth.json: one line per supplier and per cohort, so that it reads and diffs."""
        settings = self.world.settings
        document = {
            "settings": {
                name: getattr(settings, name)
                for name in ("order_lines", "seed", "suppliers", "categories", "months")
            }
            | {"last_day": str(settings.last_day)},
            "meaning": MEANING,
            "rows": rows,
            "planted": self._planted(),
            "suppliers": [self._supplier(at) for at in range(self.shape[0])],
            "categories": self._categories(),
            "cohorts": self._cohorts(),
            "supplier_categories": self._supplier_categories(),
            **dirt,
        }
        path.write_text(_render(document), encoding="utf-8", newline="\n")

    def _planted(self) -> dict[str, object]:
        drift = self.world.settings.grading_drift
        return {
            "order_again_share": opinions.ORDER_AGAIN_SHARE,
            "order_again_after_refusal_factor": opinions.ORDER_AGAIN_AFTER_REFUSAL,
            "order_again_after_return_factor": opinions.ORDER_AGAIN_AFTER_RETURN,
            "score_shift_after_refusal": opinions.SCORE_AFTER_REFUSAL,
            "score_shift_before_return": opinions.SCORE_BEFORE_RETURN,
            "transit_damage_factor_by_mode": dict(
                zip(words.TRANSPORT_MODES, hazards.TRANSIT_OF_MODE.tolist(), strict=True)
            ),
            "abandoned_share": hazards.ABANDONED_SHARE,
            "workshop_repeat_factors": {
                workshop_id(at): round(float(factor), 4)
                for at, factor in enumerate(self.world.workshops.repeats)
            },
            "repeat_return_mean_days": aftersales.REPEAT_DAYS,
            "grading_drift_month": drift.isoformat() if drift else None,
            "simpson": {
                "suppliers": [
                    supplier_id(at)
                    for at in np.flatnonzero(self.world.suppliers.is_fragile_specialist)
                ],
                "note": "Average suppliers (defect factor 1) whose crude rate is high because "
                "they sell the two most fragile categories. Fragile categories also travel more "
                "by express, which in itself is the gentlest mode.",
            },
        }

    def _supplier(self, at: int) -> dict[str, object]:
        suppliers, units = self.world.suppliers, int(self.units[at].sum())
        planted = {
            "defect_factor": suppliers.defects[at],
            "defect_trend_per_year": suppliers.defect_trend[at],
            "overgrading_share": suppliers.overgrading[at],
            "no_fault_share": suppliers.no_fault[at],
            "refusal_factor": suppliers.refusals[at],
            "repeat_share": suppliers.repeats[at],
            "handling_median_days": suppliers.handling_days[at],
            "service_speed_factor": suppliers.service_speed[at],
            "rating_shift": suppliers.satisfaction[at],
        }
        rates = {
            name: self.expected[name][at].sum() / units if units else None for name in EXPECTED
        }
        return {
            "supplier_id": supplier_id(at),
            "ordered_units": units,
            "is_tiny": bool(suppliers.is_tiny[at]),
            "is_fragile_specialist": bool(suppliers.is_fragile_specialist[at]),
            "workshop": workshop_id(suppliers.workshop[at]),
            **{name: round(float(value), 4) for name, value in planted.items()},
            **{
                name: None if rate is None else round(float(rate), 6)
                for name, rate in rates.items()
            },
        }

    def _categories(self) -> list[dict[str, object]]:
        units, returned = self.category_units.sum(axis=0), self.category_returned.sum(axis=0)
        return [
            {
                "category": name,
                "fragility": fragility,
                "ordered_units": int(units[at]),
                "returned_eventually": round(float(returned[at] / max(units[at], 1)), 6),
            }
            for at, (name, _, fragility, _, _) in enumerate(
                words.CATEGORIES[: self.world.settings.categories]
            )
        ]

    def _cohorts(self) -> dict[str, object]:
        months = [str(month) for month in self.world.clock.months]
        found = np.nonzero(self.units)
        sums = np.column_stack([self.expected[name][found] for name in EXPECTED])
        cohorts = zip(*found, self.units[found].tolist(), sums.tolist(), strict=True)
        return {
            "columns": ["supplier_id", "order_month", "ordered_units"]
            + [f"expected_{name}" for name in EXPECTED],
            "rows": [
                [supplier_id(at), months[month], units, *(round(total, 4) for total in totals)]
                for at, month, units, totals in cohorts
            ],
        }

    def _supplier_categories(self) -> dict[str, object]:
        return {
            "columns": ["supplier_id", "category", "ordered_units", "expected_returned_eventually"],
            "rows": [
                [
                    supplier_id(at),
                    words.CATEGORIES[category][0],
                    int(self.category_units[at, category]),
                    round(float(self.category_returned[at, category]), 4),
                ]
                for at, category in np.argwhere(self.category_units > 0)
            ],
        }


def supplier_id(at: int) -> str:
    """Identifier of a supplier, as in the tables."""
    return f"S{at + 1:04d}"


def workshop_id(at: int) -> str:
    """Identifier of a workshop, as in the tables."""
    return f"W{at + 1:03d}"


def _sums(cell: Array, values: Array, shape: tuple[int, int]) -> Array:
    return np.bincount(cell, weights=values, minlength=shape[0] * shape[1]).reshape(shape)


def _render(document: dict[str, object]) -> str:
    """JSON with one element of each list to a line."""
    parts = []
    for name, value in document.items():
        if isinstance(value, list):
            text = _render_list(value)
        elif isinstance(value, dict) and "rows" in value and "columns" in value:
            # No value of a row is a list or has brackets: rows are what these separate.
            rows = json.dumps(value["rows"]).replace("], [", "],\n[")
            columns = json.dumps(value["columns"])
            text = f'{{"columns": {columns}, "rows": [\n{rows[1:-1]}\n]}}'
        else:
            text = json.dumps(value, indent=1)
        parts.append(f'"{name}": {text}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _render_list(items: list[object]) -> str:
    return "[\n" + ",\n".join(json.dumps(item) for item in items) + "\n]"
