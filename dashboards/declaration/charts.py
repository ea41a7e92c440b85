"""The kinds of charts that the dashboards use, each with the settings that all of a kind share."""

from dashboards.declaration.model import Chart, Dataset, Dim, Metric, T

PERCENT = ".1%"
COUNT = ",d"
EUROS = "$,.0f"
RED, AMBER, GREEN, GREY, BLUE = "#c0392b", "#e5a50a", "#2e8b57", "#a3a9b2", "#2f6f9f"
LIGHT_BLUE, PURPLE, DARK = "#a9c9e2", "#7b5ea7", "#44505c"


def condition(sql: str) -> dict:
    """Keep the rows for which the SQL is true."""
    return {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": sql}


def _rows(dataset: Dataset, where: str | None) -> dict:
    """Say which rows are read; the period of the dashboard applies to the dataset's own column."""
    filters = [condition(where)] if where else []
    if dataset.time_column:
        filters.append(
            {
                "expressionType": "SIMPLE",
                "clause": "WHERE",
                "subject": dataset.time_column,
                "operator": "TEMPORAL_RANGE",
                "comparator": "No filter",
            }
        )
    params = {"adhoc_filters": filters, "row_limit": 5000}
    if dataset.time_column:
        params["granularity_sqla"] = dataset.time_column
    return params


def big(key, dataset, metric: Metric, title: T, subtitle: T, *, where=None, **size) -> Chart:
    """One big number with a line below that says what it is of."""
    params = _rows(dataset, where) | {
        "metric": metric,
        "subtitle": subtitle,
        "subheader": subtitle,
        "header_font_size": 0.4,
        "subtitle_font_size": 0.15,
        "subheader_font_size": 0.15,
        "y_axis_format": metric.fmt,
        "time_format": "%d/%m/%Y",
    }
    return Chart(
        key, dataset, "big_number_total", title, params, **({"width": 3, "height": 22} | size)
    )


def table(
    key, dataset, title, columns: list, *, where=None, order=None, descending=False,
    colours=(), page=0, bars=False, formats=None, **size,
) -> Chart:  # fmt: skip
    """Make a table of dimensions and metrics, sorted by `order`."""
    dims = [one for one in columns if isinstance(one, Dim)]
    metrics = [one for one in columns if isinstance(one, Metric)]
    config = {one.head: {"d3NumberFormat": one.fmt, "showCellBars": bars} for one in metrics}
    for head, fmt in (formats or {}).items():
        config[head] = {"d3NumberFormat": fmt, "showCellBars": False}
    for one in dims:
        if one.column == "supplier":
            config[one.head] = {"columnWidth": 190}
        if one.column.startswith(("class_", "severity_", "verdict_")):
            config[one.head] = {"columnWidth": 110}
        if one.column.startswith(("advice_", "remedy_")):
            config[one.head] = {"columnWidth": 380}
    params = _rows(dataset, where) | {
        "query_mode": "aggregate",
        "groupby": dims,
        "metrics": metrics,
        "percent_metrics": [],
        "all_columns": [],
        "order_by_cols": [],
        "order_desc": descending,
        "show_cell_bars": bars,
        "color_pn": False,
        "align_pn": False,
        "table_timestamp_format": "%d/%m/%Y",
        "column_config": config,
        "conditional_formatting": list(colours),
        "include_search": page > 0,
        "page_length": page or None,
        "allow_rearrange_columns": False,
        "allow_render_html": False,
    }
    if order is not None:
        params["timeseries_limit_metric"] = order
    return Chart(key, dataset, "table", title, params, **({"width": 12} | size))


def _axes(x_title: T, y_title: T, y_format: str) -> dict:
    return {
        "x_axis_title": x_title,
        "x_axis_title_margin": 28,
        "y_axis_title": y_title,
        "y_axis_title_margin": 46,
        "y_axis_title_position": "Left",
        "y_axis_format": y_format,
        "y_axis_bounds": [None, None],
        "y_axis_bounds_secondary": [None, None],
        "show_legend": True,
        "legendType": "scroll",
        "legendOrientation": "top",
        "rich_tooltip": True,
        "truncateXAxis": True,
        "truncate_metric": True,
        "only_total": True,
        "tooltipTimeFormat": "%b %Y",
        "x_axis_time_format": "%b %Y",
        "color_scheme": "supersetColors",
    }


def series(
    key, dataset, kind, title, x, metrics, x_title, y_title, *, groupby=(), where=None,
    fmt=PERCENT, stack=False, horizontal=False, sort=None, more=None, **size,
) -> Chart:  # fmt: skip
    """Lines, bars or areas over `x`."""
    params = _rows(dataset, where) | _axes(x_title, y_title, fmt)
    params |= {
        "x_axis": x,
        "metrics": list(metrics),
        "groupby": list(groupby),
        "seriesType": "line",
        "stack": "Stack" if stack else None,
        "markerEnabled": False,
        "orientation": "horizontal" if horizontal else "vertical",
        "order_desc": True,
        "sort_series_type": "name",
        "sort_series_ascending": True,
        "truncateYAxis": False,
        "time_grain_sqla": None,
    }
    if sort:
        params |= {"x_axis_sort": sort, "x_axis_sort_asc": horizontal}
    params |= more or {}
    return Chart(key, dataset, f"echarts_timeseries_{kind}", title, params, **({"width": 6} | size))


def mixed(
    key, dataset, title, x, first, second, x_title, y_title, *, fmt=PERCENT, more=None, **size
) -> Chart:
    """Two layers over one axis; each is (kind, metrics, groupby, where)."""
    params = _rows(dataset, first[3]) | _axes(x_title, y_title, fmt)
    below = _rows(dataset, second[3])
    params |= {
        "x_axis": x,
        "metrics": list(first[1]),
        "groupby": list(first[2]),
        "seriesType": first[0],
        "metrics_b": list(second[1]),
        "groupby_b": list(second[2]),
        "seriesTypeB": second[0],
        "adhoc_filters_b": below["adhoc_filters"],
        "row_limit_b": 5000,
        "opacity": 1,
        "opacityB": 1,
        "yAxisIndex": 0,
        "yAxisIndexB": 0,
        "markerEnabledB": second[0] == "line",
        "markerSizeB": 7,
        "time_grain_sqla": None,
        "stack": None,
        "truncateYAxis": False,
    }
    params |= more or {}
    return Chart(key, dataset, "mixed_timeseries", title, params, **({"width": 6} | size))
