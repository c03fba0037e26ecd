"""Registers: what a person sees of cases that are counted, at a desk, in a ledger and on columns."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet

from emulation.columnar import rollups
from emulation.columnar.verdict import score_columns
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign

Run = Callable[..., tuple[int, str, str]]
ONE_STOP = Path(__file__).parents[2] / "campaigns" / "one-stop-2025"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the one-stop campaign, ``c``, and work beside it."""
    shutil.copytree(ONE_STOP, tmp_path / "c")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EMULATION_AUTHOR", "Lan")
    return tmp_path


def lines(folder: Path) -> list[str]:
    """Give the lines of the campaign's own dossiers."""
    return (folder / "c" / "dossiers.csv").read_text(encoding="utf-8").splitlines(keepends=True)


def test_a_table_is_named_with_its_register(run: Run, desk: Path) -> None:
    """Two tables of one register are counted together, to the same board as from one."""
    head, *rows = lines(desk)
    (desk / "1.csv").write_text("".join([head, *rows[:200]]), encoding="utf-8")
    (desk / "2.csv").write_text("".join([head, *rows[200:]]), encoding="utf-8")

    _, whole, _ = run("score", "c")
    code, parts, _ = run("score", "c", "dossiers=1.csv", "dossiers=2.csv")

    assert code == 0
    assert parts.splitlines()[:-1] == whole.splitlines()[:-1]  # but for the hash of data, which names files


def test_a_row_that_contradicts_another_stops_the_result(run: Run, desk: Path) -> None:
    """It is told where both stand, and nothing is final."""
    *before, last = lines(desk)
    (desk / "c" / "dossiers.csv").write_text("".join([*before, last, last.replace("Trực t", "Bưu chính;")]), "utf-8")

    code, _, told = run("score", "c")

    assert code == 2
    assert "dossiers.csv:520:" in told


def test_reasons_lead_to_the_row(run: Run, desk: Path) -> None:
    """With what is counted called as the campaign calls it."""
    _, out, _ = run("explain", "c", "Xã Cao Minh", "--lang", "vi")

    assert "Tỷ lệ hồ sơ trực tuyến: ≈53,5714% = 15 / 28" in out
    assert "dossiers.csv:411 · dossiers" in out
    assert desk.exists()


def test_a_ledger_keeps_what_was_counted(run: Run, desk: Path) -> None:
    """The second export corrects days, which needs a reason; the third says nothing new."""
    rows = lines(desk)
    (desk / "first.csv").write_text("".join(rows[:300]), encoding="utf-8")

    first, out, _ = run("ingest", "d.ledger", "c", "dossiers=first.csv")
    unexplained, _, told = run("ingest", "d.ledger", "c")
    second, _, _ = run("ingest", "d.ledger", "c", "--reason", "the whole export")
    third, again, _ = run("ingest", "d.ledger", "c")
    _, board, _ = run("score", "c", "d.ledger", "--format", "csv")
    _, own, _ = run("score", "c", "--format", "csv")

    assert (first, unexplained, second, third) == (0, 2, 0, 0)
    assert out.startswith("dossiers: 299 rows read = ")
    assert "E613" in told
    assert " = 0 new + 0 corrected + " in again
    assert board == own


def test_cases_that_are_gone_are_none(run: Run, desk: Path) -> None:
    """A register is handed in whole: days on which no case is left have none now."""
    rows = lines(desk)
    (desk / "fewer.csv").write_text("".join(rows[:300]), encoding="utf-8")
    run("ingest", "d.ledger", "c")
    run("ingest", "d.ledger", "c", "dossiers=fewer.csv", "--reason", "the rest was another province's")

    _, ledger, _ = run("score", "c", "d.ledger", "--format", "csv")
    _, fewer, _ = run("score", "c", "dossiers=fewer.csv", "--format", "csv")

    assert ledger == fewer


# --- on columns ------------------------------------------------------------------------------------------------


@pytest.fixture
def columns(desk: Path) -> Path:
    """Give the dossiers as two Parquet files, and a campaign ``r`` in which each row is a case."""
    rules = load_campaign(desk / "c")
    ids = {body.name: body.id for body in rules.participants}
    latest: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(lines(desk), delimiter=";"):
        latest[row["Mã hồ sơ"]] = row  # the later change stands below the earlier one
    table = pa.table(
        {
            "participant": pa.array([ids[row["Đơn vị"]] for row in latest.values()], pa.string()),
            "dossier": pa.array(list(latest), pa.string()),
            "channel": pa.array([row["Hình thức nộp"] for row in latest.values()], pa.string()),
            "paid": pa.array(
                [{"có": True, "không": False, "": None}[row["Thanh toán trực tuyến"]] for row in latest.values()]
            ),
            **{
                field: pa.array([_moment(row[heading]) for row in latest.values()], pa.timestamp("us"))
                for field, heading in (
                    ("received", "Ngày tiếp nhận"),
                    ("due", "Ngày hẹn trả"),
                    ("returned", "Ngày trả"),
                    ("changed", "Cập nhật lúc"),
                )
            },
        }
    )
    folder = desk / "parquet"
    folder.mkdir()
    parquet.write_table(table.slice(0, 100), folder / "1.parquet")
    parquet.write_table(table.slice(100), folder / "2.parquet")
    shutil.copytree(desk / "c", desk / "r")
    rules_text = (desk / "r" / "campaign.yaml").read_text(encoding="utf-8")
    changed = rules_text.replace("case: dossier", "case: row").replace("    repeated: {latest: changed}", "   ")
    (desk / "r" / "campaign.yaml").write_text(changed, encoding="utf-8")
    return folder


