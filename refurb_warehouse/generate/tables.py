"""The 25 raw tables: each column, in the contract's order, and what of the landed rows makes it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from refurb_warehouse.generate import vocabulary as words
from refurb_warehouse.generate.columns import (
    CODED_TEXT,
    Column,
    Rows,
    coded,
    day,
    decimal,
    either,
    flag,
    given,
    identifier,
    label,
    moment,
    money,
    number,
    numbered,
    shared_identifier,
    texts,
)
from refurb_warehouse.generate.draws import Array

NAMES = [f"{first} {last}" for first in words.FIRST_NAMES for last in words.LAST_NAMES]
FULL_NAMES = texts(NAMES)
MAIL_NAMES = texts([name.lower().replace(" ", ".") for name in NAMES])
MAIL_DOMAIN, NOTHING = texts(("@example.org", ""))


def _full_name(rows: Rows) -> Array:
    """Position in FULL_NAMES of each person's name."""
    return rows["first_name"] * len(words.LAST_NAMES) + rows["last_name"]


def _email(rows: Rows) -> pa.Array:
    """An address of the name and the number of the account, which makes it unique."""
    name = coded(_full_name(rows), MAIL_NAMES).dictionary_decode()
    account = number("user").build(rows).cast(pa.string())
    return pc.binary_join_element_wise(name, account, MAIL_DOMAIN, NOTHING)


def _serial_number(rows: Rows) -> pa.Array:
    """A serial number of its own for each evaluation, by multiplication modulo a prime."""
    serial = rows["evaluation"] * 48271 % 2147483647 + 1000000000
    return numbered(np.where(rows["has_serial"], serial, words.NONE), "SN", 10)


SUPPLIER = shared_identifier("supplier", "S", 4)
PRODUCT = shared_identifier("product", "P", 5)
OFFER = shared_identifier("offer", "PL", 6)
USER = identifier("user", "U")
CUSTOMER = identifier("customer", "C")
ORDER = identifier("order", "O")
LINE = identifier("line", "L")
RETURN = identifier("return", "R")
EVALUATION = identifier("evaluation", "E")
CLAIM = identifier("claim", "CL")
CURRENCY = label("currency", words.CURRENCIES)
COUNTRY = label("country", words.COUNTRIES)

