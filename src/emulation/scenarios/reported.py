"""Reported: facts as a scenario supposes them; each is read as a cell of the campaign's table would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.exact import Rational, write_number
from emulation.indicators import Indicator, Over
from emulation.names import ParticipantId, near
from emulation.observations import Observation, Observations
from emulation.periods import Span
from emulation.problems import Problem, Refused
from emulation.reading.document import Text
from emulation.reading.examples import COLUMNS, days_of, handed_in
from emulation.reading.facts import beyond_their_wholes, read_table
from emulation.reading.tables import Table
from emulation.reading.values import kinds_of_facts
from emulation.scenarios.changes import FACTS, Change, Drop, More, New, Scenario, Set


@frozen
class FactChanged:
    """A fact that is otherwise: as it was reported, and as it is supposed; None where there is none."""

    before: Observation | None
    after: Observation | None


@frozen
class _Meant:
    """The fact a path means: whose, what, at which stage, and on which day where it says so."""

    participant: ParticipantId
    fact: str
    stage: str | None
    day: date | None
    kinds: tuple[Indicator, ...]

    def is_meant(self, one: Observation) -> bool:
        return (one.participant, one.fact) == (self.participant, self.fact) and self.stage in (None, one.stage)

    @property
    def is_summed(self) -> bool:
        return any(isinstance(kind.time, Over) for kind in self.kinds)

    def __str__(self) -> str:
        return f"{self.fact} of {self.participant}"


def reported_otherwise(
    rules: Campaign, facts: Observations, as_of: date | None, scenario: Scenario
) -> tuple[Observations, tuple[FactChanged, ...]]:
    """Give the facts with a scenario's changes, and what is otherwise; facts of bodies left out go with them.

    Raise `Refused` with all problems, each at its change.
    """
    day = as_of or rules.as_of or facts.latest_day or rules.timetable.period.last
    changes = [change for change in scenario.changes if change.path.startswith(FACTS)]
    known = tuple(one for one in facts if one.participant in rules.participants)
    gone = [FactChanged(one, None) for one in facts if one.participant not in rules.participants]
    supposing = _Supposing(rules, known, day, f"scenario {scenario.id}")
    found, problems = list[tuple[FactChanged, ...]](), list[Problem]()
    for change in changes:
        try:
            found.append(supposing.otherwise(change))
        except Refused as refused:
            problems.extend(one.at(change.place) for one in refused.problems)
    if problems:
        raise Refused(problems)
    if not found and not gone:
        return facts, ()
    made = tuple(chain.from_iterable(found))
    reported = _with(known, made)
    if problems := list(_beyond_their_wholes(rules, reported, made, changes)):
        raise Refused(problems)
    return evolve(facts, reported=reported), (*gone, *made)


def _beyond_their_wholes(
    rules: Campaign, facts: Iterable[Observation], made: Sequence[FactChanged], changes: Sequence[Change]
) -> Iterator[Problem]:
    """Find parts that would be more than their whole, at the change that makes them so.

    Of flows the sums are compared: what grows in its latest report is meant of all the days.
    """
    changed = {(one.after.participant, one.after.fact) for one in made if one.after is not None}
    bodies = {body for body, _ in changed}
    summed = {fact for fact, kinds in kinds_of_facts(rules).items() if any(isinstance(one.time, Over) for one in kinds)}
    told: dict[tuple[str, str, date, date, str | tuple[str, str]], Observation] = {}
    for one in facts:
        if one.participant in bodies:
            days = (date.min, date.max) if one.fact in summed else (one.span.first, one.span.last)
            key = (one.participant, one.fact, *days, (one.stage or "", one.source or ""))
            before = told.get(key)
            told[key] = one if before is None else evolve(one, value=(before.value or 0) + (one.value or 0))
    for part, whole in beyond_their_wholes(rules, told):
        if changed & {(part.participant, part.fact), (whole.participant, whole.fact)}:
            what = f"{part.fact} of {part.participant} would be {write_number(part.value or 0)}"
            more = f"{what}, more than {whole.fact} of {write_number(whole.value or 0)}"
            about = [one for one in changes if part.fact in one.path or whole.fact in one.path]
            yield Problem("E327", more, "a part is at most the whole", place=about[0].place)


def _with(facts: Iterable[Observation], changed: Sequence[FactChanged]) -> tuple[Observation, ...]:
    """Put what is supposed in the place of what was reported, and what is new behind it all."""
    instead = {id(one.before): one.after for one in changed if one.before is not None}
    kept = (instead.get(id(one), one) for one in facts)
    return (
        *(one for one in kept if one is not None),
        *(one.after for one in changed if one.before is None and one.after),
    )


@frozen
class _Supposing:
    """Changes facts one by one."""

    rules: Campaign
    facts: tuple[Observation, ...]
    day: date
    name: str

    def otherwise(self, change: Change) -> tuple[FactChanged, ...]:
        meant = self._meant(change.path)
        there = [one for one in self.facts if meant.is_meant(one) and one.span.last <= (meant.day or self.day)]
        match change:
            case New():
                raise Refused([Problem("E704", "facts are not made new", "set: what it is to be")])
            case More(by=by):
                return self._more(meant, there, change, by)
            case Drop():
                return tuple(FactChanged(one, None) for one in self._named(meant, there))
            case Set(to=Text(value=text)):
                return self._set(meant, there, text, change)
            case Set():
                raise Refused([Problem("E154", f"{change.path} is no single value", "a value as in a table")])

    def _meant(self, path: str) -> _Meant:
        """Find whom and what a path means; a name may have points of its own, a fact has none."""
        kinds = kinds_of_facts(self.rules)
        whose, _, rest = path.removeprefix(FACTS).rpartition(".")
        day = _day(rest)
        if day is not None:
            whose, _, rest = whose.rpartition(".")
        fact, _, stage = rest.partition("@")
        body = self.rules.who(whose)
        if body is None:
            raise Refused(
                [Problem("E318", f"unknown participant {whose!r}", near=self.rules.participants.nearest(whose))]
            )
        if fact not in kinds:
            raise Refused(
                [Problem("E135", f"unknown indicator {fact!r}", _reported_as(self.rules, fact), near(fact, kinds))]
            )
        if stage and stage not in self.rules.admission.stages:
            raise Refused([Problem("E135", f"unknown stage {stage!r}", near=near(stage, self.rules.admission.stages))])
        return _Meant(body, fact, stage or None, day, kinds[fact])

    def _named(self, meant: _Meant, there: Sequence[Observation]) -> Sequence[Observation]:
        """Give the reports that a path means: those of its day, or all of what is reported only once."""
        found = [one for one in there if meant.day in (None, one.span.last)]
        days = {one.span.last for one in found}
        if len(days) == 1:
            return found
        others = {one.span.last for one in there}
        if not others:
            raise Refused([Problem("E706", f"{meant} is not reported")])
        listed = ", ".join(map(str, sorted(others)))
        if days:
            expected = "the day behind the path, as online_files.2025-08-06"
            raise Refused([Problem("E706", f"{meant} is reported for {listed}", expected)])
        raise Refused([Problem("E706", f"{meant} is not reported for {meant.day}", f"it is for {listed}")])

    def _more(
        self, meant: _Meant, there: Sequence[Observation], change: Change, by: Rational
    ) -> tuple[FactChanged, ...]:
        """Let the latest report grow, at each stage."""
        if meant.day is None and there:
            meant = evolve(meant, day=max(one.span.last for one in there))
        changed: list[FactChanged] = []
        for one in self._named(meant, there):
            if one.value is None or one.bound is not None:
                raise Refused([Problem("E703", f"{meant} is not a number", "set: what it is to be")])
            after = self._read(one, write_number(one.value + by))
            changed.append(FactChanged(one, after))
        return tuple(changed)

    def _set(self, meant: _Meant, there: Sequence[Observation], text: str, change: Change) -> tuple[FactChanged, ...]:
        """Report something else: of a stock on the day, of a flow for the days it is reported for."""
        on = meant.day or (None if meant.is_summed else self.day)
        same = [one for one in there if on is None or one.span.last == on]
        if same:
            named = self._named(meant, same)
            return tuple(FactChanged(one, self._read(one, text)) for one in named)
        if meant.day is not None and meant.is_summed:
            self._named(meant, there)
        first, last = days_of(self.rules, meant.kinds, on or self.day)
        span = Span(date.fromisoformat(first or last), date.fromisoformat(last))
        new = self._read(Observation(meant.participant, meant.fact, span, stage=meant.stage), text)
        return tuple(FactChanged(None, one) for one in handed_in(self.rules.admission, [new]))

    def _read(self, one: Observation, text: str) -> Observation:
        """Read a value as a cell of the table would be read; all else stays as it is."""
        state = text[1:-1] if text.startswith("[") and text.endswith("]") else ""
        days = [one.span.first.isoformat(), one.span.last.isoformat()]
        row = (one.participant, one.fact, *days, "" if state else text, state, "")
        table = Table(self.name, COLUMNS, (row,), range(1, 2), 0)
        try:
            found = read_table(table, evolve(self.rules, observations=None))
        except Refused as refused:
            raise Refused(evolve(problem, place=None) for problem in refused.problems) from None
        if found.set_aside:
            raise Refused(evolve(problem, place=None) for problem in found.set_aside)
        (read,) = found.reported
        return evolve(one, value=read.value, state=read.state, bound=read.bound, disputed=False, file=self.name, line=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2025-08-06") else None
    except ValueError:
        return None


def _reported_as(rules: Campaign, fact: str) -> str | None:
    """Say what is reported in the stead of an indicator that is made of others."""
    derived = next((one for one in rules.indicators if one.id == fact and one.inputs), None)
    return f"it is made of {', '.join(derived.inputs)}" if derived else None
