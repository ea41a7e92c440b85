"""The catalogue: what can be wrong with raw extracts, and how each fault must end.

Families that follow from the contract are in families.py; here stands what needs a thought.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from families import CONTRACT, FAMILIES
from fault import (
    Add,
    Fails,
    Fault,
    File,
    Gives,
    NoFile,
    Rejected,
    Run,
    Spoil,
    Stops,
    Unchanged,
    Warns,
    Write,
)

NO_TIME = "not a time (YYYY-MM-DD HH:MM:SS)"
NO_NUMBER = "not a number with at most 4 decimals"
NO_COUNT = "not a whole number"


def orphan(table: str, column: str, target: str, **cells: str) -> Fault:
    """A row that refers to nothing."""
    return Fault(
        f"{column} refers to nothing" + (f" ({target})" if cells else ""),
        table,
        Add({column: "nowhere", **cells}),
        Rejected(column, f"not found in {target}"),
    )


ORPHANS = [
    orphan("product_lists", "product_id", "products"),
    orphan("product_lists", "supplier_id", "suppliers"),
    orphan("product_lists", "announced_grade", "grade_scale"),
    orphan("product_lists", "currency_code", "fx_rates", currency_code="XYZ"),
    orphan("customers", "user_id", "users"),
    orphan("orders", "customer_id", "customers"),
    orphan("orders", "currency_code", "fx_rates", currency_code="XYZ"),
    orphan("order_lines", "order_id", "orders"),
    orphan("order_lines", "product_list_id", "product_lists"),
    orphan("payments", "order_id", "orders"),
    orphan("payments", "currency_code", "fx_rates", currency_code="XYZ"),
    orphan("shipments", "order_line_id", "order_lines"),
    orphan("shipments", "return_line_id", "return_lines"),
    orphan("return_lines", "order_line_id", "order_lines"),
    orphan("return_lines", "reason_code", "return_reasons", reason_code="99"),
    orphan("defects", "return_line_id", "return_lines"),
    orphan("repairs", "return_line_id", "return_lines"),
    orphan("repairs", "currency_code", "fx_rates", currency_code="XYZ"),
    orphan("refunds", "order_line_id", "order_lines"),
    orphan("refunds", "return_line_id", "return_lines"),
    orphan("refunds", "currency_code", "fx_rates", currency_code="XYZ"),
    orphan("claims", "subject_id", "order_lines", subject_type="order_line"),
    orphan("claims", "subject_id", "product_evaluations", subject_type="evaluation"),
    orphan("messages", "subject_id", "return_lines", subject_type="return_line"),
    orphan("messages", "subject_id", "claims", subject_type="claim"),
    orphan("notifications", "user_id", "users"),
    orphan("notifications", "return_line_id", "return_lines"),
    orphan("ratings", "order_line_id", "order_lines"),
    orphan("ratings", "customer_id", "customers"),
    orphan("ratings", "perceived_grade", "grade_scale"),
    orphan("supplier_ratings", "supplier_id", "suppliers"),
    orphan("supplier_ratings", "return_line_id", "return_lines"),
    orphan("product_evaluations", "product_list_id", "product_lists"),
    orphan("product_evaluations", "assigned_grade", "grade_scale"),
    orphan("product_evaluations", "suggested_grade", "grade_scale"),
    orphan("grade_corrections", "evaluation_id", "product_evaluations"),
    orphan("grade_corrections", "grade_before", "grade_scale"),
    orphan("grade_corrections", "grade_after", "grade_scale"),
    orphan("grade_audits", "evaluation_id", "product_evaluations"),
    orphan("grade_audits", "verified_grade", "grade_scale"),
    orphan("supplier_performance", "supplier_id", "suppliers"),
    orphan("page_events", "customer_id", "customers"),
    orphan("page_events", "product_list_id", "product_lists"),
]

# (name, table, cells, column, reason)
CONTRADICTIONS = [
    ("order in a gap between two versions", "order_lines", {"product_list_id": "OG"},
     "product_list_id", "no version of the offer is valid at the time of the order"),
    ("evaluation in a gap between two versions", "product_evaluations",
     {"product_list_id": "OG", "evaluated_at": "2024-02-01 00:00:00",
      "justification_submitted_at": ""},
     "product_list_id", "no version of the offer is valid at the time of the evaluation"),
    ("payment before its order", "payments", {"paid_at": "2024-03-10 08:59:59"},
     "paid_at", "before the order"),
    ("parcel of a cancelled line", "shipments",
     {"order_line_id": "L5", "return_line_id": "", "leg": "outbound",
      "shipped_at": "2024-09-06 00:00:00", "delivered_at": ""},
     "order_line_id", "parcel of a line that never shipped"),
    ("parcel shipped before its order", "shipments",
     {"return_line_id": "", "leg": "outbound", "shipped_at": "2024-03-10 08:59:59"},
     "shipped_at", "before the order"),
    ("parcel without departure, delivered before its order", "shipments",
     {"return_line_id": "", "leg": "outbound", "shipped_at": "",
      "delivered_at": "2024-03-10 08:59:59"},
     "delivered_at", "before the order"),
    ("parcel to the service before the return was requested", "shipments",
     {"leg": "to_service", "shipped_at": "2024-03-25 07:59:59"},
     "shipped_at", "before the return was requested"),
    ("parcel back before the return was requested", "shipments",
     {"shipped_at": "", "delivered_at": "2024-03-25 07:59:59"},
     "delivered_at", "before the return was requested"),
    ("parcel with the return of another line", "shipments", {"order_line_id": "L6"},
     "return_line_id", "the return is of another line"),
    ("outbound parcel of no line", "shipments", {"leg": "outbound", "order_line_id": ""},
     "order_line_id", "an outbound parcel needs an order_line_id"),
    ("parcel to the service of no return", "shipments",
     {"leg": "to_service", "return_line_id": ""},
     "return_line_id", "a parcel to or from the service needs a return_line_id"),
    ("return of a cancelled line", "return_lines",
     {"order_line_id": "L5", "unit_number": "1", "requested_at": "2024-09-06 00:00:00",
      "received_at": "", "decided_at": "", "closed_at": ""},
     "order_line_id", "return of a line that never shipped"),
    ("unit_number above the quantity", "return_lines", {"unit_number": "3"},
     "unit_number", "above the quantity of the line"),
    ("return before its order", "return_lines", {"requested_at": "2024-03-10 08:59:59"},
     "requested_at", "before the order"),
    ("refused return that was repaired", "return_lines", {"decision": "refused"},
     "decision", "an outcome is set although the return is refused"),
    ("diagnosis before the return was requested", "defects",
     {"diagnosed_at": "2024-03-25 07:59:59"},
     "diagnosed_at", "before the return was requested"),
    ("confirmed defect without a return", "defects",
     {"is_confirmed": "true", "return_line_id": ""}, "return_line_id", "value is missing"),
    ("repair of a refused return", "repairs", {"return_line_id": "R5"},
     "return_line_id", "repair of a refused return"),
    ("repair sent before the return was requested", "repairs",
     {"sent_to_service_at": "2024-03-25 07:59:59"},
     "sent_to_service_at", "before the return was requested"),
    ("repair finished before it was sent, without a start", "repairs",
     {"started_at": "", "finished_at": "2024-03-28 11:59:59"},
     "finished_at", "before sent_to_service_at"),
    ("refund with the return of another line", "refunds", {"order_line_id": "L6"},
     "return_line_id", "the return is of another line"),
    ("refund above the price", "refunds", {"amount": "620.01"},
     "amount", "above the amount of the line"),
    ("refund before its order", "refunds", {"refunded_at": "2024-03-10 08:59:59"},
     "refunded_at", "before the order"),
    ("claim before its order", "claims", {"opened_at": "2024-03-10 08:59:59"},
     "opened_at", "before the order"),
    ("claim before its evaluation", "claims",
     {"subject_type": "evaluation", "subject_id": "E1", "opened_at": "2024-01-01 23:59:59"},
     "opened_at", "before the evaluation"),
    ("rating before its order", "ratings", {"rated_at": "2024-03-10 08:59:59"},
     "rated_at", "before the order"),
    ("correction before its evaluation", "grade_corrections",
     {"corrected_at": "2024-01-02 23:59:59"}, "corrected_at", "before the evaluation"),
    ("audit before its evaluation", "grade_audits", {"audited_at": "2024-01-02 23:59:59"},
     "audited_at", "before the evaluation"),
    ("declared figures of a day in the month", "supplier_performance",
     {"period_month": "2024-02-15"}, "period_month", "not the first day of a month"),
]  # fmt: skip

# Cells that a spreadsheet, a database or a person writes. (table, column, cell, reason)
CELLS = [
    ("order_lines", "quantity", "-1", "below 1"),
    ("order_lines", "quantity", "two", NO_COUNT),
    ("order_lines", "quantity", "1,000", NO_COUNT),
    ("order_lines", "quantity", "99999999999", NO_COUNT),
    ("order_lines", "quantity", "=1+1", NO_COUNT),
    ("order_lines", "quantity", "1; drop table orders", NO_COUNT),
    ("order_lines", "unit_price", "-200", "not above 0"),
    ("order_lines", "unit_price", "200,00", NO_NUMBER),
    ("order_lines", "unit_price", "1.234,56", NO_NUMBER),
    ("order_lines", "unit_price", "1 234.56", NO_NUMBER),
    ("order_lines", "unit_price", "200 €", NO_NUMBER),
    ("order_lines", "unit_price", "0.00001", NO_NUMBER),
    ("order_lines", "unit_price", "NaN", NO_NUMBER),
    ("order_lines", "unit_price", "1e400", NO_NUMBER),
    ("order_lines", "state", "Lost", "not an accepted value"),
    ("order_lines", "state", "expédié", "not an accepted value"),
    ("order_lines", "state", "\tshipped", "not an accepted value"),
    ("order_lines", "product_list_id", "📱", "not found in product_lists"),
    ("orders", "currency_code", "€", "does not look like [A-Z]{3}"),
    ("orders", "currency_code", "EURO", "does not look like [A-Z]{3}"),
    ("orders", "ordered_at", "ordered_at", NO_TIME),
    ("orders", "ordered_at", "01/02/2026", NO_TIME),
    ("orders", "ordered_at", "2024-13-01 00:00:00", NO_TIME),
    ("orders", "ordered_at", "2024-01-05 25:00:00", NO_TIME),
    ("orders", "ordered_at", "2024-01-05 09:00 PM", NO_TIME),
    ("orders", "ordered_at", "45296", NO_TIME),
    ("orders", "ordered_at", "1704448800", NO_TIME),
    ("orders", "ordered_at", "epoch", "before 2000-01-01"),
    ("orders", "ordered_at", "1015-01-01 00:00:00", "before 2000-01-01"),
    ("orders", "ordered_at", "infinity", "in the future"),
    ("ratings", "score", "five", NO_COUNT),
    ("ratings", "score", "4,5", NO_COUNT),
    ("ratings", "score", "4.5", NO_COUNT),
    ("ratings", "score", "-1", "below 1"),
    ("return_lines", "reason_code", "faulty", NO_COUNT),
    ("defects", "is_confirmed", "1", "not true or false"),
    ("fx_rates", "eur_rate", "-0.92", "not above 0"),
]

REJECTED = [
    *ORPHANS,
    *(Fault(name, table, Add(cells), Rejected(column, reason))
      for name, table, cells, column, reason in CONTRADICTIONS),
    *(Fault(f"{column} = {cell!r}", table, Add({column: cell}), Rejected(column, reason))
      for table, column, cell, reason in CELLS),
    Fault("rejected order", "orders", Add({"order_id": "unsound", "ordered_at": "soon"}),
          Rejected("ordered_at", NO_TIME)),
    Fault("line of a rejected order", "order_lines", Add({"order_id": "unsound"}),
          Rejected("order_id", "not found in orders")),
    Fault("rejected line", "order_lines", Add({"order_line_id": "unsound", "quantity": "0"}),
          Rejected("quantity", "below 1")),
    Fault("return of a rejected line", "return_lines",
          Add({"return_line_id": "unsound", "order_line_id": "unsound"}),
          Rejected("order_line_id", "not found in order_lines")),
    Fault("repair of a rejected return", "repairs", Add({"return_line_id": "unsound"}),
          Rejected("return_line_id", "not found in return_lines")),
    # a copy that cannot be read, or points nowhere, takes nothing from the sound row
    Fault("unreadable copy of a sound order", "orders",
          Add({"order_id": "2", "ordered_at": "31/01/2024"}), Rejected("ordered_at", NO_TIME)),
    Fault("copy of a sound return on another line", "return_lines",
          Add({"return_line_id": "R3", "order_line_id": "L99",
               "requested_at": "2024-02-01 00:00:00"}),
          Rejected("return_line_id", "conflicting key")),
    Fault("supplier under an earlier name", "suppliers",
          Add({"supplier_id": "A", "supplier_name": "Alpha before",
               "onboarded_at": "2022-01-01 00:00:00"}),
          Rejected("supplier_id", "conflicting key")),
]  # fmt: skip

# The same said otherwise: the contract takes it. (name, table, key, cells, cells in staging)
OTHERWISE = [
    ("padded word", "order_lines", "L1", {"state": "  shipped "}, {}),
    ("word in capitals", "order_lines", "L2", {"state": "SHIPPED"}, {}),
    ("whole number with decimals", "order_lines", "L3", {"quantity": "1.0"}, {}),
    ("whole number with zeros before", "order_lines", "L4", {"quantity": "001"}, {}),
    ("amount with zeros behind", "order_lines", "L6", {"unit_price": "199.90000"}, {}),
    ("amount with an exponent", "order_lines", "L7", {"unit_price": "3.1e2"}, {}),
    ("time with an offset", "orders", "1", {"ordered_at": "2024-01-05 11:00:00+01:00"}, {}),
    ("time of another continent", "orders", "2", {"ordered_at": "2024-01-31 18:30:00-05:00"}, {}),
    ("time in ISO 8601 with Z", "orders", "3", {"ordered_at": "2024-01-05T10:00:00Z"}, {}),
    ("time with fractions", "orders", "4", {"ordered_at": "2024-09-05 10:00:00.000"}, {}),
    ("currency and country in small letters", "orders", "6",
     {"currency_code": "usd", "country_code": "fr"}, {}),
    ("padded reference", "orders", "5", {"customer_id": " C1  "}, {}),
    ("reference with a no-break space", "claims", "K1",
     {"subject_id": "L2\N{NO-BREAK SPACE}"}, {}),
    ("midnight as 24:00:00", "return_lines", "R5", {"decided_at": "2024-03-22 24:00:00"}, {}),
    ("midnight as a day", "return_lines", "R6", {"received_at": "2024-03-27"}, {}),
    ("code with decimals", "return_lines", "R4", {"reason_code": "25.0"}, {}),
    ("padded truth in capitals", "defects", "D4", {"is_confirmed": " TRUE "}, {}),
    ("free word in capitals", "defects", "D1", {"defect_type": "Battery"}, {}),
    ("category in capitals", "products", "P", {"category": " PHONE"}, {}),
    ("grade in capitals", "ratings", "A3", {"perceived_grade": "Very_Good"}, {}),
    ("day with a time", "fx_rates", "USD|2024-03-01", {"rate_date": "2024-03-01 00:00:00"}, {}),
    ("offer without an end as a far day", "product_lists", "OP|2023-01-01 00:00:00",
     {"valid_to": "9999-12-31 23:59:59"}, {"valid_to": "9999-12-31 23:59:59"}),
    ("offer without an end as infinity", "product_lists", "OL|2023-01-01 00:00:00",
     {"valid_to": "infinity"}, {"valid_to": "infinity"}),
    ("spreadsheet formula", "users", "U1", {"full_name": "=1+1"}, {"full_name": "=1+1"}),
    ("SQL in a name", "users", "U2", {"full_name": "Robert'); drop table orders;--"},
     {"full_name": "Robert'); drop table orders;--"}),
    ("emoji and accents", "ratings", "A4", {"comment": "Déçu 😞 — Größe „M“"},
     {"comment": "Déçu 😞 — Größe „M“"}),
    ("line breaks in a text", "external_reviews", "W1", {"body": "one\r\ntwo\nthree"},
     {"body": "one\r\ntwo\nthree"}),
    ("quotes and commas in a text", "external_reviews", "W2", {"title": 'a "b", c'},
     {"title": 'a "b", c'}),
    ("blank cell", "messages", "G4", {"channel": "   "}, {"channel": None}),
]  # fmt: skip

ACCEPTED = [
    Fault(name, table, Write(key, cells), Unchanged(staged))
    for name, table, key, cells, staged in OTHERWISE
]

TURNAROUND = "select round(turnaround_days * 24, 6) from core.fct_repairs where repair_id = 'F3'"
A_UNITS = """
    select sum(ordered_units), sum(returned_units), sum(return_events)
    from quality.mart_supplier_defects where supplier_id = 'A'
