"""Columns: what a person sees of `score --engine`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulation.columnar.rechecking import Disagreement
from emulation.commands import engines

Run = Callable[..., tuple[int, str, str]]
CAMPAIGNS = Path(__file__).parents[2] / "campaigns"


@pytest.mark.parametrize("engine", ["columns", "polars"])
def test_the_csv_is_the_same_byte_for_byte(run: Run, engine: str) -> None:
    """Whoever reckons."""
    campaign = CAMPAIGNS / "thai-nguyen-2025"
    _, exact, _ = run("score", campaign, "--format", "csv", "--engine", "exact")

    code, columns, said = run("score", campaign, "--format", "csv", "--engine", engine)

    assert (code, columns) == (0, exact)
    assert said.startswith("372 cells: scored on columns by ")


def test_the_board_shows_the_first_of_each_kind(run: Run) -> None:
    """With class, places and award, in the language asked for."""
    code, board, _ = run("score", CAMPAIGNS / "thai-nguyen-2025", "--engine", "polars", "--top", "2", "--lang", "vi")

    assert code == 0
    assert "Xã An Khánh" in board
    assert "● 63 xanh" in board
    assert "Chấm theo cột bằng polars" in board


def test_the_plan_says_how_each_column_is_reckoned(run: Run) -> None:
    """And how wide the numbers get."""
    code, plan, _ = run("score", CAMPAIGNS / "hau-giang-2024", "--plan", "--engine", "polars")

    assert code == 0
    assert plan.splitlines()[0] == "How polars reckons it, column by column:"
    assert plan.splitlines()[-1].startswith("# widest division: ")


def test_parquet_files_are_looked_at_where_they_lie(run: Run, tmp_path: Path) -> None:
    """A folder of them is a DATA."""
    import polars as pl  # noqa: PLC0415

    from emulation.reading.campaign_file import load_campaign  # noqa: PLC0415
    from emulation.reading.facts import load_observations  # noqa: PLC0415

    campaign = load_campaign(CAMPAIGNS / "thai-nguyen-2025")
    facts = load_observations(CAMPAIGNS / "thai-nguyen-2025" / "observations.csv", campaign)
    frame = pl.DataFrame(
        {
            "participant": [one.participant for one in facts],
            "fact": [one.fact for one in facts],
            "from": [one.span.first for one in facts],
            "to": [one.span.last for one in facts],
            "value": [int(one.value or 0) for one in facts],
        }
    )
    for number, part in enumerate(frame.partition_by("fact")):
        part.write_parquet(tmp_path / f"{number}.parquet")
    _, exact, _ = run("score", CAMPAIGNS / "thai-nguyen-2025", "--format", "csv", "--engine", "exact")

    code, columns, _ = run("score", CAMPAIGNS / "thai-nguyen-2025", tmp_path, "--engine", "columns", "--format", "csv")

    assert (code, columns) == (0, exact)


def test_other_formats_are_the_exact_engines(run: Run) -> None:
    """JSON holds reasons, which columns do not."""
    code, _, said = run("score", CAMPAIGNS / "thai-nguyen-2025", "--engine", "columns", "--format", "json")

    assert (code, said) == (
        2,
        "E788 --format json is not made from columns (--format text or csv, or --engine exact)\n",
    )


def test_what_columns_cannot_judge_is_said(run: Run) -> None:
    """With what to do instead."""
    code, _, said = run("score", CAMPAIGNS / "pci-2006", "--engine", "polars")

    assert code == 2
    assert "is not judged on columns (score it with --engine exact)" in said


def test_size_chooses_columns_and_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more cells than the exact engine takes in a breath."""
    monkeypatch.setattr(engines, "MANY_CELLS", 300)

    _, board, said = run("score", CAMPAIGNS / "thai-nguyen-2025")

    assert said.splitlines()[0] == "372 cells: scored on columns by duckdb (--engine exact for reasons)"
    assert "Scored on columns by duckdb" in board


def test_a_missing_engine_is_named_with_its_remedy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As any library that is not installed."""
    monkeypatch.setitem(sys.modules, "polars", None)

    code, _, said = run("score", CAMPAIGNS / "thai-nguyen-2025", "--engine", "polars")

    assert code == 2
    assert said.splitlines()[-1].startswith("E641 this needs a library that is not installed")
    assert "pip install 'emulation-campaigns[columns]'" in said


def test_a_difference_stops_everything(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A board that a second reckoning does not bear out is never printed."""

    def differs(*_: object) -> None:
        raise Disagreement("total of Xã An Khánh (05503): 100 exactly, 99 on columns")

    monkeypatch.setattr("emulation.columnar.verdict.rechecked", differs)

    code, board, said = run("score", CAMPAIGNS / "thai-nguyen-2025", "--engine", "polars")

    assert (code, board) == (2, "")
    assert "100 exactly, 99 on columns" in said


def test_what_is_left_open_is_told(run: Run, tmp_path: Path) -> None:
    """A tie that waits for a decision leaves the board open."""
    folder = Path(shutil.copytree(CAMPAIGNS / "thai-nguyen-2025", tmp_path / "campaign"))
    rules = (folder / "campaign.yaml").read_text(encoding="utf-8")
    changed = rules.replace("ties: shared", "ties: decision")
    assert changed != rules
    (folder / "campaign.yaml").write_text(changed, encoding="utf-8")

    exact = run("score", folder, "--engine", "exact")
    code, _, said = run("score", folder, "--engine", "polars")

    assert (exact[0], code) == (1, 1)
    assert "E171 unresolved ties in" in said
