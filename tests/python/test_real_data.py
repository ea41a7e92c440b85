"""Real data through the importers and the whole warehouse, checked against the original files.

The queries here read the files that the data came in, by another way than the importers.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT, DbtRun, run_dbt

from refurb_warehouse.__main__ import main


def built_from(
    folder: Path, *arguments: str, beside: str | None = None, **variables: float
) -> DbtRun:
    """Import, then build with every data test; `beside` names extracts that are there before."""
    raw = folder / "raw"
    if beside:
        shutil.copytree(PROJECT / beside, raw, ignore=shutil.ignore_patterns("*.json"))
    assert main(["import", *arguments, "--out", str(raw)]) == 0
    build = run_dbt(
        "build",
        "--exclude-resource-type",
        "unit_test",
        folder=folder,
        env={"REFURB_RAW": str(raw)},
        variables=variables,
    )
    assert build.returncode == 0, build.output[-6000:]
    return build


@pytest.fixture(scope="module")
def olist(olist_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    """The warehouse of the Olist sample."""
    folder = tmp_path_factory.mktemp("olist")
    return built_from(folder, "olist", "--from", str(olist_folder))


@pytest.fixture(scope="module")
def online_retail(online_retail_file: Path, tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    """The warehouse of Online Retail II; 1.6 % of its lines are copies or have no price."""
    folder = tmp_path_factory.mktemp("online_retail")
    return built_from(
        folder,
        "online-retail",
        "--from",
        str(online_retail_file),
        max_rejected_share=0.02,
    )


@pytest.fixture(scope="module")
def open_repair(open_repair_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    """The demo's warehouse with the public record of repairs beside it."""
    folder = tmp_path_factory.mktemp("open_repair")
    return built_from(folder, "open-repair", "--from", str(open_repair_folder), beside="seeds/raw")


def test_olist_scores_and_rated_lines_per_seller(olist: DbtRun, olist_folder: Path) -> None:
    """A line is a seller's product in an order; of the order's reviews the latest counts."""
    with duckdb.connect() as connection:
        expected = connection.execute(
            f"""
            with items as (
                select distinct order_id, seller_id, product_id
                from read_csv('{olist_folder}/olist_order_items_dataset.csv', all_varchar = true)
            ),
            reviews as (
                select order_id, cast(review_score as integer) as score
                from read_csv(
                    '{olist_folder}/olist_order_reviews_dataset.csv',
                    all_varchar = true, quote = '"', escape = '"'
                )
                qualify row_number() over (
                    partition by order_id
                    order by cast(review_answer_timestamp as timestamp) desc, review_id desc
                ) = 1
            )
            select seller_id, count(*), sum(score)
            from items inner join reviews using (order_id)
            group by seller_id order by seller_id
            """
        ).fetchall()
    measured = olist.query(
        """
        select supplier_id, rated_lines, rating_sum
        from satisfaction.mart_supplier_satisfaction where rated_lines > 0 order by supplier_id
        """
    )
    assert len(expected) > 1000
    assert measured == expected


def test_olist_mean_score_per_seller(olist: DbtRun) -> None:
    """One rating counts for each rated line, and the mean is theirs."""
    assert olist.query(
        """
        select count(*) from satisfaction.mart_supplier_satisfaction
        where rating_count <> rated_lines
            or abs(avg_rating - rating_sum / rating_count) > 1e-12
        """
    ) == [(0,)]


def test_olist_has_no_return_measure(olist: DbtRun) -> None:
    """No table of returns was delivered: nothing is known of them, in any mart."""
    assert olist.query(
        """
        select count(*) > 0, count(returned_units), count(return_rate), count(defect_return_rate)
        from quality.mart_supplier_defects
        """
    ) == [(True, 0, 0, 0)]
    assert olist.query(
        "select count(return_rate), count(repair_events) from repairs.mart_repair_efficiency"
    ) == [(0, 0)]


