"""Make the illustrative observations of 34 provinces and 3,321 communes, so that every reported figure comes out.

The articles report results: 26 of 34 provinces ready, Thái Nguyên one of them and 20th with 68.91 % online, Ho Chi
Minh City 2nd with 17 of 17 tasks and 168 of 168 communes green. Which provinces the others are, and what their
communes received, is drawn here by lot; every such row says ``illustrative: yes``. The rows of Thái Nguyên's 92
communes are those of ../thai-nguyen-2025/observations.csv, unchanged.

It reads the two tables named and writes observations.csv beside itself, from a fixed seed and in whole numbers
only, so that it writes the same file everywhere.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
THAI_NGUYEN_ROWS = HERE.parent / "thai-nguyen-2025" / "observations.csv"
HEADER = ("participant", "indicator", "from", "to", "value", "source", "illustrative")

FIRST, LAST = "2025-07-01", "2025-08-06"
THAI_NGUYEN, HO_CHI_MINH, DIEN_BIEN = "19", "79", "11"
ARTICLE = "daibieunhandan.vn 10388236"
PHASE_1, COMMUNE_TASKS = 17, 12

LARGEST, SMALLEST = 477_300, 11_100  # 43 to 1, as reported for 1 July to 19 August
LADDER = (  # shares online in thousandths, by place; Thái Nguyên's own comes 20th
    *(871, 858, 846, 838, 829, 820, 812, 803, 795, 786, 777, 768, 759, 750, 741, 731, 721, 711, 700, 0),
    *(683, 677, 671, 664, 657, 650, 642, 634, 626, 617, 607, 596, 584, 570),
)
HO_CHI_MINH_PLACE, THAI_NGUYEN_PLACE = 3, 20
NOT_READY = (9, 22, 25, 27, 29, 31, 33, 34)  # by place online; the first of them for a single red commune
ALL_TASKS_DONE = (1, 3, 5, 8, 12, 17, 24)  # by place online; the 2nd has a task left, so the 3rd is 2nd in phase 1

Row = tuple[str, str, str, str, int | str, str, str]


def rows() -> list[Row]:
    """Give the observations: the provinces' tasks, then the communes' dossiers and tasks."""
    rng = Random(57)
    with (HERE / "participants.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    provinces = [one["id"] for one in listed if one["kind"] == "province"]
    communes = {id: [one["id"] for one in listed if one["parent"] == id] for id in provinces}
    places = placed(provinces, rng)
    sizes = {id: size(id, len(communes[id]), rng) for id in provinces}

    tasks = {id: PHASE_1 if places[id] in ALL_TASKS_DONE else rng.randint(11, PHASE_1 - 1) for id in provinces}
    found: list[Row] = []
    for id in provinces:
        source, made_up = (ARTICLE, "no") if id == HO_CHI_MINH else ("", "yes")
        found.append((id, "tasks_due", LAST, LAST, PHASE_1, source, made_up))
        found.append((id, "tasks_completed", LAST, LAST, tasks[id], source, made_up))
    made: dict[str, tuple[int, int, int]] = {}
    for id in provinces:
        if id == THAI_NGUYEN:
            found.extend(thai_nguyen())
            continue
        drawn = province(communes[id], sizes[id], places[id], rng)
        for commune, (received, online, done) in drawn.items():
            found.append((commune, "received_files", FIRST, LAST, received, "", "yes"))
            found.append((commune, "online_files", FIRST, LAST, online, "", "yes"))
            found.append((commune, "tasks_due", LAST, LAST, COMMUNE_TASKS, "", "yes"))
            found.append((commune, "tasks_completed", LAST, LAST, done, "", "yes"))
        made |= drawn
    check(communes, made, tasks)
    return found


def thai_nguyen() -> list[Row]:
    """Give the rows of Thái Nguyên's communes as they stand in its own campaign."""
    with THAI_NGUYEN_ROWS.open(encoding="utf-8", newline="") as file:
        header, *rest = csv.reader(file)
    assert tuple(header) == HEADER
    return [(id, fact, first, last, value, source, made_up) for id, fact, first, last, value, source, made_up in rest]


def placed(provinces: Sequence[str], rng: Random) -> dict[str, int]:
    """Draw each province's place by online share; two are reported."""
    reported = {HO_CHI_MINH: HO_CHI_MINH_PLACE, THAI_NGUYEN: THAI_NGUYEN_PLACE}
    others = [id for id in provinces if id not in reported]
    left = [place for place in range(1, len(provinces) + 1) if place not in reported.values()]
    return reported | dict(zip(others, rng.sample(left, len(left)), strict=True))


def size(province: str, communes: int, rng: Random) -> int:
    """Draw how many dossiers a province received; the largest and the smallest are those reported to be so."""
    drawn = communes * rng.randint(500, 1_150)
    return LARGEST if province == HO_CHI_MINH else SMALLEST if province == DIEN_BIEN else drawn


