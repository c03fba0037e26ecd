"""Turn the published workbook "PAPI 2019 eng.xlsx" into observations.csv and published.csv, every written digit kept.

    pip install openpyxl
    python import.py "PAPI 2019 eng.xlsx"

The first sheet has a row a province and a column a figure, headed "1: Participation ..." for a dimension and
"1.1: Civic Knowledge" for a sub-dimension. Sub-dimensions become observations; dimensions and the unweighted total
become published.csv, which the tests compare with what is computed. README.md says where the workbook is.
"""

from __future__ import annotations

import csv
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl

HERE = Path(__file__).parent
DAY = "2019-12-31"
PROVINCES, FIGURES = 63, 38
SUB_DIMENSIONS = {
    "1.1": "civic_knowledge",
    "1.2": "elections",
    "1.3": "village_heads",
    "1.4": "contributions",
    "2.1": "information",
    "2.2": "poverty_lists",
    "2.3": "budgets",
    "2.4": "land_plans",
    "3.1": "interactions",
    "3.2": "appeals",
    "3.3": "justice",
    "4.1": "local_corruption",
    "4.2": "service_corruption",
    "4.3": "state_employment",
    "4.4": "willingness",
    "5.1": "certification",
    "5.2": "construction",
    "5.3": "land_titles",
    "5.4": "personal",
    "6.1": "healthcare",
    "6.2": "education",
    "6.3": "infrastructure",
    "6.4": "law_and_order",
    "7.1": "environment",
    "7.2": "air",
    "7.3": "water",
    "8.1": "portals",
    "8.2": "internet",
    "8.3": "responsiveness",
}
SCORES = {
    "1": "participation",
    "2": "transparency",
    "3": "accountability",
    "4": "corruption",
    "5": "procedures",
    "6": "services",
    "7": "environmental",
    "8": "e_governance",
    "Unweighted PAPI Score": "total",
}


def written(value: float) -> str:
    """Write a number with all the digits it has, and no exponent."""
    return format(Decimal(repr(value)).normalize(), "f")


def main(workbook: str) -> None:
    """Write both tables, province by province in the order of participants.csv."""
    with (HERE / "participants.csv").open(encoding="utf-8", newline="") as file:
        ids = {row["name"]: row["id"] for row in csv.DictReader(file)}
    sheet = openpyxl.load_workbook(workbook, data_only=True).worksheets[0]
    header, *rows = [row[: FIGURES + 1] for row in sheet.iter_rows(values_only=True)]
    heads = [head.split(":")[0].strip() for head in header]
    found = {ids[row[0]]: dict(zip(heads[1:], row[1:], strict=True)) for row in rows}
    if len(found) != PROVINCES:
        raise SystemExit(f"{len(found)} provinces, not {PROVINCES}")
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["participant", "indicator", "to", "value"])
        table.writerows(
            [id, figure, DAY, written(found[id][head])]
            for id in ids.values()
            for head, figure in SUB_DIMENSIONS.items()
        )
    with (HERE / "published.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["participant", *SCORES.values()])
        table.writerows([id, *(written(found[id][head]) for head in SCORES)] for id in ids.values())


if __name__ == "__main__":
    main(sys.argv[1])
