"""Addresses: which of them are those of ledgers, of servers and of tables on servers, told without opening one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from attrs import frozen

from emulation.problems import Problem, Refused

SERVERS = ("postgresql://", "postgres://")
_SQLITE = b"SQLite format 3\0"
_TABLE = "table"
_NAME = r'(?:"((?:[^"]|"")+)"|([^".]+))'
_NAMES = re.compile(rf"(?:{_NAME}\.)?{_NAME}")
_SECRET = ("password", "sslpassword")


def is_server(address: str) -> bool:
    """Say whether an address is that of a server.

    >>> is_server("postgresql://db/drive"), is_server("drive.ledger")
    (True, False)
    """
    return address.startswith(SERVERS)


def is_table(address: Any) -> bool:
    """Say whether an address is that of a table on a server: one that names it, which a ledger's never does.

    >>> is_table("postgresql://db/drive?table=reports.daily"), is_table("postgresql://db/drive")
    (True, False)
    """
    return isinstance(address, str) and is_server(address) and any(name == _TABLE for name, _ in _options(address))


def is_ledger(address: str) -> bool:
    """Say whether an address is that of a ledger: on a server, or a file in the form that ledgers have.

    >>> is_ledger("postgresql://db/drive"), is_ledger("campaigns/thai-nguyen-2025/observations.csv")
    (True, False)
    """
    file = Path(address)
    if is_server(address) or not file.is_file():
        return is_server(address) and not is_table(address)
    with file.open("rb") as start:
        return start.read(len(_SQLITE)) == _SQLITE


@frozen
class TableAddress:
    """Where a table is: the address of its server, and its name there, with its schema where one is named."""

    server: str
    name: tuple[str, ...]

    def __str__(self) -> str:
        return f"{'.'.join(self.name)} at {shown(self.server)}"


def table_at(address: str) -> TableAddress:
    """Take a table's name out of its address; raise `Refused` (E796) for what names no table.

    The name is written as the server keeps it, small and capital letters too; one with a dot in it stands in quotes.

    >>> str(table_at("postgresql://lan:secret@db/drive?table=reports.daily&sslmode=require"))
    'reports.daily at postgresql://lan@db/drive?sslmode=require'
    """
    named = [unquote(value) for name, value in _options(address) if name == _TABLE]
    found = _NAMES.fullmatch(named[0]) if len(named) == 1 else None
    if found is None:
        what = f"table={'&table='.join(named)} names no table"
        raise Refused([Problem("E796", what, "one: table=NAME, or table=SCHEMA.NAME")])
    parts = [quoted.replace('""', '"') if quoted else plain for quoted, plain in (found.group(1, 2), found.group(3, 4))]
    server = _with(address, [one for one in _options(address) if one[0] != _TABLE])
    return TableAddress(server, tuple(part for part in parts if part))


def shown(address: str) -> str:
    """Give an address without its password.

    >>> shown("postgresql://lan:secret@db/drive?sslmode=require&password=secret")
    'postgresql://lan@db/drive?sslmode=require'
    """
    scheme, _, place = address.partition("?")[0].partition("://")
    user, at, server = place.rpartition("@")
    options = [one for one in _options(address) if one[0].lower() not in _SECRET]
    return _with(f"{scheme}://{user.partition(':')[0]}{at}{server}", options)


def _options(address: str) -> list[tuple[str, str]]:
    """Give what stands behind the question mark, as it is written."""
    query = address.partition("?")[2]
    return [(name, value) for name, _, value in (one.partition("=") for one in query.split("&"))] if query else []


def _with(address: str, options: list[tuple[str, str]]) -> str:
    query = "&".join(f"{name}={value}" for name, value in options)
    return address.partition("?")[0] + (f"?{query}" if query else "")
