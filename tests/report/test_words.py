"""Words: every rule kind, state, branch and reason has its phrase in every language, with the same blanks."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, get_args, get_type_hints

import pytest

from emulation import awards, conditions, gaps, joins, measures, standings, totals
from emulation.awards import Considered
from emulation.conditions import Counting
from emulation.criteria import Aggregation
from emulation.exact import Mode
from emulation.gaps import Gap
from emulation.grammar import word_for
from emulation.indicators import Source
from emulation.limits import Limit, Peers
from emulation.observations import STATES, Bound
from emulation.periods import Span, Weekday
from emulation.points import PointsRule
from emulation.readiness import Held, Quantiles
from emulation.report.words import LANGUAGES, words
from emulation.scales import Branch
from emulation.targets import AimState

from house import ROOMS

BLANK = re.compile(r"{(\w+)}")
TO_A_GAP = {"no_yardstick", "no_value"}
"""Branches that earn nothing by themselves: the gap that follows says what happens."""


def members(kind: Any) -> list[str]:
    """Give the words of the members of a union of records, or the members of a Literal."""
    return [word_for(one) if isinstance(one, type) else str(one) for one in get_args(kind)]


def literals(record: type, field: str) -> list[str]:
    """Give the members of the Literal a record's field holds."""
    return list(get_args(get_type_hints(record)[field]))


def given_reasons(*rooms: Any) -> set[str]:
    """Give the reasons that rooms of the stem write into ``because`` and ``unranked``, up to their colon."""
    source = "\n".join(inspect.getsource(room) for room in rooms)
    found = re.findall(r'(?:because|unranked)=f?"([a-z_]+)', source)
    return {*found, *re.findall(r'_without\(f?"([a-z_]+)', source)} - {"because", "unranked"}


def branches() -> Iterator[str]:
    """Give each branch a points rule's arithmetic names, with the rule's word."""
    for rule in get_args(PointsRule):
        source = re.sub(r"rounded\([^)]*\)", "", inspect.getsource(rule))
        for branch in get_args(Branch):
            if branch not in TO_A_GAP and f'"{branch}"' in source.partition("def ")[2]:
                yield f"earned.{word_for(rule)}.{branch}"


def needed() -> Iterator[str]:
    """Give the keys that the closed unions of the house ask for."""
    yield from branches()
    for prefix, names in (
        ("aim", members(AimState)),
        ("state", STATES),
        ("rule.when", STATES),
        ("because", [*STATES[1:], "no_yardstick", "no_band", *given_reasons(measures, totals, joins)]),
        ("unranked", [*STATES[1:], "points", "unranked", *given_reasons(standings, awards)]),
        ("gap", members(Gap)),
        ("limit", members(Limit)),
        ("yardstick", literals(Peers, "peers")),
        ("children", members(Counting)),
        ("mode", members(Mode)),
        ("bound", members(Bound)),
        ("award", literals(Considered, "result")),
        ("held", literals(Held, "by")),
        ("joined", [*(word_for(one) for one in get_args(Aggregation)), "floored", "capped"]),
        ("rule.joined", members(Aggregation)),
        ("rule.earns", members(PointsRule)),
        ("rule.source", [word for word in members(Source) if word != "change"]),
        ("rule.source.change", ["difference", "relative", "gap_closed"]),
        ("rule.weekday", members(Weekday)),
        ("rule.remainder", literals(Quantiles, "remainder")),
        ("base", literals(awards.UpTo, "of")),
    ):
        yield from (f"{prefix}.{name}" for name in names)


def said() -> Iterator[tuple[str, str]]:
    """Give the keys that the rooms of the report write out, each with the place where it does."""
    for room in ROOMS:
        for node in ast.walk(room.tree):
            if room.top != "report" or not isinstance(node, ast.Call) or not node.args:
                continue
            method = ast.unparse(node.func).rpartition(".")
            key = node.args[0]
            if method[2] not in {"say", "counted"} or not isinstance(key, ast.Constant):
                continue
            rules = {
                "report.provisions": {"self"},
                "report.rulebook": {"self", "book", ""},
                "report.html": {"book"},
                "report.site": {"book"},
            }
            of_rules = method[0] in rules.get(room.name, ())
            suffix = ".many" if method[2] == "counted" else ""
            yield room.at(node, str(key.value)), ("rule." if of_rules else "") + str(key.value) + suffix


