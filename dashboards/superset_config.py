"""Settings of Superset for `make dashboards`: one user, one machine, one published file.

What a shared server needs instead is in docs/dashboards.md.
"""

import os
from pathlib import Path

from flask import Flask, has_request_context, request, session
from superset.config import TALISMAN_CONFIG

HOME = Path(os.environ["REFURB_SUPERSET_HOME"])
PUBLISHED = Path(os.environ["REFURB_PUBLISHED_FILE"])

SECRET_KEY = (HOME / "secret_key").read_text()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"
# Nothing is asked of the outside: no telemetry, no fonts, no avatars.
SCARF_ANALYTICS = False
TALISMAN_CONFIG["content_security_policy"]["img-src"] = ["'self'", "blob:", "data:"]
TALISMAN_CONFIG["content_security_policy"]["connect-src"] = ["'self'"]
# Every chart asks the published file; a cache would show a version that is gone.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
FILTER_STATE_CACHE_CONFIG = {"CACHE_TYPE": "SupersetMetastoreCache", "CACHE_DEFAULT_TIMEOUT": 86400}
SUPERSET_WEBSERVER_TIMEOUT = 60
ROW_LIMIT = 5000
FAB_ADD_SECURITY_API = False
THEME_DARK = None
APP_NAME = "Refurb Warehouse"

LANGUAGES = {
    "fr": {"flag": "fr", "name": "Français"},
    "en": {"flag": "gb", "name": "English"},
}
BABEL_DEFAULT_LOCALE = "fr"
FRENCH_NUMBERS = {
    "decimal": ",",
    "thousands": "\u202f",
    "grouping": [3],
    "currency": ["", "\u00a0€"],
}
ENGLISH_NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]}
D3_FORMAT = FRENCH_NUMBERS
D3_TIME_FORMAT = {
    "dateTime": "%A %e %B %Y à %X",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["", ""],
    "days": ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
    "shortDays": ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
    "months": [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre",
    ],
    "shortMonths": [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
        "nov.", "déc.",
    ],
}  # fmt: skip
ENGLISH_TIME = {
    "dateTime": "%x, %X",
    "date": "%Y-%m-%d",
    "time": "%H:%M:%S",
    "periods": ["AM", "PM"],
    "days": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    "shortDays": ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    "months": [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ],
    "shortMonths": [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
}  # fmt: skip


def is_english_page() -> bool:
    """Tell whether the page asked for is a dashboard in English, by the end of its address."""
    return has_request_context() and request.path.rstrip("/").endswith("-en")


def numbers_of_the_page(_: dict) -> dict:
    """Write numbers and dates as the language of the dashboard does."""
    if is_english_page():
        return {"d3_format": ENGLISH_NUMBERS, "d3_time_format": ENGLISH_TIME}
    return {}


COMMON_BOOTSTRAP_OVERRIDES_FUNC = numbers_of_the_page


def follow_the_page(app: Flask) -> None:
    """Speak the language of the dashboard around it too: buttons, menus, filters."""

    @app.before_request
    def choose_language() -> None:
        if request.path.startswith("/superset/dashboard/"):
            session["locale"] = "en" if is_english_page() else "fr"


FLASK_APP_MUTATOR = follow_the_page


def newest_version(uri, params, username, security_manager, source):
    """Open the file behind the links, and not the links.

    DuckDB keeps one instance per path and process: while a query on the old version runs, a new
    connection to the same path would be shown the old version too. Each version has its own path.
    """
    if uri.get_backend_name() == "duckdb":
        uri = uri.set(database=str(PUBLISHED.resolve(strict=True)))
    return uri, params


DB_CONNECTION_MUTATOR = newest_version
