"""Bad tables: every table of the corpus is told off in the words kept beside it, at once and without a crash."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import rulebook
from emulation.campaign import Campaign
from emulation.doors import open_room
from emulation.problems import Refused, in_order, report
from emulation.reading.facts import load_observations

from work import calls_of

TABLES = {"E109", "E301", "E302", "E303", "E304", "E305", "E306", "E307", "E308", "E309", "E322", "E323"}
"""What a CSV file alone is told of, by the tests of the tables."""

BAD = Path(__file__).parents[1] / "bad"
FOLDERS = sorted(
    folder
    for kind in ("csv", "xlsx", "json", "parquet")
    for folder in (BAD / kind).iterdir()
    if kind != "csv" or folder.name[:4] not in TABLES
)
INDICATORS = """
  online: {share: {of: done, among: due}, over: period, better: higher}
  stock: {count: dossiers, at: latest, bounds: {to: 1000}}
  large: {count: dossiers, at: latest}
  growth: {number: percent, at: latest}
  cost: {number: {en: million}, at: latest}
  flow: {count: dossiers, over: period}
"""
PEOPLE = f"{rulebook.PEOPLE}q,Quarter,province,,\nt1,Tân Lập,commune,p,east\nt2,Tân Lập,commune,a,east\n"


@cache
def rules(observations: str) -> Campaign:
    """Give a campaign whose table is declared so."""
    with TemporaryDirectory() as folder:
        return rulebook.load(Path(folder), PEOPLE, indicators=INDICATORS, observations=observations)


def told(table: Path, campaign: Campaign) -> str:
    """Give the report on a table: why it is refused, or its warnings and rows set aside."""
    try:
        found = load_observations(table, campaign)
    except Refused as refused:
        return str(refused)
    return report(in_order([*found.warnings, *found.set_aside]))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_bad_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole report is the one expected, it names the folder's code, and it takes little work."""
    monkeypatch.chdir(folder)
    (table,) = Path().glob("table.*")
    declared = Path("declared.yaml")
    campaign = rules(declared.read_text(encoding="utf-8") if declared.exists() else f"{{file: {table}}}\n")

    for room in ("workbook", "parquet"):
        open_room(f"reading.{room}")  # what their libraries do when they are fetched is not counted

    calls, said = calls_of(lambda: told(table, campaign))

    assert calls < 300_000
    assert f"{said}\n" == Path("expected.txt").read_text(encoding="utf-8")
    assert f" {folder.name[:4]} " in said
