"""Opening: what is no ledger, not safe, or not there is refused when it is opened, and in our own words."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from emulation import surroundings
from emulation.addresses import is_ledger
from emulation.ledger import postgres, sqlite
from emulation.ledger.opening import open_ledger
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import head_in, read, verify
from emulation.problems import Problem, Refused

from drive import ingest, small, told
from keepings import Keeping, ServerKeeping
from server import Server


def refusal(work: object) -> str:
    """Give the words of a refusal."""
    with pytest.raises(Refused) as refused:
        work()  # type: ignore[operator]
    return str(refused.value)


# --- files


def test_an_sqlite_too_old_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An SQLite without STRICT tables keeps no ledger."""
    monkeypatch.setattr(sqlite, "OLDEST", (99, 1, 0))

    assert (
        refusal(lambda: SQLiteLedger(tmp_path / "drive.ledger", create=True))
        == f"E640 SQLite {sqlite3.sqlite_version} is too old to keep a ledger (SQLite 99.1.0 or newer)"
    )
    assert not (tmp_path / "drive.ledger").exists()


def test_a_setting_that_does_not_take_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An SQLite that keeps another setting than asked for is not trusted."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sqlite._SETTINGS, "synchronous", ("FULL", 3))  # noqa: SLF001

    assert refusal(lambda: SQLiteLedger("drive.ledger", create=True)) == (
        "E643 SQLite keeps synchronous at 2 for drive.ledger (synchronous = FULL, without which entries can be lost)"
    )


def test_settings_hold_on_every_ledger(tmp_path: Path) -> None:
    """The settings that keep entries are in force, not only asked for."""
    with small(tmp_path / "drive.ledger") as ledger:
        found = {
            setting: ledger._connection.execute(f"PRAGMA {setting}").fetchone()[0]  # noqa: SLF001
            for setting in ("journal_mode", "synchronous", "trusted_schema", "cell_size_check", "foreign_keys")
        }

    assert found == {
        "journal_mode": "delete", "synchronous": 3, "trusted_schema": 0, "cell_size_check": 1, "foreign_keys": 1
    }  # fmt: skip


