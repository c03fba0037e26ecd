"""Bad ledgers: what is wrong with each is told in the words kept under tests/bad/ledger, and its head stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from emulation.ledger.chain import hash_of
from emulation.ledger.copies import backup, export, import_ledger
from emulation.ledger.entries import EMPTY, Amended, Disputed, Head, Reported, Sealed, Settled, Withdrawn
from emulation.ledger.intake import record, take_in
from emulation.ledger.opening import open_ledger
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import head_in, verify
from emulation.observations import Observations, Tally
from emulation.problems import Refused

from drive import JULY, ingest, small, told
from keepings import FileKeeping

BAD = Path(__file__).parents[1] / "bad" / "ledger"
LEDGER = Path("drive.ledger")


def damaged(by: str, kept: str | None = None) -> Callable[[SQLiteLedger], object]:
    """Give a deed: somebody with rights to the file takes the triggers away, changes it, puts them back."""

    def deed(ledger: SQLiteLedger) -> object:
        FileKeeping(LEDGER).tamper(by)
        return verify(ledger, head_in(kept) if kept else None)

    return deed


def tamper(statements: str) -> None:
    """Run statements on the ledger's file from outside."""
    with closing(sqlite3.connect(LEDGER, isolation_level=None)) as outside:
        outside.executescript(statements)


def reopened(statements: str) -> Callable[[SQLiteLedger], object]:
    """Give a deed: the file is changed from outside and opened again."""

    def deed(_: SQLiteLedger) -> object:
        tamper(statements)
        return open_ledger(str(LEDGER))

    return deed


def no_ledger(_: SQLiteLedger) -> object:
    """Open a text as if it were a ledger."""
    Path("notes.txt").write_text("these are notes, and a good many of them\n" * 30, encoding="utf-8")
    return open_ledger("notes.txt")


def imported(change: Callable[[bytes], bytes]) -> Callable[[SQLiteLedger], object]:
    """Give a deed: an export is changed and taken over into a new ledger, which stays empty."""

    def deed(ledger: SQLiteLedger) -> object:
        export(ledger, "drive.jsonl")
        changed = Path("changed.jsonl")
        changed.write_bytes(change(Path("drive.jsonl").read_bytes()))
        with SQLiteLedger("copy.ledger", create=True) as copy:
            try:
                return import_ledger(changed, copy)
            finally:
                assert copy.head() == EMPTY

    return deed


