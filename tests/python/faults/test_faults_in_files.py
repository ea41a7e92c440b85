"""Every fault of a file ends as the catalogue says, in a dbt build of a folder of files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from baseline import CSV, ROWS
from catalogue import BAD_FILES, GOOD_FILES, MISSING_FILES
from conftest import DbtRun, run_dbt
from fault import Fault, File
from guarded import built_baseline
from raw_folders import write_csv

from refurb_warehouse.checks.compiled import CompiledProject


@dataclass
class Workbench:
    """One folder of extracts and one database; with the same paths dbt parses the project once."""

    folder: Path

    @property
    def raw(self) -> Path:
        """Folder of the extracts."""
        return self.folder / "raw"

    def lay(self, faults: list[Fault], beside: Iterable[str] = ()) -> None:
        """Put the files with these faults into the folder, and sound ones of the other tables."""
        shutil.rmtree(self.raw, ignore_errors=True)
        write_csv(self.raw, {table: CSV[table] for table in beside})
        for fault in faults:
            if isinstance(fault.edit, File):
                file = self.raw / (fault.edit.name or f"{fault.table}.csv")
                file.write_bytes(fault.edit.content(CSV[fault.table]))

    def build(self) -> DbtRun:
        """All seeds and models; tests are not what is looked at here."""
        return run_dbt(
            *("build", "--resource-type", "model", "--resource-type", "seed"),
            folder=self.folder,
            env={"REFURB_RAW": str(self.raw)},
        )

    def findings(self) -> list[str]:
        """What a build that must stop before its first model says, file by file."""
        build = self.build()
        assert build.returncode != 0, build.output[-3000:]
        assert "nothing was built" in build.output, build.output[-3000:]
        assert "table model" not in build.output
        return " ".join(build.output.split()).split(f" - {self.raw}")[1:]


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """A folder for the builds of this file, one after the other."""
    return Workbench(tmp_path_factory.mktemp("files"))


def stops_the_build(findings: list[str], fault: Fault) -> bool:
    """Whether one of the findings has every part that the fault's must have."""
    return any(all(part in finding for part in fault.outcome.parts) for finding in findings)


@pytest.fixture(scope="module")
def of_bad_files(workbench: Workbench) -> list[str]:
    """Findings on a folder in which nearly every file is bad in its own way."""
    workbench.lay(BAD_FILES, beside=set(CSV) - {fault.table for fault in BAD_FILES})
    return workbench.findings()


@pytest.mark.parametrize("fault", BAD_FILES, ids=str)
def test_a_bad_file_stops_the_build_with_place_and_remedy(
    of_bad_files: list[str], fault: Fault
) -> None:
    assert stops_the_build(of_bad_files, fault)


def test_no_sound_file_is_found_fault_with(of_bad_files: list[str]) -> None:
    assert {finding.strip("/").split(".")[0] for finding in of_bad_files} == {
        fault.table for fault in BAD_FILES
    }


@pytest.fixture(scope="module")
def of_missing_files(workbench: Workbench) -> list[str]:
    """Findings on a folder that lacks every mandatory file, and has others that need them."""
    workbench.lay(MISSING_FILES, beside=["ratings"])
    return workbench.findings()


@pytest.mark.parametrize("fault", MISSING_FILES, ids=str)
def test_what_is_missing_or_there_twice_stops_the_build(
    of_missing_files: list[str], fault: Fault
) -> None:
    assert stops_the_build(of_missing_files, fault)


def test_a_folder_without_extracts_stops_the_build(workbench: Workbench) -> None:
    workbench.lay([])
    [finding] = workbench.findings()
    assert finding.startswith(" holds no table of the raw contract: REFURB_RAW (or raw_path) must")


@pytest.fixture(scope="module")
def good_files(workbench: Workbench) -> DbtRun:
    """The warehouse built from files that look odd and are sound."""
    workbench.lay(GOOD_FILES, beside=set(CSV) - {fault.table for fault in GOOD_FILES})
    build = workbench.build()
    assert build.returncode == 0, build.output[-4000:]
    return build


@pytest.mark.parametrize("fault", GOOD_FILES, ids=str)
def test_an_odd_file_lands_row_by_row(good_files: DbtRun, fault: Fault) -> None:
    table = fault.table
    assert good_files.query(
        "select raw_rows, rejected_rows from health.source_coverage where source_table = ?",
        [table],
    ) == [(len(ROWS[table]), 0)]
    assert not fault.edit.note or fault.edit.note in good_files.output


def test_odd_files_change_no_kpi(good_files: DbtRun, compiled_project: CompiledProject) -> None:
    with built_baseline(compiled_project) as baseline:
        baseline.warehouse.connection.execute(
            f"attach '{good_files.database}' as files (read_only)"
        )
        of_files = {relation: f"files.{relation.split('.', 1)[1]}" for relation in baseline.kpis}
        assert baseline.differing(of_files) == []


def test_a_bad_file_leaves_the_last_good_build_as_it_was(
    workbench: Workbench, good_files: DbtRun
) -> None:
    figures = "select * from quality.mart_supplier_defects order by all"
    before = good_files.query(figures)
    (workbench.raw / "orders.csv").write_text(CSV["orders"][:-20], encoding="utf-8")
    assert workbench.findings()
    assert good_files.query(figures) == before
