"""Make the illustrative observations of the pact of four Hà Nội bodies: the articles report promises, no results.

Every row says ``illustrative: yes``. The script writes observations.csv beside itself, from a fixed seed and in
whole numbers only, so that it writes the same file everywhere. The city's goals for 2030 are left unreported.
"""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
HEADER = ("participant", "indicator", "from", "to", "value", "illustrative")

PARTY, COUNCIL = "van-phong-thanh-uy", "van-phong-hdnd"
COMMITTEE, CENTRE = "van-phong-ubnd", "trung-tam-hanh-chinh-cong"
QUARTERS = (("2025-03-03", "2025-06-30"), ("2025-07-01", "2025-09-30"), ("2025-10-01", "2025-12-31"))
TASKS = (  # who, what, and in which quarter it was done; None is not done
    (PARTY, "action_programme", 0),
    (PARTY, "shared_applications", 0),
    (COUNCIL, "voter_database", 1),
    (COUNCIL, "petition_software", 0),
    (COMMITTEE, "breakthrough_mechanisms", 1),
    (COMMITTEE, "exemplary_office", None),
)
STOCKS = (  # who, the part, the whole, how many there are, and how many are reached by the end of each quarter
    (PARTY, "plan_items_with_innovation", "plan_items", 48, (31, 44, 48)),
    (CENTRE, "key_services_at_level_4", "key_services_offered", 25, (19, 25, 25)),
    (CENTRE, "procedures_on_platforms", "procedures", 1_780, (1_402, 1_655, 1_780)),
    (CENTRE, "satisfied", "asked", 1_200, (1_128, 1_140, 1_147)),  # 94 %, 95 % exactly, 95.58 %
)

Row = tuple[str, str, str, str, int | str, str]


def rows() -> list[Row]:
    """Give the observations, task by task and share by share."""
    rng = Random(20250303)
    found: list[Row] = []
    for body, task, done in TASKS:
        for number, (_, day) in enumerate(QUARTERS):
            yes = done is not None and number >= done
            found.append((body, task, day, day, "yes" if yes else "no", "yes"))
    for body, part, whole, among, reached in STOCKS:
        for (_, day), of in zip(QUARTERS, reached, strict=True):
            found.append((body, part, day, day, of, "yes"))
            found.append((body, whole, day, day, among, "yes"))
    for body, on_paper in ((PARTY, (0, 0, 0)), (COUNCIL, (61, 18, 4))):
        for days, paper in zip(QUARTERS, on_paper, strict=True):
            documents = rng.randint(2_200, 3_900)
            found.append((body, "documents", *days, documents, "yes"))
            found.append((body, "documents_processed_digitally", *days, documents - paper, "yes"))
    assert {row[0] for row in found} == {PARTY, COUNCIL, COMMITTEE, CENTRE}
    return found


def main() -> None:
    """Write observations.csv."""
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
