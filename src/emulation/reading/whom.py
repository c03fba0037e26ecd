"""Whom: which participant a cell of a table means, by id, name or declared alias; what is near is only suggested."""

from __future__ import annotations

from functools import cached_property

from emulation.campaign import Campaign
from emulation.names import MAX_NAME, ParticipantId, name_key
from emulation.participants import Participant, Participants
from emulation.problems import SHOWN_AT_MOST, Problem, Refused
from emulation.reading.values import Unusable


class Whom:
    """Finds participants by what tables call them; each name is looked up once."""

    def __init__(self, participants: Participants) -> None:
        self._participants = participants
        self._found: dict[tuple[str, str], ParticipantId] = {}
        self._hints: dict[str, str | None] = {}

    def called(self, text: str, parent: str = "") -> ParticipantId:
        """Give the one participant called so, under a parent where that is said; raise `Unusable` if none is."""
        if (text, parent) not in self._found:
            self._found[text, parent] = self._find(text, parent)
        return self._found[text, parent]

    def _find(self, text: str, parent: str) -> ParticipantId:
        named = self._named(text)
        if not named:
            raise Unusable("participant", "E318", f"unknown participant {text[:MAX_NAME]!r}", near=self._hint(text))
        above = [body.id for body in self._named(parent)] if parent else []
        within = [body for body in named if body.parent in above] if parent else named
        if len(within) == 1:
            return within[0].id
        listed = ", ".join(f"{body.id} (in {body.parent})" if body.parent else body.id for body in named)
        if not within:
            raise Unusable("parent", "E333", f"{text!r} is not in {parent!r}: {listed}", "the body it is a part of")
        remedy = "the id, or a column 'parent' that says in which"
        raise Unusable("participant", "E333", f"{text!r} can be any of {listed}", remedy)

    def _named(self, text: str) -> list[Participant]:
        if text in self._participants:
            return [self._participants[text]]
        return self._by_name.get(name_key(text), [])

    @cached_property
    def _by_name(self) -> dict[str, list[Participant]]:
        by_name: dict[str, list[Participant]] = {}
        for body in self._participants:
            for key in dict.fromkeys(name_key(name) for name in (body.name, *body.aliases)):
                by_name.setdefault(key, []).append(body)
        return by_name

    def _hint(self, word: str) -> str | None:
        """Give the nearest participant, for words that will be shown: the search is slow."""
        if word not in self._hints:
            searched = len(self._hints) < SHOWN_AT_MOST
            self._hints[word] = self._participants.nearest(word) if searched else None
        return self._hints[word]


def participant_called(rules: Campaign, called: str) -> ParticipantId:
    """Give the id of a participant called by id or name; raise `Refused` (E318) for one that does not take part."""
    found = rules.who(called)
    if found is None:
        nearest = rules.participants.nearest(called)
        raise Refused([Problem("E318", f"unknown participant {called!r}", "an id or a name as it is spelt", nearest)])
    return found
