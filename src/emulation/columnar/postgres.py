"""PostgreSQL: a table on a server, copied in batches into a file of columns; the room of columns that sees psycopg.

Nothing of it becomes records, and no more than a batch is held. The file lasts as long as the engine that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import finalize

import narwhals as nw
import psycopg
import pyarrow as pa  # type: ignore[import-untyped]
from attrs import frozen
from psycopg import errors, sql
from pyarrow import csv, parquet

from emulation.addresses import TableAddress, shown, table_at
from emulation.columnar.engines import Engine, Frame, Spark
from emulation.problems import Problem, Refused

BATCH = 4_000_000
"""So many bytes of text are held before they are columns; some 150,000 rows."""

WAIT = 30
"""Seconds to wait for the server, and for somebody who keeps the table locked."""

_KINDS: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "character varying": pa.string(),
    "boolean": pa.bool_(),
    "smallint": pa.int64(),
    "integer": pa.int64(),
    "bigint": pa.int64(),
    "date": pa.date32(),
    "timestamp without time zone": pa.timestamp("us"),
    "timestamp with time zone": pa.timestamp("us", "UTC"),
}
_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")
_LENGTH = re.compile(r"\(\d+\)")
_MOST_DIGITS = 38
_ENUM = "e"
_ROWS_IN = "rvmfp"
"""What holds rows, as the catalogue of a server calls it: tables, views, kept views, foreign and parted tables."""

_NO_VALUE = re.compile(r"In CSV column #(\d+): .*?'(.*)'", re.DOTALL)
_SETTINGS = (
    "SET default_transaction_read_only TO on",
    "SET client_encoding TO 'UTF8'",
    "SET datestyle TO 'ISO'",
    "SET timezone TO 'UTC'",
    f"SET lock_timeout TO '{WAIT}s'",
)
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), t.typtype::text
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""

Check = Callable[[Mapping[str, Any]], Iterable[Problem]]


def fetched(address: str, engine: Engine, columns: Collection[str] | None = None, check: Check | None = None) -> Frame:
    """Give a table on a server to an engine; of some ``columns`` those that are there, else all.

    ``check`` looks at the kinds of the columns before any row is read. Raise `Refused` for what is no table (E139), may
    not be read (E796), or has a column (E782) or a value (E782) that is not exact; for a server that does not answer
    (E621) or keeps the table locked (E622).
    """
    table = table_at(address)
    folder = TemporaryDirectory(prefix="emulation-", ignore_cleanup_errors=True)
    finalize(engine, folder.cleanup)
    file = Path(folder.name) / "table.parquet"
    with _told(table), _connected(table) as connection:
        found = _columns_of(table, connection)
        schema = _schema({name: kind for name, kind in found.items() if columns is None or name in columns})
        _refuse(check(_kinds_of(schema)) if check else ())
        _copied(table, schema, connection, file)
    # The machines of a Spark need not see the files of this one.
    return engine.frame(parquet.read_table(file)) if isinstance(engine, Spark) else engine.parquet([str(file)])


@frozen
class _Kind:
    """What a column holds, as the server calls it, and as columns do; None for what they do not hold exactly."""

    said: str
    kind: pa.DataType | None


def _connected(table: TableAddress) -> psycopg.Connection[Any]:
    connection = psycopg.connect(table.server, autocommit=True, connect_timeout=WAIT)
    for setting in _SETTINGS:
        connection.execute(setting.encode())
    return connection


def _columns_of(table: TableAddress, connection: psycopg.Connection[Any]) -> dict[str, _Kind]:
    """Look up the columns of a table; raise `Refused` (E139) where there is none."""
    named = sql.Identifier(*table.name).as_string(connection)
    query = "SELECT oid FROM pg_class WHERE oid = to_regclass(%s) AND relkind = ANY (%s)"
    row = connection.execute(query, (named, list(_ROWS_IN))).fetchone()
    if row is None:
        raise Refused([Problem("E139", f"there is no table {table}", "table=NAME, or table=SCHEMA.NAME")])
    return {name: _Kind(said, _kind_of(said, type_)) for name, said, type_ in connection.execute(_COLUMNS, row)}


def _kind_of(said: str, type_: str) -> pa.DataType | None:
    """Give the exact kind of column for a server's; a name out of a list is a text."""
    numeric = _NUMERIC.fullmatch(said)
    if numeric is not None:
        digits, decimals = map(int, numeric.groups())
        return pa.decimal128(digits, decimals) if decimals <= digits <= _MOST_DIGITS else None
    return pa.string() if type_ == _ENUM else _KINDS.get(_LENGTH.sub("", said))


