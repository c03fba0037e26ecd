"""Make the illustrative observations of the 92 communes of Thái Nguyên, so that every reported figure comes out.

The articles report results, not dossiers: 63 of 92 communes green, none red, 68.91 % online in the province.
This script makes up dossiers and tasks, week by week, that come to just that on 6 August 2025; every row it
writes says ``illustrative: yes``. It reads participants.csv and writes observations.csv, both beside it, from a
fixed seed and in whole numbers only, so that it writes the same file everywhere.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
HEADER = ("participant", "indicator", "from", "to", "value", "source", "illustrative")

GREEN, AMBER = 63, 29
RECEIVED, ONLINE = 60_000, 41_346  # 68.91 %
TASKS = 12

WEEKS = (
    ("2025-07-01", "2025-07-06"),
    ("2025-07-07", "2025-07-13"),
    ("2025-07-14", "2025-07-20"),
    ("2025-07-21", "2025-07-27"),
    ("2025-07-28", "2025-08-03"),
    ("2025-08-04", "2025-08-06"),
)
DAYS = (6, 7, 7, 7, 7, 3)
MORE_ONLINE_EACH_WEEK = (84, 91, 97, 103, 108, 112)
CHECKPOINTS = (("2025-07-13", 4), ("2025-07-27", 8), ("2025-08-06", TASKS))
EQUAL_SHARES = ((41, 50), (21, 25), (22, 25))  # each the share of two communes, which so share a place

Row = tuple[str, str, str, str, int, str, str]


def rows() -> list[Row]:
    """Give the observations, commune by commune."""
    rng = Random(20250806)
    with (HERE / "participants.csv").open(encoding="utf-8", newline="") as file:
        communes = [one for one in csv.DictReader(file) if one["kind"] == "commune"]
    received, online, done = totals(communes, rng)
    found: list[Row] = []
    for commune in communes:
        id = commune["id"]
        found.extend(flows(id, received[id], online[id], rng))
        found.extend(stocks(id, done[id], rng))
    check(received, online, done)
    return found


def totals(communes: Sequence[dict[str, str]], rng: Random) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Draw what each commune comes to on the last day: dossiers received, those online, tasks completed."""
    wards = [one["id"] for one in communes if one["type"] == "phường"]
    others = [one["id"] for one in communes if one["type"] != "phường"]
    behind = sorted(rng.sample(wards, 13) + rng.sample(others, AMBER - 13))
    ahead = [one["id"] for one in communes if one["id"] not in behind]
    unfinished = sorted(rng.sample([id for id in behind if id in others], 4))  # online enough, tasks left

    received = {id: rng.randint(1_100, 2_400) for id in wards} | {id: rng.randint(150, 560) for id in others}
    for id in behind:
        received[id] += received[id] * 3 // 4  # the busier the counter, the more comes to it on paper
    online = {id: -(-received[id] * rng.randint(802, 864) // 1000) for id in [*ahead, *unfinished]}
    twins = sorted(rng.sample([id for id in ahead if received[id] < 500], 2 * len(EQUAL_SHARES)))
    for id, (of, among) in zip(twins, EQUAL_SHARES * 2, strict=True):
        received[id] -= received[id] % among
        online[id] = received[id] * of // among

    late = [id for id in behind if id not in unfinished]
    scale = RECEIVED - sum(received[id] for id in received if id not in late)
    received |= dict(zip(late, spread(scale, [received[id] for id in late]), strict=True))
    small = [id for id in late if id in others]
    online |= {id: received[id] * rng.randint(530, 750) // 1000 for id in small}
    online |= towards(ONLINE - sum(online.values()), {id: received[id] for id in late if id not in small}, rng)

    done = dict.fromkeys(ahead, TASKS) | {id: rng.randint(TASKS - 3, TASKS) for id in late}
    return received, online, done | {id: TASKS - rng.randint(1, 2) for id in unfinished}


def towards(goal: int, among: dict[str, int], rng: Random) -> dict[str, int]:
    """Share out a number among the late wards, each between 51 % and 78 % of its dossiers."""
    mean = goal * 1000 // sum(among.values())
    assert 540 <= mean <= 740
    shares = {id: min(780, max(510, mean + rng.randint(-50, 60))) for id in among}
    online = {id: among[id] * shares[id] // 1000 for id in among}
    step = 1 if goal > sum(online.values()) else -1
    while goal != sum(online.values()):
        for id, came in among.items():
            moved = online[id] + step
            if goal != sum(online.values()) and 51 * came <= 100 * moved <= 78 * came:
                online[id] = moved
    return online


def flows(id: str, received: int, online: int, rng: Random) -> list[Row]:
    """Spread dossiers over the weeks; more come online each week, and never more than came at all."""
    came = spread(received, [days * rng.randint(85, 115) for days in DAYS])
    share = spread(online, [all_ * more for all_, more in zip(came, MORE_ONLINE_EACH_WEEK, strict=True)])
    for week, most in enumerate(came):
        while share[week] > most:
            share[week] -= 1
            share[max(range(len(came)), key=lambda other: came[other] - share[other])] += 1
    found: list[Row] = []
    for fact, numbers in (("received_files", came), ("online_files", share)):
        found.extend((id, fact, *week, number, "", "yes") for week, number in zip(WEEKS, numbers, strict=True))
    return found


def stocks(id: str, done: int, rng: Random) -> list[Row]:
    """Give the tasks due and completed as they stood at each checkpoint."""
    found: list[Row] = []
    for day, due in CHECKPOINTS:
        completed = done if due == TASKS else min(done, due - rng.randint(0, 1))
        found.append((id, "tasks_due", day, day, due, "", "yes"))
        found.append((id, "tasks_completed", day, day, completed, "", "yes"))
    return found


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights, exactly."""
    parts = [total * weight // sum(weights) for weight in weights]
    for place in range(total - sum(parts)):
        parts[place] += 1
    return parts


def check(received: dict[str, int], online: dict[str, int], done: dict[str, int]) -> None:
    """Assert every reported figure."""
    share = {id: Fraction(online[id], received[id]) for id in received}
    green = [id for id in received if share[id] >= Fraction(80, 100) and done[id] == TASKS]
    red = [id for id in received if share[id] < Fraction(50, 100)]
    assert len(received) == GREEN + AMBER == 92
    assert len(green) == GREEN
    assert not red
    assert Fraction(sum(online.values()), sum(received.values())) == Fraction(6891, 10000)


def main() -> None:
    """Write observations.csv."""
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
