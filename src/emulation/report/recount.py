"""Recount: an outcome as cells whose formulas come to the same, from what was reported to places and classes.

A formula is written only where the exact value it comes to is the one that was scored. What a formula cannot follow (a
gate, a gap, a comparison with the field, a recorded decision) stands as it was scored, and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import get_args

from attrs import field, frozen

from emulation.checks import records_in
from emulation.criteria import TOTAL, Criterion, Round, Sum
from emulation.exact import Rational, divide, write_number
from emulation.indicators import Level
from emulation.joins import Scored
from emulation.limits import Indicator_
from emulation.measures import Measurement
from emulation.names import IndicatorId, Kind
from emulation.outcome import Outcome, Result
from emulation.report.filing import EMPTY, Filed, Filing, Parameters, Slot
from emulation.report.live import Live, on_grid, over, times, written
from emulation.report.reckonings import ON_VALUES, Reckoning, joined, summed
from emulation.report.speech import Speech
from emulation.report.tables import is_in_percent
from emulation.report.verdicts import Verdicts
from emulation.scales import Branch
from emulation.standings import Indicator_ as RankedBy

_BRANCHES: frozenset[str] = frozenset(get_args(Branch))
_JOINED = frozenset(
    {"sum", "floored", "capped", "mean", "weighted_sum", "harmonic_mean", "product", "least", "greatest"}
)


@frozen
class Recounted:
    """The recount of one kind of participants, on a sheet of its own."""

    kind: Kind
    sheet: str
    results: tuple[Result, ...]
    columns: tuple[Filed, ...]

    @property
    def at(self) -> Mapping[str, int]:
        """The number of each column, by its key."""
        return {column.key: number for number, column in enumerate(self.columns)}

    @property
    def given(self) -> int:
        """How many points, places and classes stand as they were scored."""
        return sum(slot.how == "given" for column in self.columns for slot in column.slots)


def recounted(
    outcome: Outcome, speech: Speech, kind: Kind, results: Sequence[Result], sheet: str, parameters: Parameters
) -> Recounted:
    """Make the recount of the participants of a kind, in the order in which they are shown."""
    book = _Book(outcome, speech, Filing(tuple(results)), parameters)
    book.fill()
    return Recounted(kind, sheet, tuple(results), tuple(book.filing.columns))


@frozen
class _Book:
    """Fills columns, each from those before it."""

    outcome: Outcome
    speech: Speech
    filing: Filing
    parameters: Parameters
    fields: dict[IndicatorId, tuple[Live, Live]] = field(factory=dict)

    @property
    def results(self) -> tuple[Result, ...]:
        return self.filing.results

    def fill(self) -> None:
        say, add = self.speech.words.say, self.filing.add
        add("id", "", say("workbook.id"), [Slot(one.participant.id, "text") for one in self.results])
        add("name", "", say("board.participant"), [Slot(one.participant.name, "text") for one in self.results])
        for criterion in self.outcome.campaign.criteria:
            self._criterion(criterion)
        if self._is_scored(TOTAL):
            self._points(Criterion(TOTAL, Sum(tuple(self.outcome.campaign.criteria))))
        for id in self._asked_for():
            self._indicator(id)
        verdicts = Verdicts(self.outcome, self.speech, self.filing, self._passes_on_rounded)
        for standing in self.outcome.campaign.standings:
            verdicts.places(standing)
        verdicts.classes()
        self._published()

    def _asked_for(self) -> list[IndicatorId]:
        """Give the indicators that standings and classes look at, of which these participants have a value."""
        rules = (*self.outcome.campaign.standings, *self.outcome.campaign.readiness)
        records = [one.record for one in records_in(rules)]
        ids = dict.fromkeys(one.id for one in records if isinstance(one, RankedBy | Indicator_))
        bodies = {one.participant.id for one in self.results}
        return [id for id in ids if bodies & set(self.outcome.measurements[id])]

    def _is_scored(self, id: str) -> bool:
        scores = self.outcome.scores[id]  # type: ignore[index]
        return any(one.participant.id in scores for one in self.results)

    # --- what was measured

    def _indicator(self, id: IndicatorId) -> None:
        if f"value:{id}" in self.filing.at:
            return
        indicator, found = self.outcome.campaign.indicator[id], self.outcome.measurements[id]
        name, say = self.speech.indicator(id), self.speech.words.say
        measured = [found.get(one.participant.id) for one in self.results]
        if any(one is not None and _is_quotient(one) for one in measured):
            for part in ("of", "among"):
                slots = [_reported(one, part) for one in measured]
                self.filing.add(f"{part}:{id}", name, say(f"workbook.{part}"), slots)
        slots = [self._measured(id, row, one) for row, one in enumerate(measured)]
        self.filing.add(f"value:{id}", name, say("workbook.value"), slots, in_percent=is_in_percent(indicator))

    def _measured(self, id: IndicatorId, row: int, one: Measurement | None) -> Slot:
        if one is None:
            return EMPTY
        if one.value is None:
            return Slot(self.speech.words.say(f"state.{one.state}"), "text")
        of, among = self.filing.number(f"of:{id}", row), self.filing.number(f"among:{id}", row)
        if of is None or among is None or not _is_quotient(one):
            return Slot(one.value, "input")
        return Slot(one.value, "live", over(of, among).text)

    # --- what it is worth

    def _criterion(self, criterion: Criterion) -> None:
        if not self._is_scored(criterion.id):
            return
        for part in criterion.parts:
            self._criterion(part)
        if criterion.indicator is not None:
            self._indicator(criterion.indicator)
        if not criterion.is_tracked:
            self._points(criterion)

    def _points(self, criterion: Criterion) -> None:
        scores = self.outcome.scores[criterion.id]
        name, words = self.speech.criterion(criterion.id), self.speech.words
        most = f" /{words.number(criterion.max)}" if criterion.max else ""
        slots = [
            self._scored(criterion, row, scores[one.participant.id]) if one.participant.id in scores else EMPTY
            for row, one in enumerate(self.results)
        ]
        heading = words.say("total") if criterion.id == TOTAL else words.say("workbook.points")
        self.filing.add(f"points:{criterion.id}", name + most, heading, slots)

    def _scored(self, criterion: Criterion, row: int, scored: Scored) -> Slot:
        if scored.points is None:
            return Slot(self.speech.words.say("board.no_points"), "text")
        live = self._reckoned(criterion, row, scored)
        if live is not None:
            live = on_grid(live, self._round(criterion))
        if live is None or live.value != scored.points:
            return Slot(scored.points, "given")
        return Slot(scored.points, "live", live.text)

    def _passes_on_rounded(self, criterion: str) -> bool:
        whole = Criterion(TOTAL, Sum(tuple(self.outcome.campaign.criteria)))
        round_ = self._round({**self.outcome.campaign.criterion, TOTAL: whole}[criterion])  # type: ignore[index]
        return round_ is not None and round_.pass_on == "rounded"  # noqa: S105

    def _round(self, criterion: Criterion) -> Round | None:
        rounding = self.outcome.campaign.rounding
        stage = rounding.total if criterion.id == TOTAL else rounding.groups if criterion.parts else rounding.points
        return criterion.round or rounding.of(stage)

    def _reckoned(self, criterion: Criterion, row: int, scored: Scored) -> Live | None:
        """Give the points before they are rounded, from the cells before; None where a formula cannot follow."""
        if criterion.parts:
            return self._joined(criterion, row, scored) if scored.branch in _JOINED else None
        if scored.gap is not None or scored.branch not in _BRANCHES or criterion.indicator is None:
            return None
        value = self.filing.number(f"value:{criterion.indicator}", row)
        if value is None:
            return None
        measured_as = self.outcome.campaign.indicator[criterion.indicator].measured_as
        levels = measured_as.names if isinstance(measured_as, Level) else ()
        ends = partial(self._field, criterion.indicator)
        return Reckoning(criterion, scored, value, levels, ends, partial(self._parameter, criterion)).points()

    def _field(self, id: IndicatorId) -> tuple[Live, Live]:
        """Give the worst and the best of the values on the sheet, looked for once."""
        if id not in self.fields:
            self.fields[id] = self._ends(id)
        return self.fields[id]

    def _ends(self, id: IndicatorId) -> tuple[Live, Live]:
        whole, better = self.filing.whole(f"value:{id}"), self.outcome.campaign.indicator[id].better
        values = self.filing.numbers(f"value:{id}")
        lowest, highest = Live(f"MIN({whole})", min(values), atom=True), Live(f"MAX({whole})", max(values), atom=True)
        return (highest, lowest) if better == "lower" else (lowest, highest)

    def _joined(self, criterion: Criterion, row: int, scored: Scored) -> Live | None:
        parts = {part.id: part for part in criterion.parts}
        terms = {id: self.filing.number(f"points:{id}", row) for id, _ in scored.terms}
        cells = {parts[id]: one for id, one in terms.items() if one is not None}
        if len(cells) < len(scored.terms) or not cells:
            return None
        parameter, used = partial(self._parameter, criterion), dict(scored.used)
        if isinstance(criterion.earns, Sum):
            whole: Live | None = summed(criterion, cells, used.get("scaled_by", 1), parameter)
        else:
            whole = joined(criterion.earns, cells)
        most = used.get("out_of")
        if whole is None or criterion.scale_to is None or most is None:
            return whole
        return times(whole, over(parameter("scale_to", criterion.scale_to), written(most)))

    def _parameter(self, criterion: Criterion, key: str, value: Rational) -> Live:
        """Give the cell of one of a criterion's numbers."""
        say = self.speech.words.say
        what, sign, number = key.partition(":")
        called = say(f"workbook.parameter.{what}", number=number) if sign else say(f"workbook.parameter.{what}")
        in_percent = what in ON_VALUES and self._is_in_percent(criterion)
        name = self.speech.criterion(criterion.id)
        return self.parameters.live(criterion.id, name, called, value, in_percent=in_percent)

    def _is_in_percent(self, criterion: Criterion) -> bool:
        return criterion.indicator is not None and is_in_percent(self.outcome.campaign.indicator[criterion.indicator])

    # --- what was published

    def _published(self) -> None:
        """Put beside what a formula comes to what was scored, and say whether they agree."""
        say = self.speech.words.say
        recounted = [one for one in self.filing.columns if any(slot.how == "live" for slot in one.slots)]
        checked = [one for one in recounted if one.key.startswith(("points:", "rank:")) or one.key == "class"]
        for one in checked:
            slots = [Slot(slot.content, "text" if isinstance(slot.content, str) else "input") for slot in one.slots]
            self.filing.add(f"published:{one.key}", say("workbook.published"), one.about or one.heading, slots)
        if f"points:{TOTAL}" in self.filing.at:
            contents = [self.filing.content(f"points:{TOTAL}", row) for row in range(len(self.results))]
            exact = [Slot(one if isinstance(one, str) else write_number(one), "text") for one in contents]
            self.filing.add("exactly", "", say("workbook.exactly"), exact)
        if checked:
            slots = [self._agreement([one.key for one in checked], row) for row in range(len(self.results))]
            self.filing.add("agrees", "", say("workbook.agrees"), slots)

    def _agreement(self, keys: Sequence[str], row: int) -> Slot:
        tests = []
        for key in keys:
            here, there = self.filing.reference(key, row), self.filing.reference(f"published:{key}", row)
            if isinstance(self.filing.content(key, row), str):
                tests.append(f"{here}={there}")
            else:
                tests.append(f"IF(ISNUMBER({here}),ABS({here}-{there})<0.000000001,FALSE)")
        return Slot("✓", "live", f'IF(AND({",".join(tests)}),"✓","✗")')


def _is_quotient(one: Measurement) -> bool:
    """Say whether a measurement is its parts divided."""
    return (
        one.of is not None
        and one.among is not None
        and (one.value is None or (bool(one.among) and one.value == divide(one.of, one.among)))
    )


def _reported(one: Measurement | None, part: str) -> Slot:
    if one is None or not _is_quotient(one):
        return EMPTY
    found: Rational | None = getattr(one, part)
    return EMPTY if found is None else Slot(found, "input")
