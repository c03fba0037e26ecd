"""Parquet: a file of columns to a table; the only room that sees pyarrow."""

from __future__ import annotations

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from emulation.problems import Place, Problem, Refused
from emulation.reading.frames import read_frame
from emulation.reading.tables import Form, Table

_REMEDY = "a Parquet file as it was written"


def read_parquet(content: bytes, file: str, form: Form) -> Table:
    """Read a Parquet file, whose page checksums are verified where it has any (E503)."""
    place = Place(file, 1)
    try:
        source = pa.BufferReader(content)
        frame = parquet.ParquetFile(source, page_checksum_verification=True).read()
    except (pa.ArrowException, OSError, ValueError) as broken:
        what = f"no Parquet file, or a damaged one: {(str(broken).splitlines() or ['empty'])[0][:200]}"
        raise Refused([Problem("E503", what, _REMEDY, place=place)]) from None
    return read_frame(frame, place, form)
