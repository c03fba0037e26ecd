"""Addresses: that of a table and that of a ledger are never taken for one another, and no password is shown."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.addresses import is_ledger, is_server, is_table, shown, table_at
from emulation.problems import Refused

NAMES = st.text(st.sampled_from('aB.1" é=&%?/@:'), min_size=1, max_size=6)


def quoted(name: str) -> str:
    """Write a name so that its dots and quotes are its own."""
    return quote('"' + name.replace('"', '""') + '"', safe="")


@given(st.lists(NAMES, min_size=1, max_size=2), st.sampled_from(["", "sslmode=require&", "host=%2Ftmp&"]))
def test_a_name_comes_out_as_it_was_put_in(name: list[str], options: str) -> None:
    """Whatever signs stand in it, and what else stands in the address stays there."""
    address = f"postgresql://lan@db/drive?{options}table={'.'.join(map(quoted, name))}&connect_timeout=2"

    found = table_at(address)

    assert (found.name, found.server) == (tuple(name), f"postgresql://lan@db/drive?{options}connect_timeout=2")


@pytest.mark.parametrize(
    ("written", "name"), [("daily", ("daily",)), ("reports.Daily", ("reports", "Daily")), ('r."a.b"', ("r", "a.b"))]
)
def test_a_plain_name_needs_no_quotes(written: str, name: tuple[str, ...]) -> None:
    """Large letters stay large; only a dot needs quotes."""
    found = table_at(f"postgres://db/drive?table={written}")

    assert (found.name, found.server) == (name, "postgres://db/drive")


@pytest.mark.parametrize("written", ["table=", "table=a.b.c", "table=.b", "table=a&table=b", 'table="a', "table"])
def test_what_names_no_table_is_told(written: str) -> None:
    """One name, with its schema or without."""
    with pytest.raises(Refused) as refused:
        table_at(f"postgresql://db/drive?{written}")

    assert [one.code for one in refused.value.problems] == ["E796"]


@pytest.mark.parametrize(
    ("address", "server", "table", "ledger"),
    [
        ("postgresql://db/drive", True, False, True),
        ("postgresql://db/table?tables=1", True, False, True),
        ("postgresql://db/drive?table=daily", True, True, False),
        ("postgres://db/drive?sslmode=require&table=", True, True, False),
        ("s3://db/drive?table=daily", False, False, False),
        ("postgresql://[::1/drive", True, False, True),
    ],
)
def test_an_address_is_one_of_a_kind(address: str, server: bool, table: bool, ledger: bool) -> None:
    """A table is what an address names a table in; a ledger's does not."""
    assert (is_server(address), is_table(address), is_ledger(address)) == (server, table, ledger)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://lan:secret@db/drive",
        "postgresql://lan:se/secret@db/drive",
        "postgresql://lan@db/drive?password=secret&sslmode=require",
        "postgresql://lan@db/drive?sslmode=require&SSLPASSWORD=secret",
        "postgresql://[::1:secret@db/drive",
    ],
)
def test_no_password_is_shown(address: str) -> None:
    """Wherever it stands."""
    assert "secret" not in shown(address)
    assert "secret" not in str(table_at(f"{address}{'&' if '?' in address else '?'}table=daily"))
