"""Faults: a ledger through power cuts, failing and full disks, kills, flipped bits, many writers; nothing is lost.

`make release-checks` sets EMULATION_RELEASE_CHECKS=1, which makes every run here ten times as long or longer.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random
from textwrap import dedent
from threading import Thread
from time import sleep

import pytest
from disk import FULL, IOERR_WRITE, Disk, after_power_cut, library, mounted

from emulation.ledger import sqlite
from emulation.ledger.entries import EMPTY, Entry, Head
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import head_in, read, verify
from emulation.problems import Refused

from drive import daily, ingest, told
from keepings import ServerKeeping
from server import Server

LONG = os.environ.get("EMULATION_RELEASE_CHECKS") == "1"
STATES, KILLS, FAILURES, FLIPS, STOPS = (6000, 200, 10_000, 3000, 15) if LONG else (600, 10, 30, 300, 3)
GROWTH = 4  # rows by which each file is longer than the one before
SURVIVING = ("none", "sizes", "some", "all")

needs_own_disk = pytest.mark.skipif(library() is None, reason="Python's SQLite is not a library of its own")


def batches(ledger: SQLiteLedger, number: int) -> list[Head]:
    """Take in so many files, each larger than the one before; give the heads that were acknowledged."""
    return [
        ingest(ledger, *(told(f"{file}-{row}", row) for row in range(1 + GROWTH * file))).head for file in range(number)
    ]


# --- power cuts


def cut_states(number: int) -> Counter[str]:
    """Cut the power at random moments of a drive's work; count what became of what was acknowledged."""
    random, disk, acknowledged = Random(20250806), Disk(), [(0, EMPTY)]
    with mounted(disk), SQLiteLedger("drive.ledger", create=True, clock=daily()) as ledger:
        for file in range(12):
            head = ingest(ledger, *(told(f"{file}-{row}", row) for row in range(1 + GROWTH * file))).head
            acknowledged.append((len(disk.events), head))
    found: Counter[str] = Counter()
    for _ in range(number // len(SURVIVING)):
        cut = random.randrange(len(disk.events) + 1)
        kept = [head for at, head in acknowledged if at <= cut][-1]
        for survives in SURVIVING:
            found[after(Disk(after_power_cut(disk.events[:cut], survives, random)), kept)] += 1
    return found


def after(disk: Disk, kept: Head) -> str:
    """Open what is on a disk; say whether all that was acknowledged is there, and in whole batches."""
    with mounted(disk):
        try:
            with SQLiteLedger("drive.ledger", create=True) as ledger:
                verify(ledger, kept)
                sizes = Counter(entry.batch for entry in read(ledger))
        except Refused as refused:
            return refused.problems[0].code
    return "whole" if all(size == 2 + GROWTH * (batch - 1) for batch, size in sizes.items()) else "torn"


@needs_own_disk
def test_a_power_cut_loses_nothing() -> None:
    """Whatever a power cut leaves of what was not synced, every acknowledged entry is there, and no half batch."""
    assert cut_states(STATES) == {"whole": STATES}


@needs_own_disk
@pytest.mark.parametrize(
    ("setting", "code"), [(("FULL", 2), "E611"), (("NORMAL", 1), "E611"), (("OFF", 0), "E601")], ids=str
)
def test_the_power_cuts_can_find_a_loss(setting: tuple[str, int], code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With any lesser setting, Python's default FULL among them, the same power cuts lose acknowledged entries."""
    monkeypatch.setitem(sqlite._SETTINGS, "synchronous", setting)  # noqa: SLF001

    assert cut_states(200)[code] > 10


# --- disks that fail


def work_on(disk: Disk) -> tuple[list[Head], list[str]]:
    """Take in four files on a disk that may fail; give the heads acknowledged and the codes refused with."""
    heads, codes, clock = [EMPTY], [], daily()
    with mounted(disk):
        for file in range(4):
            try:
                with SQLiteLedger("drive.ledger", create=True, clock=clock) as ledger:
                    heads.append(ingest(ledger, *(told(f"{file}-{row}", row) for row in range(40))).head)
            except Refused as refused:
                codes += [problem.code for problem in refused.problems]
    return heads, codes


@needs_own_disk
@pytest.mark.parametrize("code", [FULL, IOERR_WRITE], ids=["full", "broken"])
@pytest.mark.parametrize("ever", [False, True], ids=["once", "ever"])
def test_a_disk_that_fails_loses_nothing(code: int, *, ever: bool) -> None:
    """The n-th write, sync or removal fails, for every n: what was acknowledged is there, and the work goes on."""
    whole = Disk()
    work_on(whole)
    step = max(1, whole.changes // FAILURES)
    told_of = set()
    for number in range(1, whole.changes + 1, step):
        disk = Disk()
        disk.code = code
        disk.fails = lambda number=number, disk=disk: disk.changes >= number if ever else disk.changes == number  # type: ignore[misc]
        heads, codes = work_on(disk)
        told_of |= set(codes)
        disk.fails = lambda: False
        with mounted(disk), SQLiteLedger("drive.ledger", create=True) as ledger:
            assert verify(ledger, heads[-1]).seq % 41 == 0
            again = ingest(ledger, *(told(f"{file}-{row}", row) for file in range(4) for row in range(40)))
            assert again.tally.new + again.tally.unchanged == 160
            verify(ledger, again.head)
    assert told_of == {"E620", "E621"} if code == FULL else {"E621"}


@needs_own_disk
def test_a_failed_write_is_told_and_the_ledger_goes_on() -> None:
    """A disk that is full for a while: the batch is refused in our own words, and the same ledger takes it later."""
    disk = Disk()
    with mounted(disk), SQLiteLedger("drive.ledger", create=True) as ledger:
        head = ingest(ledger, told("a", 1)).head
        disk.code, disk.fails = FULL, lambda: True
        with pytest.raises(Refused, match=r"^E620 the disk is full; nothing was written \(drive.ledger: database or"):
            ingest(ledger, told("b", 1))
        disk.fails = lambda: False

        assert ledger.head() == head
        assert ingest(ledger, told("b", 1)).head.seq == 4


# --- bits


def test_a_flipped_bit_is_never_silent(tmp_path: Path) -> None:
    """One bit of the file is other than written: reading refuses, or gives the very entries that were written."""
    sound, flipped, random = tmp_path / "sound.ledger", tmp_path / "flipped.ledger", Random(300)
    with SQLiteLedger(sound, create=True, clock=daily()) as ledger:
        batches(ledger, 8)
        written = list(read(ledger))
    found: Counter[str] = Counter()
    for _ in range(FLIPS):
        data = bytearray(sound.read_bytes())
        bit = random.randrange(8 * len(data))
        data[bit // 8] ^= 1 << bit % 8
        flipped.write_bytes(data)
        found[told_by(flipped, written)] += 1
    assert found["silent"] == 0
    assert found["refused"] > FLIPS // 2


def told_by(path: Path, written: list[Entry]) -> str:
    """Read a ledger; say whether it was refused, gives what was written, or silently something else."""
    try:
        with SQLiteLedger(path) as ledger:
            return "the same" if list(read(ledger)) == written else "silent"
    except Refused:
        return "refused"


# --- kills

WRITER = dedent("""
    import sys
    from itertools import count
    from emulation.ledger.opening import open_ledger
    sys.path.insert(0, sys.argv[2])
    from drive import ingest, told
    name, most = sys.argv[3], int(sys.argv[4])
    with open_ledger(sys.argv[1], wait=120) as ledger:
        for number in range(most) if most else count():
            head = ingest(ledger, *(told(f"{name}-{number}-{row}", row) for row in range(3))).head
            print(head, flush=True)
""")


def writer(address: str, name: str, most: int = 0) -> subprocess.Popen[str]:
    """Start a process that takes in file after file and says each head it was given."""
    command = [sys.executable, "-c", WRITER, address, str(Path(__file__).parent), name, str(most)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    """Kill -9 in the midst of writing: every head that was given is in the ledger, and no half batch."""
    random, path = Random(9), tmp_path / "drive.ledger"
    SQLiteLedger(path, create=True).close()
    for kill in range(KILLS):
        process = writer(str(path), f"w{kill}")
        assert process.stdout is not None
        said = [process.stdout.readline()]
        sleep(random.random() / 10)
        process.kill()
        said += process.communicate()[0].splitlines(keepends=True)
        with SQLiteLedger(path) as ledger:
            for head in [line for line in said if line.endswith("\n")][-2:]:
                verify(ledger, head_in(head))
            sizes = Counter(entry.batch for entry in read(ledger))
        assert set(sizes.values()) == {4}


def test_eight_writers_at_once(tmp_path: Path) -> None:
    """L16: 8 processes take in 100 files each: none is lost, no number is left out, there is one head."""
    path = tmp_path / "drive.ledger"
    SQLiteLedger(path, create=True).close()
    many = 100 if LONG else 20
    writers = [writer(str(path), f"w{number}", many) for number in range(8)]
    said = [process.communicate()[0] for process in writers]

    assert [process.returncode for process in writers] == [0] * 8
    assert [len(heads.splitlines()) for heads in said] == [many] * 8
    with SQLiteLedger(path) as ledger:
        assert verify(ledger).seq == 8 * many * 4
        assert {entry.batch for entry in read(ledger)} == set(range(1, 8 * many + 1))


def test_a_server_that_stops_at_once_loses_nothing(server: Server) -> None:
    """The server is stopped as if the power went, while two write: every head that was given is there again."""
    keeping = ServerKeeping(server)
    keeping.open().close()
    given: list[Head] = []

    def write(name: str, stop: int) -> None:
        try:
            with keeping.open(create=False) as ledger:
                for number in count():
                    given.append(ingest(ledger, told(f"{name}-{stop}-{number}", 1)).head)  # noqa: PERF401
        except Refused as refused:
            codes.add(refused.problems[0].code)

    for stop in range(STOPS):
        codes: set[str] = set()
        writers = [Thread(target=write, args=(name, stop)) for name in ("w0", "w1")]
        for one in writers:
            one.start()
        sleep(0.3)
        server.stop("immediate")
        for one in writers:
            one.join()
        server.start()
        assert codes == {"E621"}
        with keeping.open(create=False) as ledger:
            for head in given[-3:]:
                verify(ledger, head)
    assert len(given) > 10 * STOPS
