"""Parquet: a file of columns to a table; the only room that sees pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from emulation.problems import Place, Problem, Refused
from emulation.reading.frames import read_frame
from emulation.reading.package import MAX_RATIO, SMALL
from emulation.reading.tables import MAX_COLUMNS, SPARE, Form, Table

_REMEDY = "a Parquet file as it was written"


def read_parquet(content: bytes, file: str, form: Form) -> Table:
    """Read a Parquet file, whose page checksums are verified where it has any (E503)."""
    place = Place(file, 1)
    try:
        source = pa.BufferReader(content)
        columns = parquet.ParquetFile(source, page_checksum_verification=True)
        if problem := next(_dangers(columns.metadata, len(content)), None):
            raise Refused([problem.at(place)])
        texts = [one.name for one in columns.schema_arrow if pa.types.is_string(one.type)]
        # A text that stands in a million rows stands in the file once, and so it does in memory.
        frame = parquet.ParquetFile(source, page_checksum_verification=True, read_dictionary=texts).read()
    except (pa.ArrowException, OSError, ValueError) as broken:
        what = f"no Parquet file, or a damaged one: {(str(broken).splitlines() or ['empty'])[0][:200]}"
        raise Refused([Problem("E503", what, _REMEDY, place=place)]) from None
    return read_frame(frame, place, form)


def _dangers(said: Any, packed: int) -> Iterator[Problem]:
    """Tell of a small file that says it holds more than a table does, before anything of it is unpacked."""
    cells = said.num_rows * said.num_columns
    unpacked = sum(said.row_group(group).total_byte_size for group in range(said.num_row_groups))
    if cells > SPARE + MAX_RATIO * packed:
        what = f"a file of {said.num_rows:,} rows and {said.num_columns:,} columns in {packed:,} bytes"
        yield Problem("E401", what, _REMEDY)
    if unpacked > max(MAX_RATIO * packed, SMALL):
        yield Problem("E401", f"a file that unpacks to {unpacked // packed:,} times its size", f"at most {MAX_RATIO}")
    if said.num_columns > MAX_COLUMNS:
        yield Problem("E402", f"a table of {said.num_columns:,} columns", f"at most {MAX_COLUMNS:,}")
