"""The page of answers is that of the demo extracts, and the command says what it lacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ARTIFACTS, PROJECT, DbtRun, run_dbt

from refurb_warehouse import answers
from refurb_warehouse.errors import RefurbError


@pytest.fixture(scope="module")
def compiled(demo_build: DbtRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The target folder of the compiled analyses."""
    folder = tmp_path_factory.mktemp("answers")
    finished = run_dbt("compile", "--select", "path:analyses", folder=folder, env=ARTIFACTS)
    assert finished.returncode == 0, finished.output[-3000:]
    return finished.target


def test_the_page_is_current(compiled: Path, demo_build: DbtRun) -> None:
    """Otherwise: make build && make answers."""
    analyses = answers.read_analyses(compiled)
    assert [analysis.texts["hypothesis"] for analysis in analyses] == [
        f"H1.{number}" for number in range(1, 9)
    ]
    page = answers.as_page(analyses, demo_build.database)
    assert page == (PROJECT / "docs" / "answers.md").read_text(encoding="utf-8")


def test_every_hypothesis_has_an_answer_a_table_and_a_caveat(compiled: Path) -> None:
    page = (PROJECT / "docs" / "answers.md").read_text(encoding="utf-8")
    for section in page.split("\n## ")[1:]:
        assert section.count("\n- ") >= 1, section[:60]
        assert section.count("\n| ") >= 3, section[:60]
        for part in ("How to read it", "Comment le lire", "does not prove", "ne prouve pas"):
            assert part in section


def test_analyses_read_marts_alone(compiled: Path) -> None:
    manifest = json.loads((compiled / "manifest.json").read_text(encoding="utf-8"))
    analyses = [n for n in manifest["nodes"].values() if n["resource_type"] == "analysis"]
    assert len(analyses) >= 8
    for analysis in analyses:
        read = analysis["depends_on"]["nodes"]
        assert read
        assert [name for name in read if not name.startswith("model.refurb.mart_")] == []


def test_what_was_not_compiled_or_built_is_said(tmp_path: Path, compiled: Path) -> None:
    with pytest.raises(RefurbError, match="run dbt compile"):
        answers.read_analyses(tmp_path)
    with pytest.raises(RefurbError, match="run make build first"):
        answers.as_page([], tmp_path / "none.duckdb")
    (tmp_path / "text.duckdb").write_text("not a database " * 1000)
    with pytest.raises(RefurbError, match="cannot be read as a DuckDB file"):
        answers.as_page([], tmp_path / "text.duckdb")
