"""Turn the published workbook "PCI 2006.xls" into observations.csv and published.csv, every written digit kept.

    pip install xlrd
    python import.py "PCI 2006.xls"

The workbook has one sheet a sub-index, a row a province and a column a figure. Inputs become observations; scores of
every level, totals and ranks become published.csv, which the tests compare with what is computed. README.md says
where the workbook is.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import xlrd

HERE = Path(__file__).parent
DAY = "2006-12-31"
SPELT_OTHERWISE = {"Đắc Lắk": "Đắk Lắk"}
PROVINCES = 64

# For each sheet, the columns that hold inputs, and those that hold scores.
INPUTS: dict[str, dict[int, str]] = {
    "CP gia nhập thị trường": {
        2: "reg_days",
        3: "rereg_days",
        4: "n_licences",
        5: "pct_1month",
        6: "pct_3months",
        7: "pct_licence_difficulty",
        8: "lurc_wait_days",
        9: "land_negotiation_days",
    },
    "Tiếp cận đất đai": {
        2: "pct_lurc",
        3: "pct_would_expand",
        4: "pct_lease_soe",
        5: "land_conversion_good",
        7: "pct_area_lurc",
        10: "expropriation_risk5",
        11: "fair_compensation",
        12: "lease_change_risk5",
        13: "lease_dispute_fair",
        14: "lease_years",
    },
    "Tính minh bạch": {
        2: "plan_docs",
        3: "legal_docs",
        5: "need_relationship",
        6: "family_friends",
        7: "negotiate_tax",
        9: "predictability",
        10: "consultation",
        11: "legal_info_service",
        13: "website",
    },
    "CP thời gian": {
        2: "days_reduced",
        3: "pct_10pct_time",
        5: "n_inspections_median",
        6: "tax_inspection_hours",
        7: "inspections_reduced",
    },
    "CP không chính thức": {
        2: "obstacle",
        3: "peers_pay",
        4: "over10pct_revenue",
        5: "local_rules_rent",
        6: "works_after_pay",
    },
    "Ưu đãi DNNN": {
        2: "favours_soe",
        3: "positive_attitude",
        4: "attitude_improving",
        5: "attitude_contribution",
        6: "favours_equitized",
        7: "equitization_effort",
        9: "soe_number_change",
        10: "soe_debt_share",
        11: "soe_bank_credit_share",
    },
    "Tính năng động": {
        2: "good_within_law",
        3: "creative",
        4: "good_but_blocked",
        5: "no_initiative",
        6: "never_consult",
    },
    "CSPTKVKTTN": {
        2: "market_info",
        3: "partner_search",
        4: "trade_fairs_quality",
        5: "industrial_zones",
        6: "technology",
        7: "n_trade_fairs",
    },
    "Đào tạo lao động": {2: "education", 3: "vocational", 4: "recruitment", 5: "voc_schools_per_100k"},
    "Thiết chế pháp lý": {2: "legal_recourse", 3: "confidence", 4: "use_courts", 6: "cases_private"},
}
SCORES: dict[str, dict[int, str]] = {
    "CP gia nhập thị trường": {12: "entry"},
    "Tiếp cận đất đai": {6: "land_1_soft", 8: "land_1_hard", 9: "land_1", 15: "land_2", 16: "land"},
    "Tính minh bạch": {
        4: "transparency_1",
        8: "transparency_2",
        12: "transparency_3",
        14: "transparency_4",
        15: "transparency",
    },
    "CP thời gian": {4: "time_1", 8: "time_2", 9: "time"},
    "CP không chính thức": {7: "informal"},
    "Ưu đãi DNNN": {8: "soebias_soft", 12: "soebias_hard", 13: "soebias"},
    "Tính năng động": {7: "proactivity"},
    "CSPTKVKTTN": {8: "psd"},
    "Đào tạo lao động": {6: "labor"},
    "Thiết chế pháp lý": {5: "legal_soft", 7: "legal_hard", 8: "legal"},
    "PCI Tóm tắt": {0: "rank", 12: "total"},
}


def written(value: float) -> str:
    """Write a number with all the digits it has, and no exponent."""
    return format(Decimal(repr(value)).normalize(), "f")


def figures(book: xlrd.Book, columns: dict[str, dict[int, str]], ids: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give (province, figure, value) for each cell of the columns asked for."""
    for name, wanted in columns.items():
        sheet = book.sheet_by_name(name)
        rows = [row for row in range(sheet.nrows) if isinstance(sheet.cell_value(row, 0), float)]
        if len(rows) != PROVINCES:
            raise SystemExit(f"{name}: {len(rows)} provinces, not {PROVINCES}")
        for row in rows:
            province = sheet.cell_value(row, 1).strip()
            id = ids[SPELT_OTHERWISE.get(province, province)]
            for column, figure in wanted.items():
                yield id, figure, written(sheet.cell_value(row, column))


def main(workbook: str) -> None:
    """Write both tables, province by province in the order of participants.csv."""
    with (HERE / "participants.csv").open(encoding="utf-8", newline="") as file:
        ids = {row["name"]: row["id"] for row in csv.DictReader(file)}
    book = xlrd.open_workbook(workbook)
    inputs = {(id, figure): value for id, figure, value in figures(book, INPUTS, ids)}
    scores = {(id, figure): value for id, figure, value in figures(book, SCORES, ids)}
    asked = [figure for columns in INPUTS.values() for figure in columns.values()]
    given = [figure for columns in SCORES.values() for figure in columns.values()]
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["participant", "indicator", "to", "value"])
        table.writerows([id, figure, DAY, inputs[id, figure]] for id in ids.values() for figure in asked)
    with (HERE / "published.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["participant", *given])
        table.writerows([id, *(scores[id, figure] for figure in given)] for id in ids.values())


if __name__ == "__main__":
    main(sys.argv[1])
