"""Campaign file: a folder with campaign.yaml and its tables to a checked campaign, every problem with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path as FilePath
from typing import Any, Literal

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.cases import Edge, Where
from emulation.checks import problems_of
from emulation.criteria import TOTAL
from emulation.names import CriterionId, GroupName, IndicatorId, Kind, ParticipantId, near
from emulation.observations import Written
from emulation.participants import Participants, Selector
from emulation.problems import Path, Place, Problem, Refused
from emulation.reading.document import Listing, Mapping, Node, Text, place_of, read_document
from emulation.reading.keys import allowed
from emulation.reading.people import read_participants
from emulation.reading.records import Failed, RecordReader
from emulation.reading.registers import read_edge, read_where
from emulation.reading.tables import Form
from emulation.standings import Indicator_, Key, Points

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
    dated = _dated_values(document)
    editions: list[tuple[date, Campaign]] = []
    problems: list[Problem] = []
    for day in sorted({day for value in dated for day in value.days}) or [date.min]:
        try:
            editions.append((day, _read(_in_force(document, day), file)))
        except Refused as refused:
            problems.extend(refused.problems)
    if problems or (problems := list(_late_beginnings(dated, editions[0][1].period.from_))):
        raise Refused(problems)
    campaign = editions[0][1]
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
    reader.special = _special(participants)
    try:
        given = {"id": _name(reader, document), "participants": participants}
        campaign = with_keys_settled(reader.record(document, Campaign, (), given, _OWN_KEYS))
    except Failed:
        raise Refused(reader.problems) from None
    found = [problem.at(place_of(document, problem.path)) for problem in problems_of(campaign)]
    if reader.problems or found:
        raise Refused([*reader.problems, *found])
    return campaign


def rules_reader(participants: Participants) -> RecordReader:
    """Give a reader of single rules of a campaign with these participants."""
    return RecordReader(_special(participants))


def _special(participants: Participants) -> dict[Any, Any]:
    """Give how types are read that mean more than their fields."""
    return {Selector: _Choosing(participants), Key: _key, Written: _table, Where: read_where, Edge: read_edge}


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
    """Read who takes part first, since rules are for kinds and participants by name; nobody if that fails."""
    path = ("participants",)
    try:
        node = reader.mapping(_own(reader, document, "participants"), path, ["file", "groups"])
        people = reader.record(node, People, path)
        table = _beside(reader, file, node, path)
        delimiter = "\t" if people.delimiter == "tab" else people.delimiter
        return read_participants(table, people.groups, Form(delimiter=delimiter, dates=people.dates))
    except Failed:
        return Participants(())
    except Refused as refused:
        reader.problems.extend(refused.problems)
        return Participants(())


def _beside(reader: RecordReader, file: FilePath, node: Mapping, path: Path) -> FilePath:
    """Give the file of the campaign's own folder that a map names; refuse any name that leads out of it."""
    named = _inside(reader, node, path)
    folder = file.parent.resolve()
    try:
        found: FilePath | None = (folder / named.value).resolve(strict=True)
    except (OSError, RuntimeError):  # there is none, its name is too long, or links go round in a circle
        found = None
    if found is not None and not found.is_relative_to(folder):
        raise _leads_out(reader, named, path)
    if found is None or not found.is_file():
        hint = near(named.value, [one.name for one in folder.iterdir()])
        what = f"there is no file {named.value!r} beside the campaign"
        raise reader.fail("E139", what, named, (*path, "file"), hint=hint)
    return file.parent / named.value


def _inside(reader: RecordReader, node: Mapping, path: Path) -> Text:
    """Give the name of a file as it was written; refuse one that leads out of the folder on any machine."""
    there = (*path, "file")
    named = reader.text(node.get("file") or node, there)
    parts = named.value.split("/")
    if ".." in parts or named.value.startswith(("/", "~")) or any(sign in named.value for sign in "\\:\0"):
        raise _leads_out(reader, named, there)
    return named


def _leads_out(reader: RecordReader, named: Text, path: Path) -> Failed:
    what = f"'{named.value}' leads out of the campaign's folder"
    return reader.fail("E138", what, named, path, "a file beside the campaign")


