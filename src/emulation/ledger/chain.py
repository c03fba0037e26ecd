"""Chain: the canonical text of an entry and back, and the hashes that tie each entry to all before it.

The text is JSON without blanks, keys sorted, in UTF-8; a key that would say the usual (its default) is left out;
an exact number is a text, ``850`` or ``17/20``. The hash is SHA-256 over the hash before, in hexadecimal, followed
by the text. So a verifier in any language needs a JSON reader and SHA-256, and nothing of ours.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, Literal, NamedTuple, get_args, get_origin

import attrs

from emulation.exact import Rational, whole_or_fraction
from emulation.grammar import hints, key_for, members_of, word_for
from emulation.ledger.entries import Content, Entry, Head, Reported
from emulation.observations import STATES, Bound, Observation
from emulation.periods import Span
from emulation.problems import Problem, Refused

_JSON = json.JSONDecoder(parse_float=Decimal, parse_constant=Decimal)  # neither of which stands in an entry
KINDS: Mapping[str, Any] = {word_for(kind): kind for kind in get_args(Content)}
"""The kinds of entries by the word they are written by."""

_BOUNDS = (None, *get_args(Bound))


class Line(NamedTuple):
    """An entry as it is kept: its number, its canonical text in UTF-8, and its hash in hexadecimal."""

    seq: int
    text: bytes
    hash: str


def lines_of(
    contents: Iterable[Content], head: Head, known_at: datetime, author: str, reason: str | None = None
) -> Iterator[Line]:
    """Write the next batch of a ledger as lines, each tied to the one before.

    Raise `Refused` (E332) for a text that cannot be written in UTF-8.

    >>> from emulation.ledger.entries import EMPTY, Amended
    >>> line, = lines_of([Amended("drive", "f00d")], EMPTY, datetime(2025, 8, 6, tzinfo=UTC), "Lan")
    >>> print(line.text.decode())
    {"author":"Lan","batch":1,"content":{"amended":{"campaign":"drive","to":"f00d"}},"known_at":"2025-08-06T00:00:00.000000Z","seq":1}
    """
    before = f'{{"author":{quoted(author)},"batch":{head.batch + 1},"content":'
    because = "" if reason is None else f',"reason":{quoted(reason)}'
    after = f',"known_at":"{moment_text(known_at)}"{because},"seq":'
    seq, last = head.seq, head.hash.encode()
    for content in contents:
        seq += 1
        try:
            text = f"{before}{content_text(content)}{after}{seq}}}".encode()
        except UnicodeEncodeError as slip:
            what = f"half of a character in {slip.object[max(0, slip.start - 20) : slip.end + 20]!a}"
            raise Refused([Problem("E332", what, "write the text anew")]) from None
        digest = sha256(last + text).hexdigest()
        yield Line(seq, text, digest)
        last = digest.encode()


def hash_of(previous: str, text: bytes) -> str:
    """Give the hash of an entry from the hash before it and its text."""
    return sha256(previous.encode() + text).hexdigest()


def moment_text(moment: datetime) -> str:
    """Write a moment in UTC, always as long.

    >>> moment_text(datetime(2025, 8, 6, 3, 4, 5, tzinfo=UTC))
    '2025-08-06T03:04:05.000000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


# --- writing


def content_text(content: Content) -> str:
    """Write what an entry says, without blanks, its keys sorted."""
    if isinstance(content, Reported):
        return _reported_text(content)
    return _json({word_for(type(content)): _plain(content)})


def _reported_text(reported: Reported) -> str:
    """Write a fact; by far the most entries are facts, so it is spelt out here and not found by a walk."""
    one = reported.observation
    first, last = _days_text(one.span)
    parts = ['"apart":true'] if reported.apart else []
    if one.bound is not None:
        parts.append(f'"bound":"{one.bound}"')
    if one.disputed:
        parts.append('"disputed":true')
    parts.append(f'"fact":{quoted(one.fact)}')
    if one.file:
        parts.append(f'"file":{quoted(one.file)}')
    parts.append(first)
    if reported.given is not None:
        parts.append(f'"given":{quoted(reported.given)}')
    if one.illustrative:
        parts.append('"illustrative":true')
    parts.append(last)
    if one.line:
        parts.append(f'"line":{one.line}')
    parts.append(f'"participant":{quoted(one.participant)}')
    if one.received is not None:
        parts.append(f'"received":"{one.received.isoformat()}"')
    if one.source is not None:
        parts.append(f'"source":{quoted(one.source)}')
    if one.stage is not None:
        parts.append(f'"stage":{quoted(one.stage)}')
    if one.state != "measured":
        parts.append(f'"state":"{one.state}"')
    if one.value is not None:
        parts.append(f'"value":"{number_text(one.value)}"')
    return f'{{"reported":{{{",".join(parts)}}}}}'


