"""Registers: how cases are counted is said in both languages, so that a reader could count them by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulebook
from emulation.report.rulebook import rulebook_text
from emulation.report.words import words

REGISTERS = """
  dossiers:
    title: {en: dossiers, vi: hồ sơ}
    table: {file: dossiers.csv, columns: {returned: Ngày trả, due: Ngày hẹn}}
    for: commune
    case: [dossier, step]
    repeated: together
    fields:
      dossier: text
      step: number
      channel: {one_of: [online, desk, post]}
      urgent: yes_no
      fee: number
      received: day
      due: day
      returned: moment
    may_be_blank: [fee, returned]
    on: received
    absent: missing
    counts:
      due: {title: {en: dossiers due, vi: hồ sơ đến hạn}, where: all, day_after: due}
      done:
        where:
          - {channel: online, urgent: "no", returned: {until: due}}
          - {channel: [desk, post], fee: {at_least: 4.5}, due: {before: 2025-02-01}}
        if: every
      late: {where: {returned: {after: due}}, if: any, on: due}
      paid: {where: {fee: {known: true}, channel: {is_not: [post]}, step: {above: 1}}, if: any}
      open: {where: {returned: {known: false}, due: {from: 2025-01-10}, fee: {at_most: 9}, step: {below: 7}}, if: any}
"""
INDICATORS = """
  online: {share: {of: done, among: due}, over: period, better: higher}
  late: {count: dossiers, over: period}
  paid: {count: dossiers, over: period}
  open: {count: dossiers, over: period}
"""


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_way_to_count_is_said(tmp_path: Path, lang: str) -> None:
    """No phrase has a blank left open, and no id of a field stands where its column has a heading."""
    text = rulebook_text(rulebook.load(tmp_path, registers=REGISTERS, indicators=INDICATORS), words(lang))
    part = text[text.index("4. ") : text.index("\n5. ")]

    assert "{" not in part
    assert "“returned”" not in part
    assert part == (Path(__file__).parent / "registers" / f"{lang}.txt").read_text(encoding="utf-8")


def test_each_row_a_case_and_the_latest_row(tmp_path: Path) -> None:
    """The other ways to tell cases apart."""
    plain = """
  dossiers:
    title: dossiers
    table: {file: dossiers.csv}
    for: commune
    case: CASE
    fields: {dossier: text, received: day}
    on: received
    absent: zero
    counts: {due: {where: all}, done: {where: all}}
"""
    told = []
    for case in ("row", "dossier\n    repeated: refused", "dossier\n    repeated: {latest: received}"):
        text = rulebook_text(rulebook.load(tmp_path, registers=plain.replace("CASE", case)), words("en"))
        told.append([line.strip() for line in text.splitlines() if line.strip().startswith(("4.1.1", "4.1.2"))])

    assert told == [
        ["4.1.1 Each row of the table is a case.", "4.1.2 A case counts on the day in “received”."],
        [
            "4.1.1 A case is told from others by “dossier”.",
            "4.1.2 Several rows about one case that differ are refused.",
        ],
        [
            "4.1.1 A case is told from others by “dossier”.",
            "4.1.2 Of several rows about one case the one with the latest “received” counts.",
        ],
    ]
