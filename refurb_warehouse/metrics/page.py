"""Write the list of metrics in docs/metrics.md from the semantic manifest.

python -m refurb_warehouse.metrics.page
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from refurb_warehouse.errors import RefurbError

PAGE = Path("docs") / "metrics.md"
BEGIN, END = "<!-- metrics: begin -->\n", "<!-- metrics: end -->\n"


def axes(described: dict[str, Any]) -> dict[str, set[str]]:
    """The time that each metric goes by: one, or its parts are of different rows."""
    metrics = {metric["name"]: metric for metric in described["metrics"]}

    def of(name: str) -> set[str]:
        parameters = metrics[name]["type_params"]
        if own := parameters.get("metric_aggregation_params"):
            return {own["agg_time_dimension"]}
        parts = [parameters.get("numerator"), parameters.get("denominator")]
        parts += parameters.get("metrics") or []
        return {axis for part in parts if part for axis in of(part["name"])}

    return {name: of(name) for name in metrics}


def listing(described: dict[str, Any]) -> str:
    """A table of the metrics that may be asked for, by what they go by."""
    by_axis = axes(described)
    rows = sorted(
        (", ".join(sorted(by_axis[metric["name"]])), metric["name"], metric["description"])
        for metric in described["metrics"]
        if not metric["type_params"]["is_private"]
    )
    lines = [f"| `{name}` | {axis} | {' '.join(text.split())} |" for axis, name, text in rows]
    return "\n".join(["| Metric | Goes by | What it is |", "|---|---|---|", *lines]) + "\n"


def read(semantic_manifest: Path) -> dict[str, Any]:
    """The semantic manifest that dbt wrote."""
    if not semantic_manifest.exists():
        raise RefurbError(f"{semantic_manifest} is absent: run dbt parse or make build first")
    return json.loads(semantic_manifest.read_text(encoding="utf-8"))


def with_listing(page: str, described: dict[str, Any]) -> str:
    """The page with the list between its marks."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + listing(described) + END + rest.split(END)[1]


def main() -> int:
    """Write the page."""
    try:
        described = read(Path("target") / "semantic_manifest.json")
    except RefurbError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    PAGE.write_text(with_listing(PAGE.read_text(encoding="utf-8"), described), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
