"""Make the workbooks of the drive, and tell its story to a ledger, entry by entry, by a clock of its own.

Everything is made up from a fixed seed in whole numbers, and the clock is the story's, so that both the workbooks and
``drive.jsonl``, the exported ledger, come out the same everywhere. ``python story.py`` writes them all again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import chdir
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

from emulation.campaign import Campaign
from emulation.ledger.copies import export
from emulation.ledger.entries import Amended, Appealed, Content, Disputed, Key, Ruled, Settled
from emulation.ledger.intake import record, take_in
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import Store, read
from emulation.ledger.view import view_of
from emulation.names import ParticipantId
from emulation.periods import Span
from emulation.publication import scored, seal_of
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.report.records import outcome_json

HERE = Path(__file__).parent
HANOI = timezone(timedelta(hours=7))
HEADINGS = ("Mã đơn vị", "Tên đơn vị", "Từ ngày", "Đến ngày", "Hồ sơ tiếp nhận", "Hồ sơ trực tuyến", "Ngày nộp báo cáo")
MONDAYS = tuple(date(2025, 7, 14) + timedelta(weeks=week) for week in range(6))
MERGED, OLD = "new-1", ("05528", "05533")
LATE, SLIP, DISPUTED, APPELLANT = "05488", "05467", "05503", "05482"
LAST_DAY_OF_OLD = date(2025, 8, 10)

Row = tuple[str, str, date, date, int, int, date]


def names() -> dict[str, str]:
    """Give the communes by their codes."""
    lines = (HERE / "participants.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {line.split(",")[0]: line.split(",")[1] for line in lines}


def weeks() -> list[list[Row]]:
    """Give the reports of each week, as they should have been."""
    rng = Random(20250714)
    start = {id: rng.randint(55, 82) for id in names()}
    found: list[list[Row]] = []
    for number, monday in enumerate(MONDAYS):
        sunday = monday + timedelta(days=6)
        rows: list[Row] = []
        for id, name in names().items():
            if (id in OLD and sunday > LAST_DAY_OF_OLD) or (id == MERGED and monday <= LAST_DAY_OF_OLD):
                continue
            received = rng.randint(180, 260) * (2 if id == MERGED else 1)
            online = received * min(96, start[id] + 3 * number + rng.randint(-2, 2)) // 100
            rows.append((id, name, monday, sunday, received, online, sunday + timedelta(days=rng.randint(1, 3))))
        found.append(rows)
    return found


def workbooks() -> dict[str, list[Row]]:
    """Give the rows of each workbook, with what goes wrong in a drive."""
    every = weeks()
    books = {f"tuan-{number}.xlsx": rows for number, rows in enumerate(every, start=1)}
    late = next(row for row in every[2] if row[0] == LATE)
    books["tuan-3.xlsx"] = [row for row in every[2] if row[0] != LATE]
    books["tuan-3-nop-muon.xlsx"] = [(*late[:6], date(2025, 8, 12))]
    right = next(row for row in every[1] if row[0] == SLIP)
    wrong = (*right[:5], right[5] - 90, right[6])
    books["tuan-2.xlsx"] = [wrong if row[0] == SLIP else row for row in every[1]]
    books["tuan-2-dinh-chinh.xlsx"] = [right]
    short = next(row for row in every[5] if row[0] == APPELLANT)
    books["tuan-6.xlsx"] = [(*row[:5], row[5] - 60, row[6]) if row[0] == APPELLANT else row for row in every[5]]
    books["tuan-6-theo-khieu-nai.xlsx"] = [short]
    return books


def workbook(rows: Sequence[Row], title: str) -> bytes:
    """Write a workbook as an office would: a title, a note, the headings in the fourth row."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Báo cáo"
    sheet["A1"] = "BÁO CÁO KẾT QUẢ TIẾP NHẬN HỒ SƠ TRỰC TUYẾN"
    sheet["A2"] = f"Tệp: {title} (số liệu giả định)"
    for column, heading in enumerate(HEADINGS, start=1):
        sheet.cell(4, column, heading)
    for number, row in enumerate(rows, start=5):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, f"{value:%d/%m/%Y}" if isinstance(value, date) else value)
    made = datetime(2025, 7, 14, tzinfo=UTC).replace(tzinfo=None)
    book.properties.created = book.properties.modified = made
    written = BytesIO()
    book.save(written)
    return without_times(written.getvalue())


