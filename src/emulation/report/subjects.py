"""Subjects: who is drawn, and by what: the total, or the criterion, indicator or standing asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.criteria import TOTAL
from emulation.exact import Rational
from emulation.indicators import Indicator, Level, Milestone, YesNo
from emulation.measures import Measurement
from emulation.names import CriterionId, IndicatorId, Kind, StandingId, near, vietnamese_order
from emulation.outcome import Outcome, Result
from emulation.problems import Problem, Refused
from emulation.report.canvas import SHAPES, class_colour
from emulation.report.layout import heading
from emulation.report.speech import Speech
from emulation.report.tables import decimals_for, decimals_of, in_group, measured, place_of
from emulation.report.words import Words
from emulation.standings import Indicator_, Key, Placed, Points, Standing

Show = Callable[[Rational], str]


@frozen
class Wish:
    """What is asked of a picture: which kind and group, by what, whom to name or to put first, and how many."""

    kind: str | None = None
    group: str | None = None
    by: str | None = None
    participants: tuple[str, ...] = ()
    top: int | None = None


@frozen
class Gauge:
    """What participants are drawn by: its name and id, a participant's value, and how values are shown."""

    id: str
    name: str
    value: Callable[[Result], Rational | None]
    show: Show
    tick: Show
    lack: Callable[[Result], str]
    most: Rational | None = None
    lower_is_better: bool = False
    standing: StandingId | None = None
    then: Gauge | None = None


@frozen
class Subject:
    """Those who are drawn, the best first, with what is said of them."""

    outcome: Outcome
    speech: Speech
    kind: Kind
    results: tuple[Result, ...]
    gauge: Gauge
    wish: Wish

    @property
    def words(self) -> Words:
        """Give the words of the picture's language."""
        return self.speech.words

    def lines(self, *more: str) -> tuple[str, ...]:
        """Give the lines below a title: the campaign, the day, and how many there are."""
        campaign = self.outcome.campaign
        as_of = self.words.say("pictures.as_of", day=self.words.date(self.outcome.as_of))
        return (self.words.label(campaign.title, campaign.id), " · ".join([as_of, self.count(), *filter(None, more)]))

    def count(self) -> str:
        """Say how many of which kind: 92 communes."""
        many = len(self.results)
        kinds = self.speech.kind(self.kind, many=many != 1)
        return self.words.say("pictures.count", count=self.words.number(many), kinds=kinds)

    def title(self, key: str, **given: object) -> str:
        """Give a title about these participants and what they are drawn by."""
        kinds = self.speech.kind(self.kind, many=len(self.results) != 1)
        said = self.words.say(key, kinds=kinds, by=within(self.gauge.name), **given)
        return said[:1].upper() + said[1:]

    def warnings(self) -> tuple[str, ...]:
        """Say that figures are made up, where any is."""
        return tuple(line.removeprefix("⚠ ") for line in heading(self.outcome, self.words) if line.startswith("⚠"))

    def shown(self, otherwise: int) -> tuple[Result, ...]:
        """Give the first so many, and those that are named."""
        many = otherwise if self.wish.top is None else self.wish.top or len(self.results)
        return tuple(
            one for at, one in enumerate(self.results) if at < many or one.participant.id in self.wish.participants
        )

    def part(self, shown: Sequence[Result], of: int | None = None) -> str:
        """Say how many of all are shown, where it is not all."""
        many = len(self.results) if of is None else of
        if len(shown) == many:
            return ""
        return self.words.say("pictures.part", shown=self.words.number(len(shown)), count=self.words.number(many))

    # --- classes

    def classes(self) -> tuple[str, ...]:
        """Give the classes these participants can hold, the best first."""
        rule = next((one for one in self.outcome.campaign.readiness if self._any(one.for_.selects)), None)
        return (
            tuple(rule.classes)
            if rule and any(one.participant.id in self.outcome.classes for one in self.results)
            else ()
        )

    def _any(self, selects: Callable[..., bool]) -> bool:
        return any(selects(one.participant) for one in self.results)

    def look(self, result: Result, otherwise: str) -> tuple[str, str, str]:
        """Give the shape, the colour and the word of a participant's class."""
        classes = self.classes()
        if not classes:
            return "", otherwise, ""
        if result.readiness is None:
            return "cross", "#8c959f", self.words.say("class.undecided")
        at = classes.index(result.readiness)
        return shape_of(at), class_colour(at, len(classes)), self.speech.class_(result.readiness)

    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """Give what shapes and colours mean, each class with how many hold it."""
        classes = self.classes()
        held: list[str | None] = [one.readiness for one in self.results if one.participant.id in self.outcome.classes]
        known = [
            (shape_of(at), class_colour(at, len(classes)), f"{held.count(name)} {self.speech.class_(name)}")
            for at, name in enumerate(classes)
        ]
        if None in held:
            known.append(("cross", "#8c959f", f"{held.count(None)} {self.words.say('class.undecided')}"))
        return tuple(known)

    # --- places

    def placed(self, result: Result) -> Placed | None:
        """Give a participant's place in the standing that is drawn."""
        return self.outcome.standings[self.gauge.standing].get(result.participant.id) if self.gauge.standing else None

    def place(self, result: Result) -> str:
        """Show a participant's place in the standing that is drawn: 3, 1=, –."""
        return place_of(self.placed(result)).strip()