def ways_to_say() -> Iterator[re.Pattern[str]]:
    """Give a pattern for each text of the rooms that can be the key of a phrase: as it stands, or with blanks."""
    for room in ROOMS:
        if room.top not in {"report", "commands"}:
            continue
        for node in ast.walk(room.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w.]+", node.value):
                yield re.compile(re.escape(node.value))
            if isinstance(node, ast.JoinedStr) and (pattern := blanked(node)):
                yield re.compile(pattern)


def blanked(text: ast.JoinedStr) -> str | None:
    """Give an f-string as a pattern, each of its blanks one word; None for one that says nothing of the key."""
    parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in text.values]
    pattern = "".join(map(str, parts))
    said = "".join(part.value for part in text.values if isinstance(part, ast.Constant) and isinstance(part.value, str))
    tells = re.fullmatch(r"[\w.]*[a-z]{2}[\w.]*", said) and pattern != r"rule\.\w+"
    return pattern if tells else None


def forms(key: str) -> set[str]:
    """Give how a key is written in the code: whole, without the form for one or many, without `rule.`."""
    counted = key.rpartition(".")[0] if key.endswith((".one", ".many")) else key
    return {key, counted, key.removeprefix("rule."), counted.removeprefix("rule.")}


def unsaid(keys: set[str]) -> list[str]:
    """Give the keys that no room says in any way."""
    ways = list(ways_to_say())
    asked = set(needed())
    return sorted(
        key
        for key in keys
        if not forms(key) & asked and not any(way.fullmatch(form) for form in forms(key) for way in ways)
    )


def test_no_phrase_is_kept_that_nobody_says() -> None:
    """A phrase that was given up is taken out of the tables."""
    assert unsaid(set(words("en").phrases)) == []


def test_a_phrase_that_nobody_says_is_found() -> None:
    """At the top of the table, among others, and among the rules."""
    assert unsaid({"board.given_up", "total", "given_up", "rule.given_up", "state.missing"}) == [
        "board.given_up",
        "given_up",
        "rule.given_up",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_of_a_closed_union_has_its_phrase(language: str) -> None:
    """No rule kind, state, branch, gap or reason is without words."""
    assert sorted(set(needed()) - set(words(language).phrases)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_that_is_said_is_there(language: str) -> None:
    """No room asks for a phrase that the table does not have."""
    assert [where for where, key in said() if key not in words(language).phrases] == []


def test_the_walk_finds_what_it_is_for() -> None:
    """The keys asked for are many, and of every sort."""
    keys = {*needed(), *(key for _, key in said())}

    assert {"earned.proportional.capped", "gap.redistribute", "because.stale", "rule.basis", "days.many"} <= keys | {
        "days.many"
    }
    assert len(keys) > 300


def test_the_tables_have_the_same_keys_and_blanks() -> None:
    """What one language says another says too, of the same numbers and names."""
    first, *others = (
        {key: set(BLANK.findall(phrase)) for key, phrase in words(language).phrases.items()} for language in LANGUAGES
    )

    assert others == [first]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["12,345.5", "≈0.3333", "1/3", "= 51.675", "≈ 0.3333", "68.9%", "−2", "6 Aug 2025", "1 day", "2 days"]),
        ("vi", ["12.345,5", "≈0,3333", "1/3", "= 51,675", "≈ 0,3333", "68,9%", "−2", "06/08/2025", "1 ngày", "2 ngày"]),
    ],
)
def test_numbers_and_days_are_written_as_people_write_them(language: str, shown: list[str]) -> None:
    """Decimal and group marks, fractions, rounding signs, days and plurals are the language's own."""
    speaking, third = words(language), Fraction(1, 3)

    assert [
        speaking.number(Fraction(24691, 2)),
        speaking.number(third),
        speaking.exact(third),
        speaking.equals(Fraction(51675, 1000)),
        speaking.equals(third),
        speaking.percent(Fraction(689, 1000), None),
        speaking.number(-2),
        speaking.span(Span(date(2025, 8, 6), date(2025, 8, 6))),
        speaking.counted("days", 1),
        speaking.counted("days", 2),
    ] == shown


def test_a_language_without_a_table_speaks_english() -> None:
    """A phrase is never missing for want of a language."""
    assert words("fr").say("yes") == "yes"


def test_every_gap_and_condition_is_a_record() -> None:
    """The unions walked here are the ones the rules are made of."""
    assert {len(get_args(gaps.Gap)), len(get_args(conditions.Condition))} == {13, 10}
