"""Frozen: records never change, unions are closed, and every room says what lives in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from house import ROOMS, Room, imported

THAWED = {"define", "mutable", "make_class", "attrs", "attrib", "s", "dataclass", "make_dataclass"}
NOUN = re.compile(r"[A-Z][\w' -]*: \S.*\.")


def test_records_are_frozen() -> None:
    """`attrs.frozen` makes every record; there is no other way to make one."""
    assert [finding for room in ROOMS for finding in thawed(room)] == []


def test_every_room_says_what_lives_in_it() -> None:
    """The first line of a room's docstring has the form "Noun: what lives here."."""
    assert [room for room in ROOMS if not introduced(room)] == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("from attrs import define", "attrs.define"),
        ("@attrs.define\nclass A: ...", "attrs.define"),
        ("@attrs.mutable(slots=True)\nclass A: ...", "attrs.mutable"),
        ("from dataclasses import dataclass", "dataclasses.dataclass"),
        ("import dataclasses", "dataclasses"),
        ("import abc", "abc"),
        ("from abc import ABC", "abc.ABC"),
    ],
)
def test_the_checks_can_fail(text: str, finding: str) -> None:
    """Each check finds what it is for."""
    assert {found.partition(" ")[2] for found in thawed(Room("points", text))} == {finding}


@pytest.mark.parametrize("text", ["", "'''Points.'''", "'''Points: what is\nearned.'''", "'''points: x.'''"])
def test_an_introduction_has_a_form(text: str) -> None:
    """A room without a noun, a colon and one whole sentence in its first line is not introduced."""
    assert not introduced(Room("points", text))


def thawed(room: Room) -> Iterator[str]:
    """Find records that could change, and base classes."""
    for node in ast.walk(room.tree):
        if isinstance(node, ast.Attribute) and node.attr in THAWED and ast.unparse(node.value) in {"attr", "attrs"}:
            yield room.at(node, ast.unparse(node))
        for module, name in imported(node):
            if module in {"abc", "dataclasses"} or (module in {"attr", "attrs"} and name in THAWED):
                yield room.at(node, f"{module}.{name}" if name else module)


def introduced(room: Room) -> bool:
    """Say whether a room's docstring begins with its noun and what lives there."""
    lines = (ast.get_docstring(room.tree) or "").splitlines()
    return bool(lines and NOUN.fullmatch(lines[0]))
