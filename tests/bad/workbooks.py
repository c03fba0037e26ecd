"""Workbooks: makes the bad workbooks and Parquet files of the corpus; what is kept beside it was made by this.

Run it from the top of the project: ``python tests/bad/workbooks.py``. A workbook is written by openpyxl and then
spoilt in its XML, as no program would write it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import Workbook
from pyarrow import parquet

HOME = Path(__file__).parent
HEADER = ["participant", "indicator", "to", "value"]
SHEET = "xl/worksheets/sheet1.xml"
JANUARY = "2025-01-31"


def book(*rows: list[object], title: str = "August", change: Callable[[Workbook], None] | None = None) -> bytes:
    """Write a workbook of one sheet, with a figure if nothing else is said."""
    return sheet(*(rows or ([*HEADER], ["a", "stock", JANUARY, 5])), title=title, change=change)


def sheet(*rows: list[Any], title: str = "August", change: Callable[[Workbook], None] | None = None) -> bytes:
    """Write a workbook of one sheet with these rows, and change it."""
    workbook = Workbook()
    page: Any = workbook.active
    page.title = title
    for row in rows:
        page.append(row)
    if change:
        change(workbook)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def spoilt(content: bytes, part: str, found: str, put: str, **more: bytes) -> bytes:
    """Replace what a pattern finds in a part, and add parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                changed = re.sub(found, put, text.decode(), count=1)
                assert changed != text.decode(), f"{found} is not in {part}"
                text = changed.encode()
            new.writestr(name, text)
        for name, text in more.items():
            new.writestr(name, text)
    return written.getvalue()


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """Add parts to a workbook."""
    return spoilt(content, "docProps/app.xml", "$", " ", **parts)


def archive(name: str, text: bytes) -> bytes:
    """Write a zip file that is no workbook."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as new:
        new.writestr(name, text)
    return written.getvalue()


def with_texts(content: bytes, texts: str) -> bytes:
    """Give a workbook a part of shared texts, as Excel writes them."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    return spoilt(content, "[Content_Types].xml", "</Types>", override, **{"xl/sharedStrings.xml": texts.encode()})


VALUE = r'<c r="D2"[^>]*>.*?</c>'
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def hidden(workbook: Workbook) -> None:
    """Hide a row, a column and a sheet, and filter."""
    sheet = workbook.active
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.auto_filter.ref = "A1:D2"
    sheet.auto_filter.add_filter_column(0, ["a"])
    workbook.create_sheet("notes").sheet_state = "hidden"


def several(workbook: Workbook) -> None:
    """Add a sheet."""
    workbook.create_sheet("September")


def mac(workbook: Workbook) -> None:
    """Count days from 1904, as old Macs did."""
    workbook.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001


