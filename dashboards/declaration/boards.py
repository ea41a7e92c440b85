"""The dashboards, in the order of the links at their head."""

from dashboards.declaration.charts import *
from dashboards.declaration.model import *

health = Dataset("build_health", "select * from health.build_health",
  ("build_status","as_of_date","raw_rows","rejected_rows"), "x")
HEADER = table("header", health, T("Les données","The data"), [Dim("as_of_date", T("Données au","Data as of")), Dim("build_status", T("Construction","Build")), Dim("raw_rows",T("Lignes","Rows"))], width=6, height=13)
defects = Dataset("supplier_defects", "select d.*, s.supplier_name as supplier from quality.mart_supplier_defects as d left join core.dim_suppliers as s on d.supplier_id = s.supplier_id", ("supplier","order_month","ordered_units","defect_returned_units"), "x", "order_month")
rate = Metric("defect_return_rate", "sum(defect_returned_units) * 1.0 / nullif(sum(ordered_units), 0)", T("Retours pour défaut","Defect returns"), PERCENT)
D = Dashboard("quality", T("Qualité","Quality"), (Tab(T("Vue","View"), ((big("rate", defects, rate, T("Taux de retour pour défaut","Defect return rate"), T("des unités vendues","of ordered units")), series("cohorts", defects, "line", T("Par mois","By month"), "order_month", [rate], T("Mois","Month"), T("Taux","Rate"))),)),), (Filter("supplier", T("Fournisseur","Supplier"), defects, "supplier"), Filter("period", T("Période","Period"))))
DASHBOARDS = [D]
