"""Stores: what a ledger promises, shown on every kind of store it can be kept in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from attrs import evolve

from emulation.ledger import intake
from emulation.ledger.chain import Line
from emulation.ledger.copies import backup, export, import_ledger
from emulation.ledger.entries import (
    EMPTY,
    Amended,
    Appealed,
    Content,
    Decided,
    Disputed,
    Head,
    Ingested,
    Reported,
    Ruled,
    Sealed,
    Settled,
    Verified,
    Withdrawn,
)
from emulation.ledger.intake import record, take_in
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import Moved, Store, read, verify
from emulation.ledger.view import view_of
from emulation.names import ParticipantId, StandingId
from emulation.observations import Observations, Tally
from emulation.problems import Refused
from emulation.standings import Decision

from drive import START, ingest, told
from keepings import Keeping

KEY = Reported(told("a", 1)).key
EVERY_KIND: tuple[Content, ...] = (
    Reported(told("a", 1), given="1,0", apart=True),
    Withdrawn(KEY),
    Disputed(KEY, "b", 'quá cao \u2028 \x00 \\ "'),
    Settled(KEY, "upheld", "chair"),
    Verified(KEY, "confirmed", "Hà", "decision 12"),
    Decided(Decision(StandingId("all"), (ParticipantId("a"), ParticipantId("b")), "chair", date(2025, 8, 1)), "lot"),
    Appealed("appeal-1", ParticipantId("a"), "points.online", "not counted", date(2025, 8, 1)),
    Ruled("appeal-1", "granted", "chair", date(2025, 8, 2), ParticipantId("a"), "late post"),
    Amended("drive", "f00d", "beef", "a holiday"),
    Sealed(date(2025, 8, 1), START, "h", "f", "d", "o", 3, "August"),
    Ingested("july.csv", "00", Tally(3, 1, 0, 1, 1), (("files", "17/20"),), "f00d"),
)  # fmt: skip


def test_every_kind_of_entry_comes_back(keeping: Keeping) -> None:
    """What was appended is read back equal, to the last character."""
    with keeping.open() as ledger:
        head = ledger.append(EVERY_KIND, author="Nguyễn Thị Lan", reason="thử").head

        entries = list(read(ledger))

    assert tuple(entry.content for entry in entries) == EVERY_KIND
    assert {(entry.author, entry.reason, entry.batch) for entry in entries} == {("Nguyễn Thị Lan", "thử", 1)}
    assert (entries[-1].seq, entries[-1].known_at, entries[-1].hash) == (11, START, head.hash)


def test_a_new_ledger_is_empty(keeping: Keeping) -> None:
    """A ledger begins with nothing, and that verifies."""
    with keeping.open() as ledger:
        assert (ledger.head(), list(read(ledger)), verify(ledger)) == (EMPTY, [], EMPTY)


def test_a_ledger_is_found_again(keeping: Keeping) -> None:
    """What was written is there when the ledger is opened again, with or without leave to make it."""
    with keeping.open() as ledger:
        ingest(ledger, told("a", 1))
        head = ledger.head()

    for create in (True, False):
        with keeping.open(create=create) as again:
            assert again.head() == head == verify(again, head)


def test_time_never_goes_back(keeping: Keeping) -> None:
    """L2: where the clock is put back, the ledger goes on by the least step, and says so."""
    clock = iter([START, START, START - timedelta(days=400)])
    with keeping.open(clock=lambda: next(clock)) as ledger:
        done = [ledger.append([Withdrawn(KEY)], author="Lan") for _ in range(3)]

    least = timedelta(microseconds=1)
    assert [one.head.known_at for one in done] == [START, START + least, START + 2 * least]
    behind = "W624 the clock says {}, which is not after the last entry (the batch is dated {})"
    assert [[str(warning) for warning in one.warnings] for one in done] == [
        [],
        [behind.format("2025-08-01T00:00:00.000000Z", "2025-08-01T00:00:00.000001Z")],
        [behind.format("2024-06-27T00:00:00.000000Z", "2025-08-01T00:00:00.000002Z")],
    ]


def test_backdate(keeping: Keeping) -> None:
    """A file that changes nothing moves time on, so that nothing later can be dated into a view already shown."""
    clock = iter([START, START + timedelta(days=9), START + timedelta(days=1)])
    with keeping.open(clock=lambda: next(clock)) as ledger:
        ingest(ledger, told("a", 1))
        shown = ingest(ledger, told("a", 1)).known_at
        late = ingest(ledger, told("b", 1))

        assert [one.participant for one in view_of(read(ledger), shown).observations()] == ["a"]
        assert late.known_at is not None
        assert shown is not None
        assert late.known_at > shown


@pytest.mark.parametrize("row", [0, 1, 5])
def test_a_batch_is_whole_or_not_there(keeping: Keeping, row: int) -> None:
    """L8: where writing breaks off at any row, nothing of the batch is there, and the next goes on from before."""

    def broken() -> Iterator[Content]:
        for number in range(row):
            yield Reported(told(f"p{number}", 1))
        raise RuntimeError("power")

    with keeping.open() as ledger:
        before = ingest(ledger, told("a", 1)).head
        with pytest.raises(RuntimeError, match="power"):
            ledger.append(broken(), author="Lan")

        assert ledger.head() == before == verify(ledger)
        assert ledger.append([Withdrawn(KEY)], author="Lan").head.seq == before.seq + 1


def test_a_batch_says_something(keeping: Keeping) -> None:
    """A batch without entries would not be a record."""
    with keeping.open() as ledger, pytest.raises(AssertionError, match="a batch says something"):
        ledger.append([], author="Lan")


def test_the_same_file_again(keeping: Keeping) -> None:
    """L9: a file taken in again has no new entries but the one that says so."""
    with keeping.open() as ledger:
        first, again = (ingest(ledger, told("a", 1), told("b", 2)) for _ in range(2))

        assert (first.tally, again.tally) == (Tally(2, 2), Tally(2, 0, 0, 2))
        assert again.head.seq == first.head.seq + 1
        assert len(view_of(read(ledger)).facts) == 2


def test_a_moved_ledger_is_thought_over(keeping: Keeping) -> None:
    """What was prepared on an older head is not appended; taking a file in prepares it anew."""
    with keeping.open() as ledger, keeping.open() as other:
        head = ledger.head()
        ingest(other, told("a", 1))

        with pytest.raises(Moved):
            ledger.append([Withdrawn(KEY)], author="Lan", after=head)
        with pytest.raises(Moved):
            record(ledger, [Disputed(KEY, "b", "no")], author="Lan", after=head)
        assert ingest(ledger, told("a", 1)).tally == Tally(1, 0, 0, 1)


class Restless:
    """A ledger to which somebody else appends whenever it has been read."""

    def __init__(self, ledger: Store, times: int) -> None:
        self.ledger, self.times = ledger, times
        self.address, self.head, self.lines = ledger.address, ledger.head, ledger.lines

    def append(self, *args: object, **named: object) -> object:
        """Append after somebody else has."""
        self.times -= 1
        if self.times >= 0:
            self.ledger.append([Ingested("b.csv", "00", Tally())], author="Minh")
        return self.ledger.append(*args, **named)  # type: ignore[arg-type]


def test_an_intake_that_is_overtaken_tries_again(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where others write in between, it is prepared again; where they never stop, it gives up (E622)."""
    monkeypatch.setattr(intake, "_TRIES", 5)
    with keeping.open() as ledger:
        assert ingest(Restless(ledger, 3), told("a", 1)).head.seq == 5  # type: ignore[arg-type]
        assert record(Restless(ledger, 2), [Withdrawn(KEY)], author="Lan", reason="x").head.seq == 8  # type: ignore[arg-type]
        for work in (
            lambda: ingest(Restless(ledger, 1000), told("b", 1)),  # type: ignore[arg-type]
            lambda: record(Restless(ledger, 1000), [Amended("drive", "f")], author="Lan"),  # type: ignore[arg-type]
        ):
            with pytest.raises(Refused, match=r"E622 .* moved on 5 times while this was prepared"):
                work()


