"""Let Python's collector of garbage look less often while dbt runs.

dbt keeps some hundred thousand objects of the project alive until it ends, and leaves few others:
walking them again and again took a twentieth of a build. profiles.yml names this module under
`plugins`: dbt-duckdb makes the plugin once, after the project was read.
"""

from __future__ import annotations

import atexit
import gc
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

# Objects made before the collector looks at the youngest; Python's own is 700.
YOUNG_OBJECTS = 200_000


class Plugin(BasePlugin):
    """What dbt-duckdb makes before it connects."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Leave what is there out of all collections, and collect the rest more rarely."""
        gc.freeze()
        # duckdb complains of what is left over when Python ends
        atexit.register(gc.unfreeze)
        gc.set_threshold(YOUNG_OBJECTS)
