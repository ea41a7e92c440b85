"""Words of the synthetic marketplace: labels behind the codes, and invented names.

A code is the position of its label in the list here; NONE stands for null in every code,
identifier and time. People, companies, brands and towns are invented; telephone numbers come
from the range that the French regulator keeps for fiction.
"""

from __future__ import annotations

NONE = -1

GRADES = ("broken", "fair", "very_good", "perfect")
SUPPLIER_TYPES = ("refurbisher", "wholesaler", "seller")
TRANSPORT_MODES = ("standard", "express", "pickup_point", "home")
CARRIERS = ("Colivent", "Rapidou", "TransLoriot", "EuroHirondelle")
LEGS = ("outbound", "to_service", "back_to_customer")
OUTBOUND, TO_SERVICE, BACK_TO_CUSTOMER = range(3)

LINE_STATES = (
    "new",
    "on_hold",
    "pending",
    "paid",
    "accepted",
    "shipped",
    "cancelled",
    "refunded_before_shipping",
    "refunded_after_shipping",
    "unpaid",
)
(NEW, ON_HOLD, PENDING, PAID, ACCEPTED, SHIPPED, CANCELLED, REFUNDED_BEFORE, REFUNDED_AFTER,
 UNPAID) = range(10)  # fmt: skip

ORDER_STATUSES = ("open", "completed", "cancelled")
PAYMENT_METHODS = ("card", "wallet", "instalments", "voucher")
PAYMENT_STATUSES = ("captured", "failed")

DECISIONS = ("pending", "accepted", "refused")
UNDECIDED, AGREED, REFUSED = range(3)
OUTCOMES = (
    "pending",
    "repaired",
    "replaced",
    "refunded",
    "partially_refunded",
    "sent_back",
    "abandoned",
)
(UNSETTLED, REPAIRED, REPLACED, REFUNDED, PARTIALLY_REFUNDED, SENT_BACK, ABANDONED) = range(7)
REFUSAL_REASONS = (
    "past_deadline",
    "customer_damage",
    "no_fault_found",
    "conform_to_grade",
    "warranty_excluded",
)
PAST_DEADLINE, CUSTOMER_DAMAGE, NO_FAULT_FOUND, CONFORM_TO_GRADE, WARRANTY_EXCLUDED = range(5)
REFUND_TYPES = ("full", "partial", "goodwill", "before_shipping")
FULL, PARTIAL, GOODWILL, BEFORE_SHIPPING = range(4)

DEFECT_TYPES = (
    "battery",
    "screen",
    "charging",
    "connectivity",
    "audio",
    "camera",
    "software",
    "mechanical",
    "cosmetic",
    "impact",
    "liquid_damage",
    "no_fault_found",
)
COSMETIC, IMPACT, LIQUID, NOTHING_FOUND = 8, 9, 10, 11
SEVERITIES = ("minor", "major", "critical")
ATTRIBUTIONS = ("supplier", "carrier", "customer", "none", "unknown")
BY_SUPPLIER, BY_CARRIER, BY_CUSTOMER, BY_NOBODY, BY_UNKNOWN = range(5)
REPAIR_OUTCOMES = ("fixed", "not_fixed", "no_fault_found")

CLAIM_SUBJECTS = ("order_line", "evaluation")
CLAIM_TYPES = (
    "not_as_described",
    "late_delivery",
    "missing_part",
    "refund_dispute",
    "grade_contested",
)
GRADE_CONTESTED = 4
MESSAGE_SUBJECTS = ("return_line", "claim")
SENDERS = ("customer", "agent", "supplier", "system")
CUSTOMER, AGENT, SUPPLIER, SYSTEM = range(4)
CHANNELS = ("form", "email", "chat", "phone")
CHECKS = (
    "power",
    "sim_tray",
    "front_camera",
    "rear_camera",
    "speakers",
    "microphones",
    "biometrics",
    "wifi",
    "bluetooth",
    "buttons",
)
STAGES = ("received", "decided", "closed")
DECIDED_EVALUATIONS = ("validated", "accepted", "kept", "justified", "pending")
CORRECTION_STATUSES = ("corrected", "kept", "justified", "pending")
MODEL_VERSIONS = ("grade-1.0", "grade-1.1", "grade-2.0")
EVENT_TYPES = ("view", "add_to_cart", "checkout", "purchase")
REVIEW_SOURCES = ("avisclair", "votrevoix")
LANGUAGES = ("fr", "en", "de")

COUNTRIES = ("FR", "DE", "BE", "ES", "IT", "GB", "SE", "PL")
COUNTRY_SHARES = (0.78, 0.05, 0.04, 0.04, 0.03, 0.03, 0.02, 0.01)
CURRENCIES = ("EUR", "GBP", "SEK", "PLN")
CURRENCY_OF_COUNTRY = (0, 0, 0, 0, 0, 1, 2, 3)
FIRST_EUR_RATES = (1.0, 1.15, 0.088, 0.225)

