# The model that predicts the grade a laboratory would find, or why there is none.
# Grain: one row.
from refurb_warehouse.grading.building import model_table


def model(dbt, session):
    """Train on the audits known before the day of training."""
    dbt.config(materialized="table")
    return model_table(
        session,
        dbt.ref("int_grade_audit_roles"),
        dbt.ref("int_evaluation_features"),
        min_audits=dbt.config.meta_get("grade_model_min_audits"),
        gap_slight_max=dbt.config.meta_get("grade_gap_slight_max"),
    )
