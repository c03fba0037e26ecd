"""Make illustrative observations of six provinces and twelve communes for one month of the Decision 766 index.

No body's figures are published in the open form this campaign reads, so these are made up; every row says
``illustrative: yes``. Some bodies are odd on purpose (`ODD`), so that each special rule of the index is met. The script
reads participants.csv and writes observations.csv, both beside it, from a fixed seed and in whole numbers.
"""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
FIRST, LAST = "2025-10-01", "2025-10-31"
HEADER = ("participant", "indicator", "from", "to", "value", "illustrative")

STOCKS = (
    "procedures_complete",
    "procedures_public",
    "procedures_online",
    "procedures_proactive",
    "procedures_for_citizens",
    "procedures_with_population_data",
    "procedures_with_fee",
    "communes_certifying",
    "communes_counted",
    "average_days",
    "dossiers_last_year",
)
PROVINCE_ONLY = (
    "dossiers_full_process",
    "dossiers_eligible_full_process",
    "procedures_proactive",
    "dossiers_proactive",
    "procedures_with_population_data",
    "procedures_for_citizens",
    "dossiers_with_population_data",
)

DOSSIERS = {
    "01": 268_000,
    "19": 41_000,
    "31": 73_000,
    "66": 52_000,
    "79": 391_000,
    "92": 66_000,
    "00070": 2_900,
    "00376": 3_400,
    "01840": 1_150,
    "05908": 1_020,
    "11311": 2_300,
    "11948": 0,
    "24133": 2_050,
    "24490": 1_180,
    "26740": 4_100,
    "27676": 160,
    "31135": 2_700,
    "31261": 940,
}
PROCEDURES = {"province": 2_050, "commune": 385}
COMMUNES = {"01": 126, "19": 92, "31": 114, "66": 102, "79": 168, "92": 103}

# How well each does, in 100; what is odd about some is said beside it.
QUALITY = {
    "01": 93,
    "19": 84,
    "31": 96,
    "66": 76,
    "79": 91,
    "92": 82,
    "00070": 95,
    "00376": 78,
    "01840": 88,
    "05908": 72,
    "11311": 97,
    "11948": 80,
    "24133": 69,
    "24490": 58,
    "26740": 94,
    "27676": 74,
    "31135": 86,
    "31261": 63,
}
ODD: dict[str, dict[str, int | None]] = {
    # Every procedure with a fee is billed and paid through the portal: the payment formula comes to more than 10.
    "31": {"procedures_paid_online": 610, "procedures_billed": 640, "procedures_with_fee": 640},
    # The national report knows more dossiers than the portal.
    "66": {"dossiers_in_national_report": 58_400},
    # Nobody petitioned.
    "05908": {
        "petitions": 0,
        "petitions_on_rules": 0,
        "petitions_on_staff": 0,
        "petitions_settled_on_time": 0,
        "petitions_without_complaint": 0,
    },
    # Neither system knows any dossier, but last year's report does; more were synchronised than a twelfth of it.
    "24490": {
        "dossiers_in_national_report": None,
        "dossiers_on_portal": None,
        "dossiers_last_year": 13_080,
        "dossiers_synced": 1_144,
    },
    # Nothing is known this year or last: the rate of 1.4 is 0, and so is the product of 3.3.
    "27676": {"dossiers_in_national_report": None, "dossiers_on_portal": None, "dossiers_last_year": None},
    # A special zone on an island without a single dossier in the month.
    "11948": {
        "dossiers_in_national_report": None,
        "dossiers_on_portal": None,
        "dossiers_last_year": None,
        "average_days": 0,
    },
}


def part(whole: int, quality: int, rng: Random, spread: int = 6) -> int:
    """Give a part of a whole near a quality of 100."""
    share = min(100, max(0, quality + rng.randint(-spread, spread)))
    return whole * share // 100


def facts(id: str, kind: str, rng: Random) -> dict[str, int]:
    """Make up all counts of one body."""
    good, dossiers, public = QUALITY[id], DOSSIERS[id], PROCEDURES[kind]
    announced, services, eligible = rng.randint(12, 60), public * 7 // 10, dossiers * 3 // 5
    with_fee, fees = dossiers * 2 // 5, public * 3 // 10
    petitions = rng.randint(3, 9) if kind == "commune" else dossiers // 400
    overdue = dossiers - part(dossiers, good + 4, rng, 2)
    disliked = part(dossiers, 2, rng, 1)
    counted = COMMUNES.get(id, 1)
    return {
        "procedures_announced": announced,
        "procedures_announced_on_time": part(announced, good, rng),
        "procedures_to_update": announced + 9,
        "procedures_updated_on_time": part(announced + 9, good, rng),
        "procedures_public": public,
        "procedures_complete": part(public, 98, rng, 2),
        "dossiers_in_national_report": dossiers * 97 // 100,
        "dossiers_on_portal": dossiers,
        "dossiers_last_year": dossiers * 11,
        "dossiers_synced": part(dossiers, good + 2, rng, 4),
        "dossiers_handled": dossiers,
        "dossiers_on_time": dossiers - overdue,
        "average_days": rng.randint(2, 9),
        "procedures_online": part(public, good - 8, rng),
        "services_online": services,
        "services_with_dossiers": part(services, good - 25, rng),
        "dossiers_received": dossiers,
        "dossiers_online": part(dossiers, good - 20, rng),
        "dossiers_eligible_full_process": eligible,
        "dossiers_full_process": part(eligible, good - 15, rng),
        "procedures_proactive": part(public, 4, rng, 3),
        "dossiers_proactive": part(dossiers, 3, rng, 2),
        "dossiers_with_result": dossiers * 9 // 10,
        "dossiers_with_electronic_result": part(dossiers * 9 // 10, good, rng),
        "dossiers_digitised": part(dossiers, good - 5, rng),
        "communes_counted": counted,
        "communes_certifying": counted if counted == 1 else part(counted, good, rng),
        "dossiers_reusing_data": part(dossiers, good - 30, rng),
        "dossiers_connected": part(dossiers, good - 45, rng),
        "procedures_for_citizens": public * 3 // 4,
        "procedures_with_population_data": part(public * 3 // 4, good - 10, rng),
        "dossiers_with_population_data": part(dossiers, good - 12, rng),
        "dossiers_with_fee": with_fee,
        "dossiers_paid_online": part(with_fee, good - 10, rng),
        "procedures_with_fee": fees,
        "procedures_billed": part(fees, good - 30, rng),
        "procedures_paid_online": part(fees, good - 35, rng),
        "petitions": petitions,
        "petitions_on_rules": petitions // 3,
        "petitions_on_staff": petitions // 5,
        "petitions_settled_on_time": part(petitions, good, rng),
        "petitions_without_complaint": part(petitions, good - 6, rng),
        "dossiers_overdue": overdue,
        "dossiers_disliked": disliked,
        "dossiers_overdue_and_disliked": min(overdue, disliked) // 2,
    }


def main() -> None:
    """Write the table, body by body in the order of participants.csv."""
    rng = Random(766)
    with (HERE / "participants.csv").open(encoding="utf-8", newline="") as file:
        bodies = [(row["id"], row["kind"]) for row in csv.DictReader(file)]
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        for id, kind in bodies:
            for fact, value in {**facts(id, kind, rng), **ODD.get(id, {})}.items():
                if value is not None and (kind == "province" or fact not in PROVINCE_ONLY):
                    table.writerow([id, fact, "" if fact in STOCKS else FIRST, LAST, value, "yes"])


if __name__ == "__main__":
    main()
