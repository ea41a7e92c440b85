"""The dashboards, in the order of the links at their head."""

from dashboards.declaration.quality import QUALITY
from dashboards.declaration.service import SERVICE
from dashboards.declaration.shared import HEADER

DASHBOARDS = (QUALITY, SERVICE)
__all__ = ["DASHBOARDS", "HEADER"]
