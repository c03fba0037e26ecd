"""Administrators: somebody with all rights writes the whole ledger anew; only a head that others kept tells."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve

from emulation.ledger.chain import Line, hash_of, head_of
from emulation.ledger.entries import EMPTY
from emulation.ledger.intake import caught_up
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import read, verify
from emulation.problems import Refused

from drive import ingest, small, told
from keepings import FileKeeping

CHANGE = "UPDATE entry SET text = '{}', hash = '{}' WHERE seq = {}"


def rewrite(path: Path, old: str, new: str, *, moved: bool = True) -> None:
    """Change what stands in a ledger, and make every hash, and the head, fit."""
    with closing(sqlite3.connect(path)) as outside:
        texts = [text.replace(old, new) for (text,) in outside.execute("SELECT text FROM entry ORDER BY seq")]
    digest, changes = EMPTY.hash, []
    for seq, text in enumerate(texts, start=1):
        digest = hash_of(digest, text.encode())
        changes.append(CHANGE.format(text, digest, seq))
    if moved:
        moment = head_of(Line(5, texts[-1].encode(), digest)).known_at
        changes.append(f"UPDATE head SET known_at = '{moment:%Y-%m-%dT%H:%M:%S.%fZ}'")  # noqa: S608
    FileKeeping(path).tamper(";".join([*changes, f"UPDATE head SET hash = '{digest}'"]))  # noqa: S608


def test_a_rewritten_ledger_is_told_by_a_kept_head_alone(tmp_path: Path) -> None:
    """L14 and its limit: by itself a ledger written anew verifies; against the head in the minutes it does not."""
    path = tmp_path / "drive.ledger"
    with small(path) as ledger:
        kept = ledger.head()
    rewrite(path, '"value":"10"', '"value":"90"')

    with SQLiteLedger(path) as ledger:
        assert verify(ledger).seq == kept.seq
        assert [one.value for one in caught_up(ledger).observations()] == [90, 20, 30]
        with pytest.raises(Refused, match="E611"):
            verify(ledger, kept)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2025-08-02", "2025-07-02", "E610 entry 4 is dated before the one before it"),
        ('"seq":3', '"seq":7', "E610 entry 3 holds another number than its own"),
    ],
)
def test_what_a_ledger_cannot_say_is_told_without_a_head(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Entries that are dated backwards or hold another number are found, though every hash fits."""
    path = tmp_path / "drive.ledger"
    small(path).close()
    rewrite(path, old, new)

    with SQLiteLedger(path) as ledger:
        with pytest.raises(Refused, match=said):
            verify(ledger)
        with pytest.raises(Refused, match=r"E610 entry \d does not follow the one before it"):
            list(read(ledger))


def test_an_entry_of_a_later_version_is_told(tmp_path: Path) -> None:
    """An entry that this program does not know is refused, not passed over: at the end and before."""
    path = tmp_path / "drive.ledger"
    with small(path) as ledger:
        head = ingest(ledger, told("a", 10)).head
    assert head.seq == 6
    rewrite(path, '"ingested"', '"swallowed"', moved=False)

    with SQLiteLedger(path) as ledger:
        with pytest.raises(Refused, match="E602 entry 1 says what this program does not know"):
            list(read(ledger))
        with pytest.raises(Refused, match="E602 entry 6 says what this program does not know"):
            verify(ledger)


def test_a_view_of_another_ledger_is_no_start(tmp_path: Path) -> None:
    """A view from before goes on only in the ledger it was of."""
    with small(tmp_path / "drive.ledger") as ledger:
        view = caught_up(ledger)
        assert caught_up(ledger, view) == view
        other = evolve(view, head=evolve(view.head, hash="f" * 64))
        with pytest.raises(Refused, match="E610 entry 5 is not the one that the ledger's head names"):
            caught_up(ledger, other)
        ingest(ledger, told("z", 1))
        assert caught_up(ledger, view) == caught_up(ledger)
        with pytest.raises(Refused, match="E610 entry 6 was altered"):
            caught_up(ledger, other)
