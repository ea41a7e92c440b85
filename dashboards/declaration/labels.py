"""The codes of the warehouse in words, in both languages; unknown codes stay as they are."""

CATEGORY = {
    "camera": ("Appareil photo", "Camera"),
    "console": ("Console de jeux", "Game console"),
    "desktop": ("Ordinateur fixe", "Desktop"),
    "drone": ("Drone", "Drone"),
    "e_reader": ("Liseuse", "E-reader"),
    "headphones": ("Casque et écouteurs", "Headphones"),
    "laptop": ("Ordinateur portable", "Laptop"),
    "monitor": ("Écran", "Monitor"),
    "robot_vacuum": ("Robot aspirateur", "Robot vacuum"),
    "smartphone": ("Smartphone", "Smartphone"),
    "smartwatch": ("Montre connectée", "Smartwatch"),
    "tablet": ("Tablette", "Tablet"),
}
DEFECT_TYPE = {
    "audio": ("Son", "Audio"),
    "battery": ("Batterie", "Battery"),
    "camera": ("Appareil photo", "Camera"),
    "charging": ("Charge", "Charging"),
    "connectivity": ("Connexion", "Connectivity"),
    "cosmetic": ("Esthétique", "Cosmetic"),
    "impact": ("Choc", "Impact"),
    "liquid": ("Liquide", "Liquid"),
    "mechanical": ("Mécanique", "Mechanical"),
    "screen": ("Écran", "Screen"),
    "software": ("Logiciel", "Software"),
}
VERDICT = {
    "act": ("Agir", "Act"),
    "watch": ("Surveiller", "Watch"),
    "fine": ("Rien à signaler", "Fine"),
    "not enough data": ("Données insuffisantes", "Not enough data"),
}
ZONE = {
    "above_99_8": ("Au-dessus de 99,8 %", "Above 99.8%"),
    "above_95": ("Au-dessus de 95 %", "Above 95%"),
    "inside": ("Entre les limites", "Within the limits"),
    "below_95": ("Sous les limites", "Below the limits"),
    "below_99_8": ("Sous les limites", "Below the limits"),
}
TREND = {
    "worsening": ("En hausse", "Worsening"),
    "improving": ("En baisse", "Improving"),
    "no clear change": ("Sans changement net", "No clear change"),
}
GRADE = {
    "broken": ("Cassé", "Broken"),
    "fair": ("Correct", "Fair"),
    "very_good": ("Très bon", "Very good"),
    "perfect": ("Parfait", "Perfect"),
}
PHASE = {
    "sending": ("1 Envoi par le client", "1 Sending by the customer"),
    "inbound": ("2 Trajet aller", "2 Transport in"),
    "decision": ("3 Décision", "3 Decision"),
    "queue": ("4 Attente atelier", "4 Waiting for the bench"),
    "bench": ("5 Réparation", "5 Repair"),
    "dispatch": ("6 Réexpédition", "6 Dispatch"),
    "outbound": ("7 Trajet retour", "7 Transport back"),
    "closing": ("8 Clôture", "8 Closing"),
    "total": ("Total", "Total"),
}
AGE_BAND = {
    "0-7": ("00-07 jours", "00-07 days"),
    "8-14": ("08-14 jours", "08-14 days"),
    "15-30": ("15-30 jours", "15-30 days"),
    "31-60": ("31-60 jours", "31-60 days"),
    "61-90": ("61-90 jours", "61-90 days"),
    "over_60": ("Plus de 60 jours", "Over 60 days"),
    "over_90": ("Plus de 90 jours", "Over 90 days"),
}
CHANNEL = {
    "chat": ("Messagerie", "Chat"),
    "email": ("E-mail", "E-mail"),
    "form": ("Formulaire", "Form"),
    "phone": ("Téléphone", "Phone"),
}
REFUSAL = {
    "conform_to_grade": ("Conforme à la note annoncée", "As graded"),
    "customer_damage": ("Dommage causé par le client", "Damage by the customer"),
    "no_fault_found": ("Aucune panne constatée", "No fault found"),
    "past_deadline": ("Hors délai", "Past the deadline"),
    "warranty_excluded": ("Exclu de la garantie", "Excluded from the warranty"),
}
OUTCOME = {
    "no_case": ("Sans dossier SAV", "Without a case"),
    "refunded": ("Remboursés", "Refunded"),
    "refused": ("Refusés", "Refused"),
    "repaired": ("Réparés", "Repaired"),
}
LEG = {
    "outbound": ("Livraison au client", "To the customer"),
    "to_service": ("Client vers SAV", "Customer to service"),
    "back_to_customer": ("SAV vers client", "Service to customer"),
}
STAGE = {
    "received": ("Réception", "Received"),
    "decided": ("Décision", "Decided"),
    "closed": ("Clôture", "Closed"),
}
MEASURE = {
    "csat": ("Satisfaction (note de 4 ou 5)", "Satisfaction (score of 4 or 5)"),
    "retention": ("Nouvelle commande dans l'année", "Orders again within a year"),
}
STATUS = {
    "passed": ("Réussie", "Passed"),
    "pass": ("Bon", "Pass"),
    "warned": ("Avertissement", "Warning"),
    "warn": ("Avertissement", "Warning"),
    "failed": ("Échec", "Failed"),
    "fail": ("Échec", "Failed"),
    "error": ("Erreur", "Error"),
    "not_judged": ("Non jugé", "Not judged"),
}
PREDICTOR = {
    "model": ("Modèle", "Model"),
    "refurbisher": ("Reconditionneur", "Refurbisher"),
    "majority": ("Note la plus fréquente", "Most frequent grade"),
    "platform": ("Plateforme", "Platform"),
}
SOURCE_OF_GRADE = {
    "assigned": ("Notes données", "Grades given"),
    "reference": ("Notes de référence", "Reference grades"),
    "verified": ("Notes vérifiées", "Verified grades"),
}
SEVERITY = {"critical": ("Critique", "Critical"), "warning": ("Avertissement", "Warning")}
CORRECTION = {
    "all": ("Toutes", "All"),
    "price_adjusted": ("Prix modifié", "Price changed"),
    "price_kept": ("Prix inchangé", "Price kept"),
}


def words(column: str, labels: dict[str, tuple[str, str]], name: str) -> str:
    """Write the SQL of the columns `<name>_fr` and `<name>_en` of a column of codes."""
    written = []
    for position, language in enumerate(("fr", "en")):
        cases = " ".join(
            "when '{}' then '{}'".format(code, label[position].replace("'", "''"))
            for code, label in labels.items()
        )
        written.append(f"case {column} {cases} else {column} end as {name}_{language}")
    return ",\n    ".join(written)
