"""A marketplace in miniature, in which every table has rows and every KPI a value.

The golden mini-case and, beside it, a second supplier with a history of offers in dollars, an offer
with a gap in its history, parcels, claims, ratings and evaluations. The last row of each table
fills every cell that a check looks at: families of faults are that row with one cell spoilt.
"""

from __future__ import annotations

import csv

from raw_folders import GOLDEN

_BESIDE_GOLDEN = {
    "suppliers": """\
B,Beta,wholesaler,DE,2023-02-01 00:00:00,true
""",
    "products": """\
T,tablet,Invented,Three,128,true
""",
    "product_lists": """\
OG,P,B,fair,180,EUR,12,2023-01-01 00:00:00,2024-01-01 00:00:00
OG,P,B,fair,170,EUR,12,2024-04-01 00:00:00,
OT,T,B,very_good,300,USD,24,2023-01-01 00:00:00,2023-12-31 00:00:00
OT,T,B,very_good,310,USD,24,2023-12-31 00:00:00,2030-01-01 00:00:00
""",
    "orders": """\
5,C1,2024-03-11 09:00:00,done,EUR,DE
6,C2,2024-03-10 09:00:00,done,USD,FR
""",
    "order_lines": """\
L6,5,OP,3,199.90,refunded_after_shipping,2024-03-15 00:00:00
L7,6,OT,2,310,shipped,2024-03-15 00:00:00
""",
    "return_lines": """\
R7,L6,2,1,2024-08-30 00:00:00,,pending,,,pending,
R5,L6,1,21,2024-03-20 00:00:00,2024-03-22 00:00:00,refused,2024-03-23 00:00:00,no fault,sent_back,\
2024-03-25 00:00:00
R6,L7,2,22,2024-03-25 08:00:00,2024-03-27 00:00:00,accepted,2024-03-28 00:00:00,,repaired,\
2024-04-10 00:00:00
""",
    "defects": """\
D3,R5,no_fault_found,minor,false,none,2024-03-23 00:00:00
D4,R6,battery,critical,true,unknown,2024-03-29 00:00:00
""",
    "repairs": """\
F3,R6,W1,2024-03-28 12:00:00,2024-03-29 12:00:00,2024-04-01 12:00:00,2024-04-03 12:00:00,20,30,\
10.50,USD,fixed
""",
}