"""
ORDER_1_MONTH = """
    select strftime(min(order_month), '%Y-%m'), count(distinct order_month)
    from core.fct_order_lines where order_id = '1'
"""

# Tables and keys of what refers to a row of the baseline.
OF_RETURN_R6 = (
    "defects D4, repairs F3, refunds M2, messages G1 G2 G3, notifications N2, "
    "supplier_ratings Q2, shipments S5 S6"
)
OF_LINE_L7 = f"return_lines R6, {OF_RETURN_R6}, shipments S4, claims K3, ratings A4"
OF_OFFER_OT = (
    f"order_lines L7, {OF_LINE_L7}, product_evaluations E2, grade_corrections X2, "
    "grade_audits V2, page_events I2"
)


def absent(table: str, query: str, *answer, also: tuple[str, ...] = ()) -> Fault:
    """A table that was not delivered: what it would tell is null, and nothing refers wrongly."""
    gone = (table, *also)
    named = ", ".join(f"'{name}'" for name in gone)
    sql = "; ".join(f"delete from raw.{name}" for name in gone)
    sql += f"; update landing.raw_files set is_present = false where source_table in ({named})"
    return Fault("absent", table, Run(sql), Gives(query, answer))


ABSENT = [
    absent("return_lines",
           "select sum(ordered_units), count(returned_units), count(return_rate) "
           "from quality.mart_supplier_defects", 10, 0, 0, also=("defects", "repairs")),
    absent("defects",
           "select sum(returned_units), count(confirmed_defect_units), "
           "count(transit_damaged_units) from quality.mart_supplier_defects", 6, 0, 0),
    absent("repairs", "select count(return_rate), count(repair_events) "
           "from repairs.mart_repair_efficiency", 2, 0),
    absent("shipments", "select sum(ordered_units), count(delivered_units) "
           "from quality.mart_supplier_defects", 10, 0),
    absent("ratings", "select count(*), count(rating_count), count(avg_rating) "
           "from satisfaction.mart_supplier_satisfaction", 2, 0, 0),
    absent("notifications", "select count(*) > 0, count(notified_returns), "
           "count(notification_coverage_rate) from service.mart_status_notifications", True, 0, 0),
    absent("messages", "select count(*), count(contact_channel), count(is_answered) "
           "from core.fct_support_cases where case_type = 'return'", 7, 0, 0),
    absent("users", "select count(*), count(country_code) from core.dim_customers", 3, 0),
    absent("customers", "select count(*), count(customer_id) from core.fct_order_lines", 7, 2),
    absent("fx_rates", "select count(*), count(unit_price_eur) from core.fct_order_lines", 7, 6),
]  # fmt: skip

# One build each.
ALONE = [
    *ABSENT,
    Fault("repair over the spring night, with offsets", "repairs",
          Run("update raw.repairs set sent_to_service_at = '2024-03-30 13:00:00+01:00', "
              "started_at = '', finished_at = '', "
              "returned_to_customer_at = '2024-03-31 13:00:00+02:00' where repair_id = 'F3'"),
          Gives(TURNAROUND, (23.0,))),
    Fault("repair over the autumn night, with offsets", "repairs",
          Run("update raw.repairs set sent_to_service_at = '2024-10-26 13:00:00+02:00', "
              "started_at = '', finished_at = '', "
              "returned_to_customer_at = '2024-10-27 13:00:00+01:00' where repair_id = 'F3'"),
          Gives(TURNAROUND, (25.0,))),
    Fault("repair over the spring night, in UTC", "repairs",
          Run("update raw.repairs set sent_to_service_at = '2024-03-30 12:00:00', "
              "started_at = '', finished_at = '', "
              "returned_to_customer_at = '2024-03-31 12:00:00' where repair_id = 'F3'"),
          Gives(TURNAROUND, (24.0,))),
    Fault("reply in the hour that comes twice", "messages",
          Run("update raw.messages set sent_at = '2024-10-27 02:30:00+02:00' "
              "where message_id in ('G1', 'G2'); "
              "update raw.messages set sent_at = '2024-10-27 02:30:00+01:00' "
              "where message_id = 'G3'"),
          Gives("select first_response_hours from core.fct_support_cases "
                "where return_line_id = 'R6'", (1.0,))),
    Fault("reply after the spring night and Easter Monday", "messages",
          Run("update raw.messages set sent_at = '2024-03-29 16:00:00' "
              "where message_id in ('G1', 'G2'); "
              "update raw.messages set sent_at = '2024-04-02 08:00:00' "
              "where message_id = 'G3'"),
          Gives("select first_response_business_hours from core.fct_support_cases "
                "where return_line_id = 'R6'", (2.0,))),
    Fault("reply after the autumn night", "messages",
          Run("update raw.messages set sent_at = '2024-10-25 15:00:00' "
              "where message_id in ('G1', 'G2'); "
              "update raw.messages set sent_at = '2024-10-28 09:00:00' "
              "where message_id = 'G3'"),
          Gives("select first_response_business_hours from core.fct_support_cases "
                "where return_line_id = 'R6'", (2.0,))),
    Fault("time in the hour that Paris does not have", "orders",
          Run("update raw.orders set ordered_at = '2024-03-31 02:30:00' where order_id = '1'; "
              "delete from raw.return_lines where order_line_id = 'L1'; "
              "delete from raw.shipments where order_line_id = 'L1'; "
              "delete from raw.ratings where order_line_id = 'L1'; "
              "delete from raw.defects where return_line_id = 'R1'; "
              "delete from raw.repairs where return_line_id in ('R1', 'R2'); "
              "delete from raw.supplier_ratings where return_line_id = 'R1'"),
          Gives(ORDER_1_MONTH, ("2024-03", 1))),
    Fault("order at 23:30 UTC of a winter month's last day", "orders",
          Run("update raw.orders set ordered_at = '2023-12-31 23:30:00' where order_id = '1'"),
          Gives(ORDER_1_MONTH, ("2024-01", 1))),
    Fault("order at 22:30 UTC of a summer month's last day", "orders",
          Run("update raw.orders set ordered_at = '2023-08-31 22:30:00' where order_id = '1'"),
          Gives(ORDER_1_MONTH, ("2023-09", 1))),
    Fault("order at 22:30 UTC of a winter month's last day", "orders",
          Run("update raw.orders set ordered_at = '2023-12-31 22:30:00' where order_id = '1'"),
          Gives(ORDER_1_MONTH, ("2023-12", 1))),
    Fault("product without a category", "products",
          Run("update raw.products set category = null where product_id = 'P'"),
          Gives("select min(category), sum(ordered_units), sum(returned_units) "
                "from quality.mart_category_defects where category not in ('laptop', 'tablet')",
                ("unknown", 7, 5))),
    Fault("offer whose price changed and was not closed", "product_lists",
          Run("insert into raw.product_lists values ('OP', 'P', 'A', 'perfect', '210', 'EUR', "
              "'12', '2024-01-01 00:00:00', null)"),
          Gives(A_UNITS, (8, 5, 6))),
    Fault("two current versions with different suppliers", "product_lists",
          Run("insert into raw.product_lists values ('OP', 'P', 'B', 'perfect', '200', 'EUR', "
              "'12', '2024-01-01 00:00:00', null)"),
          Fails("assert_offer_versions_do_not_contradict")),
    Fault("two versions that begin together with different suppliers", "product_lists",
          Run("insert into raw.product_lists values ('OP', 'P', 'B', 'perfect', '200', 'EUR', "
              "'12', '2023-01-01 00:00:00', null)"),
          Fails("assert_offer_versions_do_not_contradict")),
    Fault("overlapping versions with different grades", "product_lists",
          Run("update raw.product_lists set valid_to = '2024-02-01 00:00:00', "
              "announced_grade = 'fair' where product_list_id = 'OT' and unit_price = '300'"),
          Fails("assert_offer_versions_do_not_contradict")),
    Fault("the same unit returned once more, after the first case was closed", "return_lines",
          Run("insert into raw.return_lines (return_line_id, order_line_id, unit_number, "
              "reason_code, requested_at, decision, outcome) values "
              "('again', 'L7', '2', '1', '2024-05-01 00:00:00', 'pending', 'pending')"),
          Gives("select ordered_units, returned_units, return_events from core.fct_order_lines "
                "where order_line_id = 'L7'", (2, 1, 2))),
    Fault("the same return entered twice", "return_lines",
          Run("insert into raw.return_lines select 'again', * exclude (return_line_id) "
              "from raw.return_lines where return_line_id = 'R6'"),
          Warns("warn_when_a_unit_comes_back_twice_at_once")),
    Fault("refunds that add up to more than the price", "refunds",
          Run("insert into raw.refunds select 'again', * exclude (refund_id) "
              "from raw.refunds where refund_id = 'M1'"),
          Warns("warn_when_refunds_exceed_their_line")),
    Fault("quantity in the tens of thousands", "order_lines",
          Run("update raw.order_lines set quantity = '50000' where order_line_id = 'L4'"),
          Warns("warn_about_large_quantities")),
    Fault("price that lost its decimal mark", "order_lines",
          Run("update raw.order_lines set unit_price = '20000' where order_line_id = 'L3'"),
          Warns("warn_when_prices_leave_their_offer")),
    Fault("decision that skips its step", "product_evaluations",
          Run("update raw.product_evaluations set decision = 'justified', "
              "justification_submitted_at = ''"),
          Warns("warn_when_a_decision_skips_its_step")),
    Fault("currency without a rate of that time", "fx_rates",
          Run("update raw.fx_rates set rate_date = '2023-' || rate_date[6:]"),
          Warns("warn_about_amounts_without_euros")),
    Fault("returns that end before orders", "orders",
          Run("update raw.orders set ordered_at = '2025-09-05 10:00:00' where order_id = '4'"),
          Warns("warn_when_returns_end_before_orders")),
    Fault("whole day missing", "orders",
          Run("insert into raw.orders (order_id, ordered_at, currency_code) "
              "select 'day ' || day || ' ' || number, "
              "strftime(date '2024-06-03' + cast(day as integer), '%Y-%m-%d 10:00:00'), 'EUR' "
              "from range(70) as days (day), range(25) as numbers (number) where day <> 66"),
          Warns("warn_when_a_day_is_missing")),
    Fault("a few rejected rows", "external_reviews",
          Run("update raw.external_reviews set score = '6'"),
          Warns("warn_about_rejected_rows")),
    Fault("too many rejected rows", "external_reviews",
          Run("update raw.external_reviews set score = '6'"),
          Fails("assert_rejected_share_within_limit")),
    Fault("order before the calendar", "orders",
          Run("update raw.product_lists set valid_from = '2001-01-01 00:00:00' "
              "where product_list_id = 'OL'; "
              "update raw.orders set ordered_at = '2003-09-05 10:00:00' where order_id = '4'"),
          Fails("relationships_fct_order_lines_order_month__date_day__ref_dim_dates_")),
    *(Fault("header and no row", table, Run(f"delete from raw.{table}"),
            Fails("assert_mandatory_tables_hold_rows"))
      for table in ("suppliers", "products", "product_lists", "orders", "order_lines")),
    *(Fault("header and no row", table, Run(f"delete from raw.{table}"),
            Warns("warn_about_empty_tables"))
      for table in ("return_lines", "shipments", "ratings")),
    # a sound row that goes bad takes what refers to it along, and nothing else
    Fault("order that lost its time", "orders",
          Run("update raw.orders set ordered_at = '' where order_id = '6'",
              takes=f"orders 6, payments Y2, order_lines L7, {OF_LINE_L7}"),
          Rejected("ordered_at", "value is missing")),
    Fault("line that was cancelled after its return", "order_lines",
          Run("update raw.order_lines set state = 'cancelled' where order_line_id = 'L7'",
              takes=f"shipments S4, return_lines R6, {OF_RETURN_R6}",
              leaves="update raw.order_lines set state = 'cancelled' where order_line_id = 'L7'"),
          Rejected("order_line_id", "return of a line that never shipped")),
    Fault("return that was refused after its repair", "return_lines",
          Run("update raw.return_lines set decision = 'refused', outcome = 'sent_back' "
              "where return_line_id = 'R6'",
              takes="repairs F3",
              leaves="update raw.return_lines set decision = 'refused', outcome = 'sent_back' "
              "where return_line_id = 'R6'"),
          Rejected("return_line_id", "repair of a refused return")),
    Fault("offer that lost its supplier", "product_lists",
          Run("update raw.product_lists set supplier_id = null where product_list_id = 'OT'",
              takes=f"product_lists OT, {OF_OFFER_OT}"),
          Rejected("supplier_id", "value is missing")),
    Fault("supplier that is missing", "suppliers",
          Run("delete from raw.suppliers where supplier_id = 'B'",
              takes=f"product_lists OG OT, supplier_performance B, {OF_OFFER_OT}",
              leaves="delete from raw.suppliers where supplier_id = 'B'"),
          Rejected("supplier_id", "not found in suppliers")),
    Fault("supplier that was renamed", "suppliers",
          Run("insert into raw.suppliers values "
              "('B', 'Beta SARL', 'wholesaler', 'DE', '2024-01-01 00:00:00', 'true')",
              takes="suppliers B",
              leaves="insert into raw.suppliers values "
              "('B', 'Beta SARL', 'wholesaler', 'DE', '2024-01-01 00:00:00', 'true')"),
          Rejected("supplier_id", "conflicting key")),
]  # fmt: skip

MANDATORY = [
    table for table, contract in CONTRACT.items() if contract["config"]["meta"].get("is_mandatory")
]
NEEDED = {
    table: contract["config"]["meta"]["needs"]
    for table, contract in CONTRACT.items()
    if "needs" in contract["config"]["meta"]
}

# A test of tests/kpi, and a hand in the database that it must notice.
SPOILT = [
    Fault(name, table, Spoil(sql), Fails(test))
    for name, table, sql, test in [
        ("as-of date in the past", "int_as_of_date",
         "update intermediate.int_as_of_date set as_of_date = last_seen_date - 1",
         "assert_as_of_date_covers_the_data"),
        ("calendar that lost a day", "dim_dates",
         "delete from core.dim_dates where date_day = '2024-02-29'",
         "assert_calendar_covers_every_day"),
        ("count of raw rows that is too high", "source_coverage",
         "update health.source_coverage set raw_rows = raw_rows + 1 where source_table = 'orders'",
         "assert_build_health_reconciles_with_raw"),
        ("erased people who are still in core", "stg_marketplace__erased_customers",
         "insert into staging.stg_marketplace__erased_customers "
         "select customer_id from raw.orders where customer_id is not null",
         "assert_erased_people_leave_no_trace"),
        ("customers under another hash", "fct_ratings",
         "update core.fct_ratings set customer_id = reverse(customer_id)",
         "assert_customers_of_core_are_those_of_staging"),
        ("people under another hash", "fct_customer_outcomes",
         "update core.fct_customer_outcomes set person_id = reverse(person_id)",
         "assert_people_of_core_are_those_of_staging"),
        ("category that lost its units", "mart_category_defects",
         "delete from quality.mart_category_defects where category = 'phone'",
         "assert_category_defects_add_up_to_supplier_defects"),
        ("confirmed defect that is not counted", "fct_order_lines",
         "update core.fct_order_lines set confirmed_defect_units = 0",
         "assert_confirmed_defects_reconcile_with_staging"),
        ("defects of a supplier counted twice", "mart_supplier_defects",
         "update quality.mart_supplier_defects set return_events = 2 * return_events",
         "assert_defect_marts_reconcile_with_fact"),
        ("defect type that is gone", "mart_defect_types",
         "delete from quality.mart_defect_types where supplier_id = 'B'",
         "assert_defect_types_reconcile_with_fact"),
        ("deliveries that are lost", "fct_order_lines",
         "update core.fct_order_lines set delivered_units = 0",
         "assert_delivered_units_reconcile_with_shipments"),
        ("repair that a join lost", "fct_repairs",
         "delete from core.fct_repairs where repair_id = 'F2'",
         "assert_event_facts_reconcile_with_staging"),
        ("rate that the catalogue does not know", "kpi_catalog",
         "delete from reference.kpi_catalog where column_name = 'return_rate'",
         "assert_kpi_catalog_is_complete"),
        ("line that a join lost", "fct_order_lines",
         "delete from core.fct_order_lines where order_line_id = 'L5'",
         "assert_order_lines_reconcile_with_staging"),
        ("rate that was divided by 0", "mart_supplier_defects",
         "update quality.mart_supplier_defects set defect_return_rate_low = -1e0 / 0",
         "assert_every_number_is_finite"),
        ("rate that is a percentage", "mart_supplier_defects",
         "update quality.mart_supplier_defects set return_rate = 100 * return_rate",
         "assert_rates_follow_from_their_parts"),
        ("raw row that was lost on the way", "source_coverage",
         "update health.source_coverage set staged_rows = staged_rows - 1 "
         "where source_table = 'orders'",
         "assert_raw_rows_are_staged_or_rejected"),
        ("cost of repairs in cents", "mart_category_repairs",
         "update repairs.mart_category_repairs set repair_cost_eur = 100 * repair_cost_eur",
         "assert_repair_cost_reconciles_with_fact"),
        ("repair counted twice", "mart_repair_efficiency",
         "update repairs.mart_repair_efficiency set repair_events = repair_events + 1",
         "assert_repair_marts_reconcile_with_fact"),
        ("returned unit that a join lost", "fct_returned_units",
         "delete from core.fct_returned_units where return_events = 2",
         "assert_returned_units_reconcile_with_staging"),
        ("confirmed defective unit of two outcomes", "mart_repair_coverage",
         "update repairs.mart_repair_coverage set refused_defect_units = refused_defect_units + 1",
         "assert_repair_coverage_reconciles_with_facts"),
        ("freight that is paid twice", "mart_unit_costs",
         "update repairs.mart_unit_costs set return_freight_eur = return_freight_eur + 1",
         "assert_budget_impact_reconciles_with_facts"),
        ("person who counts twice", "mart_refusal_outcomes",
         "update satisfaction.mart_refusal_outcomes set outcome_people = outcome_people + 1",
         "assert_refusal_outcomes_reconcile_with_facts"),
        ("controls of another group", "mart_refusal_comparison",
         "update satisfaction.mart_refusal_comparison set control_trials = control_trials + 1",
         "assert_refusal_comparison_reconciles_with_cells"),
        ("rating counted twice", "mart_product_satisfaction",
         "update satisfaction.mart_product_satisfaction set rating_count = rating_count + 1",
         "assert_satisfaction_marts_reconcile_with_fact"),
        ("return rate of another denominator", "mart_repair_efficiency",
         "update repairs.mart_repair_efficiency set return_rate = return_rate / 2",
         "assert_supplier_return_rate_is_one_number"),
        ("case that is gone", "fct_support_cases",
         "delete from core.fct_support_cases where case_type = 'return'",
         "assert_support_cases_reconcile_with_staging"),
        ("supplier whose month is left out", "mart_supplier_quarters",
         "delete from quality.mart_supplier_quarters where supplier_id = 'A'",
         "assert_supplier_marts_reconcile_with_fact"),
        ("agent heard twice", "mart_supplier_voices",
         "update quality.mart_supplier_voices set agent_rating_sum = 2 * agent_rating_sum",
         "assert_supplier_voices_reconcile_with_facts"),
        ("unit that never leaves observation", "mart_service_exits",
         "update quality.mart_service_exits set exited_units = exited_units - 1 "
         "where exit_cause = 'none'",
         "assert_reliability_reconciles_with_fact"),
        ("cohort that lost its units", "mart_cohort_completion",
         "update quality.mart_cohort_completion set ordered_units = ordered_units - 1",
         "assert_cohort_completion_reconciles_with_fact"),
        ("parcel counted twice", "mart_transit_quality",
         "update quality.mart_transit_quality set parcels = parcels + 1",
         "assert_transit_quality_reconciles_with_facts"),
        ("phase that a join lost", "fct_return_phases",
         "delete from core.fct_return_phases where return_line_id = 'R6' and phase = 'bench'",
         "assert_phases_add_up_to_the_cycle_of_their_return"),
        ("days of a phase in hours", "mart_return_cycle",
         "update service.mart_return_cycle set phase_days_sum = 24 * phase_days_sum "
         "where phase = 'decision'",
         "assert_return_cycle_reconciles_with_fact"),
        ("open return that nobody sees", "mart_return_backlog",
         "update service.mart_return_backlog set open_returns = open_returns - 1",
         "assert_return_backlog_reconciles_with_staging"),
        ("refused request among the accepted", "mart_return_decisions",
         "update service.mart_return_decisions set refused_requests = 0, "
         "accepted_requests = decided_requests",
         "assert_return_decisions_reconcile_with_staging"),
        ("answer before its time", "mart_service_response",
         "update service.mart_service_response "
         "set response_pending_cases = response_pending_cases + 1",
         "assert_service_response_reconciles_with_fact"),
        ("notification counted for another stage", "mart_status_notifications",
         "update service.mart_status_notifications set notified_returns = reached_returns "
         "where return_stage = 'decided'",
         "assert_status_notifications_reconcile_with_staging"),
        ("parcel counted as lost and as delivered", "mart_transit_times",
         "update service.mart_transit_times set lost_parcels = delivered_parcels",
         "assert_transit_times_reconcile_with_staging"),
        ("groups that are compared twice", "mart_hypothesis_shares",
         "update quality.mart_hypothesis_shares set trials = 2 * trials",
         "assert_hypothesis_samples_reconcile_with_facts"),
        ("hypothesis without a headline", "mart_hypothesis_tests",
         "update quality.mart_hypothesis_tests set is_headline = false",
         "assert_hypothesis_tests_are_consistent"),
        ("more returned than ordered", "mart_supplier_defects",
         "update quality.mart_supplier_defects set returned_units = ordered_units + 1",
         "assert_units_are_parts_of_their_whole"),
        ("labelled repairs that count in the benchmark", "mart_repairability_benchmark",
         "update repairs.mart_repairability_benchmark set recorded_repairs = recorded_repairs + 1",
         "assert_repairability_marts_reconcile_with_staging"),
        ("benchmark of another category", "mart_repair_benchmark_comparison",
         "update repairs.mart_repair_benchmark_comparison set public_outcomes = 9",
         "assert_repair_comparison_reconciles_with_facts"),
        ("month of reviews that is gone", "mart_external_reviews",
         "delete from satisfaction.mart_external_reviews where review_month = '2024-02-01'",
         "assert_external_reviews_reconcile_with_fact"),
        ("grade model that was judged by nothing", "mart_grade_model_confusion",
         "insert into grading.mart_grade_model_confusion values ('model', 'fair', 'fair', 2, 2, 1)",
         "assert_grade_model_marts_reconcile_with_fact"),
        ("evaluation that is unseen by no model", "fct_evaluations",
         "update core.fct_evaluations set is_out_of_time = true",
         "assert_grade_model_is_judged_by_what_it_could_not_know"),
        ("prediction that is not the likeliest grade", "int_grade_predictions",
         "insert into intermediate.int_grade_predictions "
         "values ('E1', 'v', 'fair', 0.6, 0.4, 0, 0, 0.5)",
         "assert_grade_predictions_are_probabilities"),
        ("grades that a comparison lost", "mart_grade_agreement",
         "update grading.mart_grade_agreement set exact_evaluations = exact_evaluations + 1 "
         "where dimension_name = 'supplier'",
         "assert_grade_agreement_reconciles_with_fact"),
        ("month of grades that is gone", "mart_grade_drift",
         "update grading.mart_grade_drift set baseline_evaluations = baseline_evaluations + 1",
         "assert_grade_drift_reconciles_with_fact"),
        ("perceived grades counted twice", "mart_perceived_vs_announced",
         "update grading.mart_perceived_vs_announced set perceived_ratings = 2 * perceived_ratings",
         "assert_grade_expectations_reconcile_with_facts"),
        ("alert without a reason", "mart_alerts",
         "insert into grading.mart_alerts by name select 'low_confidence' as rule_id, "
         "'supplier' as entity_type, 'B' as entity_id, 1 as judged_value, 0.85 as threshold",
         "assert_alerts_follow_their_rules"),
        ("day of gradings that is gone", "mart_grading_daily",
         "delete from grading.mart_grading_daily where date_day = '2024-01-03'",
         "assert_grading_boards_reconcile_with_facts"),
        ("refurbisher without a score", "mart_refurbisher_confidence",
         "delete from grading.mart_refurbisher_confidence where supplier_id = 'B'",
         "assert_refurbisher_boards_reconcile_with_facts"),
        ("correction of no kind", "mart_correction_impact",
         "delete from grading.mart_correction_impact where correction_kind = 'price_adjusted'",
         "assert_correction_impact_reconciles_with_facts"),
        ("case that never closes", "fct_support_cases",
         "update core.fct_support_cases set closed_at = null, is_open = true "
         "where case_type = 'grade_dispute'",
         "assert_support_cases_reconcile_with_staging"),
        ("disputes of any age within 30 days", "mart_marketplace_health",
         "update grading.mart_marketplace_health set disputed_lines_30d = disputed_lines_30d + 1",
         "assert_marketplace_health_reconciles_with_facts"),
        ("refunds counted as lines", "mart_marketplace_health",
         "update grading.mart_marketplace_health set refunded_lines = refunded_lines + 1",
         "assert_marketplace_health_reconciles_with_facts"),
    ]
]  # fmt: skip


def utf8(text: str) -> bytes:
    """A file as it should be written."""
    return text.encode()


def replaced(old: str, new: str, encoding: str = "utf-8"):
    """The file with one text replaced by another."""
    return lambda text: text.replace(old, new, 1).encode(encoding)


def bad_file(name: str, table: str, content, *parts: str, file: str = "") -> Fault:
    """A file that stops the build with a finding that has these parts."""
    return Fault(name, table, File(content, file), Stops((f"{table}.", *parts)))


# One folder holds all of these; every file has its own finding.
BAD_FILES = [
    bad_file("Latin-1", "suppliers", replaced("Alpha", "Älpha", "latin-1"),
             "suppliers.csv, line 2, column supplier_name: Invalid unicode",
             "Save the file as UTF-8"),
    bad_file("Latin-1 in the header", "users", replaced("user_id", "usér_id", "latin-1"),
             "users.csv has no column of the contract in its first line that is UTF-8",
             "export it as UTF-8 with the header user_id,email"),
    bad_file("UTF-16", "customers", lambda text: text.encode("utf-16"),
             "customers.csv is empty or not UTF-8 text", "export it again as UTF-8"),
    bad_file("semicolons", "products", lambda text: utf8(text.replace(",", ";")),
             "products.csv is separated by semicolons", "export it with commas"),
    bad_file("tabs", "payments", lambda text: utf8(text.replace(",", "\t")),
             "payments.csv is separated by tabs", "export it with commas"),
    bad_file("bars", "refunds", lambda text: utf8(text.replace(",", "|")),
             "refunds.csv is separated by bars", "export it with commas"),
    bad_file("column under another name", "orders", replaced("ordered_at", "order_time"),
             "orders.csv: column 'ordered_at' is missing", "Add it (empty values mean null)"),
    bad_file("column twice", "repairs", replaced("repair_id,return_line_id", "repair_id,repair_id"),
             "repairs.csv: column 'repair_id' stands twice in the header", "keep one"),
    bad_file("no header", "fx_rates", replaced("currency_code,rate_date,eur_rate\n", ""),
             "fx_rates.csv has no column of the contract in its first line",
             "with the header currency_code,rate_date,eur_rate"),
    bad_file("empty line before the header", "page_events", lambda text: b"\n" + text.encode(),
             "page_events.csv is empty or not UTF-8 text", "with a header in its first line"),
    bad_file("empty file", "return_lines", lambda _: b"",
             "return_lines.csv is empty or not UTF-8 text", "export it again"),
    bad_file("unclosed quote", "order_lines", replaced("L2,2", 'L2,"2'),
             "order_lines.csv, line 3, column order_id", "Close the double quote"),
    bad_file("quote after a backslash", "external_reviews",
             replaced("Good,Works", r'"Go\"od",Works'),
             "external_reviews.csv, line 2, column title",
             "a quote inside a value is written twice"),
    bad_file("file that was cut off", "messages", lambda text: text.encode()[:-30],
             "messages.csv, line 5", "The line is cut off or a value is missing"),
    bad_file("value that is missing", "product_lists", replaced("perfect,200", "perfect"),
             "product_lists.csv, line 2", "The line is cut off or a value is missing"),
    bad_file("value too many", "notifications", replaced("welcome", "well,come"),
             "notifications.csv, line 2", "Put values that hold a comma in double quotes"),
    bad_file("line of 3 MB", "claims", replaced("not_received", "x" * 3_000_000),
             "claims.csv, line 2", "A double quote is never closed, or this is not a CSV file"),
    bad_file("line of 100 MB", "ratings",
             lambda text: utf8(text.replace("fine", "x" * 100_000_000)),
             "ratings.csv holds a line of many megabytes",
             "A double quote is never closed, or this is not a CSV file"),
    bad_file("lines that end in two ways", "shipments",
             lambda text: utf8(text.replace("\n", "\r\n", 2)),
             "shipments.csv has lines that end like those of Windows and lines that do not",
             "save it with one kind of line end"),
    bad_file("workbook that was renamed", "grade_audits",
             lambda _: b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + bytes(range(256)),
             "grade_audits.csv is empty or not UTF-8 text", "export it again as UTF-8"),
    bad_file("Parquet that was cut off", "supplier_ratings", lambda _: b"PAR1" + bytes(100),
             "supplier_ratings.parquet is not a complete Parquet file", "Copy or export it again",
             file="supplier_ratings.parquet"),
    bad_file("empty Parquet", "grade_corrections", lambda _: b"",
             "grade_corrections.parquet is not a complete Parquet file", "Copy or export it again",
             file="grade_corrections.parquet"),
    bad_file("CSV that calls itself Parquet", "product_evaluations", utf8,
             "product_evaluations.parquet is not a complete Parquet file",
             "Copy or export it again", file="product_evaluations.parquet"),
]  # fmt: skip

# And another folder: what is not there, or there twice.
MISSING_FILES = [
    *(Fault("no file", table, NoFile(),
            Stops((f"{table}.csv (or .parquet) is missing: without it no KPI can be computed",
                   "Export it with the columns")))
      for table in MANDATORY),
    *(Fault(f"no file of {needed}", table, File(utf8),
            Stops((f"{table}.csv says nothing without {needed}",
                   f"export {needed}.csv (or .parquet) as well, or leave {table} out")))
      for table, needed in NEEDED.items()),
    Fault("a table as CSV and as Parquet", "ratings", File(utf8, "ratings.parquet"),
          Stops(("ratings.csv and ", "ratings.parquet hold the same table", "keep one of them"))),
]  # fmt: skip


def parquet(select: str = "*"):
    """The file as Parquet with columns of these types; text where nothing is said."""

    def written(text: str) -> bytes:
        with TemporaryDirectory() as folder, duckdb.connect() as connection:
            source, target = Path(folder) / "table.csv", Path(folder) / "table.parquet"
            source.write_text(text, encoding="utf-8")
            connection.execute("set TimeZone = 'Europe/Paris'")
            connection.execute(
                f"copy (select {select} from read_csv('{source}', all_varchar = true)) "
                f"to '{target}' (format parquet)"
            )
            return target.read_bytes()

    return written


def of_lines(change: Callable[[str], str]) -> Callable[[str], bytes]:
    """The file with every line changed."""
    return lambda text: utf8("".join(change(line) + "\n" for line in text.splitlines()))


# One build on all of them gives the baseline's figures.
GOOD_FILES = [
    Fault(name, table, File(content, name=file, note=note), Unchanged())
    for name, table, content, file, note in [
        ("byte order mark", "suppliers", lambda text: b"\xef\xbb\xbf" + text.encode(), "", ""),
        ("Windows line ends", "orders", lambda text: utf8(text.replace("\n", "\r\n")), "", ""),
        ("old Mac line ends", "payments", lambda text: utf8(text.replace("\n", "\r")), "", ""),
        ("no end of the last line", "products", lambda text: text.rstrip().encode(), "", ""),
        ("empty lines", "claims", lambda text: utf8(text.replace("\n", "\n\n")), "", ""),
        ("header in capitals, quoted and padded", "order_lines",
         replaced("order_line_id,order_id", '"ORDER_LINE_ID", Order_Id '), "", ""),
        ("columns in another order", "fx_rates",
         of_lines(lambda line: ",".join(reversed(line.split(",")))), "", ""),
        ("one more column", "customers", of_lines(lambda line: f"{line},note"), "",
         "customers.csv: column 'note' is not in the contract and is not read"),
        ("every value quoted", "defects",
         of_lines(lambda line: ",".join(f'"{cell}"' for cell in line.split(","))), "", ""),
        ("line break inside a value", "ratings", replaced("slow", '"slow\nand late"'), "", ""),
        ("Unix line break inside a value of a Windows file", "external_reviews",
         lambda text: utf8(text.replace("\n", "\r\n").replace("Works", '"Works\nwell"')), "", ""),
        ("emoji, accents and a formula", "users", replaced("Ada Example", "=1+1 Zoë 🙂"), "", ""),
        ("Parquet of text", "messages", parquet(), "messages.parquet", ""),
        ("Parquet with binary text", "page_events",
         parquet("* replace (cast(event_id as blob) as event_id, "
                 "cast(product_list_id as blob) as product_list_id)"),
         "page_events.parquet", ""),
        ("Parquet with double amounts", "refunds",
         parquet("* replace (cast(amount as double) as amount)"), "refunds.parquet", ""),
        ("Parquet with times of a time zone", "repairs",
         parquet("* replace (cast(sent_to_service_at || '+00' as timestamptz) "
                 "as sent_to_service_at, cast(returned_to_customer_at || '+00' as timestamptz) "
                 "as returned_to_customer_at)"),
         "repairs.parquet", ""),
        ("Parquet with codes as doubles", "return_lines",
         parquet("* replace (cast(reason_code as double) as reason_code, "
                 "cast(unit_number as double) as unit_number)"),
         "return_lines.parquet", ""),
        ("Parquet with days, truths and amounts of their types", "shipments",
         parquet("* replace (cast(promised_at as date) as promised_at, "
                 "cast(shipped_at as timestamp) as shipped_at, "
                 "cast(is_lost as boolean) as is_lost, cast(cost as integer) as cost)"),
         "shipments.parquet", ""),
        ("Parquet with months as times", "supplier_performance",
         parquet("* replace (cast(period_month as timestamp) as period_month)"),
         "supplier_performance.parquet", ""),
    ]
]  # fmt: skip

ROW_FAULTS = [*FAMILIES, *REJECTED]
CATALOGUE = [
    *ROW_FAULTS, *ACCEPTED, *ALONE, *SPOILT, *BAD_FILES, *MISSING_FILES, *GOOD_FILES,
]  # fmt: skip
