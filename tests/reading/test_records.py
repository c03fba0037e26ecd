"""Records: a tree of texts becomes what its types ask for, and each slip is one problem at its place."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rulebook
from emulation.campaign import Campaign
from emulation.criteria import Criterion
from emulation.exact import write_number
from emulation.names import Label
from emulation.problems import SHOWN_AT_MOST, Place, Problem
from emulation.reading.document import read_document
from emulation.reading.keys import allowed, home_of, keys_in_order, leads
from emulation.reading.records import Failed, NotScalar, RecordReader, read_day
from rulebook import problems, told


def read(kind: Any, text: str) -> Any:
    """Read a value as a type; give the problems where it is none."""
    reader = RecordReader({})
    ((_, node),) = read_document(f"value: {text}\n".encode(), "rules.yaml").entries
    try:
        return reader.read(node, kind, ("value",))
    except Failed:
        return [f"{one.code} {one.what}" for one in reader.problems]


def criterion(**parts: str) -> str:
    """Write a criterion with some parts changed."""
    every = {"for": "commune", "indicator": "online", "max": "100", "proportional": "{full_at: 80%, cap: full}"} | parts
    written = ", ".join(f"{key}: {value}" for key, value in every.items() if value)
    return f"{{online: {{{written}}}}}"


# Values


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (str, "NO", "NO"),
        (str, "010", "010"),
        (str, "''", ""),
        (int, "120", 120),
        (Fraction, "0.1", Fraction(1, 10)),
        (int | Fraction, "80%", Fraction(4, 5)),
        (int | Fraction | None, "17/17", 1),
        (bool, "true", True),
        (bool, "false", False),
        (date, "2025-08-20", date(2025, 8, 20)),
        (Label, "Xanh", Label((("", "Xanh"),))),
        (Label, "{en: green, vi: xanh}", Label((("en", "green"), ("vi", "xanh")))),
        (tuple[str, ...], "[a, b]", ("a", "b")),
        (tuple[str, ...], "[]", ()),
        (tuple[tuple[str, int], ...], "{a: 1, b: 2}", (("a", 1), ("b", 2))),
    ],
)
def test_a_value(kind: Any, text: str, value: Any) -> None:
    """A text becomes what its type asks for, exactly."""
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "problems_"),
    [
        (str, "", ["E153 value has no value"]),
        (str, "[a]", ["E154 value is a list"]),
        (str, "{a: b}", ["E154 value is a map"]),
        (int, "1.5", ["E326 value cannot be '1.5'"]),
        (int, "one", ["E316 not a number: 'one'"]),
        (bool, "yes", ["E155 value cannot be 'yes'"]),
        (date, "20/08/2025", ["E123 value is no date: '20/08/2025'"]),
        (date, "2025-02-30", ["E123 value is a day that does not exist: '2025-02-30'"]),
        (date, "0999-01-01", ["E123 value is a day of another age: '0999-01-01'"]),
        (date, "２025-01-01", ["E123 value is no date: '２025-01-01'"]),
        (tuple[str, ...], "a", ["E154 value is the text 'a'"]),
        (tuple[str, ...], "''", ["E154 value is the text ''"]),
        (tuple[str, ...], "", ["E154 value is empty"]),
        (tuple[int, ...], "[1, x, 2, y]", ["E316 not a number: 'x'", "E316 not a number: 'y'"]),
        (tuple[tuple[str, int], ...], "[1]", ["E154 value is a list"]),
        (Label, "{}", ["E154 value is a map"]),
        (Label, "{english: x, x y: z}", ["E155 'english' is no language", "E155 'x y' is no language"]),
        (Label, "{en: }", ["E153 value.en has no value"]),
        (int | Fraction, "[1]", ["E154 value is a list"]),
        (int | Fraction, "{a: 1}", ["E154 value is a map"]),
    ],
)
def test_a_value_that_is_none(kind: Any, text: str, problems_: list[str]) -> None:
    """A text that is no such thing is told, and so is each item of a list."""
    assert read(kind, text) == problems_


@given(st.integers(-(10**30) + 1, 10**30 - 1) | st.fractions(-(10**6), 10**6, max_denominator=10**9))
def test_what_is_written_is_read(value: Fraction) -> None:
    """An exact number comes back from its text as it was."""
    assert read(int | Fraction, write_number(value)) == value


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_of_our_age_is_read(day: date) -> None:
    """A day comes back from its text; and none without its zeros."""
    assert read_day(day.isoformat()) == day
    with pytest.raises(NotScalar):
        read_day(f"{day.year}-{day.month}-{day.day}/")


# Unions


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        # words
        ({"missing": "zero"}, None),
        ({"missing": "zer"}, "E155 criteria.online.missing cannot be 'zer'; did you mean zero?"),
        ({"missing": "value"}, "E155 criteria.online.missing cannot be 'value'"),
        ({"missing": "[zero]"}, "E154 criteria.online.missing is a list"),
        # a word or a number
        ({"cap": "none"}, None),
        ({"cap": "120"}, None),
        ({"cap": "nne"}, "E155 criteria.online.cap cannot be 'nne'; did you mean none?"),
        ({"cap": "12o"}, "E316 not a number: '12o'"),
        # a record by its word
        ({"missing": "{value: 80%}"}, None),
        ({"missing": "{valu: 80%}"}, "E114 unknown key 'valu'; did you mean value?"),
        ({"missing": "{because: silence}"}, "E156 criteria.online.missing does not say what it is"),
        ({"missing": "{value: 80%, because: silence}"}, "E114 unknown key 'because' beside 'value'"),
        ({"missing": "{value: 80%, points: 3}"}, "E156 'value' and 'points' exclude each other"),
        # records written beside the other keys
        ({"binary": "{at_least: 80%}"}, "E156 'proportional' and 'binary' exclude each other"),
        ({"proportional": "", "binary": "{at_least: 80%}"}, None),
        (
            {"proportional": "", "binary": "{}"},
            "E153 criteria.online.binary lacks one of at_least, above, at_most, below, equals, between",
        ),
        ({"only_if": "{indicator: online, at_least: 50%}"}, None),
        (
            {"only_if": "{indicator: online}"},
            "E153 criteria.online.only_if lacks one of at_least, above, at_most, below, equals, between",
        ),
        ({"only_if": "{any: [{indicator: online, above: {indicator: online}}]}"}, None),
        # a yardstick: a number, or a record whose keys tell it
        ({"proportional": "{full_at: {peers: best, relative: true}, cap: full}"}, None),
        (
            {"proportional": "{full_at: {peers: bst, relative: true}, cap: full}"},
            "E155 criteria.online.proportional.full_at.peers cannot be 'bst'; did you mean best?",
        ),
    ],
)
def test_one_of_several(parts: dict[str, str], problem: str | None, tmp_path: Path) -> None:
    """Of several things one is meant, and told by its word or its keys."""
    found = problems(tmp_path, criteria=criterion(**parts))

    shown = [f"{one.code} {one.what}{f'; did you mean {one.near}?' if one.near else ''}" for one in found]
    assert shown == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("due", "problem"),
    [
        ("2025-02-28", None),
        ("{from: 2025-02-01, workdays: 20}", None),
        ("{frm: 2025-02-01, workdays: 20}", "E114 unknown key 'frm'"),
        ("[2025-02-28]", "E154 indicators.plan.milestone.due is a list"),
        ("soon", "E123 indicators.plan.milestone.due is no date: 'soon'"),
    ],
)
def test_a_day_or_a_window(due: str, problem: str | None, tmp_path: Path) -> None:
    """Where a text or a record can stand, a map is the record."""
    plan = f", plan: {{milestone: {{due: {due}, counted_in: days}}, at: latest}}}}"

    assert told(tmp_path, indicators=rulebook.PARTS["indicators"][:-1] + plan) == ([problem] if problem else [])


def test_a_word_or_a_list(tmp_path: Path) -> None:
    """Where a word or a list can stand, anything else is told what can."""
    every = "{t: {for: commune, every: %s, above: 0}}"
    (one,) = problems(tmp_path, targets=every % "{online: 1}")

    assert told(tmp_path, targets=every % "criterion") == told(tmp_path, targets=every % "[online]") == []
    assert (one.what, one.expected) == ("targets.t.every is a map", "one of criterion, a list")


def test_a_record_without_keys(tmp_path: Path) -> None:
    """A record without keys is a word, and ``true`` where it stands as a key."""
    yes_no = "{online: {yes_no: %s, at: latest, better: higher}}"

    assert told(tmp_path, indicators=yes_no % "true", criteria=criterion(proportional="{full_at: 1, cap: full}")) == []
    assert told(tmp_path, indicators=yes_no % "yes") == ["E155 indicators.online.yes_no takes no value"]
    assert told(tmp_path, indicators=yes_no % "{a: b}") == ["E155 indicators.online.yes_no takes no value"]


# Keys


def test_a_misspelt_key_is_one_problem(tmp_path: Path) -> None:
    """A key that is needed and misspelt is unknown, and not missed as well."""
    found = problems(tmp_path, title=None, titel="First quarter")

    assert [(one.code, one.what, one.near) for one in found] == [("E114", "unknown key 'titel'", "title")]


@pytest.mark.parametrize(
    ("parts", "nears"),
    [
        ({"criteria": criterion(indicator="", indicatr="online", max="", maxx="100")}, ["indicator", "max"]),
        ({"criteria": criterion(proportional="{full_at: 80%, cp: full}")}, ["cap"]),
        ({"criteria": criterion(proportional="", proportionl="{full_at: 80%, cap: full}")}, ["proportional"]),
        ({"campaign": None, "campain": "quarter"}, ["campaign"]),
        ({"participants": None, "participant": "{file: participants.csv}"}, ["participants"]),
        ({"indicators": None, "indicator": rulebook.PARTS["indicators"]}, ["indicators"]),
        ({"targets": "{t: {indicatr: online, at_least: 80%}}"}, ["indicator"]),
        ({"targets": "{t: {indicator: online, at_lest: 80%}}"}, ["at_least"]),
        ({"targets": "{t: {any: [{indicator: online, at_lest: 80%}]}}"}, ["at_least"]),
        ({"targets": "{t: {any: [{indicatr: online, at_lest: 80%}]}}"}, ["indicator"]),
        ({"targets": "{t: {childrn: commune, all_are: {member: commune}}}"}, ["children"]),
    ],
)
def test_misspelt_keys(parts: dict[str, Any], nears: list[str], tmp_path: Path) -> None:
    """Each misspelt key is one problem, with the key that was meant."""
    found = problems(tmp_path, **parts)

    assert [(one.code, one.near) for one in found] == [("E114", near) for near in nears]


@pytest.mark.parametrize(
    ("key", "record", "home"),
    [
        ("full_at", Criterion, "it belongs in proportional"),
        ("set_aside", Criterion, "it belongs at the top of the file"),
        ("max", Campaign, "it belongs in criteria"),
        ("decide_on", Campaign, "it belongs in rounding"),
        ("stale_after", Criterion, "it belongs in indicators"),
        ("relative", Campaign, None),  # in too many places to be named
        ("colour", Criterion, None),
    ],
)
def test_a_key_in_the_wrong_place(key: str, record: type, home: str | None) -> None:
    """A key that belongs elsewhere is told where, if that can be said in a few words."""
    assert home_of(key, record) == home


def test_a_misplaced_key_is_not_taken_for_a_misspelt_one(tmp_path: Path) -> None:
    """A key that exists elsewhere is told where, and no near one is suggested."""
    (one,) = problems(tmp_path, criteria=criterion(as_of="2025-03-31"))

    assert (one.what, one.expected) == ("unknown key 'as_of'", "it belongs at the top of the file or in examples")
    assert one.near is None


def test_a_key_of_nothing(tmp_path: Path) -> None:
    """A key that is near to none is told with the keys there are."""
    (one,) = problems(tmp_path, gaps="{missing: zero, zero_denominator: zero, colour: red}")

    assert (one.code, one.what, one.near) == ("E114", "unknown key 'colour'", None)
    assert one.expected == "its keys are missing, not_applicable, zero_denominator, not_yet_due, withheld"


def test_the_keys_of_a_record() -> None:
    """A record's keys are its fields and the words of the records beside them; its id is the key above."""
    assert {"indicator", "max", "for", "as", "proportional", "sum"} <= allowed(Criterion)
    assert "id" not in keys_in_order(Criterion, ["id"])
    assert leads(Criterion) == ("criterion",)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"title": None}, "E153 the campaign lacks the key 'title'"),
        ({"campaign": None}, "E153 the campaign lacks the key 'campaign'"),
        ({"participants": None}, "E153 the campaign lacks the key 'participants'"),
        ({"participants": "{groups: [cluster]}"}, "E153 participants lacks the key 'file'"),
        ({"indicators": "{online: {over: period}}"}, "E153 indicators.online lacks one of share, ratio"),
        ({"criteria": "{a b: {max: 0}}"}, "E134 'a b' cannot be an id"),
        ({"criteria": "{online: 100}"}, "E154 criteria.online is the text '100'"),
        ({"criteria": "[online]"}, "E154 criteria is a list"),
        ({"period": "2025"}, "E154 period is the text '2025'"),
    ],
)
def test_what_is_lacking_or_of_another_shape(part: dict[str, Any], problem: str, tmp_path: Path) -> None:
    """A key that is needed, an id that is none, and a thing of another shape are told."""
    assert [one[: len(problem)] for one in told(tmp_path, **part)] == [problem]


