"""Tables: an outcome as rows and columns, which every board shows in its own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from attrs import frozen

from emulation.awards import Award
from emulation.conditions import Compare
from emulation.criteria import TOTAL, Criterion
from emulation.exact import Rational, write_number
from emulation.indicators import Indicator, Level, Milestone, Number, Sample, Share, YesNo
from emulation.limits import Between, Indicator_
from emulation.measures import Measurement
from emulation.names import ClassName, CriterionId, IndicatorId, Kind, vietnamese_order
from emulation.outcome import Outcome, Result
from emulation.participants import Participant
from emulation.readiness import Readiness
from emulation.report.explanations import deadline
from emulation.report.signs import AIM_SIGNS, class_shape
from emulation.report.speech import Speech
from emulation.report.words import Words
from emulation.standings import Indicator_ as Ranked
from emulation.standings import Key, Placed, Standing
from emulation.targets import Aim, AimState, Target

MANY_KEYS = 12  # more criteria than this are left to `explain` and to the other formats
ONE_BY_ONE = 3  # so many awards have a column each; more are named in one
SHOWN_DECIMALS = 2  # of a measured number; what is longer is rounded for the eye


@frozen
class Cell:
    """What one place of a table shows, and its tone: ``class-0`` is the best class, ``met`` a target that is met."""

    text: str
    tone: str = ""


@frozen
class Column:
    """A column of a table: its heading, whether it holds numbers, and what it shows of a row's record.

    ``value`` is the exact number behind what is shown, to sort by; ``most`` the maximum in force, to draw it against.
    ``key`` is the heading of the same column in the CSV: ``rank:ID``, ``points:ID``, ``value:ID``, or ``class``.
    """

    heading: str
    numeric: bool
    cell: Callable[[Any], Cell]
    value: Callable[[Any], Rational | None] | None = None
    most: Callable[[Any], Rational | None] | None = None
    key: str = ""
    in_percent: bool = False


@frozen
class Board:
    """All participants of a kind in one table, the best first; or, where each has targets of its own, their targets."""

    kind: Kind
    heading: str
    counts: tuple[Cell, ...]
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    records: tuple[Any, ...]

    def rows_of(self, top: int) -> tuple[tuple[Cell, ...], ...]:
        """Give the cells of the first so many rows."""
        return tuple(tuple(column.cell(record) for column in self.columns) for record in self.records[:top])


def boards(outcome: Outcome, words: Words, group: str | None = None) -> Iterator[Board]:
    """Give a board for each kind of participant about which the campaign says anything.

    ``group`` keeps those in a group of that name, or the parts of the participant of that id.
    """
    results = [result for result in outcome if in_group(result.participant, group)]
    for kind in outcome.campaign.participants.kinds:
        of_kind = sorted((result for result in results if result.participant.kind == kind), key=_best_first)
        if of_kind:
            board = _Tabler(outcome, Speech(outcome.campaign, words), tuple(of_kind)).board(kind)
            if board.columns[1:]:
                yield board


def in_group(body: Participant, group: str | None) -> bool:
    """Say whether a participant is in a group of that name or part of the participant of that id."""
    return group is None or group in (body.parent, *(value for _, value in body.groups))


def _best_first(result: Result) -> tuple[bool, int, object]:
    return result.rank is None, result.rank or 0, vietnamese_order(result.participant.name)


@frozen
class _Tabler:
    """Makes the board of the participants of one kind."""

    outcome: Outcome
    speech: Speech
    results: tuple[Result, ...]

    @property
    def words(self) -> Words:
        return self.speech.words

    def board(self, kind: Kind) -> Board:
        name = self.speech.kind(kind, many=len(self.results) != 1)
        count = sum(one.participant.lives_on(self.outcome.as_of) for one in self.results)
        heading = self.words.say("board.of_kind", kind=name[:1].upper() + name[1:], count=count)
        if self._is_about_targets():
            pairs = [
                (result, target) for result in self.results for target in self._targets() if self._aim(target, result)
            ]
            return Board(kind, heading, (), (), tuple(self._target_list()), tuple(pairs))
        columns = tuple(self._columns())
        return Board(kind, heading, tuple(self._class_counts()), tuple(self._target_counts()), columns, self.results)

    # --- which columns

    def _columns(self) -> Iterator[Column]:
        name = Column(self.words.say("board.participant"), numeric=False, cell=lambda one: Cell(one.participant.name))
        standings = [one for one in self.outcome.campaign.standings if self._any(one.for_.selects)]
        places = [self._place_column(standing, alone=len(standings) == 1) for standing in standings]
        yield from places[:1]
        yield name
        yield from places[1:]
        keys = dict.fromkeys(id for standing in standings for id in _ranked_by(standing))
        points = list(self._point_columns())
        rest = [*self._target_columns(keys), *self._verdict_columns()]
        tracked = self.outcome.campaign.indicator if not (standings or points or rest) else {}
        yield from (self._measured_column(id) for id in (*keys, *tracked))
        yield from points
        yield from rest

    def _any(self, selects: Callable[[Participant], bool]) -> bool:
        return any(selects(result.participant) for result in self.results)

    def _place_column(self, standing: Standing, *, alone: bool) -> Column:
        heading = self.words.say("board.place") if alone else self.speech.standing(standing.id)
        places = self.outcome.standings[standing.id]

        def place(one: Result) -> Rational | None:
            found = places.get(one.participant.id)
            return None if found is None else found.place

        return Column(
            heading,
            numeric=True,
            cell=lambda one: Cell(place_of(places.get(one.participant.id))),
            value=place,
            key=f"rank:{standing.id}",
        )

    def _measured_column(self, id: IndicatorId) -> Column:
        found = self.outcome.measurements[id]
        indicator = self.outcome.campaign.indicator[id]
        decimals = decimals_for(found[one.participant.id].value for one in self.results if one.participant.id in found)
        show = partial(measured, self.speech, indicator, decimals=decimals)

        def cell(one: Result) -> Cell:
            return Cell(show(found[one.participant.id]) if one.participant.id in found else "")

        def value(one: Result) -> Rational | None:
            return found[one.participant.id].value if one.participant.id in found else None

        numeric = not isinstance(indicator.measured_as, Level | YesNo)
        percent = is_in_percent(indicator)
        return Column(
            self.speech.indicator(id), numeric=numeric, cell=cell, value=value, key=f"value:{id}", in_percent=percent
        )

    def _point_columns(self) -> Iterator[Column]:
        scores = self.outcome.scores
        tops = [one for one in self.outcome.campaign.criteria if self._any(lambda body: body.id in scores[one.id])]  # noqa: B023
        shown = tops[0].parts if len(tops) == 1 and tops[0].parts else tuple(tops)
        if len(shown) <= MANY_KEYS:
            yield from (self._criterion_column(criterion) for criterion in shown)
        if tops:
            yield self._scored_column(TOTAL, self.words.say("total"))

    def _criterion_column(self, criterion: Criterion) -> Column:
        if criterion.is_tracked and criterion.indicator is not None:
            return self._measured_column(criterion.indicator)
        most = f" /{self.words.number(criterion.max)}" if criterion.max else ""
        heading = self.speech.criterion(criterion.id) + most
        return self._scored_column(criterion.id, heading)

    def _scored_column(self, id: CriterionId, heading: str) -> Column:
        scores = self.outcome.scores[id]

        def points(one: Result) -> Rational | None:
            return scores.points_of(one.participant.id) if one.participant.id in scores else None

        def most(one: Result) -> Rational | None:
            return scores.most_of(one.participant.id) if one.participant.id in scores else None

        return Column(
            heading,
            numeric=True,
            cell=lambda one: Cell(self._points(id, one)),
            value=points,
            most=most,
            key=f"points:{id}",
        )

    def _points(self, criterion: CriterionId, result: Result) -> str:
        column = self.outcome.scores[criterion]
        if result.participant.id not in column:
            return ""
        points = column.points_of(result.participant.id)
        if points is None:
            return self.words.say("board.no_points")
        return self.words.number(points, decimals_of(self.outcome))

    # --- targets

    def _targets(self) -> list[Target]:
        aims = self.outcome.aims
        return [one for one in self.outcome.campaign.targets if self._any(lambda body: body.id in aims[one.id])]  # noqa: B023

    def _aim(self, target: Target, result: Result) -> Aim | None:
        return self.outcome.aims[target.id].get(result.participant.id)

    def _is_about_targets(self) -> bool:
        """Say whether these participants have nothing but targets, and those hardly the same ones."""
        bodies = {result.participant.id for result in self.results}
        scored = any(bodies & set(scores) for scores in (*self.outcome.standings.values(), self.outcome.classes))
        targets = self._targets()
        sparse = any(2 * len(bodies & set(self.outcome.aims[one.id])) < len(bodies) for one in targets)
        return not scored and not (bodies & set(self.outcome.scores[TOTAL])) and (sparse or len(bodies) < len(targets))

    def _target_columns(self, shown: Mapping[IndicatorId, None]) -> Iterator[Column]:
        """Show each target's state, with the value it was judged by where no other column shows that."""
        for target in self._targets():
            later = f" ({self.words.say('board.horizon')})" if target.horizon else ""
            subject = target.condition.subject if isinstance(target.condition, Compare) else None
            indicator = subject.id if isinstance(subject, Indicator_) and subject.id not in shown else None
            cell = partial(self._aim_cell, target, indicator)
            yield Column(self.speech.target(target.id) + later, numeric=indicator is not None, cell=cell)

    def _aim_cell(self, target: Target, indicator: IndicatorId | None, result: Result) -> Cell:
        aim = self._aim(target, result)
        if aim is None:
            return Cell("")
        shown = self.words.say(f"aim.{aim.state}") if indicator is None else self._aim_value(target, aim)
        return Cell(f"{AIM_SIGNS[aim.state]} {shown}", aim.state)

    def _aim_value(self, target: Target, aim: Aim) -> str:
        """Show the value a target was judged by, or why there is none."""
        condition, value = target.condition, aim.judged.value
        if not isinstance(condition, Compare) or value is None:
            state = aim.judged.state
            return self.words.say(f"state.{state}") if state else ""
        if not isinstance(condition.subject, Indicator_):
            return self.words.number(value, decimals_for([value]))
        found = self.outcome.measurements[condition.subject.id]
        bound = next((one.bound for one in found.values() if one.bound is not None and one.value == value), None)
        indicator = self.outcome.campaign.indicator[condition.subject.id]
        shown = Measurement("measured", value, bound=bound)
        reached = measured(self.speech, indicator, shown, decimals=decimals_for([value]))
        if isinstance(condition.limit, Between) or aim.judged.bound in (None, condition.limit.bound):
            return reached
        bound_by = Measurement("measured", aim.judged.bound)
        return f"{reached} / {measured(self.speech, indicator, bound_by, decimals=decimals_for([aim.judged.bound]))}"

    def _target_list(self) -> Iterator[Column]:
        """Show each target of each participant in a row of its own."""
        say = self.words.say
        first = {result.participant.id: self._first_target(result) for result in self.results}

        def name(pair: tuple[Result, Target]) -> Cell:
            return Cell(pair[0].participant.name if first[pair[0].participant.id] == pair[1].id else "")

        def title(pair: tuple[Result, Target]) -> Cell:
            later = f" ({say('board.horizon')})" if pair[1].horizon else ""
            return Cell(self.speech.target(pair[1].id) + later)

        yield Column(say("board.participant"), numeric=False, cell=name)
        yield Column(say("board.target"), numeric=False, cell=title)
        yield Column(say("board.deadline"), numeric=False, cell=lambda pair: Cell(deadline(self.speech, pair[1])))
        yield Column(
            say("board.value"), numeric=True, cell=lambda pair: Cell(self._aim_value(pair[1], self._judged(pair)))
        )
        yield Column(say("board.result"), numeric=False, cell=lambda pair: self._aim_cell(pair[1], None, pair[0]))

    def _first_target(self, result: Result) -> str | None:
        return next((target.id for target in self._targets() if self._aim(target, result)), None)

    def _judged(self, pair: tuple[Result, Target]) -> Aim:
        return self.outcome.aims[pair[1].id][pair[0].participant.id]

    def _target_counts(self) -> Iterator[str]:
        """Count how each target stands, where there are several participants."""
        states: tuple[AimState, ...] = ("met", "open", "missed", "not_met", "undecided")
        for target in self._targets() if len(self.results) > 1 else ():
            found = Counter(aim.state for one in self.results if (aim := self._aim(target, one)))
            counts = [f"{found[state]} {self.words.say(f'aim.{state}')}" for state in states if found[state]]
            yield self.words.say("term_of", name=self.speech.target(target.id), what=" · ".join(counts))

    # --- classes and awards

    def _verdict_columns(self) -> Iterator[Column]:
        say = self.words.say
        if self._any(lambda body: body.id in self.outcome.classes):
            cell = partial(class_cell, self.speech, self.outcome)
            yield Column(say("board.class"), numeric=False, cell=cell, key="class")
        awards = [one for one in self.outcome.campaign.awards if self._any(partial(self._considers, one))]
        for award in awards[: ONE_BY_ONE if len(awards) <= ONE_BY_ONE else 0]:
            heading = self.words.label(award.title, award.id)
            yield Column(heading, numeric=False, cell=partial(self._award_cell, award))
        if len(awards) > ONE_BY_ONE:
            yield Column(say("board.awards"), numeric=False, cell=partial(self._awards_cell, awards))

    def _considers(self, award: Award, body: Participant) -> bool:
        return body.id in self.outcome.awards[award.id].considered

    def _award_cell(self, award: Award, result: Result) -> Cell:
        """Show with a star that an award is received, with a question mark that it waits for a decision."""
        considered = self.outcome.awards[award.id].considered.get(result.participant.id)
        if considered is None or considered.result not in ("won", "shared", "open"):
            return Cell("")
        return Cell("?", "undecided") if considered.result == "open" else Cell("★", "met")

    def _awards_cell(self, awards: Sequence[Award], result: Result) -> Cell:
        """Name the awards received, and with a question mark those that wait for a decision."""
        signs = {one: self._award_cell(one, result).text for one in awards}
        named = [f"{self.words.label(one.title, one.id)}{sign.strip('★')}" for one, sign in signs.items() if sign]
        return Cell(", ".join(named))

    def _class_counts(self) -> Iterator[Cell]:
        """Count the participants in each class, the best class first; those without a class last."""
        for rule in self.outcome.campaign.readiness:
            living = [one for one in self.results if one.participant.lives_on(self.outcome.as_of)]
            held = [one.readiness for one in living if rule.for_.selects(one.participant)]
            found = Counter(held)
            for place, class_ in enumerate(rule.classes) if held else ():
                name = self.speech.class_(class_)
                yield Cell(f"{class_shape(place)} {found[class_]} {name}", f"class-{place}")
            if found[None]:
                yield Cell(f"? {found[None]} {self.words.say('class.undecided')}", "undecided")


