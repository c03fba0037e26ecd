"""Reference: the page on ledgers names every kind of entry, every key of it, and every code a ledger refuses with."""

from __future__ import annotations

import re
from pathlib import Path

import attrs

from emulation.grammar import key_for
from emulation.ledger.chain import KINDS
from emulation.ledger.entries import Reported
from emulation.observations import Observation

HOME = Path(__file__).parents[2]
PAGE = (HOME / "docs" / "reference" / "ledger.md").read_text(encoding="utf-8")


def keys_of(kind: type) -> set[str]:
    """Give the keys an entry of a kind is written with."""
    if kind is Reported:
        mine = {key_for(field) for field in (*attrs.fields(Observation), *attrs.fields(Reported))}
        return mine - {"span", "observation", "parts"} | {"first", "last"}
    return {key_for(field) for field in attrs.fields(kind)}


def test_every_kind_and_key_is_on_the_page() -> None:
    """The table of kinds is complete, and has nothing that is not there."""
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|([^|\n]*)\|$", PAGE, re.MULTILINE)
    listed = {word: set(re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", keys))) for word, keys in rows}

    assert listed == {word: keys_of(kind) for word, kind in KINDS.items()}


def test_every_code_is_on_the_page() -> None:
    """The codes from E601 to W624 and on that stand in the rooms of the ledger, and in its door, are explained."""
    house = HOME / "src" / "emulation"
    beside = [house / f"{room}.py" for room in ("addresses", "doors", "surroundings")]
    rooms = "".join(room.read_text(encoding="utf-8") for room in (*house.glob("ledger/*.py"), *beside))
    told = {code for code in re.findall(r'"([EW]6\d\d)"', rooms) if code != "E600"}

    assert told == set(re.findall(r"\b[EW]6\d\d\b", PAGE))
