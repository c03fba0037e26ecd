"""Hostile: files that were made to fill the memory of whoever reads them; each is small, or cheap to make."""

from __future__ import annotations

# ruff: noqa: PLW0108  -- a file is made when it is asked for, not when this is read
import io
import re
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow as pa
from pyarrow import parquet

from bad.workbooks import HEADER, SHEET, SPACE, book, parquet_of, spoilt, with_parts, with_texts
from emulation.ledger.opening import open_ledger

HEAD = f"{','.join(HEADER)}\n"
TEXTS = "xl/sharedStrings.xml"
CELLS = "".join(
    f'<c r="{letter}1" t="inlineStr"><is><t>{heading}</t></is></c>'
    for letter, heading in zip("ABCD", HEADER, strict=True)
)


def with_part(part: str, text: bytes, content: bytes | None = None) -> bytes:
    """Put another text in the place of a part of a workbook."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or book())) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return written.getvalue()


def rows(*rows_: str, before: str = "", after: str = "") -> bytes:
    """Write a workbook with these rows below its headings."""
    head = f'<worksheet {SPACE}>{before}<sheetData><row r="1">{CELLS}</row>'
    return with_part(SHEET, "".join((head, *rows_, "</sheetData>", after, "</worksheet>")).encode())


def texts(text: bytes, times: int) -> bytes:
    """Write a workbook that shares a text so many times."""
    every = f"<sst {SPACE}>".encode() + text * times + b"</sst>"
    return with_part(TEXTS, every, with_texts(book(), "<sst/>"))


def noise(count: int) -> bytes:
    """Give hexadecimal digits, the same each time, that a zip file cannot shorten by much."""
    return Random(1).randbytes(count // 2).hex().encode()


def column(number: int) -> str:
    """Name a column."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def understated() -> bytes:
    """Write a workbook whose sheet is said to be of a thousand bytes and is of a hundred million."""
    content = bytearray(rows(f"<!--{'a' * 100_000_000}-->"))
    for signature, name_at, size_at in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
        for found in re.finditer(SHEET.encode(), bytes(content)):
            start = found.start() - name_at
            if content[start : start + 4] == signature:
                content[start + size_at : start + size_at + 4] = struct.pack("<I", 1_000)
    return bytes(content)


def keys(numbers: Iterable[int]) -> str:
    """Write a map of JSON with keys of these numbers."""
    return "{" + ",".join(f'"k{number}":1' for number in numbers) + "}"


def maps(*written: str) -> bytes:
    """Write a list of maps."""
    return f"[{','.join(written)}]".encode()


def repeated(count: int, cell: str) -> bytes:
    """Write a Parquet file whose cells are all the same, and so stand in it once."""
    zeros = pa.Array.from_buffers(pa.int8(), count, [None, pa.py_buffer(bytes(count))])
    alike = pa.DictionaryArray.from_arrays(zeros, [cell])
    written = io.BytesIO()
    parquet.write_table(pa.table(dict.fromkeys(HEADER, alike)), written, compression="zstd")
    return written.getvalue()


def ledger(*statements: str) -> bytes:
    """Make a ledger, and have somebody with rights to its file spoil it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "t.ledger"
        open_ledger(str(file), create=True).close()
        with closing(sqlite3.connect(file, isolation_level=None)) as outside:
            for statement in statements:
                outside.execute(statement)
        return file.read_bytes()


def head_of_pages(size: int, count: int) -> bytes:
    """Give a ledger's first page with another size and number of pages written on it."""
    content = bytearray(ledger())
    content[16:18] = struct.pack(">H", size)
    content[28:32] = struct.pack(">I", count)
    return bytes(content)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, hex(i), hex(i) FROM n"

HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    # Workbooks
    "blank-rows.xlsx": ("", lambda: rows(*(f'<row r="{row}"/>' for row in range(2, 1_048_577)))),
    "blank-cells.xlsx": ("E402", lambda: rows(*("<row>" + "<c/>" * 2_000 + "</row>",) * 1_010)),
    "far-cell.xlsx": ("E304", lambda: rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "far-cells.xlsx": (
        "E402",
        lambda: rows(*(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(2, 9_000))),
    ),
    "diagonal.xlsx": (
        "E402",
        lambda: rows(*(f'<row r="{row}"><c r="{column(row)}{row}"><v>1</v></c></row>' for row in range(2, 16_000))),
    ),
    "one-row.xlsx": ("E402", lambda: rows("<row>", "<c><v>1</v></c>" * 4_000_000, "</row>")),
    "as-large-as-can-be.xlsx": ("", lambda: rows(before='<dimension ref="A1:XFD1048576"/>')),
    "merged.xlsx": ("", lambda: rows(after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
    "many-merged.xlsx": (
        "",
        lambda: rows(after="".join(f'<mergeCell ref="A{row}:XFD{row}"/>' for row in range(1_000_000))),
    ),
    "many-hidden-columns.xlsx": ("", lambda: rows(before='<col min="1" max="16384" hidden="1"/>' * 100_000)),
    "columns-before-the-first.xlsx": ("", lambda: rows(before='<col min="-99999999999" max="x" hidden="1"/>')),
    "deep.xlsx": ("E103", lambda: rows("<a>" * 1_000_000)),
    "long-tag.xlsx": ("E407", lambda: rows(f'<row spans="{noise(50_000_000).decode()}"/>')),
    "long-cell.xlsx": (
        "E308",
        lambda: rows('<row r="2"><c r="A2" t="inlineStr"><is><t>', noise(50_000_000).decode(), "</t></is></c></row>"),
    ),
    "text-in-pieces.xlsx": (
        "E308",
        lambda: rows('<row r="2"><c r="A2" t="inlineStr"><is>', "<r><t>a</t></r>" * 500_000, "</is></c></row>"),
    ),
    "long-texts.xlsx": ("E402", lambda: texts(b"<si><t>%b</t></si>" % noise(90_000), times=600)),
    "many-parts.xlsx": ("E401", lambda: with_parts(book(), {f"x{part}": b"" for part in range(10_000)})),
    "many-kinds-of-parts.xlsx": (
        "E401",
        lambda: spoilt(
            book(),
            "[Content_Types].xml",
            "</Types>",
            "".join(f'<Override PartName="/x{part}.xml" ContentType="a/b"/>' for part in range(100_000)) + "</Types>",
        ),
    ),
    "many-names.xlsx": (
        "E401",
        lambda: spoilt(
            book(),
            "xl/workbook.xml",
            "</sheets>",
            "</sheets>" + "".join(f'<definedName name="n{name}">A!$A$1</definedName>' for name in range(100_000)),
        ),
    ),
    "half-a-gigabyte.xlsx": ("E401", lambda: with_parts(book(), {"xl/media/image1.bin": bytes(2**29)})),
    "larger-than-said.xlsx": ("E407", understated),
    # CSV
    "one-cell.csv": ("E308", lambda: (HEAD + "a,stock,2025-01-31," + "5" * 50_000_000 + "\n").encode()),
    "one-cell-in-quotes.csv": ("E308", lambda: (HEAD + '"' + ("5" * 50_000 + "\n") * 1_000 + '"\n').encode()),
    "never-closed.csv": ("E308", lambda: (HEAD + 'a,"' + "a,stock,2025-01-31,5\n" * 2_500_000).encode()),
    "a-million-columns.csv": ("E308", lambda: ",".join(map(str, range(1_000_000))).encode()),
    "commas.csv": ("", lambda: (HEAD + ("," * 99_999 + "\n") * 500).encode()),
    "line-ends.csv": ("", lambda: (HEAD + "\n" * 20_000_000).encode()),
    "short-rows.csv": ("E302", lambda: (HEAD + "x\n" * 25_000_000).encode()),
    "short-rows-in-quotes.csv": ("E302", lambda: (HEAD + '"a"\n' * 12_000_000).encode()),
    "nul.csv": ("E307", lambda: (HEAD + ("\0" * 50_000 + "\n") * 200).encode()),
    "accents.csv": ("E322", lambda: (HEAD + ("e" + "\u0301" * 40_000 + "\n") * 100).encode()),
    "utf-16.csv": ("E109", lambda: (HEAD + "a,stock,2025-01-31,5\n" * 1_250_000).encode("utf-16")),
    # JSON
    "deep.json": ("E103", lambda: b"[" * 10_000_000),
    "deep.jsonl": ("E103", lambda: b"[" * 10_000_000),
    "lists.json": ("E154", lambda: b"[" + b"[]," * 16_000_000 + b"[]]"),
    "maps.json": ("E309", lambda: b"[" + b"{}," * 1_000_000 + b"{}]"),
    "maps.jsonl": ("E309", lambda: b"{}\n" * 1_000_000),
    "one-text.json": ("E308", lambda: b'[{"participant":"' + b"a" * 50_000_000 + b'"}]'),
    "one-number.json": ("E308", lambda: b'[{"participant":' + b"1" * 50_000_000 + b"}]"),
    "many-columns.json": ("E402", lambda: maps(keys(range(200_000)))),
    "columns-of-their-own.json": ("E402", lambda: maps(*(keys([key]) for key in range(20_000)))),
    "many-twice.json": ("E105", lambda: maps(keys(key // 2 for key in range(200_000)))),
    # Parquet
    "many-rows.parquet": ("E401", lambda: repeated(20_000_000, "a")),
    "one-text.parquet": ("E401", lambda: parquet_of(pa.table({name: ["a" * 50_000_000] for name in HEADER}), "zstd")),
    "long-texts.parquet": ("E318", lambda: repeated(500, "a" * 90_000)),
    "many-columns.parquet": ("E402", lambda: parquet_of(pa.table({f"c{one}": [1] for one in range(17_000)}))),
    # Ledgers
    "noise.ledger": ("E601", lambda: noise(50_000_000)),
    "huge-pages.ledger": ("E610", lambda: head_of_pages(1, 2**32 - 1)),
    "one-text.ledger": ("E610", lambda: ledger("INSERT INTO entry VALUES (1, printf('%.*c', 100000000, 'x'), 'x')")),
    "endless.ledger": ("E612", lambda: ledger("DROP TABLE entry", f"CREATE VIEW entry (seq, text, hash) AS {ENDLESS}")),
    "long-layout.ledger": ("E610", lambda: ledger(f"CREATE VIEW other AS SELECT '{'x' * 50_000_000}'")),
}
"""Files by name: the code they are told with (none where there is nothing to tell of), and how they are made."""
