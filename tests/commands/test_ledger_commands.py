"""The commands of a ledger: a small drive from its first table to its final result, as a person types it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulation.commands import publishing
from emulation.ledger.chain import Line
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import Moved
from rulebook import text_of

Run = Callable[..., tuple[int, str, str]]

PEOPLE = "id,name,kind\na,An Bình,commune\nb,Bình Minh,commune\nc,Châu Sơn,commune\n"
RULES = {
    "participants": "{file: participants.csv}",
    "standings": "{all: {for: commune, by: [online], ties: decision}}",
    "awards": "{flag: {for: commune, standing: all, places: 1, border: decision, vacated: passes_on}}",
    "appeals": "{days: 5}",
    "time_zone": "+07:00",
}
MARCH = "participant,indicator,from,to,value\n"
BEFORE = {
    "a": (75, 100),
    "b": (60, 100),
    "c": (60, 100),
}


def table(figures: dict[str, tuple[int, int]]) -> str:
    """Write a table of what was done and what was due in March."""
    rows = [
        f"{id},{fact},2025-03-01,2025-03-31,{value}\n"
        for id, values in figures.items()
        for fact, value in zip(("done", "due"), values, strict=True)
    ]
    return MARCH + "".join(rows)


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a campaign ``c`` and its first table, and work there."""
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "participants.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "campaign.yaml").write_text(text_of(**RULES), encoding="utf-8")
    (tmp_path / "march.csv").write_text(table(BEFORE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EMULATION_AUTHOR", "Lan")
    return tmp_path


def steady(text: str) -> str:
    """Put signs in place of moments and hashes, which differ from run to run."""
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00| UTC)", "MOMENT", text)
    return re.sub(r"\b[0-9a-f]{12,64}\b", "HASH", text)


def taken_in(run: Run) -> None:
    """Take the first table into the ledger."""
    assert run("ingest", "d.ledger", "c", "march.csv")[0] == 0


@pytest.mark.usefixtures("drive")
def test_a_table_is_taken_in(run: Run) -> None:
    """The receipt accounts for every row, gives sums to compare, the moment and the head."""
    code, out, err = run("ingest", "d.ledger", "c", "march.csv")

    assert (code, err) == (0, "")
    assert steady(out) == (
        "march.csv (sha256 HASH…): 6 rows read = 6 new + 0 corrected + 0 unchanged + 0 rejected\n"
        "  done: 195 in all\n  due: 300 in all\n  known at MOMENT · head 8:HASH\n"
    )


def test_a_dry_run_writes_nothing(run: Run, drive: Path) -> None:
    """It says what would be taken in; a ledger that was not there is not made, one that was is as before."""
    code, out, _ = run("ingest", "d.ledger", "c", "march.csv", "--dry-run")

    assert (code, "6 new" in out, "nothing was written" in out) == (0, True, True)
    assert not (drive / "d.ledger").exists()

    taken_in(run)
    run("ingest", "d.ledger", "c", "march.csv", "--dry-run")

    assert run("verify", "d.ledger")[1].startswith("8 entries")


@pytest.mark.usefixtures("drive")
def test_the_same_table_again_is_unchanged(run: Run) -> None:
    """What is known already is counted and not written again; that the file was seen is."""
    taken_in(run)

    _, out, _ = run("ingest", "d.ledger", "c", "march.csv")

    assert "0 new + 0 corrected + 6 unchanged" in out
    assert steady(out).endswith("head 9:HASH\n")


def test_a_correction_needs_a_reason(run: Run, drive: Path) -> None:
    """Without one nothing is written; with one the old and the new figure are told."""
    taken_in(run)
    (drive / "again.csv").write_text(table({"a": (70, 100)}), encoding="utf-8")

    refused, accepted = (
        run("ingest", "d.ledger", "c", "again.csv"),
        run("ingest", "d.ledger", "c", "again.csv", "--reason", "recounted"),
    )

    assert refused[0] == 2
    assert refused[2] == (
        "again.csv:2:1 E613 done of a on 2025-03-01 to 2025-03-31 was 75 and is now 70 (a reason for the correction)\n"
    )
    assert accepted[0] == 0
    assert "corrected: done of a on 2025-03-01 to 2025-03-31: 75 -> 70" in accepted[1]


def test_a_bound_stays_a_bound(run: Run, drive: Path) -> None:
    """A figure that was told as a bound is told as one when it is corrected, as the table has it."""
    counts = "{online: {count: dossiers, over: period, better: higher, censored: bound}}"
    (drive / "c" / "campaign.yaml").write_text(text_of(**RULES, indicators=counts), encoding="utf-8")
    for file, value in (("few.csv", "<5"), ("more.csv", ">9")):
        (drive / file).write_text(f"{MARCH}a,online,2025-03-01,2025-03-31,{value}\n", encoding="utf-8")
    run("ingest", "d.ledger", "c", "few.csv")

    refused = run("ingest", "d.ledger", "c", "more.csv")
    accepted = run("ingest", "d.ledger", "c", "more.csv", "--reason", "recounted")

    assert "E613 online of a on 2025-03-01 to 2025-03-31 was <5 and is now >9" in refused[2]
    assert "corrected: online of a on 2025-03-01 to 2025-03-31: <5 -> >9" in accepted[1]


def test_each_entry_is_read_once(run: Run, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tables come at once, what the ledger holds already is gone through once."""
    taken_in(run)
    days = ("2025-02-01,2025-02-28", "2025-01-01,2025-01-31")
    for number, span in enumerate(days):
        text = table(BEFORE).replace("2025-03-01,2025-03-31", span)
        (drive / f"{number}.csv").write_text(text, encoding="utf-8")
    seen: list[int] = []
    lines = SQLiteLedger.lines

    def noted(ledger: SQLiteLedger, after: int = 0) -> Iterator[Line]:
        for line in lines(ledger, after):
            seen.append(line.seq)
            yield line

    monkeypatch.setattr(SQLiteLedger, "lines", noted)
    run("ingest", "d.ledger", "c", "0.csv", "1.csv", "march.csv")

    assert seen == list(range(1, len(seen) + 1))


def test_a_half_good_table_is_not_taken_in(run: Run, drive: Path) -> None:
    """One row that cannot be used stops the table, unless the valid rows are asked for."""
    (drive / "half.csv").write_text(table(BEFORE) + "x,done,2025-03-01,2025-03-31,5\n", encoding="utf-8")

    stopped, accepted = (
        run("ingest", "d.ledger", "c", "half.csv"),
        run("ingest", "d.ledger", "c", "half.csv", "--accept-valid"),
    )

    assert stopped[0] == 1
    assert "half.csv:8:1 E318 unknown participant 'x'" in stopped[2]
    assert not stopped[1]
    assert "7 rows read = 6 new + 0 corrected + 0 unchanged + 1 rejected" in accepted[1]


def test_other_rules_are_refused(run: Run, drive: Path) -> None:
    """A ledger is kept under its rules until an amendment is recorded."""
    taken_in(run)
    changed = text_of(**RULES, rounding="{total: 2, mode: half_up, decide_on: rounded}")
    (drive / "c" / "campaign.yaml").write_text(changed, encoding="utf-8")

    refused = run("ingest", "d.ledger", "c", "march.csv")
    amended = run("record", "amendment", "d.ledger", "c", "--reason", "Decision 12")

    assert (refused[0], refused[2][:5]) == (2, "E651 ")
    assert (amended[0], run("ingest", "d.ledger", "c", "march.csv")[0]) == (0, 0)


def test_what_was_published_can_be_had_again(run: Run, drive: Path) -> None:
    """After a correction, the board of before comes back byte for byte."""
    taken_in(run)
    before = run("score", "c", "d.ledger", "--format", "json")[1]
    _, sealed, _ = run("seal", "d.ledger", "c", "--title", "first")
    moment = re.search(r"--known-at (\S+)", sealed)
    (drive / "again.csv").write_text(table({"a": (10, 100)}), encoding="utf-8")
    run("ingest", "d.ledger", "c", "again.csv", "--reason", "recounted")

    again = run("score", "c", "d.ledger", "--format", "json", "--known-at", moment[1] if moment else "")[1]

    assert again == before
    assert run("score", "c", "d.ledger", "--format", "json")[1] != before


def test_a_second_publication_says_what_moved(run: Run, drive: Path) -> None:
    """Places and awards that changed are listed, by name."""
    taken_in(run)
    run("seal", "d.ledger", "c")
    (drive / "again.csv").write_text(table({"b": (90, 100)}), encoding="utf-8")
    run("ingest", "d.ledger", "c", "again.csv", "--reason", "recounted")

    _, out, _ = run("seal", "d.ledger", "c")

    assert steady(out).split("since ")[1] == (
        "entry 9 (as of 2025-03-31):\n"
        "  An Bình: from place 1 down to 2; loses flag\n"
        "  Bình Minh: from place 2 up to 1; receives flag\n"
        "  Châu Sơn: from place 2 down to 3\n"
    )


@pytest.mark.usefixtures("drive")
def test_a_tie_is_settled_by_a_recorded_decision(run: Run) -> None:
    """The board waits for the decision, and has it from the ledger."""
    taken_in(run)
    waiting = run("score", "c", "d.ledger")

    run(
        "record",
        "decision",
        "d.ledger",
        "c",
        "all",
        "c",
        "b",
        "--by",
        "Council",
        "--on",
        "2025-04-02",
        "--because",
        "lot",
    )
    settled = run("score", "c", "d.ledger")

    assert (waiting[0], "E171 unresolved tie in all: b, c" in waiting[2]) == (1, True)
    assert settled[0] == 0


@pytest.mark.usefixtures("drive")
def test_a_decision_on_what_there_is_not(run: Run) -> None:
    """A record that the rules do not know is refused before it is written."""
    taken_in(run)

    code, _, err = run(
        "record", "decision", "d.ledger", "c", "al", "c", "b", "--by", "Us", "--on", "2025-04-02", "--because", "lot"
    )

    assert code == 2
    assert "E135 unknown standing 'al'; did you mean all?" in err
    assert steady(run("verify", "d.ledger")[1]).startswith("8 entries")


@pytest.mark.usefixtures("drive")
def test_nothing_is_final_while_something_is_open(run: Run) -> None:
    """All that stands in the way is listed at once; nothing is written."""
    taken_in(run)
    run("seal", "d.ledger", "c")
    run("record", "dispute", "d.ledger", "c", "a", "done", "--by", "An Bình", "--because", "ten were lost")
    run("record", "verification", "d.ledger", "c", "b", "due", "--status", "refuted", "--by", "Inspectors")
    run(
        "record", "appeal", "d.ledger", "c", "A1", "c", "--against", "place 2", "--because", "why", "--on", "2025-04-03"
    )
    run(
        "record",
        "ruling",
        "d.ledger",
        "c",
        "flag",
        "a",
        "held",
        "--by",
        "Us",
        "--on",
        "2025-04-03",
        "--because",
        "doubt",
    )

    code, out, err = run("finalize", "d.ledger", "c", "--on", "2025-04-04")

    assert (code, out) == (1, "")
    assert re.findall(r"\bE\d{3}\b", err) == ["E171", "E652", "E653", "E654", "E655", "E656"]


@pytest.mark.usefixtures("drive")
def test_a_final_result(run: Run) -> None:
    """Once all is settled and the days for appeals are over, the result is final."""
    taken_in(run)
    run("seal", "d.ledger", "c")
    for words in (
        ("dispute", "d.ledger", "c", "a", "done", "--by", "An", "--because", "x"),
        ("settlement", "d.ledger", "c", "a", "done", "--by", "Us", "--because", "x", "--outcome", "upheld"),
        ("decision", "d.ledger", "c", "all", "c", "b", "--by", "Us", "--on", "2025-04-02", "--because", "lot"),
        ("appeal", "d.ledger", "c", "A1", "c", "--against", "x", "--because", "x", "--on", "2025-04-03"),
        ("answer", "d.ledger", "c", "A1", "dismissed", "--by", "Us", "--because", "x", "--on", "2025-04-04"),
    ):
        assert run("record", *words)[0] == 0

    code, out, err = run("finalize", "d.ledger", "c", "--on", "2999-01-01")

    assert (code, err) == (0, "")
    assert out.startswith("published as of 2025-03-31: result ")


@pytest.mark.usefixtures("drive")
def test_nothing_is_final_that_was_never_published(run: Run) -> None:
    """Where one can appeal, a provisional result comes first."""
    taken_in(run)

    _, _, err = run("finalize", "d.ledger", "c")

    assert "E655 nothing was published that could be appealed against" in err


@pytest.mark.usefixtures("drive")
def test_the_history_of_a_fact(run: Run) -> None:
    """All that was said of it, in its order, with who said it and why; in Vietnamese too."""
    taken_in(run)
    run("record", "withdrawal", "d.ledger", "c", "a", "done", "--reason", "not ours")

    _, out, _ = run("history", "d.ledger", "a", "done")
    _, vietnamese, _ = run("history", "d.ledger", "a", "done", "--lang", "vi")

    assert steady(out) == (
        "3 · MOMENT · Lan · a done (1 Mar 2025 to 31 Mar 2025) is 75 · march.csv:2\n"
        "9 · MOMENT · Lan · a done (1 Mar 2025 to 31 Mar 2025) is taken back · not ours\n"
    )
    assert "rút lại a done (01/03/2025 đến 31/03/2025)" in vietnamese


@pytest.mark.usefixtures("drive")
def test_the_whole_history(run: Run) -> None:
    """Every kind of entry is a line."""
    test_a_final_result(run)
    run(
        "record",
        "verification",
        "d.ledger",
        "c",
        "a",
        "done",
        "--status",
        "confirmed",
        "--by",
        "Us",
        "--document",
        "D1",
    )
    run("record", "amendment", "d.ledger", "c", "--reason", "again")

    _, out, _ = run("history", "d.ledger")

    lines = steady(out).splitlines()
    assert len(lines) == 17
    assert [line.split(" · ", 3)[3] for line in (lines[0], lines[1], *lines[8:])] == [
        "the rules of quarter are HASH, before – the rules of the first table",
        "march.csv (sha256 HASH): 6 rows read = 6 new + 0 corrected + 0 unchanged + 0 rejected",
        "published as of 31 Mar 2025: – (result HASH)",
        "a done (1 Mar 2025 to 31 Mar 2025) is disputed by An: x",
        "the dispute about a done (1 Mar 2025 to 31 Mar 2025) has ended: upheld, by Us x",
        "all: c, b, decided by Us lot",
        "appeal A1 of c against x: x",
        "A1: dismissed, by Us x",
        "published as of 31 Mar 2025: final (result HASH)",
        "a done (1 Mar 2025 to 31 Mar 2025): confirmed by Us D1",
        "the rules of quarter are HASH, before HASH again · again",
    ]


def test_which_report_is_meant(run: Run, drive: Path) -> None:
    """Where several or none fit, those known are named."""
    taken_in(run)
    april = table(BEFORE).replace("2025-03-01,2025-03-31", "2025-02-01,2025-02-28")
    (drive / "february.csv").write_text(april, encoding="utf-8")
    run("ingest", "d.ledger", "c", "february.csv")

    several = run("record", "withdrawal", "d.ledger", "c", "a", "done", "--reason", "x")
    none = run("record", "withdrawal", "d.ledger", "c", "a", "don", "--reason", "x")
    one = run("record", "withdrawal", "d.ledger", "c", "a", "done", "--reason", "x", "--day", "2025-02-28")

    assert several[2] == (
        "E615 2 reports fit done of a (--day, --stage, --source; known is done of a on 2025-02-01 to 2025-02-28;"
        " done of a on 2025-03-01 to 2025-03-31)\n"
    )
    assert none[2].startswith("E615 0 reports fit don of a")
    assert none[2].endswith("did you mean done?\n")
    assert one[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ruling", "d.ledger", "c", "flg", "a", "held"), "E135 unknown award 'flg'; did you mean flag?"),
        (("answer", "d.ledger", "c", "A2", "granted"), "E135 unknown appeal 'A2'"),
    ],
)
@pytest.mark.usefixtures("drive")
def test_records_name_what_there_is(run: Run, words: tuple[str, ...], told: str) -> None:
    """An award or an appeal that nobody knows is refused with the nearest."""
    taken_in(run)

    code, _, err = run("record", *words, "--by", "Us", "--on", "2025-04-02", "--because", "x")

    assert (code, told in err) == (2, True)


@pytest.mark.usefixtures("drive")
def test_a_ledger_travels(run: Run) -> None:
    """Exported and made again, or backed up, it has the same head, through which it is verified."""
    taken_in(run)
    _, exported, _ = run("export", "d.ledger", "d.jsonl")
    _, restored, _ = run("restore", "e.ledger", "d.jsonl")
    _, backed_up, _ = run("backup", "d.ledger", "f.ledger")
    head = exported.rpartition(" ")[2].strip()

    assert exported == restored == backed_up
    assert run("verify", "f.ledger", "--head", head)[0] == 0
    assert run("verify", "f.ledger", "--head", f"8:{'0' * 64}")[2].startswith("E611 ")


@pytest.mark.usefixtures("drive")
def test_the_board_of_a_moment_needs_a_ledger(run: Run) -> None:
    """Without one nothing is known of what was known when; a moment has an offset."""
    no_ledger = run("score", "c", "march.csv", "--known-at", "2025-08-06T10:00Z")
    no_offset = run("score", "c", "march.csv", "--known-at", "2025-08-06T10:00")

    assert (no_ledger[0], no_ledger[2][:5]) == (2, "E657 ")
    assert "no moment; write 2025-08-06T17:00+07:00" in no_offset[2]


def test_days_of_receipt_need_a_zone(run: Run, drive: Path) -> None:
    """A moment is a day only where the campaign says by which clock."""
    rules = text_of(**{**RULES, "time_zone": None})
    (drive / "c" / "campaign.yaml").write_text(rules, encoding="utf-8")
    taken_in(run)

    assert run("score", "c", "d.ledger")[2].startswith("time_zone E650 a ledger knows moments")


@pytest.mark.usefixtures("drive")
def test_why_somebody_stands_there_from_a_ledger(run: Run) -> None:
    """The reasons go down to the file that was taken in."""
    taken_in(run)

    _, out, _ = run("explain", "c", "An Bình", "d.ledger")

    assert "march.csv:2" in out


def test_rows_that_cannot_be_used_are_written_to_a_file(run: Run, drive: Path) -> None:
    """The file has just those rows, as they stood, each with where and why."""
    (drive / "half.csv").write_text(table(BEFORE) + "x,done,2025-03-01,2025-03-31,5\n", encoding="utf-8")

    run("ingest", "d.ledger", "c", "half.csv", "--rejects", "left.csv", "--dry-run")

    rows = (drive / "left.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2
    assert "x,done,2025-03-01,2025-03-31,5" in rows[1]
    assert "E318" in rows[1]


def test_rows_of_a_table_that_is_refused_are_written_too(run: Run, drive: Path) -> None:
    """A row that cannot even be read stops its table, and is in the file beside those that cannot be used."""
    wrong = "x,done,2025-03-01,2025-03-31,5\nc,done,2025-03-01,2025-03-31,many\n"
    (drive / "half.csv").write_text(table({"a": (75, 100)}) + wrong, encoding="utf-8")
    (drive / "titled.csv").write_text(f"March\n{table(BEFORE)}", encoding="utf-8")

    code, _, err = run("ingest", "d.ledger", "c", "half.csv", "--rejects", "left.csv")
    none = run("ingest", "d.ledger", "c", "titled.csv", "--rejects", "none.csv")

    assert (code, [line.split(" ")[1] for line in err.splitlines()]) == (2, ["rows", "was", "E318", "E317"])
    left = (drive / "left.csv").read_text(encoding="utf-8")
    assert (left[0], len(left.splitlines())) == ("\ufeff", 3)
    assert not (drive / "d.ledger").exists()
    assert (none[0], (drive / "none.csv").exists()) == (2, False)


def test_several_tables_are_scored_together(run: Run, drive: Path) -> None:
    """One board of all the tables that are named."""
    (drive / "a.csv").write_text(table({"a": (75, 100)}), encoding="utf-8")
    (drive / "b.csv").write_text(table({"b": (60, 100)}), encoding="utf-8")

    _, out, _ = run("score", "c", "a.csv", "b.csv")

    assert "4 rows read = 4 new" in out


def test_a_figure_is_held_against_those_known_before(run: Run, drive: Path) -> None:
    """A jump shows against an earlier table; what is refused stops the table, what is told does not."""
    before = table({"a": (75, 100)}).replace("2025-03-01,2025-03-31", "2025-02-01,2025-02-28")
    (drive / "february.csv").write_text(before, encoding="utf-8")
    for then, code in (("told", 0), ("refused", 1)):
        checks = f"[{{jump: {{fact: due, more_than: 50%}}, then: {then}}}]"
        (drive / "c" / "campaign.yaml").write_text(text_of(**RULES, plausibility=checks), encoding="utf-8")
        (drive / "march.csv").write_text(table({"a": (75, 1000)}), encoding="utf-8")
        run("ingest", f"{then}.ledger", "c", "february.csv")

        found = run("ingest", f"{then}.ledger", "c", "march.csv")

        assert (found[0], "march.csv:3:1 E341 due of a jumps from 100 to 1000" in found[2]) == (code, True)


@pytest.mark.usefixtures("drive")
def test_a_result_is_not_published_over_what_came_in_between(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes while the result is made: nothing is published, and what to do is told."""
    taken_in(run)

    def moved(*_: object, **__: object) -> None:
        raise Moved

    monkeypatch.setattr(publishing, "record", moved)
    code, out, err = run("seal", "d.ledger", "c")

    assert (code, out) == (2, "")
    assert re.search(r"E622 d\.ledger moved on while the result was made.*run it again; nothing was published", err)


@pytest.mark.usefixtures("drive")
def test_a_scenario_never_writes_a_ledger(run: Run) -> None:
    """W4: what if, the way up and firmness are asked of a ledger, and not a byte of it is another."""
    taken_in(run)
    before = Path("d.ledger").read_bytes()

    asked = [
        run("whatif", "c", "d.ledger", "--more", "observations.a.done=1"),
        run("wayup", "c", "b", "--data", "d.ledger", "--to", "rank:1"),
        run("firmness", "c", "d.ledger", "--missing"),
        run("diff", "c", "--data", "d.ledger", "--as-of", "2025-03-31", "--until", "2025-04-02"),
    ]

    assert all("d.ledger" not in err for _, _, err in asked)
    assert Path("d.ledger").read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ("decision", "d.ledger", "c", "all", "c", "b", "--by", "Us", "--on", "2025-04-02", "--because", "lot"),
        ("ruling", "d.ledger", "c", "flag", "a", "held", "--by", "Us", "--on", "2025-04-02", "--because", "x"),
        ("dispute", "d.ledger", "c", "a", "done", "--by", "An", "--because", "x"),
        ("verification", "d.ledger", "c", "a", "done", "--status", "confirmed", "--by", "Us"),
        ("withdrawal", "d.ledger", "c", "a", "done", "--reason", "x"),
        ("appeal", "d.ledger", "c", "A1", "c", "--against", "x", "--because", "x", "--on", "2025-04-03"),
    ],
    ids=lambda words: words[0],
)
def test_nothing_is_recorded_under_other_rules(run: Run, drive: Path, words: tuple[str, ...]) -> None:
    """Whatever people record is refused where the rules are not those in force."""
    taken_in(run)
    changed = text_of(**RULES, rounding="{total: 2, mode: half_up, decide_on: rounded}")
    (drive / "c" / "campaign.yaml").write_text(changed, encoding="utf-8")

    code, _, err = run("record", *words)

    assert (code, err[:5]) == (2, "E651 ")
    assert run("verify", "d.ledger")[1].startswith("8 entries")