def province(communes: Sequence[str], received: int, place: int, rng: Random) -> dict[str, tuple[int, int, int]]:
    """Draw what each commune of a province received, had online and completed, so that the province's share comes out.

    Communes are green (80 % and all tasks), late (52 % to 78 %) or red (below 50 %). The late ones are the busy
    ones, which lets a province lie far below 80 % with most of its communes green, as Thái Nguyên does.
    """
    goal = received * LADDER[place - 1] // 1000
    green_mean = max(832, LADDER[place - 1] + 20)
    red, late = [], []
    if place != HO_CHI_MINH_PLACE:
        late_weight = Fraction(green_mean - LADDER[place - 1], green_mean - (600 if place <= 24 else 560))
        late_count = min(len(communes) * 37 // 100, 1 + int(len(communes) * late_weight * 3 / 5))
        red_count = 0 if place not in NOT_READY else 1 if place == NOT_READY[0] else rng.randint(2, 5)
        chosen = rng.sample(list(communes), late_count + red_count)
        red, late = sorted(chosen[:red_count]), sorted(chosen[red_count:])
    green = [id for id in communes if id not in late and id not in red]

    busy = int(received * late_weight) if late else 0
    came = dict(zip(late, spread(busy, [rng.randint(60, 140) for _ in late]), strict=True))
    quiet = [*green, *red]
    came |= dict(zip(quiet, spread(received - busy, [rng.randint(50, 150) for _ in quiet]), strict=True))
    online = {id: came[id] * rng.randint(380, 490) // 1000 for id in red}
    online |= {id: min(came[id], -(-came[id] * rng.randint(803, 2 * green_mean - 803) // 1000)) for id in green}
    free, least, most = (late, 52, 78) if late else (green, 80, 99)
    fixed = sum(number for id, number in online.items() if id not in free)
    online |= towards(goal - fixed, {id: came[id] for id in free}, (least, most), rng)
    done = {id: COMMUNE_TASKS if id in green else rng.randint(8, COMMUNE_TASKS) for id in communes}
    return {id: (came[id], online[id], done[id]) for id in communes}


def towards(goal: int, among: dict[str, int], within: tuple[int, int], rng: Random) -> dict[str, int]:
    """Share out a number of dossiers, each commune between two percentages of those it received."""
    least, most = within
    mean = goal * 1000 // sum(among.values())
    online: dict[str, int] = {}
    for id, came in among.items():
        drawn = came * (mean + rng.randint(-70, 70)) // 1000
        online[id] = min(came * most // 100, max(-(-came * least // 100), drawn))
    step = 1 if goal > sum(online.values()) else -1
    for _ in range(goal):
        for id, came in among.items():
            moved = online[id] + step
            if goal != sum(online.values()) and least * came <= 100 * moved <= most * came:
                online[id] = moved
        if goal == sum(online.values()):
            break
    assert goal == sum(online.values())
    return online


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights, exactly."""
    parts = [total * weight // sum(weights) for weight in weights]
    for place in range(total - sum(parts)):
        parts[place] += 1
    return parts


def check(communes: dict[str, list[str]], made: dict[str, tuple[int, int, int]], tasks: dict[str, int]) -> None:
    """Assert every reported figure but those of Thái Nguyên's own campaign, which asserts them itself."""
    share = {THAI_NGUYEN: Fraction(6891, 10000)}
    ready, received = {THAI_NGUYEN}, {}
    for province, inside in communes.items():
        if province == THAI_NGUYEN:
            continue
        received[province] = sum(made[id][0] for id in inside)
        share[province] = Fraction(sum(made[id][1] for id in inside), received[province])
        rates = {id: Fraction(made[id][1], made[id][0]) for id in inside}
        green = [id for id in inside if rates[id] >= Fraction(80, 100) and made[id][2] == COMMUNE_TASKS]
        red = [id for id in inside if rates[id] < Fraction(50, 100)]
        if not red and Fraction(len(green), len(inside)) >= Fraction(60, 100):
            ready.add(province)
        if province == HO_CHI_MINH:
            assert len(green) == len(inside) == 168
    assert (len(communes), sum(map(len, communes.values())), len(ready)) == (34, 3321, 26)
    assert sorted(share, key=lambda id: share[id], reverse=True)[THAI_NGUYEN_PLACE - 1] == THAI_NGUYEN
    assert len(set(share.values())) == len(share)
    assert tasks[HO_CHI_MINH] == PHASE_1
    assert sorted(share, key=lambda id: (tasks[id], share[id]), reverse=True)[1] == HO_CHI_MINH
    assert max(received.values()) == 43 * min(received.values()) == received[HO_CHI_MINH]


def main() -> None:
    """Write observations.csv."""
    with (HERE / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
