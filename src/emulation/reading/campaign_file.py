"""Campaign file: a folder with campaign.yaml and its tables to a checked campaign, every problem with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path as FilePath
from typing import Any, Literal

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.checks import problems_of
from emulation.criteria import TOTAL
from emulation.names import CriterionId, GroupName, IndicatorId, Kind, ParticipantId, near
from emulation.participants import Participants, Selector
from emulation.problems import Path, Problem, Refused
from emulation.reading.document import Listing, Mapping, Node, Text, place_of, read_document
from emulation.reading.people import read_participants
from emulation.reading.records import Failed, RecordReader, allowed
from emulation.reading.tables import Form, read_date
from emulation.standings import Indicator_, Key, Points, Step

FILE = "campaign.yaml"
_OWN_KEYS = ("campaign", "participants")


@frozen
class People:
    """Where participants are listed.

    Keys:
        file: the table, beside the campaign.
        groups: the columns that name groups.
        delimiter: what stands between two cells.
        dates: how dates are written.
    """

    file: str
    groups: tuple[GroupName, ...] = ()
    delimiter: Literal[",", ";", "tab"] = ","
    dates: Literal["yyyy-mm-dd", "dd/mm/yyyy"] = "yyyy-mm-dd"


def load_campaign(path: str | FilePath) -> Campaign:
    """Read a campaign folder, or its campaign.yaml; raise `Refused` with every problem found.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> load_campaign("campaigns/thai-nguyen-2025").id
    'thai-nguyen-2025'
    """
    file = campaign_path(path)
    document = read_document(file.read_bytes(), str(file))
    days = sorted(set(_dates(document)))
    editions = [(day, _read(_in_force(document, day), file)) for day in days] or [(date.min, _read(document, file))]
    campaign = editions[0][1]
    if days and days[0] > campaign.timetable.period.first:
        what, place = f"no value is in force before {days[0]}", place_of(document, ("period",))
        raise Refused([Problem("E157", what, "a first date up to the first day of the period", place=place)])
    return evolve(campaign, editions=tuple(editions)) if len(editions) > 1 else campaign


def campaign_path(path: str | FilePath) -> FilePath:
    """Give the campaign file meant by a folder or a file."""
    given = FilePath(path)
    file = given / FILE if given.is_dir() else given
    if not file.is_file():
        what = f"there is no {FILE} in {given}" if given.is_dir() else f"there is no file {given}"
        beside = [one.name for one in given.parent.iterdir()] if given.parent.is_dir() else []
        raise Refused([Problem("E112", what, "a campaign's folder or its campaign.yaml", near(given.name, beside))])
    return file


def _read(document: Mapping, file: FilePath) -> Campaign:
    """Read one edition of the rules: everything that is wrong with it is told at once."""
    reader = RecordReader({})
    participants = _participants(reader, document, file)
    reader.special = {
        Selector: partial(_selector, participants),
        Key: _key,
        Participants: lambda *_: participants,
    }
    try:
        given = {"id": _name(reader, document), "participants": participants}
        campaign = _with_keys_settled(reader.record(document, Campaign, (), given, _OWN_KEYS))
    except Failed:
        raise Refused(reader.problems) from None
    found = [
        problem if problem.place else problem.at(place_of(document, problem.path)) for problem in problems_of(campaign)
    ]
    if reader.problems or found:
        raise Refused([*reader.problems, *found])
    return campaign


def _name(reader: RecordReader, document: Mapping) -> str | None:
    """Read the campaign's id; none if there is no such thing, which has been noted."""
    try:
        return str(reader.read(_own(reader, document, "campaign"), ParticipantId, ("campaign",)))
    except Failed:
        return None


def _own(reader: RecordReader, document: Mapping, key: str) -> Node:
    """Give what stands under a key that a campaign must have; one that is misspelt is told with the other keys."""
    node = document.get(key)
    if node is not None:
        return node
    if key in reader.misspelt(document, allowed(Campaign) - {"id"} | {*_OWN_KEYS}).values():
        raise Failed
    raise reader.fail("E153", f"the campaign lacks the key {key!r}", document, (key,))


def _participants(reader: RecordReader, document: Mapping, file: FilePath) -> Participants:
    """Read who takes part first, since rules are for kinds and participants by name."""
    try:
        node = _own(reader, document, "participants")
        people = reader.record(reader.mapping(node, ("participants",)), People, ("participants",))
        table = beside(file, people.file, node, ("participants", "file"))
    except Failed:
        return Participants(())
    except Refused as refused:
        reader.problems.extend(refused.problems)
        return Participants(())
    try:
        delimiter = "\t" if people.delimiter == "tab" else people.delimiter
        return read_participants(table, people.groups, Form(delimiter=delimiter, dates=people.dates))
    except Refused as refused:
        reader.problems.extend(refused.problems)
        return Participants(())


def beside(file: FilePath, name: str, node: Node, path: Path) -> FilePath:
    """Give a file of the campaign's own folder; refuse any name that leads out of it."""
    leads_out = name.startswith(("/", "~", "\\")) or any(sign in name for sign in ("..", "\\", ":", "\0"))
    folder = file.parent.resolve()
    place = place_of(node, path[-1:]) if isinstance(node, Mapping) else node.place
    if leads_out or not (folder / name).resolve().is_relative_to(folder):
        raise Refused(
            [
                Problem(
                    "E138",
                    f"{name!r} leads out of the campaign's folder",
                    "a file beside the campaign",
                    path=path,
                    place=place,
                )
            ]
        )
    found = folder / name
    if not found.is_file():
        hint = near(name, [one.name for one in folder.iterdir()])
        raise Refused(
            [
                Problem(
                    "E139",
                    f"there is no file {name!r} beside the campaign",
                    near=hint,
                    path=path,
                    place=place,
                )
            ]
        )
    return file.parent / name


