"""Field: a nation's communes with made-up figures, the same at every run, for all benchmarks."""

from __future__ import annotations

import csv
import random
from pathlib import Path

COMMUNES, CRITERIA = 3321, 20

_HEAD = """campaign: benchmark
title: A nation's communes
period: {from: 2025-01-01, to: 2025-12-31}
participants: {file: participants.csv}
set_aside: block
gaps: {missing: zero, zero_denominator: zero}
rounding: {points: 2, total: 2, mode: half_up, decide_on: rounded}
standings: {total: {for: commune, by: [total], ties: shared}}
"""


def cells(seed: int = 57, communes: int = COMMUNES) -> list[list[tuple[int, int]]]:
    """Give numerator and denominator of each commune and criterion."""
    dice = random.Random(seed)
    wholes = [[dice.randint(20, 400) for _ in range(CRITERIA)] for _ in range(communes)]
    return [[(dice.randint(0, whole), whole) for whole in row] for row in wholes]


def write_campaign(folder: Path, *, ratios: bool, communes: int = COMMUNES) -> Path:
    """Write the campaign; as ratios of two counts, or as numbers, which are one observation a cell."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = "share: {{of: of_{0}, among: among_{0}}}" if ratios else "number: {{en: files}}"
    full = "80%" if ratios else "320"
    lines = [_HEAD, "indicators:"]
    lines += [f"  i{one}: {{{kind.format(one)}, at: latest, bounds: {{from: 0}}}}" for one in range(CRITERIA)]
    lines += ["criteria:"]
    lines += [
        f"  c{one}: {{indicator: i{one}, max: 5, proportional: {{full_at: {full}, cap: full}}}}"
        for one in range(CRITERIA)
    ]
    (folder / "campaign.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _write(
        folder / "participants.csv",
        ("id", "name", "kind"),
        ([f"{n:05}", f"Xã {n}", "commune"] for n in range(communes)),
    )
    rows = (
        row
        for n, line in enumerate(cells(communes=communes))
        for one, cell in enumerate(line)
        for row in _facts(n, one, cell, ratios=ratios)
    )
    _write(folder / "observations.csv", ("participant", "indicator", "to", "value"), rows)
    return folder


def _facts(body: int, one: int, cell: tuple[int, int], *, ratios: bool) -> list[list[object]]:
    part, whole = cell
    if not ratios:
        return [[f"{body:05}", f"i{one}", "2025-06-30", part]]
    return [[f"{body:05}", f"of_{one}", "2025-06-30", part], [f"{body:05}", f"among_{one}", "2025-06-30", whole]]


def _write(path: Path, header: tuple[str, ...], rows: object) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)  # type: ignore[arg-type]
