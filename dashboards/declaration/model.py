"""What a declaration is made of: datasets, metrics, charts and dashboards, in both languages."""

import re
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("fr", "en")
TABLE = re.compile(r"\b(?:from|join)\s+(\w+)\.(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class T:
    """One text in French and English."""

    fr: str
    en: str


@dataclass(frozen=True)
class Dim:
    """A column to group by, with the head that readers see; `{lang}` in it is the language."""

    column: str
    head: T


@dataclass(frozen=True)
class Metric:
    """An aggregate over the rows of a dataset, with its head and its number format."""

    key: str
    sql: str
    head: T
    fmt: str = ",d"


@dataclass(frozen=True)
class Dataset:
    """A query on the published file; its columns are what charts may use.

    `grain` names the columns that tell its rows apart, where charts show figures of single rows
    (bounds, medians) that cannot be made of sums.
    """

    key: str
    sql: str
    columns: tuple[str, ...]
    description: str
    time_column: str | None = None
    grain: tuple[str, ...] = ()

    @property
    def tables(self) -> list[str]:
        """Name the published tables it reads."""
        return sorted({f"{schema}.{table}" for schema, table in TABLE.findall(self.sql)})


@dataclass(frozen=True)
class Chart:
    """One chart of one dashboard. `params` are Superset's, with T, Dim and Metric inside."""

    key: str
    dataset: Dataset
    viz: str
    title: T
    params: dict[str, Any]
    caption: T | None = None
    may_be_empty: bool = False
    width: int = 4
    height: int = 50


@dataclass(frozen=True)
class Text:
    """A paragraph of markdown between charts."""

    text: T
    width: int = 12
    height: int = 12


@dataclass(frozen=True)
class Tab:
    """One tab of a dashboard: rows of charts and texts."""

    title: T
    rows: tuple[tuple[Chart | Text, ...], ...]


@dataclass(frozen=True)
class Filter:
    """A filter of a dashboard: on a column of a dataset, or, without one, on the period."""

    key: str
    title: T
    dataset: Dataset | None = None
    column: str | None = None
    description: T | None = None


@dataclass(frozen=True)
class Dashboard:
    """One page in two languages, with the slugs `<key>-fr` and `<key>-en`."""

    key: str
    title: T
    tabs: tuple[Tab, ...]
    filters: tuple[Filter, ...] = ()
    colors: dict[str, str] = field(default_factory=dict)

    @property
    def charts(self) -> list[Chart]:
        """List its charts in reading order."""
        return [
            part for tab in self.tabs for row in tab.rows for part in row if isinstance(part, Chart)
        ]

    @property
    def tables(self) -> list[str]:
        """Name the published tables that its charts and filters read."""
        datasets = [chart.dataset for chart in self.charts]
        datasets += [one.dataset for one in self.filters if one.dataset]
        return sorted({table for dataset in datasets for table in dataset.tables})


def in_language(value: Any, language: str) -> Any:
    """Put texts, columns and metrics into what Superset reads, in one language."""
    if isinstance(value, T):
        return getattr(value, language)
    if isinstance(value, Dim):
        return {
            "expressionType": "SQL",
            "sqlExpression": value.column.format(lang=language),
            "label": in_language(value.head, language),
        }
    if isinstance(value, Metric):
        label = in_language(value.head, language)
        return {
            "expressionType": "SQL",
            "sqlExpression": value.sql.format(lang=language),
            "label": label,
            "optionName": f"metric_{value.key}",
            "hasCustomLabel": True,
        }
    if isinstance(value, dict):
        return {
            in_language(key, language): in_language(item, language) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [in_language(item, language) for item in value]
    if isinstance(value, str):
        return value.replace("{lang}", language)
    return value
