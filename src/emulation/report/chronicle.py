"""Chronicle: the entries of a ledger, and what moved between two publications, each as a line to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emulation.exact import write_number
from emulation.ledger.entries import (
    Amended,
    Appealed,
    Content,
    Decided,
    Disputed,
    Entry,
    Ingested,
    Key,
    Reported,
    Ruled,
    Sealed,
    Settled,
    Verified,
    Withdrawn,
)
from emulation.publication import Move
from emulation.report.speech import Speech
from emulation.report.words import Words


def entry_line(entry: Entry, words: Words) -> str:
    """Say what an entry says, when it became known, and who answers for it."""
    moment = entry.known_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    said = [str(entry.seq), moment, entry.author, _content(entry.content, words), entry.reason or ""]
    return " · ".join(filter(None, said))


def _content(content: Content, words: Words) -> str:
    match content:
        case Reported():
            told = words.say("entry.reported", fact=_fact(content.key, words), value=_value(content, words))
            return " · ".join(filter(None, (told, content.observation.written)))
        case Withdrawn(key):
            return words.say("entry.withdrawn", fact=_fact(key, words))
        case Disputed(key, by, because):
            return words.say("entry.disputed", fact=_fact(key, words), by=by, because=because)
        case Settled(key, outcome, by, because):
            came = words.say(f"entry.outcome.{outcome}")
            return words.say("entry.settled", fact=_fact(key, words), outcome=came, by=by, because=because or "")
        case Verified(key, status, by, document):
            found = words.say(f"entry.status.{status}")
            return words.say("entry.verified", fact=_fact(key, words), status=found, by=by, document=document or "")
        case _:
            return _said_of_all(content, words)


def _said_of_all(content: Decided | Appealed | Ruled | Amended | Sealed | Ingested, words: Words) -> str:
    """Say what concerns more than one fact."""
    match content:
        case Decided(decision):
            given = {"standing": decision.standing, "order": ", ".join(decision.order), "by": decision.by}
            return words.say("entry.decided", because=decision.because or "", **given)
        case Appealed(appeal, participant, against, because):
            return words.say("entry.appealed", appeal=appeal, who=participant, against=against, because=because)
        case Ruled(about, outcome, by, _, participant, because):
            given = {"about": " ".join(filter(None, (about, participant))), "by": by, "because": because or ""}
            return words.say("entry.ruled", outcome=outcome, **given)
        case Amended(campaign, to, before, because):
            given = {"campaign": campaign, "to": to[:12], "before": (before or "–")[:12]}
            return words.say("entry.amended", because=because or "", **given)
        case Sealed():
            given = {"title": content.title or "–", "outcome": content.outcome_hash[:12]}
            return words.say("entry.sealed", day=words.date(content.as_of), **given)
        case Ingested(file, sha256, tally):
            return words.say("entry.ingested", file=file, hash=sha256[:12], tally=tally)


def _fact(key: Key, words: Words) -> str:
    beside = [part for part in (key.stage, key.source) if part]
    return " · ".join([f"{key.participant} {key.fact} ({words.span(key.span)})", *beside])


def _value(content: Reported, words: Words) -> str:
    one = content.observation
    if one.value is None:
        return words.say(f"state.{one.state}")
    value = write_number(one.value)
    return words.say(f"bound.{one.bound}", value=value) if one.bound else value


def moves_said(moves: Sequence[Move], speech: Speech) -> Iterator[str]:
    """Say who moved, a line each; one line where nobody did."""
    words = speech.words
    moved = [one for one in moves if one.moved]
    if not moved:
        yield words.say("move.none")
    for one in moved:
        parts = [words.say(f"move.{one.movement}", before=one.ranks[0] or "–", after=one.ranks[1] or "–")]
        if one.classes[0] != one.classes[1]:
            before, after = (speech.class_(name) if name else "–" for name in one.classes)
            parts.append(words.say("move.class", before=before, after=after))
        titles: dict[str, str] = {award.id: words.label(award.title, award.id) for award in speech.campaign.awards}
        parts += [words.say("move.won", award=titles.get(id, id)) for id in one.won]
        parts += [words.say("move.lost", award=titles.get(id, id)) for id in one.lost]
        yield f"{speech.body(one.participant)}: {'; '.join(filter(None, parts))}"