def _schema(found: Mapping[str, _Kind]) -> pa.Schema:
    """Give the kinds of columns; raise `Refused` (E782) for those that hold nothing exact."""
    _refuse(
        Problem("E782", f"the column {name!r} is of the type {one.said}", _EXACT)
        for name, one in found.items()
        if one.kind is None
    )
    return pa.schema([(name, one.kind) for name, one in found.items()])


_EXACT = "text, date, timestamp, bigint, or numeric(…, …) of a declared scale; a view can leave it out or cast it"


def _kinds_of(schema: pa.Schema) -> Mapping[str, Any]:
    return dict(nw.from_native(schema.empty_table(), eager_only=True).schema)


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise Refused(found)


def _copied(table: TableAddress, schema: pa.Schema, connection: psycopg.Connection[Any], file: Path) -> None:
    """Copy the rows into a file, batch by batch; raise `Refused` (E782) for a value that columns do not hold."""
    names = sql.SQL(", ").join(map(sql.Identifier, schema.names))
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(names, sql.Identifier(*table.name))
    with parquet.ParquetWriter(file, schema) as writer, connection.cursor() as cursor, cursor.copy(query) as copy:
        for batch in _batches(copy):
            writer.write_table(_as_columns(batch, schema))


def _batches(blocks: Iterable[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    """Put rows together; a block of the server's ends where a row does."""
    held = bytearray()
    for block in blocks:
        held += block
        if len(held) >= BATCH:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _as_columns(rows: bytes, schema: pa.Schema) -> pa.Table:
    """Read rows as the server writes them: a blank without quotes is none, one in quotes an empty text."""
    reading = csv.ReadOptions(column_names=schema.names)
    parsing = csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    converting = csv.ConvertOptions(
        column_types=schema,
        null_values=[""],
        true_values=["t"],
        false_values=["f"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    try:
        return csv.read_csv(pa.BufferReader(rows), reading, parsing, converting)
    except pa.ArrowInvalid as slip:
        found = _NO_VALUE.search(str(slip))
        if found is None:
            raise
        name = schema.names[int(found.group(1))]
        what = f"the column {name!r} holds {found.group(2)!r}, which no {schema.field(name).type} is"
        raise Refused([Problem("E782", what, "a value that is exact")]) from None


@contextmanager
def _told(table: TableAddress) -> Iterator[None]:
    """Turn psycopg's errors into ours."""
    try:
        yield
    except psycopg.Error as error:
        raise Refused([_problem(error, table)]) from error


def _problem(error: psycopg.Error, table: TableAddress) -> Problem:
    """Word an error of the server or of the way to it."""
    match error:
        case errors.InsufficientPrivilege():
            remedy = "GRANT SELECT on it, and USAGE on its schema"
            return Problem("E796", f"{table} may not be read ({_said(error)})", remedy)
        case errors.LockNotAvailable():
            return Problem("E622", f"{table} is locked by somebody; waited {WAIT} s", "try again later")
        case _:
            what = f"the server did not answer as it should ({shown(table.server)}: {_said(error)})"
            return Problem("E621", what, "see to the server and do it again")


def _said(error: psycopg.Error) -> str:
    return " ".join(str(error).split())
