"""Frames: what goes out into frame libraries is what the outcome says, digit by digit."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import emulation as em
from emulation.exact import write_number
from emulation.problems import Refused
from emulation.report import rows as rows_room

ROOT = Path(__file__).parents[2]
LIBRARIES = ("pandas", "polars", "pyarrow")


@cache
def outcome(name: str) -> em.Outcome:
    """Score a campaign."""
    rules = em.load_campaign(ROOT / "campaigns" / name)
    return em.score(rules, em.load_observations(ROOT / "campaigns" / name / "observations.csv", rules))


def rows(frame: Any) -> list[dict[str, Any]]:
    """Give the rows of a frame of any library, with None for what is missing."""
    match type(frame).__module__.partition(".")[0]:
        case "polars":
            return list(frame.to_dicts())
        case "pyarrow":
            return list(frame.to_pylist())
        case _:
            found = frame.to_dict("records")
            return [
                {name: None if str(value) in ("nan", "<NA>") else value for name, value in row.items()} for row in found
            ]


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_participant_has_its_exact_numbers(library: str) -> None:
    """Totals are decimals and shares that never end are fractions, the same in every library."""
    scored = outcome("resolution-57-2025")

    table = {row["id"]: row for row in rows(em.to_frame(scored, library))}

    assert list(table) == [one.participant.id for one in scored]
    assert {id: row["total"] for id, row in table.items()} == {
        one.participant.id: None if one.total is None else Decimal(write_number(one.total)) for one in scored
    }
    found = scored.measurements["online_share"]
    assert {id: Fraction(row["value:online_share"]) for id, row in table.items()} == {
        id: found[id].value for id in table
    }
    assert (table["19"]["value:online_share"], table["01"]["value:online_share"]) == ("0.6891", "31289/37338")


@pytest.mark.parametrize("library", LIBRARIES)
def test_places_stay_whole_beside_those_who_have_none(library: str) -> None:
    """A province has no place among communes; no place becomes 1.0."""
    table = rows(em.to_frame(outcome("resolution-57-2025"), library))

    places = [row["rank:communes"] for row in table]

    assert places.count(None) == 34
    assert {type(place) for place in places} == {int, type(None)}


@pytest.mark.parametrize("library", LIBRARIES)
def test_floats_are_given_on_request(library: str) -> None:
    """With numbers=float each number is the nearest float."""
    scored = outcome("resolution-57-2025")

    table = rows(em.to_frame(scored, library, numbers=float, group="19"))

    assert [row["value:online_share"] for row in table] == [
        float(Fraction(scored.measurements["online_share"][row["id"]].value or 0)) for row in table
    ]
    assert len(table) == 92


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_nobody_has_is_a_column_all_the_same(library: str) -> None:
    """A campaign without points has a column of totals without values."""
    table = rows(em.to_frame(outcome("hau-giang-2024"), library))

    assert {row["total"] for row in table} == {None}
    assert {row["readiness"] for row in table} == {None}


@pytest.mark.parametrize("library", LIBRARIES)
def test_numbers_too_long_for_decimals_are_text(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that needs more digits than a decimal column has keeps them all as text."""
    monkeypatch.setattr(rows_room, "MOST_DIGITS", 3)

    table = rows(em.to_frame(outcome("thai-nguyen-2025"), library))

    assert {row["total"] for row in table if row["name"] == "Xã Kim Phượng"} == {"93.62"}


def test_a_library_is_chosen_in_a_stated_order() -> None:
    """Without a wish it is the first of pandas, polars, pyarrow."""
    assert type(em.to_frame(outcome("pci-2006"))).__module__.startswith("pandas")


@pytest.mark.parametrize(
    ("wish", "code"), [({"backend": "panda"}, "E778"), ({"backend": "dask"}, "E778"), ({"numbers": int}, "E779")]
)
def test_what_is_not_known_is_refused(wish: dict[str, Any], code: str) -> None:
    """Other libraries and other kinds of numbers are refused by name."""
    with pytest.raises(Refused) as refused:
        em.to_frame(outcome("pci-2006"), **wish)

    assert [problem.code for problem in refused.value.problems] == [code]


def test_without_the_extra_it_says_what_to_install() -> None:
    """Where narwhals is absent, the remedy is named (E641)."""
    program = (
        "import sys; sys.modules['narwhals'] = None\n"
        "import emulation as em\n"
        f"rules = em.load_campaign({str(ROOT / 'campaigns' / 'ha-noi-2025')!r})\n"
        f"facts = em.load_observations({str(ROOT / 'campaigns' / 'ha-noi-2025' / 'observations.csv')!r}, rules)\n"
        "try: em.to_frame(em.score(rules, facts))\n"
        "except em.Refused as refused: print(refused)\n"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.startswith("E641 a frame needs a library that is not installed")
    assert "emulation-campaigns[columns]" in said
