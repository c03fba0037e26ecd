"""Verdicts: places and classes as formulas over the points and values of a recount."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from emulation.conditions import All, Any, Compare, Condition, None_, Points, ShareOfMax, StateIs
from emulation.exact import Rational
from emulation.limits import Between, Indicator_, Limit
from emulation.names import ClassName, StandingId
from emulation.outcome import Outcome, Result
from emulation.places import places_of
from emulation.readiness import Held, Readiness, When
from emulation.report.filing import EMPTY, Filing, Slot
from emulation.report.live import Holds, at, both, compared, either, negated, over, quoted, written
from emulation.report.reckonings import LIMITS
from emulation.report.speech import Speech
from emulation.report.tables import class_cell, class_shown
from emulation.standings import Indicator_ as RankedBy
from emulation.standings import Key, Standing
from emulation.standings import Points as RankedByPoints

MOST_RANKED = 4_000
"""Places of more are not recounted: a spreadsheet compares each with each."""


RANKED = "✓"


@frozen
class Verdicts:
    """Fills the columns of places and of the class; ``is_rounded`` says of a criterion whether what it passes on is."""

    outcome: Outcome
    speech: Speech
    filing: Filing
    is_rounded: Callable[[str], bool]

    def places(self, standing: Standing) -> None:
        """Fill the places in a standing, if it ranks any of these participants."""
        places = self.outcome.standings[standing.id]
        here = [places.get(one.participant.id) for one in self.filing.results]
        if not any(here):
            return
        groups = [
            one.participant.group(standing.within) or "" if standing.within else "" for one in self.filing.results
        ]
        if standing.within:
            name = self.speech.group(standing.within)
            self.filing.add(f"group:{standing.id}", "", name, [Slot(one, "text") for one in groups])
        self._ranked(standing)
        live = self._by_keys(standing, groups)
        slots = []
        for row, one in enumerate(here):
            if one is None:
                slots.append(EMPTY)
            elif one.place is None:
                slots.append(Slot("–", "text"))
            elif live.get(row, (0, ""))[0] == one.place:
                slots.append(Slot(one.place, "live", live[row][1]))
            else:
                slots.append(Slot(one.place, "given"))
        heading = self.speech.words.say("board.place")
        self.filing.add(f"rank:{standing.id}", self.speech.standing(standing.id), heading, slots)

    def _ranked(self, standing: Standing) -> None:
        """Fill a column that says who is ranked, where somebody who has a value is not."""
        first = _column_of(standing.by[0])
        rows = range(len(self.filing.results))
        ranked = [self._is_ranked(standing.id, one) for one in self.filing.results]
        if any(not ranked[row] and self.filing.number(first, row) is not None for row in rows):
            slots = [Slot(RANKED if one else "–", "text") for one in ranked]
            self.filing.add(f"ranked:{standing.id}", "", self.speech.words.say("workbook.ranked"), slots)

    def _by_keys(self, standing: Standing, groups: Sequence[str]) -> Mapping[int, tuple[int, str]]:
        """Give for each row that is ranked here the place its keys give it, and the formula that counts it."""
        keys = [one for one in (*standing.by, *standing.then) if isinstance(one, Key)]
        columns = [_column_of(key) for key in keys]
        ranked = self.outcome.standings[standing.id]
        whole = sum(one.place is not None for one in ranked.values())
        rows = [row for row, one in enumerate(self.filing.results) if self._is_ranked(standing.id, one)]
        known = all(column in self.filing.at for column in columns)
        exact = not all(self._is_known(key) for key in keys)
        dense = standing.ties == "dense"
        if not known or exact or dense or whole != len(rows) or len(rows) > MOST_RANKED or not rows:
            return {}
        values = {row: [self.filing.number(column, row) for column in columns] for row in rows}
        if any(one is None for found in values.values() for one in found):
            return {}
        signs = [-1 if self._is_lower(key) else 1 for key in keys]
        found: dict[int, tuple[int, str]] = {}
        for group in dict.fromkeys(groups[row] for row in rows):
            members = [row for row in rows if groups[row] == group]
            compared_by = {
                row: tuple(sign * one.value for sign, one in zip(signs, values[row], strict=True) if one is not None)
                for row in members
            }
            places = places_of(compared_by, "shared")
            found |= {row: (places[row], self._counting(standing, columns, signs, row)) for row in members}
        return found

    def _counting(self, standing: Standing, columns: Sequence[str], signs: Sequence[int], row: int) -> str:
        """Count those in the same group that are better by the first key, or equal in it and better by the next."""
        whole = self.filing.whole
        better, equal = [], ""
        for column, sign in zip(columns, signs, strict=True):
            here = self.filing.reference(column, row)
            better.append(f"{equal}({whole(column)}{'>' if sign > 0 else '<'}{here})")
            equal += f"({whole(column)}={here})*"
        group = f"group:{standing.id}"
        among = f"({whole(group)}={self.filing.reference(group, row)})*" if group in self.filing.at else ""
        ranked = f"ranked:{standing.id}"
        meant = f"({whole(ranked)}={quoted(RANKED)})" if ranked in self.filing.at else f"ISNUMBER({whole(columns[0])})"
        return f"1+SUMPRODUCT({meant}*{among}({'+'.join(better)}))"

    def _is_ranked(self, standing: StandingId, one: Result) -> bool:
        placed = self.outcome.standings[standing].get(one.participant.id)
        return placed is not None and placed.place is not None

    def _is_lower(self, key: Key) -> bool:
        if key.better is not None:
            return key.better == "lower"
        return isinstance(key.of, RankedBy) and self.outcome.campaign.indicator[key.of.id].better == "lower"

    def _is_known(self, key: Key) -> bool:
        """Say whether equal values of a key are one double: what was rounded, and quotients of whole numbers."""
        return isinstance(key.of, RankedBy) or self.is_rounded(key.of.criterion)

    def classes(self) -> None:
        """Fill the classes, if these participants hold any."""
        classes = self.outcome.classes
        if not any(one.participant.id in classes for one in self.filing.results):
            return
        slots = []
        for row, one in enumerate(self.filing.results):
            held, shown = classes.get(one.participant.id), class_cell(self.speech, self.outcome, one).text
            if held is None:
                slots.append(EMPTY)
                continue
            formula = self._class_formula(row, one, held)
            slots.append(Slot(shown, "live" if formula else "given", formula))
        self.filing.add("class", "", self.speech.words.say("board.class"), slots)

    def _class_formula(self, row: int, one: Result, held: Held) -> str | None:
        """Write which class the conditions give, the best first; None where something else gives it."""
        rule = next(rule for rule in self.outcome.campaign.readiness if rule.for_.selects(one.participant))
        if not isinstance(rule.classing, When) or held.by not in ("condition", "otherwise") or rule.otherwise is None:
            return None
        conditions = dict(rule.classing.classes)
        text, given = self._class_text(rule, rule.otherwise), rule.otherwise
        for class_ in reversed([name for name in rule.classes if name in conditions]):
            test = self._test(conditions[class_], row, rule)
            if test is None:
                return None
            text = f"IF({test.text},{self._class_text(rule, class_)},{text})"
            given = class_ if test.value else given
        return text if given == held.class_ else None

    def _class_text(self, rule: Readiness, class_: ClassName) -> str:
        return quoted(class_shown(self.speech, rule, class_))

    def _test(self, condition: Condition, row: int, rule: Readiness) -> Holds | None:
        """Write a condition as a test; None for one that looks beyond the row."""
        match condition:
            case All(of):
                return _every(both, [self._test(one, row, rule) for one in of])
            case Any(of):
                return _every(either, [self._test(one, row, rule) for one in of])
            case None_(of):
                found = _every(either, [self._test(one, row, rule) for one in of])
                return None if found is None else negated(found)
            case Compare(Indicator_(id), limit):
                measured = self.outcome.measurements[id].get(self.filing.results[row].participant.id)
                return None if measured is not None and measured.bound else self._kept(f"value:{id}", row, rule, limit)
            case Compare(Points(criterion), limit):
                return self._kept(f"points:{criterion}", row, rule, limit)
            case Compare(ShareOfMax(criterion), limit):
                scores, body = self.outcome.scores[criterion], self.filing.results[row].participant.id
                most = scores.most_of(body) if body in scores else None
                return self._kept(f"points:{criterion}", row, rule, limit, most) if most else None
            case StateIs(id, among) if f"value:{id}" in self.filing.at:
                words = {state: self.speech.words.say(f"state.{state}") for state in among}
                content = self.filing.content(f"value:{id}", row)
                here = self.filing.reference(f"value:{id}", row)
                return either([Holds(f"{here}={quoted(word)}", content == word) for word in words.values()])
            case _:
                return None

    def _kept(self, key: str, row: int, rule: Readiness, limit: Limit, most: Rational = 1) -> Holds | None:
        """Write a limit on a cell, or on its share of the most; a word in it keeps none, where the campaign says so."""
        if key not in self.filing.at or (rule.unmeasured or self.outcome.campaign.unmeasured) != "not_met":
            return None
        bounds = (limit.from_, limit.to) if isinstance(limit, Between) else (limit.bound,)
        if not all(isinstance(bound, int | Fraction) for bound in bounds):
            return None
        here, value = self.filing.reference(key, row), self.filing.number(key, row)
        known = Holds(f"ISNUMBER({here})", value is not None)
        subject = at(here, 0 if value is None else value.value)
        subject = subject if most == 1 else over(subject, written(most))
        tests: list[Holds] = []
        if isinstance(limit, Between):
            tests = [compared(subject, ">=", written(limit.from_)), compared(subject, "<=", written(limit.to))]
        elif isinstance(limit.bound, int | Fraction):
            tests = [compared(subject, LIMITS[type(limit)], written(limit.bound))]
        return Holds(both([known, *tests]).text, value is not None and all(one.value for one in tests))


def _every(join: Callable[[Sequence[Holds]], Holds], tests: Sequence[Holds | None]) -> Holds | None:
    known = [one for one in tests if one is not None]
    return join(known) if len(known) == len(tests) else None


def _column_of(key: Key) -> str:
    match key.of:
        case RankedBy(id):
            return f"value:{id}"
        case RankedByPoints(criterion):
            return f"points:{criterion}"
