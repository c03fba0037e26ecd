"""Columns: what a person sees of `score --engine`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from emulation.commands import engines, options
from emulation.course import DayBoard
from emulation.problems import Disagreement, Problem, Refused

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


def test_json_is_written_from_columns(run: Run, tmp_path: Path) -> None:
    """To the screen and to a file; what stands in both documents is the same."""
    campaign, file = CAMPAIGNS / "thai-nguyen-2025", tmp_path / "board.json"
    _, exact, _ = run("score", campaign, "--format", "json", "--engine", "exact")

    code, columns, _ = run("score", campaign, "--format", "json", "--engine", "polars")
    run("score", campaign, "--format", "json", "--engine", "polars", "--output", file)

    assert code == 0
    assert file.read_bytes() == columns.encode()
    assert [one["total"] for one in json.loads(columns)["participants"]] == [
        one["total"] for one in json.loads(exact)["participants"]
    ]
    assert json.loads(columns)["data_hash"] == json.loads(exact)["data_hash"]


def test_a_page_is_the_exact_engines(run: Run) -> None:
    """A page is of a size for people; the remedy is said."""
    code, _, said = run("score", CAMPAIGNS / "thai-nguyen-2025", "--engine", "columns", "--format", "html")

    assert (code, said) == (
        2,
        (
            "E788 --format html is of a size for people, and not made from columns"
            " (--engine exact; or --format text, csv or json)\n"
        ),
    )


@pytest.mark.parametrize("engine", ["exact", "polars"])
def test_a_group_in_which_nobody_is_is_refused(run: Run, engine: str) -> None:
    """Whoever reckons; an empty board would be taken for an answer."""
    code, out, said = run("score", CAMPAIGNS / "thai-nguyen-2025", "--engine", engine, "--group", "Cao Bằng")

    assert (code, out) == (2, "")
    assert said.startswith("E135 no participant is in 'Cao Bằng'")


def test_what_columns_cannot_judge_is_said(run: Run) -> None:
    """With what to do instead."""
    code, _, said = run("score", CAMPAIGNS / "pci-2006", "--engine", "polars")

    assert code == 2
    assert "is not judged on columns (score it with --engine exact)" in said


def test_size_chooses_columns_and_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more cells than the exact engine takes in a breath; not for JSON, which would lack keys."""
    monkeypatch.setattr(engines, "MANY_CELLS", 300)

    _, board, said = run("score", CAMPAIGNS / "thai-nguyen-2025")
    _, document, _ = run("score", CAMPAIGNS / "thai-nguyen-2025", "--format", "json")

    assert "engine" not in json.loads(document)
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
    assert "E171 unresolved tie in" in said


def test_a_ledger_is_scored_on_columns(run: Run, tmp_path: Path) -> None:
    """What it knows is what columns are given."""
    campaign, ledger = CAMPAIGNS / "hau-giang-2024", tmp_path / "drive.ledger"
    run("ingest", ledger, campaign, "--author", "Lan")

    found = [run("score", campaign, ledger, "--engine", engine, "--format", "csv")[1] for engine in ("polars", "exact")]

    assert found[0] == found[1] != ""


def test_days_without_columns_are_scored_one_by_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes, and it is said."""
    words = ("replay", CAMPAIGNS / "thai-nguyen-2025", "--from", "2025-08-03", "--format", "csv")
    _, replayed, quiet = run(*words)

    def refused(*_: object, **__: object) -> Iterator[None]:
        raise Refused([Problem("E780", "nothing is judged on columns")])
        yield

    monkeypatch.setattr("emulation.columnar.replay.boards", refused)
    code, scored, said = run(*words)

    assert (code, scored) == (0, replayed)
    assert (quiet, said) == ("", "each day is scored by the exact engine: nothing is judged on columns\n")


def test_an_archive_is_replayed_to_the_same_table(run: Run, tmp_path: Path) -> None:
    """As the table of records is, day by day, though it is read month by month."""
    campaign = CAMPAIGNS / "thai-nguyen-2025"
    assert run("archive", campaign, campaign / "observations.csv", "--into", tmp_path / "kept")[0] == 0

    assert run("replay", campaign, tmp_path / "kept", "--format", "csv") == run("replay", campaign, "--format", "csv")


def test_a_replay_of_columns_that_differs_is_stopped(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last board is that of scoring its day by itself, or there is none."""
    campaign = CAMPAIGNS / "thai-nguyen-2025"
    run("archive", campaign, campaign / "observations.csv", "--into", tmp_path / "kept")
    monkeypatch.setattr("emulation.columnar.results.board_of", lambda _: DayBoard(date(2025, 8, 6), {}, {}, {}))

    code, out, err = run("replay", campaign, tmp_path / "kept", "--from", "2025-08-06")

    assert (code, out) == (2, "")
    assert "another one when that day is scored by itself" in err


