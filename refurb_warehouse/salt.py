"""The salt of the keyed hashes, given to every DuckDB session of a build.

`profiles.yml` names this module as a plugin of dbt-duckdb. The salt reaches SQL as a session
variable, set on a cursor that dbt does not log: it is in no compiled file, manifest, log or
database. For the same reason no macro may read it with `env_var`, which dbt keeps in its artifacts.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ENVIRONMENT_VARIABLE = "REFURB_SALT"
# Public, so its hashes hide nothing: whoever knows or guesses an identifier can compute its hash.
DEFAULT_SALT = "refurb-warehouse-default-salt"
# Identifiers are few enough to try them all, so the salt alone keeps the hash from being undone.
MINIMUM_LENGTH = 16


class Plugin(BasePlugin):
    """Sets `refurb_salt`, and `refurb_salt_is_default` for the warning at the start of a build."""

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        """Set both variables: a new cursor has none, not even those of its connection."""
        salt = os.environ.get(ENVIRONMENT_VARIABLE, "")
        if salt and len(salt) < MINIMUM_LENGTH:
            # one of dbt's own, which dbt prints without a traceback
            raise DbtRuntimeError(
                f"{ENVIRONMENT_VARIABLE} has fewer than {MINIMUM_LENGTH} characters, which can be "
                "guessed: set it to a long random text, such as `openssl rand -hex 32` prints."
            )
        cursor.execute("set variable refurb_salt = ?", [salt or DEFAULT_SALT])
        cursor.execute("set variable refurb_salt_is_default = ?", [not salt])
