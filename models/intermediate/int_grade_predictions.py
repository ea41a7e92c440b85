# The grade that the model predicts for each evaluation, and how sure it is.
# Grain: one row per evaluation_id; no row without a model.
from refurb_warehouse.grading.building import prediction_table


def model(dbt, session):
    """Score every evaluation."""
    dbt.config(materialized="table")
    return prediction_table(session, dbt.ref("int_grade_model"), dbt.ref("int_evaluation_features"))
