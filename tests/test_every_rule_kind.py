"""Every rule kind: it is read from YAML, stands in the JSON Schema, is documented, and is used in a worked example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args, get_origin

import attrs
import pytest

from emulation.awards import Quota
from emulation.campaign import Campaign
from emulation.checks import records_in
from emulation.conditions import Condition, Counting, Subject
from emulation.criteria import Aggregation
from emulation.formulas import Expression
from emulation.gaps import Gap
from emulation.grammar import hints, is_by_id, is_inline, key_for, keys_of, meaning_of, members_of
from emulation.indicators import Indicator, Source
from emulation.limits import Limit, Yardstick
from emulation.names import Label
from emulation.participants import Participant, Participants, Selector
from emulation.periods import Deadline
from emulation.points import PointsRule
from emulation.readiness import Classing
from emulation.reading.campaign_file import People, load_campaign
from emulation.reading.keys import leads
from emulation.reading.schema import campaign_schema
from emulation.standings import Step

from documents import DOCS, HOME, TOOL, shown_campaigns

UNIONS: dict[str, Any] = {
    "source": Source,
    "time": hints(Indicator)["time"],
    "limit": Limit,
    "yardstick": Yardstick,
    "subject": Subject,
    "condition": Condition,
    "counting": Counting,
    "points rule": PointsRule,
    "aggregation": Aggregation,
    "gap": Gap,
    "step": Step,
    "classing": Classing,
    "quota": Quota,
    "deadline": Deadline,
}
KINDS = [
    pytest.param(kind, id=f"{name}: {kind.__module__.rpartition('.')[2]}.{kind.__name__}")
    for name, union in UNIONS.items()
    for kind in members_of(union)
    if attrs.has(kind)
]


def types_below(kind: Any, seen: set[Any]) -> Iterator[Any]:
    """Give every record a campaign is made of, by the types of its fields."""
    for one in members_of(kind):
        if get_origin(one) is tuple:
            for item in get_args(one):
                yield from types_below(item, seen)
        elif isinstance(one, type) and attrs.has(one) and one not in seen and one not in (Expression, Label):
            seen.add(one)
            yield one
            for attribute in attrs.fields(one):
                if attribute.repr and one is not Participants:
                    yield from types_below(hints(one)[attribute.name], seen)


RECORDS = [
    pytest.param(record, id=f"{record.__module__.rpartition('.')[2]}.{record.__name__}")
    for record in [People, *types_below(Campaign, {Participants, Participant})]
]


@cache
def worked() -> frozenset[type]:
    """Give the kinds of all records in campaigns that have worked examples: ours, and those of the documents."""
    with TemporaryDirectory() as place:
        own = [load_campaign(path.parent) for path in sorted(HOME.glob("campaigns/*/campaign.yaml"))]
        every = [*own, *shown_campaigns(Path(place))]
    return frozenset(type(one.record) for campaign in every if campaign.examples for one in records_in(campaign))


@cache
def shown() -> frozenset[type]:
    """Give the kinds of all records in the documents."""
    with TemporaryDirectory() as place:
        return frozenset(type(one.record) for one in every_record(Path(place)))


def every_record(folder: Path) -> Iterator[Any]:
    """Give the records of all campaigns of the documents."""
    for campaign in shown_campaigns(folder):
        yield from records_in(campaign)


@cache
def schema_words() -> dict[str, set[str]]:
    """Give the keys and words of the JSON Schema, each with what it is said to mean."""
    words: dict[str, set[str]] = {}

    def gather(drawn: Any) -> None:
        if isinstance(drawn, dict):
            for key, value in drawn.get("properties", {}).items():
                words.setdefault(key, set()).add(value.get("description", ""))
            for word in drawn.get("enum", []):
                words.setdefault(str(word), set())
            for value in drawn.values():
                gather(value)
        elif isinstance(drawn, list):
            for value in drawn:
                gather(value)

    gather(json.loads(json.dumps(campaign_schema())))
    return words


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_from_yaml(kind: type) -> None:
    """The documents have an example of it, which reads."""
    assert kind in shown()


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_used_in_a_worked_example(kind: type) -> None:
    """A campaign with cases worked by hand uses it."""
    assert kind in worked()


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_in_the_schema(kind: type) -> None:
    """An editor knows the keys or the word it is told by."""
    assert set(leads(kind)) <= set(schema_words())


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_a_section_in_the_reference(kind: type) -> None:
    """The reference says what it means, in the words of its docstring."""
    name = f"{kind.__module__.removeprefix('emulation.')}.{kind.__name__}"
    text = "".join(page.read_text(encoding="utf-8") for page in sorted((DOCS / "reference").glob("*.md")))

    assert f"<!-- meaning: {name} -->" in text
    assert TOOL.meaning(name) in text


@pytest.mark.parametrize("record", RECORDS)
def test_its_docstring_says_what_it_means_and_lists_its_keys(record: type) -> None:
    """Every record a campaign is written with has a meaning, and lists all of its keys and no other."""
    fields = {key_for(one) for one in attrs.fields(record) if one.repr}
    by_id = {"id"} if is_by_id(record) and record is not Selector else set()
    own = {"campaign"} if record is Campaign else set()

    assert meaning_of(record).endswith((".", ":"))
    assert set(keys_of(record)) == (fields - by_id) | own


@pytest.mark.parametrize("record", RECORDS)
def test_no_two_of_its_keys_are_the_same(record: type) -> None:
    """Keys that stand beside one another, its own and those of the unions written inline, all differ."""
    inline = [one for one in attrs.fields(record) if is_inline(one)]
    words = [
        word
        for one in inline
        for kind in members_of(hints(record)[one.name])
        if attrs.has(kind)
        for word in leads(kind)
    ]
    own = [key_for(one) for one in attrs.fields(record) if not is_inline(one)]

    assert len(set(words + own)) == len(words + own)
