"""The importer of Open Repair Data, on small invented files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from raw_folders import GOLDEN
from raw_folders import write_csv as write_tables
from test_importers import by_key, contract_columns, table, types_of, write_csv

from refurb_warehouse.errors import RefurbError
from refurb_warehouse.importers import olist, open_repair

WALES = "OpenRepairData_v0.3_RepairCafeWales_202507.csv"
TORONTO = "OpenRepairData_v0.3_RepairCafeToronto_202507.csv"
CATEGORIES = "OpenRepairData_v0.3_Product_Categories.csv"
HEADER = [
    "id",
    "data_provider",
    "country",
    "partner_product_category",
    "product_category",
    "product_category_id",
    "brand",
    "year_of_manufacture",
    "product_age",
    "repair_status",
    "repair_barrier_if_end_of_life",
    "group_identifier",
    "event_date",
    "problem",
]
LABEL_HEADERS = {
    "mobifix.csv": [
        *("id", "data_provider", "country", "fault_type", "product_category", "brand", "model"),
        *("repair_status", "age", "event_date", "problem"),
    ],
    "compcat_laptops.csv": [
        *("id_ords", "data_provider", "country", "fault_type_id", "fault_type"),
        *("product_category", "brand", "repair_status", "year_of_manufacture", "event_date"),
        "problem",
    ],
    "tabicat.csv": [
        *("id_ords", "data_provider", "country", "fault_type_id", "fault_type"),
        *("product_category", "brand", "repair_status", "year_of_manufacture", "event_date"),
        *("language", "problem"),
    ],
}


def repair(name: str, **other: str | None) -> tuple:
    """A row of a provider's file: a laptop that was fixed on the fourth of May 2019."""
    values = dict.fromkeys(HEADER) | {
        "id": name,
        "data_provider": "Repair Cafe Wales",
        "country": "GBR",
        "product_category": "Laptop",
        "brand": "Unknown",
        "repair_status": "Fixed",
        "event_date": "2019-05-04",
        "problem": 'it says\n"hello", then dies',
    }
    return tuple((values | other)[column] for column in HEADER)


def label(file_name: str, **cells: str) -> tuple:
    """A row of a labelled set."""
    values = {
        "data_provider": "Elsewhere",
        "country": "GBR",
        "repair_status": "Fixed",
        "event_date": "2016-01-01",
    }
    return tuple((values | cells).get(column) for column in LABEL_HEADERS[file_name])


