"""The demo extracts and the warehouse that `make build` makes of them."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import DbtRun

from refurb_warehouse.__main__ import main

# as in the Makefile's demo-data
DEMO_ARGUMENTS = [
    *("--order-lines", "4000"),
    *("--seed", "5"),
    *("--suppliers", "15"),
    *("--categories", "8"),
    *("--months", "18"),
    *("--end", "2025-12-31"),
    *("--format", "csv"),
    "--demo-dirt",
]


def test_demo_extracts_are_reproduced_byte_for_byte(project: Path, tmp_path: Path) -> None:
    """The generator writes what is in the repository."""
    makefile = (project / "Makefile").read_text(encoding="utf-8").replace("\\\n\t\t", "")
    assert " ".join(DEMO_ARGUMENTS) in makefile
    assert main(["generate", *DEMO_ARGUMENTS, "--out", str(tmp_path / "raw")]) == 0
    committed = project / "seeds" / "raw"
    names = sorted(file.name for file in committed.iterdir())
    assert names == sorted(file.name for file in (tmp_path / "raw").iterdir())
    for name in names:
        assert (committed / name).read_bytes() == (tmp_path / "raw" / name).read_bytes(), name


def test_the_documented_dirty_rows_are_the_rejected_ones(demo_build: DbtRun, project: Path) -> None:
    """A dozen, no more and no less."""
    truth = json.loads((project / "seeds" / "raw" / "truth.json").read_text(encoding="utf-8"))
    planted = sorted((dirt["table"], dirt["row_key"] or "") for dirt in truth["demo_dirt"])
    assert len(planted) == 12
    assert planted == sorted(
        demo_build.query("select source_table, row_key from health.rejected_rows")
    )


def test_the_demo_has_the_size_that_it_promises(demo_build: DbtRun) -> None:
    """About 4,000 order lines, 15 suppliers, 8 categories, 18 months."""
    assert demo_build.query(
        """
        select count(*), count(distinct supplier_id), count(distinct category),
            count(distinct order_month)
        from core.fct_order_lines inner join core.dim_products using (product_id)
        """
    ) == [(4000, 15, 8, 18)]


def test_a_build_ends_without_complaints_of_its_libraries(demo_build: DbtRun) -> None:
    assert "leaked" not in demo_build.output
    assert "Traceback" not in demo_build.output
