"""Datasets, metrics, charts and dashboards, in French and English."""