def test_online_retail_returned_units_and_rate_per_product(
    online_retail: DbtRun, online_retail_file: Path
) -> None:
    """Units sold and units matched to a purchase, product by product, counted from the file.

    Independent of the importer's matching: a return takes units from purchases of the same
    customer and product at or before its time, whichever it takes; so what finds no unit is the
    highest excess, over time, of units sent back over units bought.
    """
    with duckdb.connect() as connection:
        expected = connection.execute(
            f"""
            with source_rows as (
                select distinct * from read_parquet('{online_retail_file}')
            ),
            goods as (
                select
                    upper(trim("StockCode")) as product_id,
                    cast("Invoice" as varchar) as invoice,
                    cast("Customer ID" as varchar) as customer,
                    cast("Quantity" as bigint) as quantity,
                    cast("InvoiceDate" as timestamp) as moment,
                    cast("Price" as double) as price
                from source_rows
                where regexp_full_match(upper(trim("StockCode")), '[0-9]{{5}}[A-Z]*')
            ),
            sold as (
                select * from goods
                where invoice not like 'C%' and invoice not like 'A%' and quantity > 0 and price > 0
            ),
            sent_back as (
                select * from goods
                where invoice like 'C%' and quantity < 0 and customer is not null
            ),
            moves as (
                select product_id, customer, moment, quantity as bought, 0 as returned from sold
                where customer is not null
                union all
                select product_id, customer, moment, 0, -quantity from sent_back
            ),
            instants as (
                select product_id, customer, moment,
                    sum(bought) as bought, sum(returned) as returned
                from moves group by all
            ),
            running as (
                select *, sum(returned - bought) over so_far as balance
                from instants
                window so_far as (
                    partition by product_id, customer order by moment
                    rows between unbounded preceding and current row
                )
            ),
            unmatched as (
                -- units that found nothing to match: how high the balance ever rose above zero
                select product_id, customer, greatest(0, max(balance)) as units
                from running group by product_id, customer
            ),
            returned as (
                select product_id, sum(returned) as units from instants group by product_id
            ),
            lost as (
                select product_id, sum(units) as units from unmatched group by product_id
            )
            select sold.product_id, sum(sold.quantity) as ordered_units,
                any_value(coalesce(returned.units, 0) - coalesce(lost.units, 0)) as returned_units
            from sold
            left join returned using (product_id)
            left join lost using (product_id)
            group by sold.product_id order by sold.product_id
            """
        ).fetchall()
    measured = online_retail.query(
        """
        select product_id, sum(ordered_units), sum(returned_units)
        from core.fct_order_lines group by product_id order by product_id
        """
    )
    assert len(expected) > 4000
    assert measured == expected
    [(ordered, returned, rate)] = online_retail.query(
        """
        select sum(ordered_units), sum(returned_units), sum(returned_units) / sum(ordered_units)
        from quality.mart_supplier_defects
        """
    )
    assert ordered == sum(row[1] for row in expected)
    assert returned == sum(row[2] for row in expected)
    assert 0.01 < rate < 0.1


def test_open_repair_counts_per_category_and_status(
    open_repair: DbtRun, open_repair_folder: Path, project: Path
) -> None:
    """Lines of the providers' files counted by the csv module, and no row lost on the way."""
    expected: Counter = Counter()
    with (project / "seeds/reference/open_repair_categories.csv").open(encoding="utf-8") as file:
        ours = {row["public_category"]: row["category"] for row in csv.DictReader(file)}
    published = set()
    for path in open_repair_folder.glob("OpenRepairData_*_202507.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                published.add(row["product_category"])
                expected[ours[row["product_category"]], row["repair_status"]] += 1
    assert (expected.total(), len(published)) == (59604, 40)
    measured = open_repair.query(
        """
        select category, sum(fixed_repairs), sum(repairable_repairs), sum(end_of_life_repairs),
            sum(unknown_outcomes)
        from repairs.mart_repairability_benchmark group by category
        """
    )
    statuses = ("Fixed", "Repairable", "End of life", "Unknown")
    assert {
        (category, status): count
        for category, *counts in measured
        for status, count in zip(statuses, counts, strict=True)
        if count
    } == expected
    assert open_repair.query(
        "select count(distinct provider), count(distinct public_category) "
        "from core.fct_benchmark_repairs where is_in_benchmark"
    ) == [(5, 40)]
    assert open_repair.query(
        "select raw_rows, rejected_rows from health.source_coverage "
        "where source_table = 'open_repairs'"
    ) == [(65661, 0)]


def test_open_repair_labels_and_ages(open_repair: DbtRun, open_repair_folder: Path) -> None:
    """Labels are 1,916 of phones, 3,511 of laptops and 647 of tablets; no year was guessed."""
    assert open_repair.query(
        "select category, sum(labelled_repairs) from repairs.mart_repairability_faults "
        "group by category order by category"
    ) == [("laptop", 3511), ("smartphone", 1916), ("tablet", 647)]
    with duckdb.connect() as connection:
        [(ages, years)] = connection.execute(
            f"""
            select sum(cast(product_age as integer)), sum(cast(year_of_manufacture as integer))
            from read_csv(
                '{open_repair_folder}/OpenRepairData_*_202507.csv',
                all_varchar = true, quote = '"', escape = '"'
            )
            """
        ).fetchall()
    assert open_repair.query(
        "select sum(product_age_years), sum(year_of_manufacture) "
        "from core.fct_benchmark_repairs where is_in_benchmark"
    ) == [(ages, years)]
    assert open_repair.query("select min(year_of_manufacture) from core.fct_benchmark_repairs") == [
        (1900,)
    ]
