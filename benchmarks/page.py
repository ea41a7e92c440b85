"""docs/performance.md and its charts, from the figures in benchmarks/results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

IMAGES = "images"
TITLE = "# What the warehouse costs\n"
INTRODUCTION = """
Measured by `make bench SCALE=1m` (or `100k`, `10m`, `100m`), which writes this page. Read the
ratios: seconds depend on the machine. CPU seconds are those of all threads of a process.

The **floor** is every core and mart table made by one script in one DuckDB process: the SQL of the
models, without dbt, tests, keys and health tables (`benchmarks/script.py`). It is not another, hand
written warehouse: what a model does clumsily, the script does as clumsily. Its tables are compared
with those of the build by hash, to the last bit.
"""


def write_page(results: Path, docs: Path) -> None:
    """The page and its charts; scales that were not measured are not in it."""
    found = sorted(
        (json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*.json")),
        key=lambda scale: scale["order_lines"],
    )
    if not found:
        raise SystemExit(f"{results} holds no figures: run make bench first.")
    parts = [TITLE, INTRODUCTION, *_builds(found), *_increments(found), *_where(found)]
    parts += [*_peers(found), *_dashboards(found), *_generator(found), *_machine(found)]
    (docs / "performance.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
    _charts(found, docs / IMAGES)


def _middle(costs: Sequence[dict[str, float]], name: str = "cpu_seconds") -> float:
    return median(cost[name] for cost in costs)


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _builds(found: list[dict[str, Any]]) -> list[str]:
    lines = [
        "## A build",
        "",
        _row(
            "Order lines", "limit", "models at a time", "floor, CPU s", "build, CPU s",
            "**of the floor**", "on the clock", "peak", "file",
        ),
        _row("---:", *["---:"] * 8),
    ]  # fmt: skip
    for scale in found:
        floor, build = _middle(scale["script"]), _middle(scale["build"])
        lines.append(
            _row(
                f"{scale['order_lines']:,}",
                scale["memory_limit"],
                scale["threads"],
                f"{floor:.0f}",
                f"{build:.0f}",
                f"**{build / floor:.2f}**",
                f"{_middle(scale['build'], 'wall_seconds'):.0f} s",
                f"{max(cost['peak_mb'] for cost in scale['build']) / 1000:.1f} GB",
                f"{scale['file_mb']:.0f} MB",
            )
        )
    same = [
        f"{scale['same']['tables']} tables, {scale['same']['rows']:,} rows at "
        f"{scale['order_lines']:,} lines"
        + (f" ({len(scale['same']['differing'])} differ)" if scale["same"]["differing"] else "")
        for scale in found
    ]
    unlimited = [
        f"{_middle(scale['build']) / _middle(scale['without limit']):.2f} at "
        f"{scale['order_lines']:,} lines"
        for scale in found
        if "without limit" in scale
    ]
    lines += [
        "",
        f"Equal by hash: {'; '.join(same)}. The limit is that of DuckDB's memory, for both; the "
        "peak is of the whole process. A build has all checks: data tests, unit tests, monitors.",
    ]
    if unlimited:
        lines.append(f"Of a build without a limit it costs {'; '.join(unlimited)}.")
    lines += ["", f"![CPU seconds by order lines]({IMAGES}/performance-scale.svg)"]
    return lines


def _increments(found: list[dict[str, Any]]) -> list[str]:
    lines = [
        "",
        "## What has changed alone",
        "",
        "`make build` on a warehouse that exists: CPU seconds, and as a share of the first build. "
        "A hundredth of the rows of refunds, audits and messages goes, and comes back: what reads "
        "the three files is built and tested. A day of orders builds nearly everything.",
        "",
        _row("Order lines", "nothing changed", "three files", "everything", "one model, `dbt run`"),
        _row(*["---:"] * 5),
    ]
    measured = [scale for scale in found if "three files changed" in scale]
    for scale in measured:
        lines.append(
            _row(
                f"{scale['order_lines']:,}",
                _of_the_first(scale, "nothing changed"),
                _of_the_first(scale, "three files changed"),
                _of_the_first(scale, "second build"),
                f"{_middle(scale['one model']):.1f}",
            )
        )
    differing = sum(len(scale["same after increments"]["differing"]) for scale in measured)
    return [
        *lines,
        "",
        "After the rows came back, "
        + (f"{differing} tables differ from" if differing else "all tables are equal by hash to")
        + " those of the script.",
    ]


def _of_the_first(scale: dict[str, Any], name: str) -> str:
    """CPU seconds of another build of the file."""
    if name not in scale:
        return "not measured"
    cost = _middle(scale[name])
    return f"{cost:.1f} ({cost / _middle(scale['build']):.3f})"


def _where(found: list[dict[str, Any]]) -> list[str]:
    scale = found[-1]
    models = {k: v for k, v in scale["script_models"].items() if k != "checkpoint"}
    total = sum(models.values())
    dear = sorted(models.items(), key=lambda item: -item[1])[:12]
    build, floor = _middle(scale["build"]), _middle(scale["script"])
    return [
        "",
        "## Where the time goes",
        "",
        f"At {scale['order_lines']:,} lines the floor takes {floor:.0f} of the build's {build:.0f} "
        "CPU seconds. The rest is data tests, health tables and keys, and what costs the same at "
        "every scale: dbt's start and unit tests.",
        "",
        f"![Where the time goes]({IMAGES}/performance-models.svg)",
        "",
        _row("Dearest models", "CPU s", "of all models"),
        _row("---", "---:", "---:"),
        *(_row(f"`{name}`", f"{cost:.1f}", f"{100 * cost / total:.0f} %") for name, cost in dear),
    ]


def _peers(found: list[dict[str, Any]]) -> list[str]:
    lines = [
        "",
        "## The defect query and its peers",
        "",
        "Defects by supplier, category and month, from the Parquet files of the fact and of "
        "products: the middle of five runs, reading included. All give the same answer.",
        "",
        _row("Order lines", *(f"{peer}, s (CPU s)" for peer in found[-1]["peers"])),
        _row("---:", *["---:"] * len(found[-1]["peers"])),
    ]
    for scale in found:
        costs = (
            f"{cost['wall_seconds']:.2f} ({cost['cpu_seconds']:.2f})"
            for cost in scale["peers"].values()
        )
        lines.append(_row(f"{scale['order_lines']:,}", *costs))
    return lines


def _dashboards(found: list[dict[str, Any]]) -> list[str]:
    scale = found[-1]
    return [
        "",
        "## Queries of dashboards",
        "",
        f"At {scale['order_lines']:,} lines, on the file that was built, one connection.",
        "",
        _row("Query", "p50, ms", "p95, ms"),
        _row("---", "---:", "---:"),
        *(
            _row(name, f"{cost['p50_ms']:.1f}", f"{cost['p95_ms']:.1f}")
            for name, cost in scale["dashboards"].items()
        ),
    ]


def _generator(found: list[dict[str, Any]]) -> list[str]:
    lines = [
        "",
        "## The generator",
        "",
        _row("Order lines", "rows", "rows a CPU second", "peak"),
        _row("---:", "---:", "---:", "---:"),
    ]
    for scale in found:
        cost = scale.get("generator")
        if cost:
            lines.append(
                _row(
                    f"{scale['order_lines']:,}",
                    f"{cost['rows']:,}",
                    f"{cost['rows'] / cost['cpu_seconds'] / 1e6:.2f} million",
                    f"{cost['peak_mb']:.0f} MB",
                )
            )
    return lines


def _machine(found: list[dict[str, Any]]) -> list[str]:
    machine = found[-1]["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    loads = ", ".join(f"{s['machine']['load']} at {s['order_lines']:,}" for s in found)
    return [
        "",
        "## The machine",
        "",
        f"{machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, Python "
        f"{machine['python']}; {packages}. Mean load of the last quarter of an hour: {loads} "
        "order lines; more than there are cores means that other work shared them, and seconds "
        "are too many.",
    ]


def _charts(found: list[dict[str, Any]], folder: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    # no date and no random names, so that the same figures write the same file
    matplotlib.rcParams["svg.hashsalt"] = "refurb"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.2), layout="constrained")
    labels = [f"{scale['order_lines']:,}" for scale in found]
    floors = [_middle(scale["script"]) for scale in found]
    builds = [_middle(scale["build"]) for scale in found]
    places = range(len(found))
    axes.bar([p - 0.2 for p in places], floors, width=0.38, label="floor", color="#8c8c8c")
    axes.bar([p + 0.2 for p in places], builds, width=0.38, label="build", color="#2a6f97")
    for place, floor, build in zip(places, floors, builds, strict=True):
        axes.annotate(f"{build / floor:.1f}x", (place + 0.2, build), ha="center", va="bottom")
    axes.set_xticks(list(places), labels)
    axes.set_yscale("log")
    axes.set_xlabel("order lines")
    axes.set_ylabel("CPU seconds")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(folder / "performance-scale.svg", metadata={"Date": None})
    pyplot.close(figure)

    models = {k: v for k, v in found[-1]["script_models"].items() if k != "checkpoint"}
    dear = sorted(models.items(), key=lambda item: item[1])[-15:]
    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    axes.barh([name for name, _ in dear], [cost for _, cost in dear], color="#2a6f97")
    axes.set_xlabel(f"CPU seconds at {found[-1]['order_lines']:,} order lines")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(folder / "performance-models.svg", metadata={"Date": None})
    pyplot.close(figure)
