"""Make the illustrative observations of Hậu Giang's sixty days: the article reports targets, no results.

Every row says ``illustrative: yes``. The script reads participants.csv and writes observations.csv, both beside
it, from a fixed seed and in whole numbers only, so that it writes the same file everywhere.
"""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
HEADER = ("participant", "indicator", "from", "to", "value", "illustrative")

STRETCHES = (("2024-10-10", "2024-10-31"), ("2024-11-01", "2024-11-30"), ("2024-12-01", "2024-12-10"))
DAYS = (22, 30, 10)
PROGRESS = (-9, 0, 6)  # percentage points by which a stretch lies off the unit's level
WITHOUT_FEES = "31339"  # Xã Hoả Tiến: nothing to pay, so nothing to divide by

Row = tuple[str, str, str, str, int, str]


def rows() -> list[Row]:
    """Give the observations, participant by participant."""
    rng = Random(20241010)
    with (HERE / "participants.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    found: list[Row] = []
    for one in listed:
        found.extend(telecom(one["id"], rng) if one["kind"] == "telecom" else office(one["id"], one["kind"], rng))
    check(found)
    return found


def office(id: str, kind: str, rng: Random) -> list[Row]:
    """Draw a people's committee's dossiers: how many came, online, were paid and were digitised."""
    a_day = rng.randint(12, 40) if kind == "district" else rng.randint(2, 9)
    online, paid = rng.randint(50, 84), rng.randint(38, 72)
    all_digitised = rng.randint(1, 10) > 3
    found: list[Row] = []
    for stretch, days, better in zip(STRETCHES, DAYS, PROGRESS, strict=True):
        received = days * a_day + rng.randint(0, a_day)
        fees = 0 if id == WITHOUT_FEES else received * rng.randint(40, 60) // 100
        settled = received - rng.randint(0, a_day)
        lacking = 0 if all_digitised else rng.randint(0, max(1, received // 40))
        facts = {
            "received_files": received,
            "online_files": received * (online + better) // 100,
            "files_with_a_fee": fees,
            "files_paid_online": fees * (paid + better) // 100,
            "files_with_components": received - lacking,
            "settled_files": settled,
            "files_with_result": settled - lacking // 2,
        }
        found.extend((id, fact, *stretch, number, "yes") for fact, number in facts.items())
    return found


def telecom(id: str, rng: Random) -> list[Row]:
    """Draw a company's subscribers on 2G at the start, and how many had moved by the end of each stretch."""
    before, moved = rng.randint(4_000, 15_000), 0
    found: list[Row] = []
    for number, (_, day) in enumerate(STRETCHES):
        moved = moved + (before - moved) * rng.randint(45, 75) // 100 if number < 2 else before - rng.choice((0, 0, 37))
        found.append((id, "subscribers_on_2g", day, day, before, "yes"))
        found.append((id, "subscribers_moved", day, day, moved, "yes"))
    return found


def check(found: list[Row]) -> None:
    """Assert what the article says of who takes part: three kinds, and no part greater than its whole."""
    value = {(row[0], row[1], row[3]): row[4] for row in found}
    for part, whole in (
        ("online_files", "received_files"),
        ("files_paid_online", "files_with_a_fee"),
        ("files_with_components", "received_files"),
        ("files_with_result", "settled_files"),
        ("subscribers_moved", "subscribers_on_2g"),
    ):
        assert all(0 <= number <= value[id, whole, day] for (id, fact, day), number in value.items() if fact == part)
    assert len({row[0] for row in found}) == 8 + 75 + 3


def main() -> None:
    """Write observations.csv."""
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