def source(folder: Path, *rows: tuple, **labels: list[tuple]) -> Path:
    """A folder of two providers, one of them with a byte order mark, of categories and labels."""
    write_csv(folder / WALES, HEADER, list(rows), "utf-8-sig")
    write_csv(folder / TORONTO, HEADER, [])
    write_csv(folder / CATEGORIES, ["product_category_id", "product_category"], [("16", "Laptop")])
    for file_name, header in LABEL_HEADERS.items():
        write_csv(folder / file_name, header, labels.get(file_name.split(".")[0], []))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Folder that the import writes to."""
    return tmp_path / "raw"


def repairs(out: Path) -> dict[str, dict]:
    """Written repairs by their identifier."""
    return by_key(out, "open_repairs", "repair_event_id")


def test_a_repair_fills_the_contract(tmp_path: Path, out: Path) -> None:
    row = repair(
        "rcwales_1",
        brand="Hewlett-Packard",
        year_of_manufacture="2012",
        product_age="7",
        repair_status="End of life",
        repair_barrier_if_end_of_life="Item too worn out",
    )
    report = open_repair.import_open_repair(source(tmp_path / "source", row), out)
    assert report.read[WALES] == 1
    assert CATEGORIES not in report.read
    assert report.written == {"open_repairs": 1}
    assert table(out, "open_repairs") == [
        {
            "repair_event_id": "rcwales_1",
            "collection": "repairs",
            "provider": "Repair Cafe Wales",
            "country_code": "GBR",
            "category": "Laptop",
            "brand": "Hewlett-Packard",
            "year_of_manufacture": 2012,
            "product_age_years": Decimal(7),
            "repair_status": "end_of_life",
            "repair_barrier": "too_worn_out",
            "fault_type": None,
            "event_date": date(2019, 5, 4),
        }
    ]
    assert list(types_of(out, "open_repairs").items()) == [
        (column, data_type.upper().replace(", ", ","))
        for column, data_type in contract_columns("open_repairs").items()
    ]


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("????", None),
        ("1015", None),
        ("0", None),
        ("2020", None),
        ("about 2010", None),
        ("1849", None),
        ("1850", 1850),
        ("2019", 2019),
        (" 2010 ", 2010),
    ],
)
def test_what_is_no_year_is_null_and_counted(
    tmp_path: Path, out: Path, written: str, year: int | None
) -> None:
    """The event was in 2019."""
    folder = source(tmp_path / "source", repair("1", year_of_manufacture=written))
    report = open_repair.import_open_repair(folder, out)
    assert repairs(out)["1"]["year_of_manufacture"] == year
    noted = "years of manufacture that are no year between 1850 and the event: null"
    assert report.noted.get(noted, 0) == (year is None)


@pytest.mark.parametrize(("written", "age"), [("-1", None), ("old", None), ("0", 0), ("2.5", 2.5)])
def test_what_is_no_age_is_null_and_counted(
    tmp_path: Path, out: Path, written: str, age: float | None
) -> None:
    folder = source(tmp_path / "source", repair("1", product_age=written))
    report = open_repair.import_open_repair(folder, out)
    assert repairs(out)["1"]["product_age_years"] == age
    noted = "ages of products that are no number from 0 on: null"
    assert report.noted.get(noted, 0) == (age is None)


def test_two_spellings_of_a_barrier_are_one_and_unknown_words_are_passed_on(
    tmp_path: Path, out: Path
) -> None:
    rows = [
        repair("1", repair_barrier_if_end_of_life="Too worn out"),
        repair("2", repair_barrier_if_end_of_life="Item too worn out"),
        repair("3", repair_barrier_if_end_of_life="Raining", repair_status="Thrown away"),
        repair("4", repair_barrier_if_end_of_life=" "),
    ]
    open_repair.import_open_repair(source(tmp_path / "source", *rows), out)
    written = [(row["repair_status"], row["repair_barrier"]) for row in repairs(out).values()]
    assert written == [
        ("fixed", "too_worn_out"),
        ("fixed", "too_worn_out"),
        ("thrown_away", "raining"),
        ("fixed", None),
    ]


def test_a_label_joins_its_repair_and_other_labels_stand_apart(tmp_path: Path, out: Path) -> None:
    labels = {
        "compcat_laptops": [
            label("compcat_laptops.csv", id_ords="1", fault_type="Boot", product_category="Laptop"),
        ],
        "tabicat": [
            label("tabicat.csv", id_ords="t", fault_type="Screen", year_of_manufacture="????"),
        ],
        "mobifix": [label("mobifix.csv", id="mobifix-1", fault_type="Microphone", age="3")],
    }
    folder = source(tmp_path / "source", repair("1"), repair("2"), **labels)
    report = open_repair.import_open_repair(folder, out)
    found = repairs(out)
    columns = ("collection", "fault_type", "year_of_manufacture", "product_age_years")
    assert {name: tuple(row[column] for column in columns) for name, row in found.items()} == {
        "1": ("repairs", "Boot", None, None),
        "2": ("repairs", None, None, None),
        "t": ("fault_labels", "Screen", None, None),
        "mobifix-1": ("fault_labels", "Microphone", None, 3),
    }
    assert report.noted == {
        "years of manufacture that are no year between 1850 and the event: null": 1,
        "repairs of the providers with a labelled fault": 1,
        "labelled repairs that no provider file has: for faults alone": 2,
    }


def test_a_repair_that_is_labelled_twice_stays_one(tmp_path: Path, out: Path) -> None:
    twice = [label("tabicat.csv", id_ords="1", fault_type=fault) for fault in ("Screen", "Camera")]
    folder = source(tmp_path / "source", repair("1"), tabicat=twice)
    open_repair.import_open_repair(folder, out)
    assert [row["fault_type"] for row in table(out, "open_repairs")] == ["Camera"]


def test_repeated_identifiers_are_passed_on_for_the_gate(tmp_path: Path, out: Path) -> None:
    folder = source(tmp_path / "source", repair("1"), repair("1"), repair("1", brand="HP"))
    report = open_repair.import_open_repair(folder, out)
    assert report.written == {"open_repairs": 3}


def test_a_labelled_set_that_is_not_there_is_said(tmp_path: Path, out: Path) -> None:
    folder = source(tmp_path / "source", repair("1"))
    (folder / "tabicat.csv").unlink()
    report = open_repair.import_open_repair(folder, out)
    assert report.remarks == ["tabicat.csv is not there: its labelled faults are missing."]


def test_a_folder_without_providers_is_named(tmp_path: Path, out: Path) -> None:
    folder = source(tmp_path / "source")
    (folder / WALES).unlink()
    (folder / TORONTO).unlink()
    with pytest.raises(RefurbError, match=r"source holds no file like .*--from"):
        open_repair.import_open_repair(folder, out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("file_name", "column"), [(TORONTO, "repair_status"), ("tabicat.csv", "event_date")]
)
def test_a_missing_column_is_named_with_its_file(
    tmp_path: Path, out: Path, file_name: str, column: str
) -> None:
    folder = source(tmp_path / "source", repair("1"))
    text = (folder / file_name).read_text(encoding="utf-8")
    (folder / file_name).write_text(text.replace(column, "other", 1), encoding="utf-8")
    with pytest.raises(RefurbError, match=f"{file_name}: column '{column}' is missing.*Export"):
        open_repair.import_open_repair(folder, out)
    assert not out.exists()


def test_the_table_is_added_to_extracts_and_replaced_by_the_next_import(
    tmp_path: Path, out: Path
) -> None:
    write_tables(out, GOLDEN)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    folder = source(tmp_path / "source", repair("1"))
    report = open_repair.import_open_repair(folder, out)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert first.keys() - before.keys() == {
        "open_repairs.parquet",
        "open_repairs_import_report.txt",
    }
    assert first["open_repairs_import_report.txt"].decode() == report.text()
    assert before.items() <= first.items()
    open_repair.import_open_repair(folder, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    (folder / WALES).write_text("nothing\n", encoding="utf-8")
    with pytest.raises(RefurbError):
        open_repair.import_open_repair(folder, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["raw", "source"]


def test_another_import_does_not_remove_the_benchmark(tmp_path: Path, out: Path) -> None:
    open_repair.import_open_repair(source(tmp_path / "source", repair("1")), out)
    with pytest.raises(RefurbError, match=r"no earlier import wrote .*open_repairs"):
        olist.import_olist(tmp_path, out)


@pytest.mark.parametrize("name", ["open_repairs.csv", "open_repairs.parquet"])
def test_a_table_of_the_user_is_not_replaced(tmp_path: Path, out: Path, name: str) -> None:
    out.mkdir()
    (out / name).write_text("mine", encoding="utf-8")
    with pytest.raises(RefurbError, match=f"{name} was not written by an import"):
        open_repair.import_open_repair(source(tmp_path / "source", repair("1")), out)
    assert (out / name).read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path, out: Path) -> None:
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(RefurbError, match="is a file"):
        open_repair.import_open_repair(source(tmp_path / "source", repair("1")), out)