def within(name: str) -> str:
    """Write a name in the middle of a sentence: small, unless it begins with an abbreviation."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def shape_of(at: int) -> str:
    """Give the shape of a class by its place from the best."""
    return SHAPES[min(at, len(SHAPES) - 1)]


def subject(outcome: Outcome, words: Words, wish: Wish) -> Subject:
    """Find who is drawn and by what; raise `Refused` for what is not known, or where there is nobody."""
    speech = Speech(outcome.campaign, words)
    kind = _kind(outcome, wish)
    chosen = tuple(
        one
        for one in outcome
        if one.participant.kind == kind
        and in_group(one.participant, wish.group)
        and one.participant.lives_on(outcome.as_of)
    )
    if not chosen:
        raise Refused(
            [Problem("E773", "there is nobody to draw", "a kind or a group that has participants on that day")]
        )
    gauge = _gauge(outcome, speech, chosen, wish.by)
    return Subject(outcome, speech, kind, tuple(sorted(chosen, key=partial(_order, outcome, gauge))), gauge, wish)


def _kind(outcome: Outcome, wish: Wish) -> Kind:
    kinds = outcome.campaign.participants.kinds
    if wish.kind is not None:
        if wish.kind not in kinds:
            known = ", ".join(kinds)
            raise Refused([Problem("E772", f"unknown kind {wish.kind!r}", known, near(wish.kind, kinds))])
        return Kind(wish.kind)
    counts = dict.fromkeys(kinds, 0)
    for one in outcome:
        if in_group(one.participant, wish.group) and (not wish.participants or one.participant.id in wish.participants):
            counts[one.participant.kind] += 1
    return max(kinds, key=lambda kind: counts[kind])


def _order(outcome: Outcome, gauge: Gauge, result: Result) -> tuple[bool, object, object]:
    """Sort by place where a standing is drawn, else by value; those without come last, in the order of names."""
    name = vietnamese_order(result.participant.name)
    if gauge.standing is not None:
        found = outcome.standings[gauge.standing].get(result.participant.id)
        return (found is None or found.place is None, (found.place if found else None) or 0, name)
    value = gauge.value(result)
    return (value is None, 0 if value is None else value if gauge.lower_is_better else -value, name)


def _gauge(outcome: Outcome, speech: Speech, results: Sequence[Result], by: str | None) -> Gauge:
    """Find what is drawn: what is asked for, else the key of the first standing, the total, the first indicator."""
    campaign = outcome.campaign
    standings = [one for one in campaign.standings if any(one.for_.selects(result.participant) for result in results)]
    if by is None:
        return _default(outcome, speech, results, standings)
    asked = next((one for one in standings if one.id == by), None)
    if asked is not None:
        return _by_standing(outcome, speech, results, asked)
    if by == TOTAL or by in campaign.criterion:
        return _by_points(outcome, speech, CriterionId(by))
    if by in campaign.indicator:
        return _by_indicator(outcome, speech, results, IndicatorId(by))
    known = [TOTAL, *(one.id for one in standings), *campaign.criterion, *campaign.indicator]
    raise Refused(
        [Problem("E772", f"unknown measure {by!r}", "a standing, a criterion, an indicator or total", near(by, known))]
    )


def _default(outcome: Outcome, speech: Speech, results: Sequence[Result], standings: Sequence[Standing]) -> Gauge:
    if standings:
        return _by_standing(outcome, speech, results, standings[0])
    if any(one.total is not None for one in results):
        return _by_points(outcome, speech, TOTAL)
    counted = sorted(outcome.measurements, key=partial(_is_told_by_words, campaign=outcome.campaign))
    for id in counted:
        found = outcome.measurements[id]
        if any(one.participant.id in found and found[one.participant.id].value is not None for one in results):
            return _by_indicator(outcome, speech, results, id)
    raise Refused([Problem("E773", "there is nothing to draw", "participants with points or with measured indicators")])


def _is_told_by_words(id: IndicatorId, campaign: Campaign) -> bool:
    return isinstance(campaign.indicator[id].measured_as, YesNo | Level | Milestone)


def _by_standing(outcome: Outcome, speech: Speech, results: Sequence[Result], standing: Standing) -> Gauge:
    keys = [one for one in (*standing.by, *standing.then) if isinstance(one, Key)]
    gauges = [_by_key(outcome, speech, results, key) for key in keys[:2]]
    then = next((one for one in gauges[1:] if one.id != gauges[0].id), None)
    return evolve(gauges[0], standing=standing.id, then=then)


def _by_key(outcome: Outcome, speech: Speech, results: Sequence[Result], key: Key) -> Gauge:
    match key.of:
        case Points(criterion):
            return _by_points(outcome, speech, criterion)
        case Indicator_(indicator):
            return _by_indicator(outcome, speech, results, indicator)


def _by_points(outcome: Outcome, speech: Speech, criterion: CriterionId) -> Gauge:
    """Draw the points of a criterion, or of the total."""
    scores, words = outcome.scores[criterion], speech.words
    decimals = decimals_of(outcome)

    def value(one: Result) -> Rational | None:
        return scores.points_of(one.participant.id) if one.participant.id in scores else None

    def lack(one: Result) -> str:
        state = scores[one.participant.id].state if one.participant.id in scores else "not_applicable"
        return words.say("state.missing" if state == "measured" else f"state.{state}")

    most = max((top for body in scores if (top := scores.most_of(body)) is not None), default=None)
    name = words.say("pictures.points") if criterion == TOTAL else speech.criterion(criterion)
    return Gauge(criterion, name, value, partial(words.number, decimals=decimals), words.number, lack, most)


def _by_indicator(outcome: Outcome, speech: Speech, results: Sequence[Result], id: IndicatorId) -> Gauge:
    """Draw the values of an indicator."""
    indicator, found = outcome.campaign.indicator[id], outcome.measurements[id]

    def value(one: Result) -> Rational | None:
        return found[one.participant.id].value if one.participant.id in found else None

    def lack(one: Result) -> str:
        state = found[one.participant.id].state if one.participant.id in found else "not_applicable"
        return speech.words.say(f"state.{state}")

    decimals = decimals_for(value(one) for one in results)

    def show(value: Rational) -> str:
        return measured(speech, indicator, Measurement("measured", value), decimals=decimals)

    lower = indicator.better == "lower"
    return Gauge(id, speech.indicator(id), value, show, partial(_tick, speech, indicator), lack, lower_is_better=lower)


def _tick(speech: Speech, indicator: Indicator, value: Rational) -> str:
    """Show a value beside an axis, short: a percent without decimals, a number without its unit."""
    shown = speech.value(indicator, value)
    if isinstance(indicator.measured_as, YesNo | Level | Milestone):
        return shown if value.denominator == 1 else ""
    return shown if shown.endswith("%") else speech.words.number(value)
