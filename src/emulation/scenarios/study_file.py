"""Study file: scenarios.yaml beside a campaign to a checked study, every problem with its place."""

from __future__ import annotations

from functools import partial
from pathlib import Path as FilePath
from typing import Any

from emulation.campaign import Campaign
from emulation.exact import Rational
from emulation.problems import Path, Problem, Refused
from emulation.reading.document import Listing, Node, Text, place_of, read_document
from emulation.reading.records import Failed, RecordReader
from emulation.scenarios.changes import Drop, More, New, Set
from emulation.scenarios.study import Study, problems_of

FILE = "scenarios.yaml"


def load_study(path: str | FilePath, campaign: Campaign) -> Study:
    """Read a study: a file, or the scenarios.yaml of a folder; raise `Refused` with every problem found.

    Whether the paths of its scenarios lead anywhere is seen when they are applied.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> [one.id for one in load_study("campaigns/thai-nguyen-2025", rules).scenarios]
    ['tasks_half', 'seventy', 'both', 'phan_dinh_phung_up', 'geometric']
    """
    given = FilePath(path)
    file = given / FILE if given.is_dir() else given
    if not file.is_file():
        raise Refused([Problem("E112", f"there is no file {file}", "a file with scenarios")])
    document = read_document(file.read_bytes(), str(file))
    reader = RecordReader(_SPECIAL)
    try:
        study = reader.record(document, Study, ())
    except Failed:
        raise Refused(reader.problems) from None
    problems = [problem.at(place_of(document, problem.path)) for problem in problems_of(study, campaign)]
    if problems:
        raise Refused(problems)
    return study


def _set(reader: RecordReader, node: Node, path: Path) -> tuple[Set, ...]:
    """Read what stands instead: a map of paths."""
    return tuple(Set(key.value, value, key.place) for key, value in reader.mapping(node, path).entries)


def _new(reader: RecordReader, node: Node, path: Path) -> tuple[New, ...]:
    """Read what is new: a map of paths."""
    return tuple(New(key.value, value, key.place) for key, value in reader.mapping(node, path).entries)


def _more(reader: RecordReader, node: Node, path: Path) -> tuple[More, ...]:
    """Read by how much numbers grow: a map of paths."""

    def one(key: Text, value: Node) -> More:
        return More(key.value, reader.read(value, Rational, (*path, key.value)), key.place)

    return reader.gather(partial(one, key, value) for key, value in reader.mapping(node, path).entries)


def _drop(reader: RecordReader, node: Node, path: Path) -> tuple[Drop, ...]:
    """Read what is left out: a list of paths."""
    texts = node.items if isinstance(node, Listing) else (node,)
    return tuple(
        Drop(text.value, text.place) for text in reader.gather(partial(reader.text, one, path) for one in texts)
    )


_SPECIAL: dict[Any, Any] = {
    tuple[Set, ...]: _set,
    tuple[New, ...]: _new,
    tuple[More, ...]: _more,
    tuple[Drop, ...]: _drop,
}
