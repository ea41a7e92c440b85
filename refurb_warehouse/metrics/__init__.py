"""The metrics of the semantic models, queried in this process on a file that is only read."""

from refurb_warehouse.metrics.query import Answer, Metrics

__all__ = ["Answer", "Metrics"]