@pytest.mark.parametrize("name", ["a?mode=memory.ledger", "100%23 #1.ledger", "đợt 1 & 'two'.ledger"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    """A name is a name, whatever it would mean in an address."""
    small(tmp_path / name).close()

    assert [path.name for path in tmp_path.iterdir()] == [name]
    with open_ledger(tmp_path / name) as ledger:
        assert ledger.head().seq == 5


def test_a_database_of_others_is_not_touched(tmp_path: Path) -> None:
    """Leave to make a ledger is no leave to make one of a database that holds something else."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bees (name TEXT)")
    before = path.read_bytes()

    assert "E601" in refusal(lambda: SQLiteLedger(path, create=True))
    assert path.read_bytes() == before


def test_a_locked_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer who does not finish is waited for, and then told of, with the process where that is known."""
    monkeypatch.chdir(tmp_path)
    with small(Path("drive.ledger")) as ledger, SQLiteLedger("drive.ledger", wait=0) as other:
        head = ledger.head()
        ledger._connection.execute("BEGIN IMMEDIATE")  # noqa: SLF001

        assert refusal(lambda: ingest(other, told("z", 1))) == (
            "E622 drive.ledger is locked; waited 0 s (try again later)"
        )
        monkeypatch.setattr(sqlite, "holders", lambda _: (17,))
        assert refusal(lambda: ingest(other, told("z", 1))) == (
            "E622 drive.ledger is locked, held by process 17 of this machine; waited 0 s (try again later)"
        )
        ledger._connection.execute("ROLLBACK")  # noqa: SLF001
        assert other.head() == head


def test_damaged_pages_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damage that no entry shows, in a page nobody reads, is found when the pages are examined."""
    monkeypatch.chdir(tmp_path)
    with small(Path("drive.ledger")) as ledger:
        ledger._connection.execute("PRAGMA writable_schema = ON")  # noqa: SLF001
        ledger._connection.execute(  # noqa: SLF001
            "UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'head'"
        )
    with closing(sqlite3.connect("drive.ledger")) as outside:
        assert outside.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok"

    def look() -> None:
        with SQLiteLedger("drive.ledger") as ledger:
            verify(ledger)

    assert refusal(look).startswith("E610 the ledger is damaged (")


@pytest.mark.parametrize("change", ["seq = 'x'", "batch = 'x'", "known_at = 'x'"])
def test_a_damaged_head_is_told(tmp_path: Path, change: str) -> None:
    """A head that is none is damage."""
    with small(tmp_path / "drive.ledger") as ledger:
        loose = sqlite.TABLES["head"].replace("INTEGER NOT NULL", "ANY").replace("CREATE TABLE head", "CREATE TABLE h")
        connection = ledger._connection  # noqa: SLF001
        connection.execute(loose)
        connection.execute("INSERT INTO h SELECT * FROM head")
        connection.execute("DROP TABLE head")
        connection.execute("ALTER TABLE h RENAME TO head")
        connection.execute(f"UPDATE head SET {change}")  # noqa: S608

        assert refusal(ledger.head).startswith("E610 the ledger is damaged: its head is (")


def test_a_closed_ledger_is_a_slip_of_the_program(tmp_path: Path) -> None:
    """Who goes on with a ledger that is closed is not told that the file is damaged."""
    ledger = small(tmp_path / "drive.ledger")
    ledger.close()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        ledger.head()


def test_what_is_no_text_is_no_entry(tmp_path: Path) -> None:
    """A page that was damaged can hold anything where a text should be."""
    with small(tmp_path / "drive.ledger") as ledger:
        connection = ledger._connection  # noqa: SLF001
        connection.execute("CREATE TABLE loose (seq INTEGER PRIMARY KEY, text, hash)")
        connection.execute("INSERT INTO loose VALUES (1, 17, 4)")
        connection.execute("DROP TABLE entry")
        connection.execute("ALTER TABLE loose RENAME TO entry")

        assert refusal(lambda: list(read(ledger))).startswith("E610 entry 1 was altered: it is no text")


def test_words_that_are_no_text_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite quotes a damaged file in its own words, they may not be text either."""
    monkeypatch.chdir(tmp_path)
    small(Path("drive.ledger")).close()
    damaged = (
        Path("drive.ledger").read_bytes().replace(b"TRIGGER", b"TRIXGER").replace(b"entry_stays", b"entry\xffstays")
    )
    Path("drive.ledger").write_bytes(damaged)

    assert refusal(lambda: open_ledger("drive.ledger")) == (
        "E610 the ledger is damaged (drive.ledger: invalid start byte) (restore it from a backup)"
    )


# --- what the system says


def test_who_holds_a_file_is_asked_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The locks of other processes on the file are found, our own and those on other files are not."""
    file, locks = tmp_path / "drive.ledger", tmp_path / "locks"
    file.touch()
    inode = file.stat().st_ino
    lines = [
        f"1: POSIX  ADVISORY  WRITE 4711 fe:00:{inode} 1073741825 1073741825",
        f"2: POSIX  ADVISORY  READ {os.getpid()} fe:00:{inode} 0 EOF",
        f"3: POSIX  ADVISORY  WRITE 12 fe:00:{inode + 1} 0 EOF",
    ]
    locks.write_text("\n".join(lines), encoding="ascii")
    monkeypatch.setattr(surroundings, "LOCKS", locks)

    assert surroundings.holders(file) == (4711,)


def test_a_network_drive_is_doubted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger on a drive of another machine is opened with a warning; on one of its own without."""
    file, mounts = tmp_path / "drive.ledger", tmp_path / "mounts"
    monkeypatch.setattr(surroundings, "MOUNTS", mounts)
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n", encoding="utf-8")
    with SQLiteLedger(file, create=True) as far:
        assert far.warnings == (
            Problem(
                "W623",
                f"{file} lies on a network drive (nfs4)",
                "a local disk, or a PostgreSQL server for several machines",
            ),
        )
    mounts.write_text("/dev/vda / ext4 rw 0 0\n", encoding="utf-8")
    assert surroundings.doubts(file) == ()
    mounts.unlink()
    assert surroundings.doubts(file) == ()


def test_a_ledger_is_told_from_a_table(tmp_path: Path) -> None:
    """By its first bytes, not by its name; what is not there is none, nor is a folder."""
    named = tmp_path / "drive.csv"
    open_ledger(named, create=True).close()
    table = tmp_path / "july.ledger"
    table.write_text("participant,indicator,to,value\n", encoding="utf-8")

    assert [is_ledger(str(one)) for one in (named, table, tmp_path / "none.ledger", tmp_path)] == [True, *[False] * 3]


# --- servers


def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library for servers, the address says what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "emulation.ledger.postgres", raising=False)

    assert refusal(lambda: open_ledger("postgresql://db/drive")) == (
        "E641 PostgreSQL needs a library that is not installed (import of psycopg halted; None in sys.modules)"
        " (pip install 'emulation-campaigns[postgres]')"
    )


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A server that does not answer is told of, without the password."""
    said = refusal(lambda: open_ledger(f"postgresql://lan:secret@/drive?host={tmp_path}", wait=2))

    assert said.startswith(f"E621 the server did not answer as it should (postgresql://lan@/drive?host={tmp_path}: ")
    assert "secret" not in said


def test_a_server_too_old_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PostgreSQL before 14 keeps no ledger."""
    monkeypatch.setattr(postgres, "OLDEST", 990_000)

    said = refusal(lambda: open_ledger(server.address(), create=True))
    assert said.startswith("E642 PostgreSQL ")
    assert said.endswith(" is too old to keep a ledger (PostgreSQL 99 or newer)")


def test_a_server_that_may_lose_commits_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without fsync is refused; synchronous_commit is switched on for every ledger."""
    keeping = ServerKeeping(server)
    with psycopg.connect(server.address(), autocommit=True) as outside:
        outside.execute("ALTER ROLE tests SET synchronous_commit TO off")
    with keeping.open() as ledger:
        assert ledger._one("SHOW synchronous_commit") == "on"  # type: ignore[attr-defined]  # noqa: SLF001
    with psycopg.connect(server.address(), autocommit=True) as outside:
        outside.execute("ALTER ROLE tests RESET synchronous_commit")
    monkeypatch.setitem(postgres._SAFE, "fsync", ("never",))  # noqa: SLF001

    assert refusal(keeping.open) == (
        "E643 the server keeps fsync at on (fsync = never, without which entries can be lost)"
    )


def test_a_database_in_another_encoding_is_refused(server: Server) -> None:
    """A database that is not in UTF-8 could not hold every name."""
    with psycopg.connect(server.address(), autocommit=True) as outside:
        outside.execute("CREATE DATABASE old TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")

    assert refusal(lambda: open_ledger(server.address().replace("/postgres?", "/old?"), create=True)) == (
        "E643 the database is not in UTF-8 (createdb --encoding=UTF8)"
    )


def test_a_schema_without_a_ledger_is_refused(server: Server) -> None:
    """Without leave to make one, an empty schema is no ledger."""
    keeping = ServerKeeping(server)

    assert refusal(lambda: keeping.open(create=False)).endswith(" holds no ledger (one made by emulation ingest)")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("DROP TRIGGER emulation_entry_stays ON emulation_entry", "emulation_entry_stays"),
        ("ALTER TABLE emulation_head DISABLE TRIGGER emulation_head_goes_on", "emulation_head_goes_on"),
        ("CREATE OR REPLACE FUNCTION emulation_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
         "emulation_stays"),
    ],
)  # fmt: skip
def test_a_trigger_taken_away_on_the_server_is_told(server: Server, change: str, name: str) -> None:
    """Triggers that are gone, asleep or made harmless are named, while it is open and when it is opened."""
    keeping = ServerKeeping(server)
    with keeping.open() as ledger:
        with psycopg.connect(keeping.address, autocommit=True) as outside:
            outside.execute(change.encode())

        assert f"was tampered with: {name}" in refusal(lambda: verify(ledger))
    assert f"was tampered with: {name}" in refusal(keeping.open)


@pytest.mark.parametrize("table", ["emulation_entry", "emulation_head"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET seq = 0"])
def test_a_server_lets_nobody_change_a_ledger(server: Server, table: str, deed: str) -> None:
    """With the triggers in place, not even the owner changes or deletes by a slip."""
    keeping = ServerKeeping(server)
    with keeping.open() as ledger:
        head = ingest(ledger, told("a", 1)).head
    with (
        psycopg.connect(keeping.address) as outside,
        pytest.raises(errors.RaiseException, match="what a ledger holds is never changed or deleted"),
    ):
        outside.execute(deed.format(table).encode())

    with keeping.open() as ledger:
        assert verify(ledger, head) == head


def test_a_clerk_needs_few_rights(server: Server) -> None:
    """Who may read and insert entries, and read and update the head, takes files in, and cannot delete a thing."""
    keeping = ServerKeeping(server)
    keeping.open().close()
    with psycopg.connect(keeping.address, autocommit=True) as owner:
        owner.execute("CREATE ROLE clerk LOGIN")
        owner.execute(f"GRANT USAGE ON SCHEMA {keeping.schema} TO clerk".encode())
        owner.execute("GRANT SELECT, INSERT ON emulation_entry TO clerk")
        owner.execute("GRANT SELECT, UPDATE ON emulation_head TO clerk")
    address = keeping.address.replace("tests@", "clerk@")

    with open_ledger(address, create=True) as ledger:
        assert verify(ledger, ingest(ledger, told("a", 1)).head).seq == 2
    with psycopg.connect(address) as clerk, pytest.raises(errors.InsufficientPrivilege):
        clerk.execute("DELETE FROM emulation_entry")


@pytest.mark.parametrize("table", ["entry", "head"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "UPDATE {} SET seq = 0"])
def test_a_file_lets_nobody_change_a_ledger(tmp_path: Path, table: str, deed: str) -> None:
    """With the triggers in place, no other program changes or deletes by a slip."""
    small(tmp_path / "drive.ledger").close()
    with (
        closing(sqlite3.connect(tmp_path / "drive.ledger")) as outside,
        pytest.raises(sqlite3.IntegrityError, match="of a ledger"),
    ):
        outside.execute(deed.format(table))


def test_a_locked_server_is_told(server: Server) -> None:
    """Another writer who does not finish is waited for, and then told of."""
    keeping = ServerKeeping(server)
    with keeping.open(wait=1) as ledger, psycopg.connect(keeping.address) as outside:
        outside.execute("SELECT * FROM emulation_head FOR UPDATE")

        assert refusal(lambda: ingest(ledger, told("a", 1))) == (
            f"E622 {keeping.address} is locked by another writer; waited 1 s (try again later)"
        )


@pytest.mark.parametrize(("error", "code"), [(errors.DiskFull, "E620"), (errors.DataCorrupted, "E610")])
def test_errors_of_the_server_are_told(server: Server, error: type[psycopg.Error], code: str) -> None:
    """A full or broken disk of the server is told in our own words, and nothing is written."""
    with ServerKeeping(server).open() as ledger:
        head = ledger.head()

        def broken() -> None:
            raise error("no space left")

        assert refusal(lambda: ledger.append(iter(broken, None), author="Lan")).startswith(f"{code} the ")  # type: ignore[arg-type]
        assert ledger.head() == head


def test_two_who_make_a_ledger_at_once_make_one(keeping: Keeping) -> None:
    """Whoever comes second finds the ledger made."""
    with keeping.open() as first, keeping.open() as second:
        head = ingest(first, told("a", 1)).head

        assert second.head() == head == head_in(str(head)) or second.head().hash == head.hash