TABLES: dict[str, dict[str, Column]] = {
    "suppliers": {
        "supplier_id": SUPPLIER,
        "supplier_name": given("name"),
        "supplier_type": label("kind", words.SUPPLIER_TYPES),
        "country_code": COUNTRY,
        "onboarded_at": moment("onboarded_at"),
        "is_active": flag("is_active"),
    },
    "products": {
        "product_id": PRODUCT,
        "category": given("category"),
        "brand": given("brand"),
        "model": given("model"),
        "storage_gb": number("storage_gb"),
        "is_unlocked": flag("is_unlocked"),
    },
    "product_lists": {
        "product_list_id": OFFER,
        "product_id": PRODUCT,
        "supplier_id": SUPPLIER,
        "announced_grade": label("grade", words.GRADES),
        "unit_price": money("price"),
        "currency_code": CURRENCY,
        "warranty_months": number("warranty_months"),
        "valid_from": moment("valid_from"),
        "valid_to": moment("valid_to"),
    },
    "users": {
        "user_id": USER,
        "email": Column(pa.string(), _email),
        "full_name": Column(CODED_TEXT, lambda rows: coded(_full_name(rows), FULL_NAMES)),
        "phone": shared_identifier("phone", "+336", 8, first=39_980_000),
        "country_code": COUNTRY,
        "city": label("city", words.CITIES),
        "created_at": moment("created_at"),
        "has_marketing_consent": flag("has_consent"),
        "erased_at": moment("erased_at"),
    },
    "customers": {
        "customer_id": CUSTOMER,
        "user_id": USER,
        "created_at": moment("created_at"),
    },
    "orders": {
        "order_id": ORDER,
        "customer_id": CUSTOMER,
        "ordered_at": moment("ordered_at"),
        "status": label("status", words.ORDER_STATUSES),
        "currency_code": CURRENCY,
        "country_code": COUNTRY,
    },
    "order_lines": {
        "order_line_id": LINE,
        "order_id": ORDER,
        "product_list_id": OFFER,
        "quantity": number("quantity"),
        "unit_price": money("price"),
        "state": label("state", words.LINE_STATES),
        "promised_at": moment("promised_at"),
    },
    "payments": {
        "payment_id": identifier("payment", "PAY"),
        "order_id": ORDER,
        "method": label("method", words.PAYMENT_METHODS),
        "amount": money("amount"),
        "currency_code": CURRENCY,
        "paid_at": moment("paid_at"),
        "status": label("status", words.PAYMENT_STATUSES),
    },
    "shipments": {
        "shipment_id": identifier("shipment", "SH"),
        "order_line_id": LINE,
        "return_line_id": RETURN,
        "leg": label("leg", words.LEGS),
        "carrier": label("carrier", words.CARRIERS),
        "transport_mode": label("mode", words.TRANSPORT_MODES),
        "shipped_at": moment("shipped_at"),
        "delivered_at": moment("delivered_at"),
        "promised_at": moment("promised_at"),
        "is_damaged": flag("is_damaged"),
        "is_lost": flag("is_lost"),
        "cost": money("cost"),
    },
    "return_lines": {
        "return_line_id": RETURN,
        "order_line_id": LINE,
        "unit_number": number("unit"),
        "reason_code": number("reason"),
        "requested_at": moment("requested_at"),
        "received_at": moment("received_at"),
        "decision": label("decision", words.DECISIONS),
        "decided_at": moment("decided_at"),
        "refusal_reason": label("refusal", words.REFUSAL_REASONS),
        "outcome": label("outcome", words.OUTCOMES),
        "closed_at": moment("closed_at"),
    },
    "defects": {
        "defect_id": identifier("defect", "D"),
        "return_line_id": RETURN,
        "defect_type": label("kind", words.DEFECT_TYPES),
        "severity": label("severity", words.SEVERITIES),
        "is_confirmed": flag("is_confirmed"),
        "attribution": label("attribution", words.ATTRIBUTIONS),
        "diagnosed_at": moment("diagnosed_at"),
    },
    "repairs": {
        "repair_id": identifier("repair", "REP"),
        "return_line_id": RETURN,
        "repairer_id": shared_identifier("workshop", "W", 3),
        "sent_to_service_at": moment("sent_at"),
        "started_at": moment("started_at"),
        "finished_at": moment("finished_at"),
        "returned_to_customer_at": moment("back_at"),
        "parts_cost": money("parts"),
        "labour_cost": money("labour"),
        "shipping_cost": money("shipping"),
        "currency_code": label("currency", words.CURRENCIES),
        "outcome": label("result", words.REPAIR_OUTCOMES),
    },
    "refunds": {
        "refund_id": identifier("refund", "RF"),
        "order_line_id": LINE,
        "return_line_id": RETURN,
        "refund_type": label("kind", words.REFUND_TYPES),
        "amount": money("amount"),
        "currency_code": CURRENCY,
        "refunded_at": moment("refunded_at"),
    },
    "claims": {
        "claim_id": CLAIM,
        "subject_type": label("subject_type", words.CLAIM_SUBJECTS),
        "subject_id": either(
            "subject_type", identifier("subject", "L"), identifier("subject", "E")
        ),
        "claim_type": label("kind", words.CLAIM_TYPES),
        "opened_at": moment("opened_at"),
        "closed_at": moment("closed_at"),
        "is_upheld": flag("is_upheld"),
    },
    "messages": {
        "message_id": identifier("message", "M"),
        "subject_type": label("subject_type", words.MESSAGE_SUBJECTS),
        "subject_id": either(
            "subject_type", identifier("subject", "R"), identifier("subject", "CL")
        ),
        "sender_role": label("role", words.SENDERS),
        "channel": label("channel", words.CHANNELS),
        "sent_at": moment("sent_at"),
        "is_automatic": flag("is_automatic"),
    },
    "notifications": {
        "notification_id": identifier("notification", "N"),
        "user_id": USER,
        "return_line_id": RETURN,
        "stage": label("stage", words.STAGES),
        "sent_at": moment("sent_at"),
    },
    "ratings": {
        "rating_id": identifier("rating", "RT"),
        "order_line_id": LINE,
        "customer_id": CUSTOMER,
        "score": number("score"),
        "perceived_grade": label("perceived", words.GRADES),
        "comment": label("comment", words.RATING_COMMENTS),
        "rated_at": moment("rated_at"),
    },
    "supplier_ratings": {
        "supplier_rating_id": identifier("rating", "SR"),
        "agent_id": shared_identifier("agent", "A", 3, first=0),
        "supplier_id": SUPPLIER,
        "return_line_id": RETURN,
        "score": number("score"),
        "rated_at": moment("rated_at"),
    },
    "product_evaluations": {
        "evaluation_id": EVALUATION,
        "product_list_id": OFFER,
        "serial_number": Column(pa.string(), _serial_number),
        "screen_state": number("screen"),
        "body_state": number("body"),
        **{f"check_{check}": flag(f"check_{check}") for check in words.CHECKS},
        "battery_health_pct": decimal("battery", 5, 1),
        "assigned_grade": label("assigned", words.GRADES),
        "suggested_grade": label("suggested", words.GRADES),
        "model_version": label("model", words.MODEL_VERSIONS),
        "decision": label("decision", words.DECIDED_EVALUATIONS),
        "justification_submitted_at": moment("justified_at"),
        "photo_count": number("photos"),
        "evaluated_at": moment("evaluated_at"),
    },
    "grade_corrections": {
        "correction_id": identifier("correction", "GK"),
        "evaluation_id": EVALUATION,
        "grade_before": label("before", words.GRADES),
        "grade_after": label("after", words.GRADES),
        "price_before": money("price_before"),
        "price_after": money("price_after"),
        "status": label("status", words.CORRECTION_STATUSES),
        "corrected_at": moment("corrected_at"),
    },
    "grade_audits": {
        "audit_id": identifier("audit", "GA"),
        "evaluation_id": EVALUATION,
        "verified_grade": label("verified", words.GRADES),
        "audited_at": moment("audited_at"),
    },
    "supplier_performance": {
        "supplier_id": SUPPLIER,
        "period_month": day("month"),
        "declared_return_rate": decimal("rate", 6, 4),
        "declared_units": number("units"),
    },
    "page_events": {
        "event_id": identifier("event", "EV"),
        "session_id": identifier("session", "SE"),
        "customer_id": CUSTOMER,
        "event_type": label("kind", words.EVENT_TYPES),
        "product_list_id": OFFER,
        "occurred_at": moment("occurred_at"),
    },
    "external_reviews": {
        "review_id": identifier("review", "XR"),
        "source": label("source", words.REVIEW_SOURCES),
        "score": number("score"),
        "title": label("title", words.REVIEW_TITLES),
        "body": label("body", words.REVIEW_BODIES),
        "language": label("language", words.LANGUAGES),
        "reviewed_at": moment("reviewed_at"),
    },
    "fx_rates": {
        "currency_code": CURRENCY,
        "rate_date": day("day"),
        "eur_rate": decimal("rate", 18, 8),
    },
}