def _selector(participants: Participants, reader: RecordReader, node: Node, path: Path) -> Selector:
    """Read whom a rule is for: a kind or a participant's id, a list of these, or a map of kinds, groups and ids."""
    match node:
        case Text():
            return _selected(participants, reader, [reader.text(node, path)], path)
        case Listing(items):
            return _either(reader, _selected(participants, reader, [reader.text(item, path) for item in items], path), node, path)
        case Mapping():
            kinds = _texts(reader, node.get("kind"), (*path, "kind"))
            ids = _texts(reader, node.get("id"), (*path, "id"))
            groups = _groups(participants, reader, node.get("group"), (*path, "group"))
            for key, _ in node.entries:
                if key.value not in ("kind", "id", "group"):
                    raise reader.fail("E114", f"unknown key {key.value!r}", key, path, "its keys are group, id, kind")
            picked = _selected(participants, reader, [*kinds, *ids], path)
            return Selector(picked.kind, groups, picked.id)


def _either(reader: RecordReader, chosen: Selector, node: Node, path: Path) -> Selector:
    """See that a list names kinds or participants: of both, it could be read as *and* and as *or*."""
    if not chosen.kind and not chosen.id:
        raise reader.fail("E153", "the list names nobody", node, path, "kinds or participants; leave it out for everybody")
    if chosen.kind and chosen.id:
        raise reader.fail("E156", "a list of kinds and of participants", node, path, "kinds only, or participants only")
    return chosen


def _texts(reader: RecordReader, node: Node | None, path: Path) -> list[Text]:
    if node is None:
        return []
    return [reader.text(item, path) for item in node.items] if isinstance(node, Listing) else [reader.text(node, path)]


def _groups(
    participants: Participants, reader: RecordReader, node: Node | None, path: Path
) -> tuple[tuple[GroupName, tuple[str, ...]], ...]:
    if node is None:
        return ()
    chosen: list[tuple[GroupName, tuple[str, ...]]] = []
    for key, value in reader.mapping(node, path).entries:
        name = GroupName(key.value)
        known = {body.group(name) for body in participants} - {None}
        for text in _texts(reader, value, (*path, key.value)):
            if participants.listed and text.value not in known:
                hint = near(text.value, [one for one in known if one])
                raise reader.fail(
                    "E135",
                    f"no participant is in the group {key.value}: {text.value!r}",
                    text,
                    path,
                    hint=hint,
                )
        chosen.append((name, tuple(text.value for text in _texts(reader, value, path))))
    return tuple(chosen)


def _selected(participants: Participants, reader: RecordReader, texts: list[Text], path: Path) -> Selector:
    kinds: list[Kind] = []
    ids: list[ParticipantId] = []
    for text in texts:
        if text.value in participants.kinds:
            kinds.append(Kind(text.value))
        elif text.value in participants or not participants.listed:
            ids.append(ParticipantId(text.value))
        else:
            hint = near(text.value, participants.kinds) or participants.nearest(text.value)
            raise reader.fail("E135", f"{text.value!r} is neither a kind nor a participant", text, path, hint=hint)
    return Selector(tuple(kinds), (), tuple(ids))


def _key(reader: RecordReader, node: Node, path: Path) -> Key:
    """Read what is ranked by: an id as a plain text, or a map where the direction is said too.

    Whether an id is an indicator's or a criterion's is settled once all are known.
    """
    if isinstance(node, Text):
        return Key(Points(CriterionId(reader.text(node, path).value)))
    return reader.record(reader.mapping(node, path), Key, path)


def _with_keys_settled(campaign: Campaign) -> Campaign:
    """Turn keys written as plain ids into what the ids name: a criterion or the total, else an indicator."""

    def settled(step: Step) -> Step:
        match step:
            case Key(Points(id), better) if id not in campaign.criterion and id != TOTAL:
                return Key(Indicator_(IndicatorId(id)), better)
            case _:
                return step

    standings = tuple(
        evolve(
            standing,
            by=tuple(one for key in standing.by if isinstance(one := settled(key), Key)),
            then=tuple(settled(step) for step in standing.then),
        )
        for standing in campaign.standings
    )
    return evolve(campaign, standings=standings)


# --- values with dates ---------------------------------------------------------------------------------------


def _dates(node: Node) -> Iterator[date]:
    """Find the days on which rules change."""
    match node:
        case Listing(items):
            for item in items:
                yield from _dates(item)
        case Mapping(entries):
            for key, value in entries:
                if key.value == "dated" and isinstance(value, Mapping):
                    yield from (_day(one) for one, _ in value.entries)
                yield from _dates(value)
        case Text():
            pass


def _day(text: Text) -> date:
    try:
        return read_date(text.value, Form())
    except ValueError as slip:
        raise Refused([Problem("E123", f"dated: {slip}", "write 2025-08-20 (year-month-day)", place=text.place)]) from None


def _in_force(node: Node, day: date) -> Any:
    """Give the document as it is in force on a day: the last dated value that has begun, else the first."""
    match node:
        case Listing(items):
            return Listing(tuple(_in_force(item, day) for item in items), node.place)
        case Mapping(entries) if (
            len(entries) == 1 and entries[0][0].value == "dated" and isinstance(entries[0][1], Mapping)
        ):
            dated = sorted(((_day(key), value) for key, value in entries[0][1].entries), key=lambda one: one[0])
            begun = [value for found, value in dated if found <= day]
            return _in_force(begun[-1] if begun else dated[0][1], day)
        case Mapping(entries):
            return Mapping(tuple((key, _in_force(value, day)) for key, value in entries), node.place)
        case _:
            return node
