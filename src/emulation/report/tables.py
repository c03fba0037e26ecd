"""Tables: an outcome as rows and columns, which every board shows in its own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from attrs import frozen

from emulation.criteria import TOTAL, Criterion
from emulation.exact import Rational
from emulation.indicators import Indicator, Milestone, Number, Sample, Share, YesNo
from emulation.measures import NOT_MEANT, Measurement
from emulation.names import IndicatorId, Kind, ParticipantId, StandingId, vietnamese_order
from emulation.outcome import Outcome, Result
from emulation.report.words import Words
from emulation.standings import Indicator_, Placed, Standing
from emulation.targets import Aim

CLASS_SHAPES = ("●", "▲", "■", "◆", "○")
"""A shape for each class from the best on, so that colour is never needed to tell them apart."""

AIM_SIGNS = {"met": "✓", "open": "…", "missed": "✗", "not_met": "✗", "undecided": "?"}
MANY_KEYS = 12  # more criteria than this are left to `explain` and to the other formats


@frozen
class Column:
    """A column of a board: its heading, whether it holds numbers, and what it shows of a participant."""

    heading: str
    numeric: bool
    cell: Callable[[Result], str]


@frozen
class Board:
    """All participants of a kind in one table, the best first."""

    kind: Kind
    heading: str
    counts: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]
    results: tuple[Result, ...]

    def rows_of(self, top: int) -> tuple[tuple[str, ...], ...]:
        """Give the cells of the first so many participants, row by row."""
        return tuple(tuple(column.cell(result) for column in self.columns) for result in self.results[:top])


def boards(outcome: Outcome, words: Words, group: str | None = None) -> Iterator[Board]:
    """Give a board for each kind of participant about which the campaign says anything.

    ``group`` keeps those in a group of that name, or the parts of the participant of that id.
    """
    results = [result for result in outcome if _in_group(result, group)]
    for kind in outcome.campaign.participants.kinds:
        of_kind = sorted((result for result in results if result.participant.kind == kind), key=_best_first)
        columns = tuple(_columns(outcome, words, of_kind)) if of_kind else ()
        if columns:
            name = Column(words.say("board.participant"), numeric=False, cell=lambda result: result.participant.name)
            heading = words.say("board.of_kind", kind=kind, count=len(of_kind))
            yield Board(
                kind,
                heading,
                _counts(outcome, of_kind),
                (*columns[:1], name, *columns[1:]) if of_kind[0].placed else (name, *columns),
                tuple(of_kind),
            )


def _in_group(result: Result, group: str | None) -> bool:
    body = result.participant
    return group is None or group in (body.parent, *(value for _, value in body.groups))


def _best_first(result: Result) -> tuple[bool, int, object]:
    placed = result.rank is not None
    return not placed, result.rank or 0, vietnamese_order(result.participant.name)


def _counts(outcome: Outcome, results: list[Result]) -> tuple[tuple[str, int], ...]:
    """Count the participants in each class, the best class first; those without a class last."""
    bodies = [result.participant for result in results]
    rule = next((rule for rule in outcome.campaign.readiness if any(rule.for_.selects(body) for body in bodies)), None)
    if rule is None:
        return ()
    found = Counter(result.readiness for result in results if rule.for_.selects(result.participant))
    counts = [(class_, found.get(class_, 0)) for class_ in rule.classes]
    return (*counts, *([("unclassed", found[None])] if found.get(None) else []))


def _columns(outcome: Outcome, words: Words, results: list[Result]) -> Iterator[Column]:
    bodies = [result.participant for result in results]
    standings = [one for one in outcome.campaign.standings if any(one.for_.selects(body) for body in bodies)]
    for standing in standings:
        heading = "#" if len(standings) == 1 else f"# {words.label(standing.title, standing.id)}"
        yield Column(heading, numeric=True, cell=partial(_place_cell, outcome, standing.id))
    yield from _key_columns(outcome, words, standings)
    yield from _point_columns(outcome, words, results)
    yield from _target_columns(outcome, words, results)
    if any(result.participant.id in outcome.classes for result in results):
        yield Column(words.say("board.class"), numeric=False, cell=lambda result: class_of(outcome, words, result))
    if any(result.participant.id in given.considered for given in outcome.awards.values() for result in results):
        yield Column(words.say("board.awards"), numeric=False, cell=lambda result: awards_of(outcome, words, result))


def _key_columns(outcome: Outcome, words: Words, standings: list[Standing]) -> Iterator[Column]:
    """Show the indicators that are ranked by."""
    keys = [key.of.id for standing in standings for key in standing.by if isinstance(key.of, Indicator_)]
    for id in dict.fromkeys(keys):
        indicator = outcome.campaign.indicator[id]
        yield Column(
            words.label(indicator.title, id),
            numeric=True,
            cell=partial(_measured_cell, outcome, indicator, words),
        )


def _point_columns(outcome: Outcome, words: Words, results: list[Result]) -> Iterator[Column]:
    tops = [
        one
        for one in outcome.campaign.criteria
        if any(result.participant.id in outcome.scores[one.id] for result in results)
    ]
    shown = tops[0].parts if len(tops) == 1 and tops[0].parts else tuple(tops)
    if len(shown) <= MANY_KEYS:
        for criterion in shown:
            heading = words.label(criterion.title, criterion.id)
            most = f" /{words.number(criterion.max)}" if criterion.max else ""
            yield Column(heading + most, numeric=True, cell=partial(points, outcome, criterion, words))
    if tops:
        yield Column(words.say("board.total"), numeric=True, cell=lambda result: total(outcome, result, words))


def _target_columns(outcome: Outcome, words: Words, results: list[Result]) -> Iterator[Column]:
    for target in outcome.campaign.targets:
        aims = outcome.aims[target.id]
        if any(result.participant.id in aims for result in results):
            later = f" ({words.say('board.horizon')})" if target.horizon else ""
            yield Column(
                words.label(target.title, target.id) + later,
                numeric=False,
                cell=partial(_aim_cell, aims, words),
            )


def _place_cell(outcome: Outcome, standing: StandingId, result: Result) -> str:
    return place_of(outcome.standings[standing].get(result.participant.id))


def _measured_cell(outcome: Outcome, indicator: Indicator, words: Words, result: Result) -> str:
    return measured(indicator, outcome.measurements[indicator.id].get(result.participant.id, NOT_MEANT), words)


def _aim_cell(aims: Mapping[ParticipantId, Aim], words: Words, result: Result) -> str:
    aim = aims.get(result.participant.id)
    return "" if aim is None else f"{AIM_SIGNS[aim.state]} {words.say(f'aim.{aim.state}')}"


def place_of(placed: Placed | None) -> str:
    """Show a place; a shared one with the sign =, one that waits for a decision with ?, none as a dash."""
    if placed is None:
        return ""
    if placed.place is None:
        return "–"
    return f"{placed.place}{'?' if placed.open else '=' if placed.tied_with else ''}"


def points(outcome: Outcome, criterion: Criterion, words: Words, result: Result) -> str:
    """Show the points of a criterion; what gave none where there are none."""
    scored = outcome.scores[criterion.id].get(result.participant.id)
    if scored is None:
        return ""
    return (
        words.say(f"branch.short.{scored.branch}")
        if scored.points is None
        else words.number(scored.points, decimals_of(outcome))
    )


def total(outcome: Outcome, result: Result, words: Words) -> str:
    """Show the total, or a dash."""
    if result.participant.id not in outcome.scores[TOTAL]:
        return ""
    return "–" if result.total is None else words.number(result.total, decimals_of(outcome))


def decimals_of(outcome: Outcome) -> int:
    """Give the decimals points are shown with: those they are rounded to, else two."""
    rounding = outcome.campaign.rounding
    declared = [one for one in (rounding.points, rounding.groups, rounding.total) if one is not None]
    return max(declared, default=2)


def class_of(outcome: Outcome, words: Words, result: Result) -> str:
    """Show the class with its shape and its word."""
    if result.participant.id not in outcome.classes:
        return ""
    rule = next(one for one in outcome.campaign.readiness if one.for_.selects(result.participant))
    if result.readiness is None:
        return f"? {words.say('class.undecided')}"
    shape = CLASS_SHAPES[min(rule.classes.index(result.readiness), len(CLASS_SHAPES) - 1)]
    return f"{shape} {class_name(outcome, words, result.readiness)}"


def class_name(outcome: Outcome, words: Words, class_: str) -> str:
    """Give a class's name in the reader's language."""
    labels = {str(name): label for rule in outcome.campaign.readiness for name, label in rule.labels}
    known = f"class.{class_}"
    if class_ in labels:
        return words.label(labels[class_], class_)
    return words.say(known) if known in words.phrases else class_.replace("_", " ")


def awards_of(outcome: Outcome, words: Words, result: Result) -> str:
    """Show the awards received, and those that wait for a decision."""
    shown = []
    for award in outcome.campaign.awards:
        considered = outcome.awards[award.id].considered.get(result.participant.id)
        if considered is not None and considered.result in ("won", "shared"):
            shown.append(words.label(award.title, award.id))
        elif considered is not None and considered.result == "open":
            shown.append(f"{words.label(award.title, award.id)}?")
    return ", ".join(shown)


def measured(indicator: Indicator | None, measurement: Measurement, words: Words) -> str:
    """Show a measurement as its indicator is spoken of: a share in percent, a yes or no, days late."""
    if measurement.value is None:
        return words.say(f"state.{measurement.state}")
    bound = {"above": "> ", "below": "< "}.get(measurement.bound or "", "")
    return bound + value_of(indicator, measurement.value, words)


def value_of(indicator: Indicator | None, value: Rational, words: Words) -> str:
    """Show a value of an indicator."""
    match indicator.measured_as if indicator else None:
        case Share() | Sample():
            return words.percent(value)
        case Number(unit) if unit.texts[0][1] == "percent":
            return words.percent(value)
        case YesNo():
            return words.say("yes" if value else "no")
        case Milestone():
            return words.say("days_late" if value > 0 else "days_early", days=abs(int(value)))
    return words.number(value)


def indicator_of(outcome: Outcome, id: str) -> Indicator | None:
    """Give an indicator by id."""
    return outcome.campaign.indicator.get(IndicatorId(id))
