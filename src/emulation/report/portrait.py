"""Portrait: what a page tells of one participant: what would lift it, what is missing, how it moved, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from emulation.exact import Rational, divide, rounded
from emulation.names import CriterionId, Kind, ParticipantId
from emulation.outcome import Outcome, Result
from emulation.publication import Move, moves
from emulation.report.explanations import Said, explanation, unranked_because
from emulation.report.speech import Speech
from emulation.report.tables import decimals_of
from emulation.report.ways import climb_said
from emulation.report.words import Words
from emulation.scenarios.hurdles import Hurdle, hurdles, lower
from emulation.scenarios.ladder import Climb, climbs
from emulation.scenarios.strengths import Strength, strengths
from emulation.standings import Indicator_, Placed

WHOLE = 150
"""So many of a kind are told of with all their reasons within one page; more have a page each."""

MOVES = {"up": "▲", "down": "▼", "same": "=", "new": "✱", "gone": "–", "not_comparable": "–"}


@frozen
class Portraits:
    """What is known of everybody, made once: movements since earlier days, strengths, ways to the next class."""

    outcome: Outcome
    speech: Speech
    earlier: tuple[Outcome, ...]
    moved: Mapping[ParticipantId, Move]
    strengths: Mapping[ParticipantId, tuple[Strength, ...]]
    climbs: Mapping[ParticipantId, Climb]

    @classmethod
    def of(cls, outcome: Outcome, words: Words, earlier: Sequence[Outcome] = ()) -> Portraits:
        """Make all portraits of an outcome; the earlier ones show from where everybody came."""
        before = tuple(sorted(earlier, key=lambda one: one.as_of))
        few = few_kinds(outcome)
        return cls(
            outcome,
            Speech(outcome.campaign, words),
            before,
            {move.participant: move for move in moves(before[-1], outcome)} if before else {},
            strengths(outcome),
            {
                climb.participant: climb
                for climb in climbs(
                    outcome, among={body.id for body in outcome.campaign.participants if body.kind in few}
                )
            },
        )

    @property
    def words(self) -> Words:
        """The words of the page's language."""
        return self.speech.words

    def say(self, key: str, **given: object) -> str:
        """Say a phrase."""
        return self.words.say(key, **given)

    # --- where it stands

    def about(self, result: Result) -> str:
        """Say what a participant is: its kind, its groups, what it is part of."""
        body = result.participant
        parent = [] if body.parent is None else [self.speech.body(body.parent)]
        named = [self.speech.kind(body.kind, many=False), *(value for _, value in body.groups), *parent]
        return " · ".join([*dict.fromkeys(named), body.id])

    def places(self, result: Result) -> list[str]:
        """Say each place as `20 / 34`; why there is none; nothing where a standing is not about it."""
        return [self._place(places.get(result.participant.id)) for places in self.outcome.standings.values()]

    def _place(self, placed: Placed | None) -> str:
        if placed is None:
            return ""
        if placed.place is None:
            return unranked_because(self.speech, placed.unranked or "")
        sign = "?" if placed.open else "=" if placed.tied_with else ""
        return self.say("page.place", place=f"{self.words.number(placed.place)}{sign}", of=self.words.number(placed.of))

    def move(self, result: Result) -> tuple[str, str] | None:
        """Give the sign of a movement and its sentence; none where no earlier day is given."""
        move = self.moved.get(result.participant.id)
        if move is None or move.movement == "gone" or move.ranks == (None, None):
            return None
        before, after = ("–" if rank is None else self.words.number(rank) for rank in move.ranks)
        by = abs((move.ranks[0] or 0) - (move.ranks[1] or 0)) if move.movement in ("up", "down") else 0
        sign = MOVES[move.movement] + (self.words.number(by) if by else "")
        told = self.words.say(f"move.{move.movement}", before=before, after=after) or self.say("page.stayed")
        since = self.words.date(self.earlier[-1].as_of)
        return sign, self.say("page.moved", since=since, move=told)

    def trend(self, result: Result) -> list[tuple[str, str, int]]:
        """Give day, place and height (in hundredths of the field) for each day, the last one being this."""
        if not self.earlier:
            return []
        return [
            (self.words.date(one.as_of), self._place(placed), _height(placed))
            for one in (*self.earlier, self.outcome)
            if result.participant.id in one.campaign.participants
            and (placed := one.placed(result.participant.id)) is not None
            and placed.place is not None
        ]

    # --- its points beside those of others

    def profile(self, result: Result) -> list[tuple[str, int, int, int, CriterionId, str]]:
        """Give points, their share of the maximum and the field's median in percent, the side, criterion, maximum."""
        decimals = decimals_of(self.outcome)
        return [
            (
                self.words.number(one.points, decimals),
                int(rounded(one.share * 100, 0, "half_up")),
                int(rounded(one.median * 100, 0, "half_up")),
                int(one.ahead > 0) - int(one.ahead < 0),
                one.criterion,
                self.words.number(one.most),
            )
            for one in self.strengths[result.participant.id]
        ]

    def balance(self, result: Result) -> list[str]:
        """Say in which criterion it is farthest ahead of the middle of its field, and in which farthest behind."""
        found = self.strengths[result.participant.id]
        best = max(found, key=lambda one: one.ahead, default=None)
        worst = min(found, key=lambda one: one.ahead, default=None)
        ahead = [self._ahead("page.strong", best)] if best is not None and best.ahead > 0 else []
        behind = [self._ahead("page.weak", worst)] if worst is not None and worst.ahead < 0 else []
        return [*ahead, *behind]

    def _ahead(self, key: str, one: Strength) -> str:
        given = {"share": self.words.percent(one.share), "median": self.words.percent(one.median)}
        by = self.words.number(rounded(max(one.ahead, -one.ahead) * 100, 2, "half_up"))
        return self.say(key, criterion=self.speech.criterion(one.criterion), by=by, **given)

    # --- what would lift it

    def ways(self, result: Result) -> list[str]:
        """Say what the next class and the next places ask for."""
        body = result.participant.id
        climb = self.climbs.get(body)
        to_class = [] if climb is None else [self._climb(climb)]
        return [*to_class, *(self._hurdle(one) for one in hurdles(self.outcome, body))]

    def _climb(self, climb: Climb) -> str:
        lead = self.say("page.to_class", class_=self.speech.class_(climb.to), what=climb_said(climb, self.speech))
        if climb.blocked is None:
            return lead
        lacking = [self._lacking(one) for one in climb.blocked.conditions]
        return self.say("page.lacking", lead=lead, what="; ".join(lacking)) if lacking else lead

    def _lacking(self, judged: Any) -> str:
        shown = self.speech.condition(judged.condition)
        if judged.value is None:
            return shown
        value = self.words.percent(judged.value) if judged.value < 1 else self.words.exact(judged.value)
        return shown + self.words.say("found.value", value=value) if judged.value else shown

    def _hurdle(self, one: Hurdle) -> str:
        is_lower = lower(self.outcome, one.key)
        of = one.key.of
        name = self.speech.indicator(of.id) if isinstance(of, Indicator_) else self.speech.criterion(of.criterion)
        show = self.speech.shown_as(of.id if isinstance(of, Indicator_) else None)
        limit = ("at_most" if is_lower else "at_least") if one.is_enough else ("below" if is_lower else "above")
        key = "page.level" if one.bar == one.now else "page.hurdle"
        said = self.say(
            key,
            standing=self.speech.standing(one.standing.id),
            place=self.words.number(one.place),
            name=name,
            limit=self.words.say(f"limit.{limit}", bound=show(one.bar)),
            holder=self.speech.body(one.holder),
            now=show(one.now),
            gap=self._gap(max(one.bar - one.now, one.now - one.bar), percent=show(one.bar).endswith("%")),
        )
        return said if not one.more else f"{said} {self.words.counted('page.more_cases', one.more)}"

    def _gap(self, by: Rational, *, percent: bool) -> str:
        if percent:
            return self.say("page.gap_points", by=self.words.number(rounded(by * 100, 2, "half_up")))
        return self.words.number(by)

    # --- what is missing, and why

    def missing(self, result: Result) -> list[str]:
        """Name the indicators that have no value, and say in which state they are."""
        body = result.participant.id
        return [
            self.words.say("term_of", name=self.speech.indicator(id), what=self.words.say(f"state.{found[body].state}"))
            for id, found in self.outcome.measurements.items()
            if body in found and found[body].state not in ("measured", "not_applicable")
        ]

    def reasons(self, result: Result) -> tuple[Said, ...]:
        """Give all reasons, in sentences."""
        return explanation(self.outcome, result.participant.id, self.words).parts


def few_kinds(outcome: Outcome) -> set[Kind]:
    """Give the kinds with so few participants that a page has room for all their reasons."""
    counts = Counter(body.kind for body in outcome.campaign.participants)
    return {kind for kind, count in counts.items() if count <= WHOLE}


def nested(said: Sequence[Said]) -> list[list[Any]]:
    """Give sentences as plain lists, for the data of a page."""
    return [[one.text, nested(one.parts)] if one.parts else [one.text] for one in said]


def _height(placed: Placed) -> int:
    """Give a place as a height: the first at 100, the last at 0."""
    behind, others = placed.of - (placed.place or 0), placed.of - 1
    return 100 if others < 1 else int(rounded(divide(behind * 100, others), 0, "half_up"))