def _ranked_by(standing: Standing) -> Iterator[IndicatorId]:
    """Give the indicators whose values decide places or ties."""
    for key in (*standing.by, *standing.then):
        if isinstance(key, Key) and isinstance(key.of, Ranked):
            yield key.of.id


def class_cell(speech: Speech, outcome: Outcome, result: Result) -> Cell:
    """Show the class with its shape and its word."""
    if result.participant.id not in outcome.classes:
        return Cell("")
    if result.readiness is None:
        return Cell(f"? {speech.words.say('class.undecided')}", "undecided")
    rule = next(one for one in outcome.campaign.readiness if one.for_.selects(result.participant))
    return Cell(class_shown(speech, rule, result.readiness), f"class-{rule.classes.index(result.readiness)}")


def class_shown(speech: Speech, rule: Readiness, class_: ClassName) -> str:
    """Show a class with its shape and its word."""
    return f"{class_shape(rule.classes.index(class_))} {speech.class_(class_)}"


def place_of(placed: Placed | None) -> str:
    """Show a place; a shared one with the sign =, one that waits for a decision with ?, none as a dash."""
    if placed is None:
        return ""
    if placed.place is None:
        return "–"
    return f"{placed.place}{'?' if placed.open else '=' if placed.tied_with else ' '}"