def test_a_dry_run_writes_nothing(keeping: Keeping) -> None:
    """A dry run gives the receipt and leaves the head as it is."""
    with keeping.open() as ledger:
        head = ledger.head()
        dry = take_in(ledger, Observations((told("a", 1),)), file="f", sha256="0", author="Lan", dry_run=True)

        assert (dry.tally, dry.sums, dry.known_at, dry.head, ledger.head()) == (
            Tally(1, 1), (("files", "1"),), None, head, head,
        )  # fmt: skip


def test_writers_at_once(keeping: Keeping) -> None:
    """L16: writers who come at once are put in a row: none is lost, no number is left out, there is one head."""
    keeping.open(clock=lambda: datetime.now(UTC)).close()
    barrier = Barrier(4)

    def write(name: str) -> None:
        with keeping.open(clock=lambda: datetime.now(UTC)) as ledger:
            barrier.wait()
            for number in range(10):
                ledger.append([Reported(told(name, number))] * 2, author=name)

    writers = [Thread(target=write, args=(f"w{number}",)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with keeping.open() as ledger:
        entries = list(read(ledger))
        assert verify(ledger).seq == 80
        assert [entry.batch for entry in entries] == [number // 2 + 1 for number in range(80)]
        for name in ("w0", "w1", "w2", "w3"):
            mine = [entry.content.observation.value for entry in entries if entry.author == name]  # type: ignore[union-attr]
            assert mine == [number // 2 for number in range(20)]


class Busy:
    """A ledger to which somebody appends after its head was read, and before its lines are."""

    def __init__(self, ledger: Store, entries: int) -> None:
        self.ledger, self.entries, self.head = ledger, entries, ledger.head

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Append, and give the lines."""
        self.ledger.append([Withdrawn(KEY)] * self.entries, author="Minh")
        return self.ledger.lines(after)


@pytest.mark.parametrize("more", [1, 2])
def test_a_reader_sees_the_ledger_as_it_was_when_it_began(keeping: Keeping, more: int) -> None:
    """What is appended meanwhile is not read, and is not taken for something that was put there."""
    with keeping.open() as ledger:
        seen = [entry.seq for entry in read(Busy(ledger, more))]  # type: ignore[arg-type]
        ingest(ledger, told("a", 1))
        again = [entry.seq for entry in read(Busy(ledger, more))]  # type: ignore[arg-type]

    assert (seen, again) == ([], [*range(1, more + 3)])


def test_a_batch_belongs_to_its_moment(keeping: Keeping) -> None:
    """What is known at the moment of a batch includes the batch; a millionth of a second before, it does not."""
    with keeping.open() as ledger:
        moment = ingest(ledger, told("a", 1)).known_at
        assert moment is not None

        assert len(list(read(ledger, moment))) == 2
        assert list(read(ledger, moment - timedelta(microseconds=1))) == []


def test_a_reader_does_not_lock_writers_out_for_ever(keeping: Keeping) -> None:
    """A reader who stops half-way lets go, and a writer goes on."""
    with keeping.open() as ledger:
        ingest(ledger, *(told(f"p{number}", 1) for number in range(50)))
        half_way = read(ledger)
        next(half_way)
        del half_way

        assert ingest(ledger, told("z", 1)).head.seq == 53


def test_an_export_comes_back_with_the_same_head(keeping: Keeping, tmp_path: Path) -> None:
    """L15: lines of JSON taken over into a new ledger give the same entries, moments and head."""
    with keeping.open() as ledger, SQLiteLedger(tmp_path / "copy.ledger", create=True) as copy:
        ingest(ledger, told("a", 1))
        ledger.append(EVERY_KIND, author="Lan", reason="thử")
        exported = export(ledger, tmp_path / "drive.jsonl")
        imported = import_ledger(tmp_path / "drive.jsonl", copy)

        assert exported == imported == ledger.head() == copy.head() == verify(copy, ledger.head())
        assert list(read(copy)) == list(read(ledger))


def test_a_server_takes_an_export_over(keeping: Keeping, tmp_path: Path) -> None:
    """L15 the other way: any store takes over what a file exports, and goes on from it."""
    with SQLiteLedger(tmp_path / "first.ledger", create=True) as first, keeping.open() as ledger:
        ingest(first, told("a", 1))
        export(first, tmp_path / "drive.jsonl")
        import_ledger(tmp_path / "drive.jsonl", ledger)

        assert ledger.head() == first.head()
        assert ingest(ledger, told("b", 1)).head.seq == 4
        with pytest.raises(Refused, match=r"E630 the ledger .* has entries already"):
            import_ledger(tmp_path / "drive.jsonl", ledger)


def test_an_empty_ledger_is_exported_and_taken_over(keeping: Keeping, tmp_path: Path) -> None:
    """Nothing comes over as nothing."""
    with keeping.open() as ledger, SQLiteLedger(tmp_path / "copy.ledger", create=True) as copy:
        assert export(ledger, tmp_path / "none.jsonl") == EMPTY
        assert import_ledger(tmp_path / "none.jsonl", copy) == EMPTY == copy.head()


def test_a_backup_while_writing_is_a_prefix(keeping: Keeping, tmp_path: Path) -> None:
    """L17: a copy made between two batches is the ledger as it was then, and the ledger goes on from it."""
    with keeping.open() as ledger:
        ingest(ledger, told("a", 1))
        head = backup(ledger, tmp_path / "copy.ledger")
        ingest(ledger, told("b", 1))

        with SQLiteLedger(tmp_path / "copy.ledger") as copy:
            assert verify(copy, head) == head
            assert list(read(ledger))[: head.seq] == list(read(copy))
        assert verify(ledger, head).seq == 4


def test_a_backup_of_damage_is_no_backup(keeping: Keeping, tmp_path: Path) -> None:
    """A ledger that does not verify is not copied, and no half copy stays behind."""
    with keeping.open() as ledger:
        ingest(ledger, told("a", 1))
    keeping.tamper("UPDATE entry SET hash = 'f00d' WHERE seq = 2")

    with keeping.open() as ledger, pytest.raises(Refused, match="E610 entry 2"):
        backup(ledger, tmp_path / "copy.ledger")
    assert not (tmp_path / "copy.ledger").exists()


def test_an_export_needs_no_folder_to_be_flushed_on_windows(
    keeping: Keeping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a folder cannot be opened, its names are the system's business."""
    monkeypatch.delattr(os, "O_DIRECTORY")
    with keeping.open() as ledger:
        assert export(ledger, tmp_path / "drive.jsonl") == EMPTY


DEEDS = {
    "silent-swap": 'UPDATE entry SET text = replace(text, \'"value":"10"\', \'"value":"90"\') WHERE seq = 2',
    "another-hash": "UPDATE entry SET hash = 'f00d' WHERE seq = 2",
    "left-out": "DELETE FROM entry WHERE seq = 2",
    "cut-off": "DELETE FROM entry WHERE seq = 3",
    "renumbered": "UPDATE entry SET seq = 9 WHERE seq = 3",
    "put-in": "INSERT INTO entry SELECT seq + 1, text, hash FROM entry WHERE seq = 3",
    "head-moved": "UPDATE head SET hash = 'f00d'",
    "head-backdated": "UPDATE head SET known_at = '2025-07-01T00:00:00.000000Z'",
    "head-of-another-batch": "UPDATE head SET batch = 7",
    "head-put-back": "UPDATE head SET seq = 2, hash = (SELECT hash FROM entry WHERE seq = 2)",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_whoever_changes_a_ledger_is_found(keeping: Keeping, deed: str) -> None:
    """Every change behind the ledger's back is found by verifying, and by whoever reads."""
    with keeping.open() as ledger:
        ingest(ledger, told("a", 10), told("b", 20))
    keeping.tamper(DEEDS[deed])

    with keeping.open() as ledger:
        with pytest.raises(Refused, match="E610 entry"):
            verify(ledger)
        with pytest.raises(Refused, match="E610 entry"):
            view_of(read(ledger))
        with pytest.raises(Refused, match="E610 entry"):
            export(ledger, Path("never.jsonl"))
    assert not Path("never.jsonl").exists()


def test_rollback(keeping: Keeping) -> None:
    """L14: an older state in the ledger's place verifies by itself, and not against the head that was kept."""
    with keeping.open() as ledger:
        older = ingest(ledger, told("a", 10)).head
        kept = ingest(ledger, told("b", 20)).head
        assert verify(ledger, older) == verify(ledger, kept) == verify(ledger, evolve(kept, known_at=None)) == kept
    keeping.tamper(
        "DELETE FROM entry WHERE seq > 2; UPDATE head SET seq = 2, batch = 1,"
        " known_at = '2025-08-01T00:00:00.000000Z', hash = (SELECT hash FROM entry WHERE seq = 2)"
    )

    with keeping.open() as ledger:
        assert verify(ledger) == older
        with pytest.raises(Refused, match="E611 the ledger does not go on from the head that was kept"):
            verify(ledger, kept)
        ingest(ledger, told("b", 21), told("c", 1))
        with pytest.raises(Refused, match="E611"):
            verify(ledger, kept)
        assert verify(ledger, EMPTY).seq == 5
        with pytest.raises(Refused, match="E611"):
            verify(ledger, Head(hash="f" * 64))


def test_a_newer_layout_is_refused(keeping: Keeping) -> None:
    """L18: a ledger of a later version is not touched by an older program."""
    keeping.open().close()
    if hasattr(keeping, "path"):
        keeping.tamper("PRAGMA user_version = 2")
    else:
        keeping.tamper("UPDATE head SET version = 2")

    with pytest.raises(Refused, match=r"E602 .* is a ledger of version 2, and this program knows version 1"):
        keeping.open()