def _moment(text: str) -> datetime | None:
    return datetime.strptime(text, "%d/%m/%Y %H:%M") if text else None  # noqa: DTZ007  (the export has no zone)


def test_parquet_files_of_cases_are_counted_where_they_lie(run: Run, columns: Path) -> None:
    """To the board that the exact engine makes of the table."""
    _, exact, _ = run("score", "c", "--format", "csv")

    for campaign in ("c", "r"):
        code, out, _ = run("score", campaign, f"dossiers={columns}", "--engine", "columns", "--format", "csv")
        assert (code, out) == (0, exact)


def test_a_file_is_counted_once(run: Run, columns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was counted is kept; a new file is counted, and the others are not looked at again."""
    looked_at: list[int] = []
    counting = rollups.daily_counts
    monkeypatch.setattr(rollups, "daily_counts", lambda *given: looked_at.append(1) or counting(*given))  # type: ignore[func-returns-value]
    score = ("score", "r", "--engine", "polars", "--format", "csv", "--kept", "kept")

    run(*score, f"dossiers={columns / '1.parquet'}")
    _, both, _ = run(*score, f"dossiers={columns}")
    _, again, _ = run(*score, f"dossiers={columns}")
    _, whole, _ = run("score", "r", "--engine", "polars", "--format", "csv", f"dossiers={columns}")

    assert len(looked_at) == 2
    assert both == again == whole
    assert sorted(one.suffix for one in Path("kept").iterdir()) == [".parquet", ".parquet"]


def test_another_rule_counts_anew(run: Run, columns: Path) -> None:
    """What is kept under other rules, or of other bytes, is not used."""
    score = ("score", "r", "--engine", "polars", "--format", "csv", "--kept", "kept", f"dossiers={columns}")
    run(*score)
    rules = Path("r/campaign.yaml")
    rules.write_text(rules.read_text("utf-8").replace("{channel: Trực tuyến}", "{channel: Trực tiếp}"), "utf-8")

    _, kept, _ = run(*score)
    _, fresh, _ = run("score", "r", "--engine", "polars", "--format", "csv", f"dossiers={columns}")

    assert kept == fresh
    assert len(list(Path("kept").iterdir())) == 4


def test_cases_with_several_rows_are_not_kept_file_by_file(run: Run, columns: Path) -> None:
    """A correction may stand in another file."""
    code, _, told = run("score", "c", f"dossiers={columns}", "--engine", "columns", "--kept", "kept")

    assert code == 2
    assert told.splitlines()[-1].startswith("registers.dossiers.case E789 a case of dossiers can have rows in several")


def test_kept_goes_with_columns(run: Run, desk: Path) -> None:
    """The exact engine keeps nothing."""
    code, _, told = run("score", "c", "--kept", "kept")

    assert (code, "add --engine columns" in told) == (2, True)
    assert not (desk / "kept").exists()


def test_kept_goes_with_files_of_cases(run: Run, desk: Path) -> None:
    """A table that is read row by row is not rolled up, and that is said."""
    code, _, told = run("score", "c", "--engine", "polars", "--kept", "kept")

    assert (code, "E792 there is nothing to keep" in told) == (2, True)
    assert not (desk / "kept").exists()


def test_cases_are_of_the_campaigns_own_participants(columns: Path) -> None:
    """Others, or a wide frame, are refused and not passed over."""
    rules = load_campaign(columns.parent / "c")

    for other in ({"wide": True}, {"participants": columns}):
        with pytest.raises(Refused, match="E792 cases are counted for the campaign's own participants"):
            score_columns(rules, None, cases={"dossiers": columns}, **other)  # type: ignore[arg-type]


def test_a_file_that_is_not_there(run: Run, desk: Path) -> None:
    """It is named."""
    code, _, told = run("score", "c", "dossiers=gone.parquet", "--engine", "columns")

    assert (code, "E139 there is no file gone.parquet" in told) == (2, True)
    assert desk.exists()