_OTHERS = {
    "users": """\
user_id,email,full_name,phone,country_code,city,created_at,has_marketing_consent,erased_at
U1,ada@example.com,Ada Example,+33100000000,FR,Paris,2023-01-01 00:00:00,true,
U2,bob@example.com,Bob Example,,DE,Berlin,2023-02-01 00:00:00,true,
U3,,,,DE,Berlin,2023-02-01 00:00:00,true,2024-05-01 00:00:00
""",
    "customers": """\
customer_id,user_id,created_at
C1,U1,2023-05-01 00:00:00
C2,U2,2023-06-01 00:00:00
C3,U3,2023-06-02 00:00:00
""",
    "payments": """\
payment_id,order_id,method,amount,currency_code,paid_at,status
Y1,5,card,599.70,EUR,2024-03-11 09:01:00,captured
Y2,6,card,620,USD,2024-03-10 09:01:00,captured
""",
    "shipments": """\
shipment_id,order_line_id,return_line_id,leg,carrier,transport_mode,shipped_at,delivered_at,\
promised_at,is_damaged,is_lost,cost
S1,L1,,outbound,Post,standard,2024-01-06 00:00:00,2024-01-08 00:00:00,2024-01-09 00:00:00,false,\
false,5
S2,L3,,outbound,Post,express,2024-01-06 00:00:00,2024-01-07 00:00:00,2024-01-09 00:00:00,true,\
false,8
S3,L6,,outbound,Post,standard,2024-03-12 00:00:00,2024-03-16 00:00:00,2024-03-15 00:00:00,false,\
false,5
S4,L7,,outbound,Post,standard,2024-03-11 00:00:00,2024-03-14 00:00:00,2024-03-15 00:00:00,false,\
false,5
S5,L7,R6,to_service,Post,standard,2024-03-26 00:00:00,2024-03-27 00:00:00,2024-03-28 00:00:00,\
false,false,5
S6,L7,R6,back_to_customer,Post,standard,2024-04-02 00:00:00,2024-04-03 12:00:00,\
2024-04-04 00:00:00,false,false,5
""",
    "refunds": """\
refund_id,order_line_id,return_line_id,refund_type,amount,currency_code,refunded_at
M1,L3,R4,full,200,EUR,2024-02-20 00:00:00
M2,L7,R6,partial,50,USD,2024-04-12 00:00:00
""",
    "claims": """\
claim_id,subject_type,subject_id,claim_type,opened_at,closed_at,is_upheld
K1,order_line,L2,not_received,2024-02-12 00:00:00,,
K2,evaluation,E1,grade_contested,2024-01-20 00:00:00,2024-01-25 00:00:00,true
K3,order_line,L7,not_as_described,2024-03-26 00:00:00,2024-04-01 00:00:00,false
""",
    "messages": """\
message_id,subject_type,subject_id,sender_role,channel,sent_at,is_automatic
G1,return_line,R6,customer,email,2024-03-25 09:00:00,false
G2,return_line,R6,system,email,2024-03-25 09:01:00,true
G3,return_line,R6,agent,email,2024-03-25 15:00:00,false
G4,claim,K1,customer,chat,2024-02-12 10:00:00,false
""",
    "notifications": """\
notification_id,user_id,return_line_id,stage,sent_at
N1,U1,,welcome,2023-05-01 00:00:00
N2,U2,R6,received,2024-03-27 10:00:00
""",
    "ratings": """\
rating_id,order_line_id,customer_id,score,perceived_grade,comment,rated_at
A0,L4,,4,,,2024-09-10 00:00:00
A1,L1,,5,perfect,,2024-01-20 00:00:00
A2,L1,,2,fair,,2024-02-15 00:00:00
A3,L6,C1,4,very_good,fine,2024-03-17 00:00:00
A4,L7,C2,3,fair,slow,2024-04-20 00:00:00
""",
    "supplier_ratings": """\
supplier_rating_id,agent_id,supplier_id,return_line_id,score,rated_at
Q1,G,A,R1,4,2024-02-08 00:00:00
Q2,G,B,R6,2,2024-04-10 00:00:00
""",
    "product_evaluations": """\
evaluation_id,product_list_id,serial_number,screen_state,body_state,check_power,check_sim_tray,\
check_front_camera,check_rear_camera,check_speakers,check_microphones,check_biometrics,check_wifi,\
check_bluetooth,check_buttons,battery_health_pct,assigned_grade,suggested_grade,model_version,\
decision,justification_submitted_at,photo_count,evaluated_at
E1,OP,SN1,4,4,true,true,true,true,true,true,,true,true,true,91.5,perfect,very_good,v1,kept,,6,\
2024-01-02 00:00:00
E2,OT,SN2,3,2,true,true,true,true,false,true,true,true,true,true,84,perfect,broken,v1,justified,\
2024-01-04 00:00:00,5,2024-01-03 00:00:00
""",
    "grade_corrections": """\
correction_id,evaluation_id,grade_before,grade_after,price_before,price_after,status,corrected_at
X1,E1,perfect,,200,,pending,
X2,E2,very_good,fair,310,280,corrected,2024-01-05 00:00:00
""",
    "grade_audits": """\
audit_id,evaluation_id,verified_grade,audited_at
V1,E1,very_good,2024-01-10 00:00:00
V2,E2,fair,2024-01-11 00:00:00
""",
    "supplier_performance": """\
supplier_id,period_month,declared_return_rate,declared_units
A,2024-01-01,0.1,40
B,2024-03-01,0.05,2
""",
    "page_events": """\
event_id,session_id,customer_id,event_type,product_list_id,occurred_at
I1,S,,view,OP,2024-01-05 09:00:00
I2,T,C2,purchase,OT,2024-03-10 09:00:00
""",
    "external_reviews": """\
review_id,source,score,title,body,language,reviewed_at
W1,forum,5,Good,Works,en,2024-02-01 00:00:00
W2,forum,2,Slow,Late,fr,2024-04-01 00:00:00
""",
    "fx_rates": """\
currency_code,rate_date,eur_rate
USD,2024-03-01,0.92
USD,2024-03-20,0.91
USD,2024-04-10,0.93
""",
    "open_repairs": """\
repair_event_id,collection,provider,country_code,category,brand,year_of_manufacture,\
product_age_years,repair_status,repair_barrier,fault_type,event_date
N1,repairs,Cafe,FRA,Tablet,Invented,2015,4,fixed,,,2019-05-04
N2,repairs,Cafe,FRA,Tablet,Invented,,,repairable,,,2019-05-04
N3,repairs,Cafe,GBR,Lamp,,,,unknown,,,2019-06-01
N4,fault_labels,Other,GBR,Mobile,Invented,2014,,fixed,,Screen,2016-06-01
N5,repairs,Cafe,BEL,Laptop,Invented,2012,8.5,end_of_life,too_worn_out,Boot,2020-09-05
""",
}

CSV = {table: text + _BESIDE_GOLDEN.get(table, "") for table, text in {**GOLDEN, **_OTHERS}.items()}

ROWS = {table: list(csv.DictReader(text.splitlines())) for table, text in CSV.items()}
