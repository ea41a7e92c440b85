"""Dashboards as code: a declaration, the bundle made of it, and a Superset that shows it."""
