"""Small raw folders for tests: the golden mini-case, and helpers to write one's own."""

from __future__ import annotations

from pathlib import Path

import duckdb

# The golden mini-case: supplier A sold five units on four lines; four returns of three units.
# 23:30 UTC on 31 January is 1 February in Paris.
GOLDEN = {
    "suppliers": """\
supplier_id,supplier_name,supplier_type,country_code,onboarded_at,is_active
A,Alpha,refurbisher,FR,2023-01-01 00:00:00,true
""",
    "products": """\
product_id,category,brand,model,storage_gb,is_unlocked
P,phone,Invented,One,64,true
L,laptop,Invented,Two,256,
""",
    "product_lists": """\
product_list_id,product_id,supplier_id,announced_grade,unit_price,currency_code,warranty_months,\
valid_from,valid_to
OP,P,A,perfect,200,EUR,12,2023-01-01 00:00:00,
OL,L,A,fair,500.50,EUR,12,2023-01-01 00:00:00,
""",
    "orders": """\
order_id,customer_id,ordered_at,status,currency_code,country_code
1,,2024-01-05 10:00:00,done,EUR,FR
2,,2024-01-31 23:30:00,done,EUR,FR
3,,2024-01-05 10:00:00,done,EUR,FR
4,,2024-09-05 10:00:00,done,EUR,FR
""",
    "order_lines": """\
order_line_id,order_id,product_list_id,quantity,unit_price,state,promised_at
L1,1,OP,2,200,shipped,
L2,2,OP,1,200,shipped,
L3,3,OP,1,200,shipped,
L4,4,OL,1,500,shipped,
L5,4,OL,7,500,cancelled,
""",
    "return_lines": """\
return_line_id,order_line_id,unit_number,reason_code,requested_at,received_at,decision,\
decided_at,refusal_reason,outcome,closed_at
R1,L1,1,23,2024-01-30 00:00:00,,accepted,,,repaired,
R2,L1,1,23,2024-02-28 00:00:00,,accepted,,,repaired,
R3,L2,1,1,2024-02-10 00:00:00,,accepted,,,refunded,
R4,L3,1,25,2024-02-10 00:00:00,,accepted,,,refunded,
""",
    "defects": """\
defect_id,return_line_id,defect_type,severity,is_confirmed,attribution,diagnosed_at
D1,R1,battery,major,true,supplier,
D2,R4,screen,major,true,carrier,
""",
    "repairs": """\
repair_id,return_line_id,repairer_id,sent_to_service_at,started_at,finished_at,\
returned_to_customer_at,parts_cost,labour_cost,shipping_cost,currency_code,outcome
F1,R1,,2024-02-01 00:00:00,,,2024-02-07 00:00:00,20,30,10,EUR,fixed
F2,R2,,2024-03-01 00:00:00,,,2024-03-05 00:00:00,20,30,,EUR,fixed
""",
}


def write_csv(folder: Path, tables: dict[str, str]) -> Path:
    """Write each table as a CSV file, and answer the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def to_typed_parquet(csv_folder: Path, folder: Path) -> Path:
    """The same tables as Parquet, with the types that a CSV reader guesses."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for file in sorted(csv_folder.glob("*.csv")):
            target = folder / f"{file.stem}.parquet"
            connection.execute(f"copy (from read_csv('{file}')) to '{target}' (format parquet)")
    return folder