def rehashed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Give a change by somebody who knows how hashes are made: every line fits the one before."""

    def change(exported: bytes) -> bytes:
        digest, lines = EMPTY.hash, []
        for line in exported.replace(old, new).splitlines():
            text = line[len(b'{"entry":') : -len(digest) - len(b',"hash":""}')]
            digest = hash_of(digest, text)
            lines.append(b'{"entry":%b,"hash":"%b"}\n' % (text, digest.encode()))
        return b"".join(lines)

    return change


KEY = Reported(told("a", 10)).key
NOBODY = Reported(told("z", 10)).key
SEAL = Sealed(JULY.last, Head().known_at, "", "", "", "", supersedes=2)  # type: ignore[arg-type]

DEEDS: dict[str, Callable[[SQLiteLedger], object]] = {
    "E139-no-ledger": lambda _: open_ledger("nowhere.ledger"),
    "E320-unlike": lambda ledger: ingest(ledger, told("d", 1), told("d", 2, line=9)),
    "E332-half-a-character": lambda ledger: ingest(ledger, told("d\ud800", 1)),
    "E601-notes": no_ledger,
    "E601-other-database": reopened("PRAGMA application_id = 7"),
    "E602-newer": reopened("PRAGMA user_version = 9"),
    "E600-no-file": lambda ledger: import_ledger("nowhere.jsonl", ledger),
    "E600-no-folder": lambda ledger: export(ledger, "nowhere/drive.jsonl"),
    "E602-unknown-kind": imported(rehashed(b'{"ingested"', b'{"swallowed"')),
    "E602-no-state": imported(rehashed(b'"participant":"a"', b'"participant":"a","state":"fine"')),
    "E602-no-tally": imported(rehashed(b'"new":2', b'"new":"2"')),
    "E602-fraction-of-a-line": imported(rehashed(b'"line":3', b'"line":3.5')),
    "E602-nested": imported(rehashed(b'"july.csv","sha256"', b"[" * 100_000 + b"]" * 100_000 + b',"sha256"')),
    "E604-no-export": imported(lambda exported: exported.replace(b'"hash"', b'"head"', 1)),
    "E604-cut-off": imported(lambda exported: exported[:-20]),
    "E604-long-line": imported(lambda exported: exported.replace(b"Lan", b"Lan" * 400_000)),
    "E610-imported": imported(lambda exported: exported.replace(b'"value":"10"', b'"value":"90"')),
    "E610-imported-left-out": imported(lambda exported: b"".join(exported.splitlines(keepends=True)[1:])),
    "E610-imported-batch": imported(rehashed(b'"batch":2', b'"batch":3')),
    "E610-imported-number": imported(rehashed(b'"seq":4', b'"seq":7')),
    "E610-imported-backdated": imported(rehashed(b'"known_at":"2025-08-02', b'"known_at":"2025-07-02')),
    "E610-imported-not-canonical": imported(rehashed(b'"seq":5', b'"seq": 5')),
    "E610-imported-said-twice": imported(rehashed(b'"value":"10"', b'"value":"9","value":"10"')),
    "E603-head": lambda ledger: verify(ledger, head_in("5:abc")),
    "E610-silent-swap": damaged("UPDATE entry SET text = replace(text, '\"value\":\"10\"', '\"value\":\"90\"')"),
    "E610-order-swapped": damaged(
        "UPDATE entry SET seq = -2 WHERE seq = 2; UPDATE entry SET seq = 2 WHERE seq = 3;"
        "UPDATE entry SET seq = 3 WHERE seq = -2"
    ),
    "E610-left-out": damaged("DELETE FROM entry WHERE seq = 3"),
    "E610-cut-off": damaged("DELETE FROM entry WHERE seq = 5"),
    "E610-put-in": damaged("INSERT INTO entry SELECT 6, text, hash FROM entry WHERE seq = 5"),
    "E610-head-moved": damaged("UPDATE head SET hash = 'f00d'"),
    "E611-rollback": damaged(
        "DELETE FROM entry WHERE seq > 3; UPDATE head SET seq = 3, batch = 1, known_at = "
        "'2025-08-01T00:00:00.000000Z', hash = (SELECT hash FROM entry WHERE seq = 3)",
        kept="5:" + "a" * 64,
    ),
    "E611-rewritten": lambda ledger: verify(ledger, head_in("4:" + "a" * 64)),
    "E612-no-trigger": reopened("DROP TRIGGER entry_stays"),
    "E612-trigger-gone-while-open": lambda ledger: [tamper("DROP TRIGGER head_is_kept"), verify(ledger)],
    "E613-correction": lambda ledger: ingest(ledger, told("a", 11)),
    "E613-withdrawal": lambda ledger: record(ledger, [Withdrawn(KEY)], author="Lan"),
    "E613-blank": lambda ledger: ingest(ledger, told("a", 11), reason=" "),
    "E614-nobody": lambda ledger: record(ledger, [Disputed(KEY, "b", "too high")], author=""),
    "E615-unknown": lambda ledger: record(ledger, [Disputed(NOBODY, "b", "too high")], author="Lan"),
    "E616-no-dispute": lambda ledger: record(ledger, [Settled(KEY, "upheld", "chair")], author="Lan"),
    "E617-other-rules": lambda ledger: record(ledger, [Amended("drive", "b", "a")], author="Lan"),
    "E618-rows": lambda ledger: take_in(
        ledger, Observations((told("d", 1),), (), Tally(3, 1)), file="july.csv", sha256="00", author="Lan"
    ),
    "E619-no-seal": lambda ledger: record(ledger, [SEAL], author="Lan"),
    "E630-there-already": lambda ledger: backup(ledger, LEDGER),
    "E630-export": lambda ledger: [export(ledger, "drive.jsonl"), export(ledger, "drive.jsonl")],
    "E630-not-empty": lambda ledger: ledger.adopt(ledger.lines()),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEDS)
def test_a_bad_ledger(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole report is the one expected, it names the case's code, and nothing was written."""
    monkeypatch.chdir(tmp_path)
    with small(LEDGER) as ledger:
        with pytest.raises(Refused) as refused:
            DEEDS[name](ledger)

        assert f"{refused.value}\n" == (BAD / name / "expected.txt").read_text(encoding="utf-8")
        assert name[:4] in str(refused.value)
        if not name.startswith(("E610", "E611")):
            assert ledger.head().seq == 5


def test_every_case_has_a_deed() -> None:
    """The folders of the corpus and the deeds are the same."""
    assert {folder.name for folder in BAD.iterdir()} == set(DEEDS)
