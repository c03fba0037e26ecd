"""Make illustrative observations of the 103 communes and wards of Cần Thơ and of payment organisations.

The plan is real; no commune's figures are published, so these are made up, and every row says ``illustrative: yes``.
Three wards come to all 115 points and are parted by the tie chain; two come to the same in everything, so that
only a vote can part them, for the last commendation; some are odd on purpose (`ODD`). What organisations opened,
issued and transferred is what the communes together report. The script reads participants.csv and writes
observations.csv, both beside it, from a fixed seed and in whole numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
PLAN, END = "2025-11-18", "2025-12-10"
ROUNDS = {"peak": ("2025-11-20", "2025-12-03"), "sweep": ("2025-12-08", "2025-12-10")}
HEADER = ("participant", "indicator", "from", "to", "value", "illustrative")
FLOWS = ("accounts", "cards", "transfers")

Facts = dict[str, int | str | None]

# Recipients, persons of 50 informed, recipients without an account, account holders not paid by transfer, accounts.
LEADERS = {
    "31135": (2_860, 50, 0, 0, 412),
    "31120": (2_340, 50, 0, 0, 305),
    "31507": (2_515, 50, 0, 0, 0),
    "31186": (1_780, 49, 0, 0, 190),
    "31321": (1_465, 48, 0, 0, 133),
    "31212": (1_900, 50, 0, 19, 240),
    "31168": (2_200, 49, 0, 33, 281),
    "31153": (1_550, 48, 0, 31, 174),
    "31684": (1_300, 47, 0, 13, 121),
    "31732": (1_240, 49, 20, 24, 86),
    "31471": (1_240, 49, 20, 24, 86),
}
ODD: dict[str, Facts] = {
    "31237": {"communication_plan": "no", "informed": 50},  # the gate is closed
    "31246": {"asked": 45, "informed": 43},  # too small a sample: points by the person, but no share
    "31255": {  # 90 %, the edge of two bands
        "recipients": 900,
        "recipients_with_account": 810,
        "recipients_paid_by_transfer": 640,
        "recipients_in_mis": 871,
    },
    "31258": {  # 95 %, the edge of the next two
        "recipients": 1_000,
        "recipients_with_account": 950,
        "recipients_paid_by_transfer": 760,
        "recipients_in_mis": 1_000,
    },
    "31261": {  # cards at 130 % of accounts
        "accounts_peak": 80,
        "accounts_sweep": 20,
        "cards_peak": 70,
        "cards_sweep": 20,
        "cards_held": 40,
    },
    "31264": {"asked": None, "informed": None},  # nothing reported
    "31273": {"accounts_peak": 0, "accounts_sweep": 0, "cards_peak": 4, "cards_sweep": 0, "cards_held": 9},
    "31282": {"mis_complete_before": "yes"},  # keeps its bonus, whatever has changed since
}
SHARES = {
    "agribank": 27,
    "vnpost": 19,
    "vietinbank": 14,
    "bidv": 13,
    "vietcombank": 11,
    "lpbank": 8,
    "mb": 5,
    "viettel": 3,
}


def commune(rng: Random) -> Facts:
    """Make up one commune."""
    recipients = rng.randint(420, 2_900)
    holders = recipients * rng.randint(700, 960) // 1000
    accounts = recipients * rng.randint(30, 160) // 1000
    cards = accounts * rng.randint(600, 940) // 1000
    complete = rng.random() < 0.3
    return {
        "communication_plan": "yes",
        "asked": 50,
        "informed": rng.randint(36, 49),
        "recipients": recipients,
        "recipients_with_account": holders,
        "recipients_paid_by_transfer": holders * rng.randint(640, 970) // 1000,
        "recipients_in_mis": recipients if complete else recipients * rng.randint(880, 995) // 1000,
        "mis_complete_before": "no",
        **split("accounts", accounts, 80),
        **split("cards", cards, 75),
        "cards_held": rng.randint(0, accounts - cards),
        **split("transfers", holders * rng.randint(90, 140) // 100, 70),
    }


def leader(recipients: int, informed: int, without: int, unpaid: int, accounts: int) -> Facts:
    """Make one of those who lead; two of them differ in nothing."""
    holders, cards = recipients - without, accounts * 9 // 10
    return {
        "communication_plan": "yes",
        "asked": 50,
        "informed": informed,
        "recipients": recipients,
        "recipients_with_account": holders,
        "recipients_paid_by_transfer": holders - unpaid,
        "recipients_in_mis": recipients,
        "mis_complete_before": "no" if accounts else "yes",
        **split("accounts", accounts, 80),
        **split("cards", cards, 75),
        "cards_held": accounts - cards,
        **split("transfers", holders * 6 // 5, 70),
    }


def split(flow: str, whole: int, first: int) -> dict[str, int]:
    """Split a flow into the two rounds."""
    return {f"{flow}_peak": whole * first // 100, f"{flow}_sweep": whole - whole * first // 100}


def organisations(communes: Mapping[str, Facts]) -> Iterator[tuple[str, Facts]]:
    """Share out what the communes report among the organisations, to the last account."""
    shared: dict[str, Facts] = {id: {} for id in SHARES}
    for name in [f"{flow}_{round_}" for flow in FLOWS for round_ in ROUNDS]:
        whole = sum(int(facts[name] or 0) for facts in communes.values())
        left = whole
        for id, share in list(SHARES.items())[1:]:
            shared[id][name] = whole * share // 100
            left -= whole * share // 100
        shared["agribank"][name] = left
    yield from shared.items()


def rows(id: str, facts: Facts) -> Iterator[tuple[str, ...]]:
    """Give the rows of one body; a flow is about its round, a stock about the last day."""
    for fact, value in facts.items():
        if value is None:
            continue
        start, end = ROUNDS.get(fact.rpartition("_")[2], ("", END))
        yield id, fact, start, PLAN if fact == "mis_complete_before" else end, str(value), "yes"


def main() -> None:
    """Write the table, body by body in the order of participants.csv."""
    rng = Random(157)
    with (HERE / "participants.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file) if row["kind"] == "commune"]
    leaders = {id: leader(*figures) for id, figures in LEADERS.items()}
    communes = {id: {**commune(rng), **leaders.get(id, {}), **ODD.get(id, {})} for id in ids}
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        for id, facts in [*communes.items(), *organisations(communes)]:
            table.writerows(rows(id, facts))


if __name__ == "__main__":
    main()