WORKBOOKS: dict[str, bytes] = {
    "E303-headings": book(["participant", "indicator", "to", "value", "value"], ["a", "stock", JANUARY, 5, 6]),
    "E304-heading": book(["participant", "indicator", "to", "value", None], ["a", "stock", JANUARY, 5, 6]),
    "E309-empty": book([None]),
    "E310-titles": book(["Results of January"], [], HEADER, ["a", "stock", JANUARY, 5]),
    "E315-merged-headings": book([*HEADER, "remarks"], ["a", "stock", JANUARY, 5, "good"]),
    "E317-blank": book(HEADER, ["a", "stock", JANUARY, None]),
    "E319-moment": book(HEADER, ["a", "stock", dt.datetime(2025, 1, 31, 12, 30), 5]),  # noqa: DTZ001
    "E321-cyrillic": book(HEADER, ["\u0430n", "stock", JANUARY, 5]),
    "E326-fraction": book(HEADER, ["a", "stock", JANUARY, 5.5]),
    "E401-ratio": with_parts(book(), {"xl/media/image1.bin": bytes(5_000_000)}),
    "E401-path": with_parts(book(), {"../../evil.xml": b"<a/>"}),
    "E403-bomb": spoilt(book(), SHEET, "<worksheet", f"{ENTITIES}<worksheet"),
    "E403-file": spoilt(book(), "xl/workbook.xml", "<workbook", f"{OUTSIDE}<workbook"),
    "E418-negative": spoilt(book(), SHEET, VALUE, '<c r="D2" t="s"><v>-1</v></c>'),
    "E403-texts": with_texts(book(), f"{ENTITIES}<sst {SPACE}><si><t>&b;</t></si></sst>"),
    "E404-text": b"participant,indicator,to,value\na,stock,2025-01-31,5\n",
    "E404-empty": b"",
    "E404-zip": archive("readme.txt", b"hello"),
    "E405-old": OLE,
    "E406-password": OLE + "EncryptedPackage".encode("utf-16-le"),
    "E407-cut": book()[:3000],
    "E407-no-sheet": spoilt(book(), "xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet9.xml"),
    "E407-xml": spoilt(book(), SHEET, "</sheetData>", "</sheetDat>"),
    "E408-error": spoilt(book(), SHEET, VALUE, '<c r="D2" t="e"><v>#DIV/0!</v></c>'),
    "E408-not-available": spoilt(book(), SHEET, VALUE, '<c r="D2" t="e"><v>#N/A</v></c>'),
    "E409-formula": book(HEADER, ["a", "stock", JANUARY, "=2+3"]),
    "E412-several": book(change=several),
    "E413-day": book(HEADER, ["a", "stock", JANUARY, dt.date(2025, 1, 5)]),
    "E416-twice": spoilt(book(), SHEET, VALUE, '<c r="D2"><v>5</v></c><c r="D2"><v>6</v></c>'),
    "E416-another-row": spoilt(book(), SHEET, VALUE, '<c r="D7"><v>5</v></c>'),
    "E418-text": spoilt(book(), SHEET, VALUE, '<c r="D2" t="s"><v>99</v></c>'),
    "E316-infinite": spoilt(book(), SHEET, VALUE, '<c r="D2"><v>INF</v></c>'),
    "E122-huge": spoilt(book(), SHEET, VALUE, '<c r="D2"><v>1e300</v></c>'),
    "W411-hidden": book(change=hidden),
    "W415-digits": book(HEADER, ["a", "large", JANUARY, 12345678901234567]),
    "W417-macros": with_parts(book(), {"xl/vbaProject.bin": b"x"}),
    "W417-links": with_parts(book(), {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
}


def columns(**more: object) -> pa.Table:
    """Give a table of one row, some of its columns changed."""
    row = {"participant": ["a"], "indicator": ["stock"], "to": [JANUARY], "value": ["5"], **more}
    return pa.table(row)


def parquet_of(table: pa.Table, compression: str = "none") -> bytes:
    """Write a Parquet file with page checksums."""
    written = io.BytesIO()
    parquet.write_table(
        table, written, write_page_checksum=True, write_statistics=False, compression=compression, use_dictionary=False
    )
    return written.getvalue()


def damaged() -> bytes:
    """Change a letter of a text on a page."""
    content = parquet_of(columns())
    assert b"stock" in content
    return content.replace(b"stock", b"stack", 1)


PARQUET: dict[str, bytes] = {
    "E127-moment": parquet_of(columns(to=[dt.datetime(2025, 1, 31)])),  # noqa: DTZ001
    "E316-infinite": parquet_of(columns(value=pa.array([float("inf")]))),
    "E317-null": parquet_of(columns(value=pa.array([None], pa.int64()))),
    "E503-page": damaged(),
    "E503-cut": parquet_of(columns())[:-20],
    "E503-text": b"participant,indicator\n",
    "E505-list": parquet_of(columns(value=pa.array([[5]]))),
    "E505-bytes": parquet_of(columns(value=pa.array([b"5"]))),
    "W501-float": parquet_of(columns(value=pa.array([5.0]))),
}


def main() -> None:
    """Write every file that is not there, or all of them when asked."""
    for kind, files in (("xlsx", WORKBOOKS), ("parquet", PARQUET)):
        for name, content in files.items():
            file = HOME / kind / name / f"table.{kind}"
            if "--all" in sys.argv or not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)


if __name__ == "__main__":
    main()
