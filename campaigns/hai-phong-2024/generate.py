"""Make the observations of Hải Phòng: the city's figures as reported, and illustrative ones of its 252 units.

The article gives the city's results and says that certified copies are 21.4 % of what is submitted in person; of
the units it says only that each has a target of its own. Their dossiers and targets are made up here, agree with
the city's figures, and say ``illustrative: yes``. The script reads participants.csv and writes observations.csv,
both beside it, from a fixed seed and in whole numbers only, so that it writes the same file everywhere.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
HEADER = ("participant", "indicator", "from", "to", "value", "source", "illustrative")

CITY = "31"
MINISTRY, NEWSPAPER = "mic.gov.vn 197241230212739458", "vietnamnet.vn 2357765"
REPORTED = (  # "early 2022" is dated to the end of January, which is our completion; "about 30 %" is written 30 %
    ("procedures_integrated", "2022-01-31", "30%", NEWSPAPER),
    ("online_reported", "2022-01-31", "18%", NEWSPAPER),
    ("online_reported", "2024-12-29", ">90%", MINISTRY),
    ("digitised_reported", "2024-12-29", "92%", MINISTRY),
    ("paid_online_reported", "2024-12-29", "60%", MINISTRY),
)
HALVES = (("2024-01-01", "2024-06-30"), ("2024-07-01", "2024-12-31"))
CERTIFIED = Fraction(214, 1000)  # of what is submitted in person
A_HALF = {"department": (150, 9_000), "district": (1_200, 6_500), "commune": (350, 2_600)}

Halves = dict[tuple[str, int], int]  # of a unit, in the first or second half of the year
Row = tuple[str, str, str, str, int | str, str, str]


def rows() -> list[Row]:
    """Give the observations: the city's, then those of its units."""
    rng = Random(20241229)
    with (HERE / "participants.csv").open(encoding="utf-8", newline="") as file:
        units = [one for one in csv.DictReader(file) if one["id"] != CITY]
    received, online = dossiers(units, rng)
    certified = copies(units, received, online)
    found: list[Row] = [(CITY, fact, day, day, value, source, "no") for fact, day, value, source in REPORTED]
    for unit in units:
        id = unit["id"]
        for half, days in enumerate(HALVES):
            found.append((id, "received_files", *days, received[id, half], "", "yes"))
            found.append((id, "online_files", *days, online[id, half], "", "yes"))
            found.append((id, "copies_certified_in_person", *days, certified[id, half], "", "yes"))
        counted = sum(received[id, half] - certified[id, half] for half in range(len(HALVES)))
        share = 100 * (online[id, 0] + online[id, 1]) // counted
        found.append((id, "own_target", "2024-01-31", "2024-01-31", f"{share - rng.randint(-2, 6)}%", "", "yes"))
    check(units, received, online, certified)
    return found


def dossiers(units: Sequence[dict[str, str]], rng: Random) -> tuple[Halves, Halves]:
    """Draw what each unit received and had online in each half year; what is left in person is a multiple of 500."""
    received: Halves = {}
    online: Halves = {}
    for unit in units:
        least, most = A_HALF[unit["kind"]]
        level = rng.randint(860, 960)
        for half in range(len(HALVES)):
            key = unit["id"], half
            received[key] = rng.randint(least, most)
            online[key] = received[key] * (level + (12 if half else -12)) // 1000
    busiest = max(received, key=lambda key: received[key])
    online[busiest] += (sum(received.values()) - sum(online.values())) % 500
    return received, online


def copies(units: Sequence[dict[str, str]], received: Halves, online: Halves) -> Halves:
    """Share out the certified copies over districts and communes; departments certify none."""
    in_person = {key: received[key] - online[key] for key in received}
    certifying = {unit["id"] for unit in units if unit["kind"] != "department"}
    counters = {key: number for key, number in in_person.items() if key[0] in certifying}
    total, whole = int(sum(in_person.values()) * CERTIFIED), sum(counters.values())
    parts = {key: total * number // whole for key, number in counters.items()}
    for key in list(counters)[: total - sum(parts.values())]:
        parts[key] += 1
    return {key: parts.get(key, 0) for key in received}


def check(
    units: Sequence[dict[str, str]],
    received: Halves,
    online: Halves,
    certified: Halves,
) -> None:
    """Assert every figure the article reports of the units together."""
    kinds = [unit["kind"] for unit in units]
    assert (len(kinds) - kinds.count("commune"), kinds.count("commune")) == (35, 217)
    in_person = sum(received.values()) - sum(online.values())
    assert Fraction(sum(certified.values()), in_person) == CERTIFIED
    assert all(certified[key] <= received[key] - online[key] for key in received)
    assert Fraction(sum(online.values()), sum(received.values()) - sum(certified.values())) > Fraction(90, 100)


def main() -> None:
    """Write observations.csv."""
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
