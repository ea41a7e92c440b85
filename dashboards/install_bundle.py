"""Prepare Superset: its own tables, its one user, and the bundle. Runs in Superset's environment.

Objects that an earlier bundle brought and this one has no more are taken away, so that what is
shown is what is declared.
"""

import os
from pathlib import Path

from superset.app import create_app

HOME = Path(os.environ["REFURB_SUPERSET_HOME"])


def prepare_tables() -> None:
    """Make or upgrade Superset's own tables, and its roles."""
    from flask_migrate import upgrade
    from superset import appbuilder, security_manager

    upgrade()
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()


def make_admin() -> None:
    """Make the user, or give it the password of the file again."""
    from superset import security_manager

    password = (HOME / "admin_password").read_text().strip()
    user = security_manager.find_user("admin")
    if user is None:
        role = security_manager.find_role("Admin")
        security_manager.add_user("admin", "Refurb", "Warehouse", "admin@localhost", role, password)
    else:
        security_manager.reset_password(user.id, password)


def put_bundle() -> None:
    """Import the bundle over what is there, and remove what it no longer has."""
    from flask import g
    from superset import db, security_manager
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice
    from superset.utils import json

    from dashboards.bundle import bundle, identifier

    g.user = security_manager.find_user("admin")
    files = bundle()
    ImportAssetsCommand(files).run()
    kept = {json.loads(text).get("uuid") for text in files.values()}
    ours = identifier("database")
    for dataset in db.session.query(SqlaTable).all():
        if str(dataset.database.uuid) != ours:
            continue
        for chart in db.session.query(Slice).filter_by(datasource_id=dataset.id).all():
            if str(chart.uuid) not in kept:
                db.session.delete(chart)
        if str(dataset.uuid) not in kept:
            db.session.delete(dataset)
    for dashboard in db.session.query(Dashboard).all():
        if (
            dashboard.slug in (HOME / "slugs").read_text().split()
            and str(dashboard.uuid) not in kept
        ):
            db.session.delete(dashboard)
    db.session.commit()


def main() -> None:
    """Prepare everything, in one start of Superset."""
    app = create_app()
    with app.app_context():
        prepare_tables()
        make_admin()
        put_bundle()


if __name__ == "__main__":
    main()