# Places


def test_a_problem_stands_at_its_value(tmp_path: Path) -> None:
    """A value's problem stands at the value, a key's at the key, a lack at what lacks it."""
    found = problems(tmp_path, criteria=criterion(max="1e3", maxx="1", proportional="{full_at: 80%}"))

    def at(problem: Problem) -> str:
        return problem.place.text[problem.place.column - 1 :][:9] if problem.place else ""

    assert [(one.code, at(one)) for one in found] == [
        ("E121", "1e3, prop"),
        ("E153", "{full_at:"),
        ("E114", "maxx: 1}}"),
    ]


@pytest.mark.parametrize(
    ("formula", "shown"),
    [("online = 1", "= 1"), ('"online = 1"', "= 1"), ("'min(online, 2 ** 99)'", "** 99)"), ("1 +", "}")],
)
def test_a_slip_in_a_formula_is_marked(formula: str, shown: str, tmp_path: Path) -> None:
    """The mark stands under the character of the formula that is wrong."""
    (one,) = problems(tmp_path, indicators=rulebook.PARTS["indicators"][:-1] + f", more: {{formula: {formula}}}}}")

    assert one.place is not None
    assert one.place.text[one.place.column - 1 :].startswith(shown)


def test_a_formula_over_several_lines(tmp_path: Path) -> None:
    """A formula that does not stand in one line is marked where it begins, and the character is counted."""
    text = (
        "\n  more:\n    formula: >-\n      online\n      + 2 = 1\n" + "  online: " + rulebook.PARTS["indicators"][9:-1]
    )

    (one,) = problems(tmp_path, indicators=text)

    assert (one.code, one.what) == ("E208", "a formula does not compare; write a condition (character 12)")