def _table(reader: RecordReader, node: Node, path: Path) -> Written:
    """Read how the table of facts is written; it need not be there yet."""
    map_ = reader.mapping(node, path, ["file", "decimal", "dates"])
    written = reader.record(map_, Written, path)
    _inside(reader, map_, path)
    return written


@frozen
class _Choosing:
    """Reads whom rules are for: a kind or a participant's id, a list of these, or a map of kinds, groups and ids.

    Where the participants themselves cannot be read, every name will do: one problem is enough.
    """

    participants: Participants

    def __call__(self, reader: RecordReader, node: Node, path: Path) -> Selector:
        if isinstance(node, Mapping):
            return self._chosen(reader, node, path)
        texts = _texts(reader, node, path)
        kinds = tuple(Kind(text.value) for text in texts if text.value in self.participants.kinds)
        known = {*self.participants.kinds, *self.participants.by_id}
        what = "neither a kind nor a participant: "
        named = self._each(reader, texts, path, known, what)
        ids = tuple(ParticipantId(name) for name in named if name not in kinds)
        if kinds and ids:  # which could be read as *and* and as *or*
            expected = "kinds only, or participants only"
            raise reader.fail("E156", "a list of kinds and of participants", node, path, expected)
        return Selector(kinds, (), ids)

    def _chosen(self, reader: RecordReader, node: Mapping, path: Path) -> Selector:
        for key, hint in reader.misspelt(node, ("kind", "group", "id")).items():
            raise reader.fail("E114", f"unknown key {key.value!r}", key, path, "kind, group or id", hint)
        if not node.entries:
            raise reader.fail("E153", f"{path[-1]} names nobody", node, path, _EVERYBODY)
        kinds, groups, ids = reader.gather(
            [
                partial(
                    self._names, reader, node.get("kind"), (*path, "kind"), self.participants.kinds, "unknown kind "
                ),
                partial(self._groups, reader, node.get("group"), (*path, "group")),
                partial(self._names, reader, node.get("id"), (*path, "id"), self.participants.by_id, "unknown id "),
            ]
        )
        return Selector(kinds, groups, ids)

    def _names(self, reader: RecordReader, node: Node | None, path: Path, known: Iterable[str], what: str) -> Any:
        return () if node is None else self._each(reader, _texts(reader, node, path), path, known, what)

    def _groups(self, reader: RecordReader, node: Node | None, path: Path) -> Any:
        if node is None:
            return ()
        entries = reader.mapping(node, path).entries
        self._each(reader, [key for key, _ in entries], path, self.participants.group_names, "unknown group ")
        return reader.gather(partial(self._group, reader, key, value, path) for key, value in entries)

    def _group(self, reader: RecordReader, key: Text, node: Node, path: Path) -> tuple[GroupName, tuple[str, ...]]:
        there, name = (*path, key.value), GroupName(key.value)
        known = {group for body in self.participants if (group := body.group(name))}
        return name, self._each(reader, _texts(reader, node, there), there, known, f"nobody is in {name} ")

    def _each(
        self, reader: RecordReader, texts: Sequence[Text], path: Path, known: Iterable[str], what: str
    ) -> tuple[str, ...]:
        """See that each text names something known."""
        words = set(known)

        def one(text: Text) -> str:
            if text.value in words or not self.participants.listed:
                return text.value
            hint = reader.near(text.value, words)
            raise reader.fail("E135", f"{what}{text.value!r}", text, path, hint=hint)

        return reader.gather(partial(one, text) for text in texts)


_EVERYBODY = "kinds or participants; leave it out for everybody"


def _texts(reader: RecordReader, node: Node, path: Path) -> Sequence[Text]:
    """Give the texts of a list that is not empty, or the one that stands for it."""
    items = node.items if isinstance(node, Listing) else (node,)
    if not items:
        raise reader.fail("E153", f"{path[-1]} names nobody", node, path, _EVERYBODY)
    return reader.gather(partial(reader.text, item, path) for item in items)


