"""The dashboards, in the order of the links at their head."""

from dashboards.declaration.grading import GRADING
from dashboards.declaration.health import HEALTH
from dashboards.declaration.quality import QUALITY
from dashboards.declaration.service import SERVICE
from dashboards.declaration.shared import HEADER

DASHBOARDS = (QUALITY, SERVICE, GRADING, HEALTH)
__all__ = ["DASHBOARDS", "HEADER"]