def test_an_archive_asks_no_ledger(run: Run, tmp_path: Path) -> None:
    """What was known then is a question to a ledger."""
    campaign = CAMPAIGNS / "thai-nguyen-2025"
    run("archive", campaign, campaign / "observations.csv", "--into", tmp_path / "kept")

    assert run("replay", campaign, tmp_path / "kept", "--known-at", "2025-08-01T17:00+07:00")[2].startswith("E657")
    assert run("replay", campaign, tmp_path / "kept", "--as-known")[2].startswith("E795")


def test_a_replay_that_differs_is_stopped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last board is that of the exact engine, or there is none."""

    def wrong(_: object, __: object, days: list[date], **___: object) -> list[DayBoard]:
        return [DayBoard(days[-1], {}, {}, {})]

    monkeypatch.setattr("emulation.columnar.replay.boards", wrong)

    code, out, err = run("replay", CAMPAIGNS / "thai-nguyen-2025", "--from", "2025-08-06")

    assert (code, out) == (2, "")
    assert "another one when that day is scored by itself" in err


def test_days_are_written_to_a_file(run: Run, tmp_path: Path) -> None:
    """Whole, as they are shown."""
    words = ("replay", CAMPAIGNS / "thai-nguyen-2025", "--from", "2025-08-05", "--format", "csv")
    _, shown, _ = run(*words)
    run(*words, "--output", tmp_path / "days.csv")

    assert shown.splitlines()[:3] == [
        "\ufeffday,id,name,kind,total,readiness,rank:total,rank:online,target:online_80,target:all_green",
        "2025-08-05,19,Thái Nguyên,province,,not_ready,,,open,open",
        "2025-08-05,01840,Phường Đức Xuân,commune,76,amber,92,86,open,",
    ]
    assert (tmp_path / "days.csv").read_bytes() == shown.encode()
    assert [one.name for one in tmp_path.iterdir()] == ["days.csv"]


def test_an_archive_is_made_and_scored(run: Run, tmp_path: Path) -> None:
    """A folder is read by columns unasked; the board is that of the tables."""
    campaign, folder = CAMPAIGNS / "thai-nguyen-2025", tmp_path / "facts"

    code, told, _ = run("archive", campaign, "--into", folder)
    _, kept, said = run("score", campaign, folder, "--as-of", "2025-08-06", "--format", "csv")

    assert (code, told) == (0, f"{folder}: 2025-07 to 2025-08, 92 participants, 4 facts, 0.0 MB\n")
    assert kept == run("score", campaign, "--as-of", "2025-08-06", "--format", "csv", "--engine", "exact")[1]
    assert said.startswith("372 cells: scored on columns by duckdb")


def test_a_folder_is_no_table(run: Run, tmp_path: Path) -> None:
    """Where records are asked for, it is said what reads it."""
    code, out, err = run("explain", CAMPAIGNS / "thai-nguyen-2025", "05443", tmp_path)

    assert (code, out) == (2, "")
    assert err.startswith(f"E139 {tmp_path} is a folder (a table as .csv")


def test_cases_are_not_archived(run: Run, tmp_path: Path) -> None:
    """They would be passed over in silence."""
    (tmp_path / "dossiers").mkdir()

    code, out, err = run(
        "archive", CAMPAIGNS / "one-stop-2025", f"dossiers={tmp_path / 'dossiers'}", "--into", tmp_path
    )

    assert (code, out) == (2, "")
    assert err.startswith("E795 dossiers: cases are counted anew")


def test_what_cannot_be_written_to_its_end_is_not_begun(tmp_path: Path) -> None:
    """Neither the file nor what was beside it while it was made is left."""

    def lines() -> Iterator[str]:
        yield "day,id\n"
        raise Disagreement("of the second day")

    with pytest.raises(Disagreement):
        options.write_lines(lines(), tmp_path / "days.csv")

    assert list(tmp_path.iterdir()) == []