def _key(reader: RecordReader, node: Node, path: Path) -> Key:
    """Read what is ranked by: an id as a plain text, or a map where the direction is said too.

    Whether an id is an indicator's or a criterion's is settled once all are known.
    """
    if isinstance(node, Text):
        return Key(Points(CriterionId(reader.text(node, path).value)))
    return reader.record(reader.mapping(node, path), Key, path)


def with_keys_settled(campaign: Campaign) -> Campaign:
    """Turn keys written as plain ids into what the ids name: a criterion or the total, else an indicator."""
    criteria = {*campaign.criterion, TOTAL}

    def settled(key: Key) -> Key:
        if not isinstance(key.of, Points) or key.of.criterion in criteria:
            return key
        id = key.of.criterion
        indicator = IndicatorId(id)
        misspelt = indicator not in campaign.indicator and near(id, criteria) and not near(id, campaign.indicator)
        return key if misspelt else evolve(key, of=Indicator_(indicator))

    standings = tuple(
        evolve(
            standing,
            by=tuple(settled(key) for key in standing.by),
            then=tuple(settled(step) if isinstance(step, Key) else step for step in standing.then),
        )
        for standing in campaign.standings
    )
    return evolve(campaign, standings=standings)


# --- values with dates ---------------------------------------------------------------------------------------

_DATED = "dated"
_MOST_EDITIONS = 100


@frozen
class _Dated:
    """Where a value with dates is written, and the days on which it changes."""

    place: Place
    days: tuple[date, ...]


def _dated_values(document: Mapping) -> tuple[_Dated, ...]:
    """Find all values with dates; raise `Refused` with what is wrong with any."""
    reader = RecordReader({})
    try:
        found = reader.gather(partial(_dated, reader, *one) for one in _dated_in(document, ()))
    except Failed:
        raise Refused(reader.problems) from None
    if len({day for value in found for day in value.days}) > _MOST_EDITIONS:
        what = f"rules that change on more than {_MOST_EDITIONS} days"
        raise Refused([Problem("E111", what, "a campaign for each year", place=found[0].place)])
    return found


def _dated_in(node: Node, path: Path) -> Iterator[tuple[Mapping, Path]]:
    """Find the maps with the key dated, and the paths to them."""
    match node:
        case Listing(items):
            for number, item in enumerate(items):
                yield from _dated_in(item, (*path, str(number)))
        case Mapping(entries):
            if node.get(_DATED):
                yield node, path
            for key, value in entries:
                yield from _dated_in(value, (*path, key.value))
        case Text():
            pass


def _dated(reader: RecordReader, node: Mapping, path: Path) -> _Dated:
    """Read the days of a value with dates."""
    key, value = next(entry for entry in node.entries if entry[0].value == _DATED)
    if len(node.entries) > 1:
        raise reader.fail("E114", "'dated' has keys beside it", key, path, "it stands alone, for the whole value")
    there = (*path, _DATED)
    entries = reader.mapping(value, there).entries
    if not entries:
        raise reader.fail("E153", "dated has no value", value, there, "{2025-01-01: the value from that day on}")
    return _Dated(key.place, reader.gather(partial(reader.read, day, date, there) for day, _ in entries))


def _late_beginnings(dated: Iterable[_Dated], first: date) -> Iterator[Problem]:
    """Find values that are not in force when the campaign begins."""
    for value in dated:
        if min(value.days) > first:
            expected = f"the period begins on {first}: a value from then on"
            yield Problem("E157", f"no value is in force before {min(value.days)}", expected, place=value.place)


def _in_force(node: Node, day: date) -> Any:
    """Give the document as it is in force on a day: of each dated value the last that has begun, else the first."""
    match node:
        case Listing(items):
            return Listing(tuple(_in_force(item, day) for item in items), node.place)
        case Mapping(((Text("dated"), Mapping(entries)),)):
            by_day = sorted(entries, key=lambda entry: entry[0].value)
            begun = [value for key, value in by_day if key.value <= day.isoformat()]
            return _in_force([by_day[0][1], *begun][-1], day)
        case Mapping(entries):
            return Mapping(tuple((key, _in_force(value, day)) for key, value in entries), node.place)
        case Text():
            return node