@lru_cache(maxsize=4096)
def _days_text(span: Span) -> tuple[str, str]:
    return f'"first":"{span.first.isoformat()}"', f'"last":"{span.last.isoformat()}"'


def number_text(value: Rational) -> str:
    """Write an exact number as a whole number or a fraction in lowest terms.

    >>> number_text(Fraction(85, 100))
    '17/20'
    """
    return str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _plain(value: Any) -> Any:
    """Turn a record into what JSON knows; what is as usual is left out."""
    match value:
        case datetime():
            return moment_text(value)
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(one) for one in value]
        case _ if attrs.has(type(value)):
            return {
                key_for(field): _plain(getattr(value, field.name))
                for field in attrs.fields(type(value))
                if getattr(value, field.name) != field.default
            }
        case _:
            return value


# --- reading


def head_of(line: Line) -> Head:
    """Give the head of a ledger that ends with a line."""
    entry = entry_of(line, "")
    return Head(entry.seq, entry.batch, entry.known_at, line.hash)


class NotAnEntry(ValueError):
    """A text that is no entry of a ledger, or of a later version than this program knows."""


def entry_of(line: Line, previous: str) -> Entry:
    """Read an entry; raise `NotAnEntry` for a text that is none.

    >>> from emulation.ledger.entries import EMPTY, Amended
    >>> (line,) = lines_of([Amended("drive", "f00d")], EMPTY, datetime(2025, 8, 6, tzinfo=UTC), "Lan")
    >>> entry_of(line, EMPTY.hash).content.to
    'f00d'
    """
    try:
        told = _JSON.decode(line.text.decode())
        ((word, said),) = told["content"].items()
        return Entry(
            told["seq"],
            told["batch"],
            datetime.fromisoformat(told["known_at"]),
            told["author"],
            _reported(said) if word == "reported" else _made(KINDS[word], said),
            previous,
            line.hash,
            told.get("reason"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as slip:
        raise NotAnEntry(f"entry {line.seq} says what this program does not know") from slip


def _reported(said: dict[str, Any]) -> Reported:
    """Read a fact, spelt out as it is written."""
    received, line = said.get("received"), said.get("line", 0)
    if type(line) is not int:
        raise TypeError(line)
    observation = Observation(
        said["participant"],
        said["fact"],
        _span(said["first"], said["last"]),
        _number(said["value"]) if "value" in said else None,
        _one_of(STATES, said.get("state", "measured")),
        _one_of(_BOUNDS, said.get("bound")),
        said.get("source"),
        said.get("illustrative", False),
        said.get("file", ""),
        line,
        stage=said.get("stage"),
        received=None if received is None else date.fromisoformat(received),
        disputed=said.get("disputed", False),
    )
    return Reported(observation, said.get("given"), said.get("apart", False))


@lru_cache(maxsize=4096)
def _span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@lru_cache(maxsize=4096)
def _number(text: str) -> Rational:
    above, _, below = text.partition("/")
    return whole_or_fraction(Fraction(int(above), int(below))) if below else int(above)


def _made(kind: Any, said: Any) -> Any:
    """Make what a type asks for of what JSON knows; raise for anything else."""
    (kind,) = members_of(kind)
    if get_origin(kind) is tuple:
        of, *others = get_args(kind)
        kinds = [of] * len(said) if others == [...] else [of, *others]
        return tuple(_made(of, one) for of, one in zip(kinds, said, strict=True))
    if get_origin(kind) is Literal:
        return _one_of(get_args(kind), said)
    if kind in (date, datetime):
        return kind.fromisoformat(said)
    if attrs.has(kind):
        types = hints(kind)
        fields = {key_for(field): field.name for field in attrs.fields(kind)}
        return kind(**{fields[key]: _made(types[fields[key]], one) for key, one in said.items()})
    if type(said) is not getattr(kind, "__supertype__", kind):
        raise TypeError(said)
    return said


def _one_of(words: Collection[str | None], said: str | None) -> Any:
    if said not in words:
        raise ValueError(said)
    return said