def test_a_comma_in_braces(tmp_path: Path) -> None:
    """A formula that YAML has cut at a comma is told how to be written."""
    found = problems(tmp_path, indicators=rulebook.PARTS["indicators"][:-1] + ", more: {formula: round(online, 2)}}")

    assert found[0].expected == "within { } a formula with a comma goes in quotes"


def test_names_are_sought_for_what_is_shown() -> None:
    """The nearest word is sought for as many problems as a report shows."""
    reader = RecordReader({})

    assert reader.near("wieght", ["weight"]) == "weight"

    reader.problems = [Problem("E114", "x", place=Place("f", 1))] * SHOWN_AT_MOST
    assert reader.near("wieght", ["weight"]) is None


# Whatever is written

WORDS = st.sampled_from(["zero", "online", "100", "80%", "", "x y", "total", "true", "2025-01-01", "é", "a/b", "none"])
KEYS = st.sampled_from(
    ["indicator", "max", "sum", "of", "all", "missing", "proportional", "at_least", "for", "dated", "x"]
)
TREES = st.recursive(
    WORDS.map(lambda word: f"'{word}'"),
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(KEYS, below, max_size=3).map(lambda m: f"{{{', '.join(f'{k}: {v}' for k, v in m.items())}}}"),
    ),
    max_leaves=8,
)
BLOCKS = st.sampled_from(["criteria", "targets", "standings", "readiness", "awards", "gaps", "indicators", "examples"])


@settings(
    max_examples=150, suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture]
)
@given(BLOCKS, TREES)
def test_any_tree_is_read_or_told(tmp_path: Path, block: str, tree: str) -> None:
    """Whatever tree stands in a campaign, it is read, or refused with places in their order."""
    found = problems(tmp_path, **{block: f"{{x: {tree}}}" if block != "examples" else f"[{tree}]"})

    places = [one.place for one in found]
    assert all(place is not None for place in places)
    assert all((one.line, one.column) <= (two.line, two.column) for one, two in pairwise(filter(None, places)))
