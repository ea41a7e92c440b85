"""Let Python's collector of garbage pass over the project while dbt runs.

dbt keeps some hundred thousand objects of the project alive until it ends: walking them again and
again took a twentieth of a build. What each node leaves is collected soon, or it would add up to
forty megabytes. profiles.yml names this module under `plugins`: dbt-duckdb makes the plugin once,
after the project was read.
"""

from __future__ import annotations

import atexit
import gc
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

# Objects made before the collector looks at the youngest, and how often it looks at those before
# it looks at older ones; Python's own are 700, 10 and 10.
THRESHOLDS = (20_000, 5, 5)


class Plugin(BasePlugin):
    """What dbt-duckdb makes before it connects."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Leave what is there out of all collections."""
        gc.freeze()
        # duckdb complains of what is left over when Python ends
        atexit.register(gc.unfreeze)
        gc.set_threshold(*THRESHOLDS)