def without_times(book: bytes) -> bytes:
    """Pack a workbook again with one moment for all its parts, so that the same rows give the same bytes."""
    packed = BytesIO()
    with ZipFile(BytesIO(book)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "docProps/core.xml":
                start, end = text.index(b"<dcterms:modified"), text.index(b"</dcterms:modified>")
                at = text.index(b">", start) + 1
                text = text[:at] + b"2025-07-14T00:00:00Z" + text[end:]
            new.writestr(ZipInfo(name, (2025, 7, 14, 0, 0, 0)), text)
    return packed.getvalue()


class Clock:
    """The story's clock: it stands at the hour of each chapter."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 7, 21, 8, tzinfo=HANOI)

    def __call__(self) -> datetime:
        """Give the moment of the chapter."""
        return self.moment.astimezone(UTC)


def tell(store: Store, clock: Clock, rules: Campaign) -> Iterator[str]:
    """Tell the story, beside its workbooks; give a line a chapter."""
    clock.moment = datetime(2025, 7, 21, 8, tzinfo=HANOI)
    record(store, [Amended(rules.id, rules.fingerprint, because="the rules as announced")], author="Lan")
    for number, monday in enumerate(MONDAYS, start=1):
        clock.moment = datetime.combine(monday + timedelta(days=9), datetime.min.time(), HANOI) + timedelta(hours=16)
        yield taken(store, rules, Path(f"tuan-{number}.xlsx"))
        if number == 2:
            yield taken(store, rules, Path("tuan-2-dinh-chinh.xlsx"), "ninety dossiers were left out of the table")
        if number == 4:
            clock.moment = datetime(2025, 8, 12, 9, tzinfo=HANOI)
            yield taken(store, rules, Path("tuan-3-nop-muon.xlsx"))
            yield said(store, disputed(), "Lan")
        if number == 5:
            yield said(store, settled(), "Lan")
    clock.moment = datetime(2025, 8, 27, 17, tzinfo=HANOI)
    yield sealed(store, rules, "provisional")
    clock.moment = datetime(2025, 8, 29, 10, tzinfo=HANOI)
    yield said(store, appeal(), "Lan")
    clock.moment = datetime(2025, 9, 3, 15, tzinfo=HANOI)
    yield said(store, granted(), "Lan")
    yield taken(store, rules, Path("tuan-6-theo-khieu-nai.xlsx"), "appeal A1 was granted")
    clock.moment = datetime(2025, 9, 4, 9, tzinfo=HANOI)
    yield sealed(store, rules, "issued again after appeal A1")
    clock.moment = datetime(2025, 9, 12, 9, tzinfo=HANOI)
    yield sealed(store, rules, "final")


def taken(store: Store, rules: Campaign, table: Path, reason: str | None = None) -> str:
    """Take a workbook in."""
    facts = load_observations(table, rules)
    receipt = take_in(
        store,
        facts,
        file=table.name,
        sha256=facts.sources[0].sha256,
        author="Lan",
        reason=reason,
        fingerprint=rules.fingerprint,
    )
    return f"{table.name}: {receipt.tally}"


def said(store: Store, content: Content, author: str) -> str:
    """Record what somebody said."""
    record(store, [content], author=author)
    return type(content).__name__


def sealed(store: Store, rules: Campaign, title: str) -> str:
    """Publish the result as it stands."""
    view = view_of(read(store))
    outcome = scored(rules, view)
    seal = seal_of(outcome, view, sha256(outcome_json(outcome, None).encode()).hexdigest(), title)
    record(store, [seal], author="Lan")
    return f"{title}: {', '.join(outcome.awards['flag'].winners)}"


def week_of(id: str, monday: date, fact: str) -> Key:
    """Name a figure of a week."""
    return Key(ParticipantId(id), fact, Span(monday, monday + timedelta(days=6)))


def disputed() -> Disputed:
    """Let a neighbour doubt a figure of the fourth week."""
    return Disputed(week_of(DISPUTED, MONDAYS[3], "online_files"), "Phường Sông Công", "higher than all weeks before")


def settled() -> Settled:
    """Let the figure stand, which was looked at."""
    return Settled(week_of(DISPUTED, MONDAYS[3], "online_files"), "upheld", "Inspectors", "the dossiers were seen")


def appeal() -> Appealed:
    """Let a ward appeal against its place."""
    because = "sixty dossiers of the last week are missing"
    return Appealed("A1", ParticipantId(APPELLANT), "the place of Phường Quan Triều", because, date(2025, 8, 29))


def granted() -> Ruled:
    """Let the council grant the appeal."""
    return Ruled("A1", "granted", "Council", date(2025, 9, 3), None, "the register shows them")


def main(target: Path) -> None:
    """Write the workbooks and the exported ledger."""
    for name, rows in workbooks().items():
        (target / name).write_bytes(workbook(rows, name))
    rules = load_campaign(HERE)
    clock = Clock()
    # Beside the workbooks, so that the ledger names them as they are, wherever they lie.
    with (
        chdir(target),
        TemporaryDirectory() as place,
        open_ledger(f"{place}/drive.ledger", create=True, clock=clock) as store,
    ):
        for line in tell(store, clock, rules):
            print(line)
        Path("drive.jsonl").unlink(missing_ok=True)
        print(export(store, "drive.jsonl"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
