"""Write the declaration as the bundle that Superset imports: the same bytes from the same words.

Every identifier is a uuid5 of its name, so that an import changes what is there and never makes a
second copy. The file read is not in the bundle: `superset_config` puts it in its place.
"""

import hashlib
import io
import json
import os
import uuid
import zipfile

from dashboards.declaration.boards import DASHBOARDS
from dashboards.declaration.model import (
    LANGUAGES,
    Chart,
    Dashboard,
    Dataset,
    T,
    Text,
    in_language,
)

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "refurb-warehouse/dashboards")
DATABASE = "Refurb Warehouse"
# Any path does: newest_version of superset_config names the file at each connection.
DATABASE_URI = "duckdb:////published/refurb.duckdb?access_mode=read_only"
OTHER = {"fr": "en", "en": "fr"}
FEEDBACK = "mailto:?subject=Refurb%20Warehouse%20dashboards"


def identifier(*words: str) -> str:
    """Name a thing for good."""
    return str(uuid.uuid5(NAMESPACE, "/".join(words)))


def slug(dashboard: Dashboard, language: str) -> str:
    """Name the page of the dashboard in one language."""
    return f"{dashboard.key}-{language}"


def written(content: dict) -> str:
    """Write what Superset reads as YAML; JSON is YAML too, and has one way of writing."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def database_file() -> dict:
    """Describe the published file."""
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": DATABASE_URI,
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"allows_virtual_table_explore": True},
        "uuid": identifier("database"),
        "version": "1.0.0",
    }


def dataset_file(dataset: Dataset) -> dict:
    """Describe one query and its columns."""
    return {
        "table_name": dataset.key,
        "main_dttm_col": dataset.time_column,
        "description": dataset.description,
        "sql": dataset.sql,
        "schema": None,
        "catalog": None,
        "offset": 0,
        "filter_select_enabled": True,
        "columns": [
            {
                "column_name": column,
                "is_dttm": column == dataset.time_column or column.endswith(("_date", "_month")),
                "is_active": True,
                "groupby": True,
                "filterable": True,
            }
            for column in dataset.columns
        ],
        "metrics": [],
        "uuid": identifier("dataset", dataset.key),
        "database_uuid": identifier("database"),
        "version": "1.0.0",
    }


def chart_file(dashboard: Dashboard, chart: Chart, language: str) -> dict:
    """Describe one chart in one language."""
    return {
        "slice_name": in_language(chart.title, language),
        "description": in_language(chart.caption, language),
        "viz_type": chart.viz,
        "params": in_language(chart.params, language) | {"viz_type": chart.viz},
        "cache_timeout": None,
        "uuid": identifier("chart", dashboard.key, chart.key, language),
        "version": "1.0.0",
        "dataset_uuid": identifier("dataset", chart.dataset.key),
    }


class Layout:
    """The places of the parts on the page, as Superset keeps them: a flat list of children."""

    def __init__(self, dashboard: Dashboard, language: str):
        self.dashboard, self.language = dashboard, language
        self.parts: dict[str, dict | str] = {"DASHBOARD_VERSION_KEY": "v2"}
        self.counts: dict[str, int] = {}
        self.add("ROOT", None, fixed="ROOT_ID")
        self.add("GRID", "ROOT_ID", fixed="GRID_ID")
        title = in_language(dashboard.title, language)
        self.parts["HEADER_ID"] = {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": title}}

    def add(self, kind: str, parent: str | None, meta: dict | None = None, fixed=None) -> str:
        """Put a part below its parent, and return its name."""
        number = self.counts[kind] = self.counts.get(kind, 0) + 1
        name = fixed or f"{kind}-{number:03d}"
        parents = []
        if parent:
            above = self.parts[parent]
            parents = [*above.get("parents", []), parent]
            above["children"].append(name)
        self.parts[name] = {"id": name, "type": kind, "children": [], "parents": parents}
        if meta is not None:
            self.parts[name]["meta"] = meta
        return name

    def row(self, parent: str, parts: tuple) -> None:
        """Put charts and texts side by side."""
        row = self.add("ROW", parent, {"background": "BACKGROUND_TRANSPARENT"})
        for part in parts:
            size = {"width": part.width, "height": part.height}
            if isinstance(part, Text):
                text = in_language(part.text, self.language)
                self.add("MARKDOWN", row, size | {"code": text})
            else:
                meta = {
                    "uuid": identifier("chart", self.dashboard.key, part.key, self.language),
                    "sliceName": in_language(part.title, self.language),
                    # replaced at import by the number that the chart has there
                    "chartId": 0,
                }
                self.add("CHART", row, size | meta)


def links(dashboard: Dashboard, language: str) -> Text:
    """Write the line under the title: the other language, the other pages, feedback."""
    pages = " · ".join(
        f"**{in_language(one.title, language)}**"
        if one is dashboard
        else f"[{in_language(one.title, language)}](/superset/dashboard/{slug(one, language)}/)"
        for one in DASHBOARDS
    )
    feedback = os.environ.get("REFURB_FEEDBACK_URL") or FEEDBACK
    other = f"/superset/dashboard/{slug(dashboard, OTHER[language])}/"
    return Text(
        T(
            f"{pages}  \n[English]({other}) · [Une question, une erreur ? Écrivez-nous]({feedback})"
            " · Chaque indicateur est défini dans l'onglet **Définitions**.",
            f"{pages}  \n[Français]({other}) · [A question, a mistake? Write to us]({feedback})"
            " · Every indicator is defined in the tab **Definitions**.",
        ),
        width=6,
        height=18,
    )


def filters(dashboard: Dashboard, language: str) -> list[dict]:
    """Describe the filters of one page."""
    described = []
    for one in dashboard.filters:
        target = {}
        if one.dataset:
            target = {
                "datasetUuid": identifier("dataset", one.dataset.key),
                "column": {"name": one.column.format(lang=language)},
            }
        described.append(
            {
                "id": f"NATIVE_FILTER-{dashboard.key}-{one.key}",
                "name": in_language(one.title, language),
                "description": in_language(one.description, language) or "",
                "type": "NATIVE_FILTER",
                "filterType": "filter_select" if one.dataset else "filter_time",
                "targets": [target],
                "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
                "cascadeParentIds": [],
                "controlValues": {
                    "multiSelect": True,
                    "enableEmptyFilter": False,
                    "defaultToFirstItem": False,
                    "inverseSelection": False,
                    "searchAllOptions": bool(one.dataset),
                }
                if one.dataset
                else {"enableEmptyFilter": False},
                "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
            }
        )
    return described


def dashboard_file(dashboard: Dashboard, language: str, header: Chart) -> dict:
    """Describe one page in one language."""
    layout = Layout(dashboard, language)
    layout.row("GRID_ID", (links(dashboard, language), header))
    tabs = layout.add("TABS", "GRID_ID", {})
    for tab in dashboard.tabs:
        here = layout.add("TAB", tabs, {"text": in_language(tab.title, language)})
        for row in tab.rows:
            layout.row(here, row)
    return {
        "dashboard_title": in_language(dashboard.title, language),
        "description": None,
        "css": CSS,
        "slug": slug(dashboard, language),
        "uuid": identifier("dashboard", dashboard.key, language),
        "published": True,
        "position": layout.parts,
        "metadata": {
            "native_filter_configuration": filters(dashboard, language),
            "filter_bar_orientation": "HORIZONTAL",
            "cross_filters_enabled": False,
            "color_scheme": "supersetColors",
            "label_colors": in_language(dashboard.colors, language),
            "shared_label_colors": [],
            "map_label_colors": {},
            "refresh_frequency": 0,
            "expanded_slices": {},
            "timed_refresh_immune_slices": [],
        },
        "version": "1.0.0",
    }


CSS = """
.dashboard-markdown p { font-size: 13px; line-height: 1.55; margin-bottom: 4px; }
table { font-variant-numeric: tabular-nums; }
"""


def header_of(dashboard: Dashboard) -> Chart:
    """Find the chart that heads every page: the date of the data and the state of the build."""
    from dashboards.declaration.boards import HEADER

    return HEADER


def all_charts(dashboard: Dashboard) -> list[Chart]:
    """List the charts of a page, the head included."""
    return [header_of(dashboard), *dashboard.charts]


def bundle() -> dict[str, str]:
    """Write every file of the bundle."""
    files = {
        "metadata.yaml": written(
            {"version": "1.0.0", "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"}
        ),
        "databases/published.yaml": written(database_file()),
    }
    for dashboard in DASHBOARDS:
        used = [chart.dataset for chart in all_charts(dashboard)]
        used += [one.dataset for one in dashboard.filters if one.dataset]
        for dataset in used:
            files[f"datasets/published/{dataset.key}.yaml"] = written(dataset_file(dataset))
        for language in LANGUAGES:
            for chart in all_charts(dashboard):
                path = f"charts/{dashboard.key}/{chart.key}_{language}.yaml"
                files[path] = written(chart_file(dashboard, chart, language))
            page = dashboard_file(dashboard, language, header_of(dashboard))
            files[f"dashboards/{slug(dashboard, language)}.yaml"] = written(page)
    return dict(sorted(files.items()))


def fingerprint(files: dict[str, str]) -> str:
    """Tell one bundle from another."""
    digest = hashlib.sha256()
    for path, content in files.items():
        digest.update(f"{path}\n{content}\n".encode())
    return digest.hexdigest()


def zipped(files: dict[str, str]) -> bytes:
    """Pack the bundle for the import page of another Superset: the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(f"refurb/{path}", date_time=(2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()