def decimals_of(outcome: Outcome) -> int:
    """Give the decimals points are shown with: those they are rounded to, else two."""
    rounding = outcome.campaign.rounding
    declared = [one for one in (rounding.points, rounding.groups, rounding.total) if one is not None]
    return max(declared, default=SHOWN_DECIMALS)


def decimals_for(values: Iterable[Rational | None]) -> int:
    """Give the decimals that suit all values of a column, so that they stand under one another."""
    written = [write_number(value) for value in values if value is not None]
    needed = [SHOWN_DECIMALS if "/" in text else len(text.partition(".")[2]) for text in written]
    return min(max(needed, default=0), SHOWN_DECIMALS)


def is_in_percent(indicator: Indicator) -> bool:
    """Say whether an indicator is a share, shown in percent."""
    match indicator.measured_as:
        case Share() | Sample():
            return True
        case Number(unit):
            return unit.texts[0][1] == "percent"
        case _:
            return False


def measured(speech: Speech, indicator: Indicator, one: Measurement, *, decimals: int) -> str:
    """Show a measurement for the eye: a share in percent, a number with so many decimals, else its state."""
    words = speech.words
    if one.value is None:
        return words.say(f"state.{one.state}")
    match indicator.measured_as:
        case _ if is_in_percent(indicator):
            shown = words.percent(one.value)
        case YesNo() | Level() | Milestone():
            shown = speech.value(indicator, one.value)
        case _:
            shown = words.number(one.value, decimals)
    return {"above": "> ", "below": "< "}.get(one.bound or "", "") + shown