# name, share of sales, fragility (1 = the market), typical price in euros, share of transport
# modes in the order of TRANSPORT_MODES. Fragile categories travel more by express: a plain
# comparison of modes blames express for what is the category's doing.
CATEGORIES = (
    ("smartphone", 34.0, 0.90, 320, (0.40, 0.18, 0.28, 0.14)),
    ("laptop", 16.0, 1.10, 560, (0.36, 0.24, 0.10, 0.30)),
    ("tablet", 10.0, 0.80, 260, (0.44, 0.16, 0.24, 0.16)),
    ("headphones", 8.0, 0.95, 120, (0.44, 0.08, 0.36, 0.12)),
    ("drone", 3.5, 2.60, 480, (0.16, 0.58, 0.06, 0.20)),
    ("robot_vacuum", 4.5, 2.10, 230, (0.22, 0.44, 0.06, 0.28)),
    ("console", 6.0, 0.65, 240, (0.42, 0.12, 0.24, 0.22)),
    ("smartwatch", 6.0, 1.00, 170, (0.42, 0.12, 0.34, 0.12)),
    ("camera", 3.5, 0.75, 430, (0.38, 0.28, 0.14, 0.20)),
    ("desktop", 3.0, 0.70, 410, (0.40, 0.10, 0.08, 0.42)),
    ("monitor", 2.5, 0.60, 160, (0.38, 0.08, 0.04, 0.50)),
    ("e_reader", 1.5, 0.50, 90, (0.48, 0.06, 0.36, 0.10)),
    ("printer", 1.0, 1.50, 110, (0.36, 0.12, 0.06, 0.46)),
    ("projector", 0.5, 1.30, 350, (0.34, 0.26, 0.08, 0.32)),
)
STORAGE_GB = (32, 64, 128, 256, 512, 1024)

BRANDS = (
    "Pomelo",
    "Novaly",
    "Kirsen",
    "Orelune",
    "Zephan",
    "Tavoro",
    "Lumenor",
    "Brisk",
    "Halden",
    "Mirova",
    "Quarzo",
    "Sonelia",
)
MODEL_WORDS = (
    "Vega",
    "Alto",
    "Nero",
    "Prima",
    "Onda",
    "Fjord",
    "Cobalt",
    "Mistral",
    "Delta",
    "Iris",
)
MODEL_SUFFIXES = ("", " Plus", " Pro", " Mini", " Max", " Lite")
SUPPLIER_FIRST = (
    "Relumio",
    "Remontel",
    "Novaphone",
    "Secondis",
    "Circulo",
    "Regenix",
    "Verdetech",
    "Duravel",
    "Rebelec",
    "Phenixo",
    "Rivotech",
    "Cyclane",
    "Econova",
    "Reparlux",
    "Boucleo",
    "Tekagain",
    "Restarto",
    "Solveo",
    "Ravivel",
    "Altermob",
)  # fmt: skip
SUPPLIER_LAST = (
    "Nord",
    "Atelier",
    "Services",
    "Ouest",
    "Distribution",
    "Lab",
    "Sud",
    "Factory",
    "Partners",
    "Est",
    "Renew",
    "Trading",
    "Market",
    "Works",
    "Europe",
    "Direct",
    "Group",
    "Depot",
    "Plus",
    "Express",
)  # fmt: skip
FIRST_NAMES = (
    "Alba", "Bastien", "Celia", "Darius", "Elwan", "Fanny", "Gaspard", "Heloise", "Ilyes", "Jade",
    "Kilian", "Louane", "Maelys", "Noham", "Oriane", "Pia", "Quentin", "Rafael", "Salome", "Timeo",
    "Ugo", "Violette", "Wassim", "Xenia", "Yann", "Zelie", "Amaury", "Brune", "Cyriac", "Diane",
    "Emeric", "Flavie",
)  # fmt: skip
LAST_NAMES = (
    "Valombre", "Chantreuil", "Morvanel", "Desaubrais", "Plissonnet", "Larivoire", "Montclerge",
    "Beaufilet", "Carvennec", "Douverin", "Estrabeau", "Fontrelle", "Grivelas", "Haurigot",
    "Jolivance", "Kervadou", "Lestrange", "Marbois", "Nivelain", "Orsonneau", "Pradelong",
    "Quimarec", "Roquevaire", "Sauvignet", "Tresmond", "Urvalois", "Vauquelan", "Wissenberg",
    "Yvernois", "Zellinger",
)  # fmt: skip
CITIES = (
    "Villebrume", "Saint-Orme", "Port-Alizier", "Montfauve", "Rochelande", "Belleroche-sur-Lys",
    "Chantevigne", "Aubeval", "Lac-Noir", "Grandpierre", "Le Mesnil-Vert", "Fontargent",
)  # fmt: skip
RATING_COMMENTS = (
    "As described, quick delivery.",
    "Works well, small scratches.",
    "Battery tires quickly.",
    "Good price, would buy again.",
    "Not what I expected, sadly.",
    'Seller said "like new", it is not.',
    "Très bon état, merci.",
    "Stopped working after some weeks.",
)
REVIEW_TITLES = ("Very happy", "Correct", "Disappointed", "Perfect", "Avoid")
REVIEW_BODIES = (
    "Ordered a phone, arrived in three days, works.",
    "The after-sales service answered slowly, but the repair holds.",
    "Returned twice, refunded in the end.",
    "Nothing to add, all fine.",
)
