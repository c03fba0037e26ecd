"""Rehearsal: a rulebook tried on invented figures, again and again, before anybody reports: go or no go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from emulation.campaign import Campaign
from emulation.criteria import TOTAL
from emulation.display import Shown
from emulation.exact import Rational, divide
from emulation.lint.evidence import LEAST, findings_in
from emulation.names import ClassName, CriterionId, TargetId
from emulation.outcome import Outcome, score
from emulation.problems import Problem, Refused
from emulation.scenarios.inventing import invent

TIMES, SEED = 20, 1
DECIDES = Fraction(80, 100)
"""The share of the spread of totals from which on one criterion decides alone."""
_UNSETTLED = ("E171", "E172")


@frozen
class Spread:
    """A figure over several rehearsals: the least, the middle one and the most."""

    least: Rational
    middle: Rational
    most: Rational


def spread(values: Iterable[Rational]) -> Spread:
    """Give the spread of values, of which there is at least one; of two in the middle the lower.

    >>> spread([5, 1, 3])
    Spread(least=1, middle=3, most=5)
    """
    every = sorted(values)
    return Spread(every[0], every[(len(every) - 1) // 2], every[-1])


Reason = Literal["unsettled", "blocked", "class_of_all", "class_of_nobody", "decides", "parts_nobody"]


@frozen
class Doubt:
    """A reason not to go: what kind of reason, what it is about, and how often it came up."""

    reason: Reason
    about: str
    times: int


@frozen
class Rehearsal(Shown):
    """What came out of several rehearsals of one rulebook.

    ``decides`` says for each criterion at the top its share of the variance of totals, with its declared maximum's
    share of all; ``findings`` how often the figures showed each finding; ``doubts`` why not to go.
    """

    campaign: Campaign
    day: date
    times: int
    seed: int
    missing: Rational
    totals: Spread | None
    first: Spread | None
    tied: Spread | None
    unsettled: Spread
    classes: Mapping[str, Mapping[ClassName, Spread]]
    targets: Mapping[TargetId, Spread]
    decides: Mapping[CriterionId, Spread]
    findings: Mapping[tuple[str, str], int]
    doubts: tuple[Doubt, ...] = field(default=())

    @property
    def is_go(self) -> bool:
        """Say whether nothing speaks against it."""
        return not self.doubts


def rehearse(
    rules: Campaign,
    times: int = TIMES,
    seed: int = SEED,
    missing: Rational = 0,
    day: date | None = None,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
) -> Rehearsal:
    """Score a rulebook on invented figures so many times, as of a day or the last of the period.

    ``tell`` is told after each how many are done, and of how many. Raise `Refused` (E760) for no rehearsal at all, or
    a share of missing figures that is none.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> found = rehearse(load_campaign("campaigns/thai-nguyen-2025"), times=3)
    >>> found.is_go, found.classes["commune"]["green"].middle
    (True, 4)
    """
    if times < 1 or not 0 <= missing <= 1:
        what = f"{times} rehearsals" if times < 1 else "a share of missing figures that is not between 0 and 1"
        raise Refused([Problem("E760", what, "at least one rehearsal; 0 to 1")])
    on = day or rules.timetable.period.last
    outcomes: list[Outcome] = []
    for number in range(times):
        outcomes.append(score(rules, invent(rules, seed + number, missing, on), on))
        tell(number + 1, times)
    return _summed_up(rules, outcomes, on, seed, missing)


def _summed_up(rules: Campaign, outcomes: Sequence[Outcome], day: date, seed: int, missing: Rational) -> Rehearsal:
    totals = [one.total for outcome in outcomes for one in outcome if one.total is not None]
    ranked = [outcome for outcome in outcomes if outcome.standings]
    held = _classes(rules, outcomes)
    decides = _deciding(outcomes)
    findings = Counter((found.code, found.at) for outcome in outcomes for found in findings_in(outcome))
    return Rehearsal(
        rules,
        day,
        len(outcomes),
        seed,
        missing,
        spread(totals) if totals else None,
        spread([sum(one.rank == 1 for one in outcome) for outcome in ranked]) if ranked else None,
        spread([_tied(outcome) for outcome in ranked]) if ranked else None,
        spread([_unsettled(outcome) for outcome in outcomes]),
        held,
        _targets(outcomes),
        decides,
        dict(sorted(findings.items())),
        tuple(_doubts(outcomes, held, decides, findings)),
    )


def _tied(outcome: Outcome) -> int:
    """Count those who share a place in the first standing that ranks them."""
    return sum(one.placed is not None and bool(one.placed.tied_with) for one in outcome)


def _unsettled(outcome: Outcome) -> int:
    return sum(problem.code in _UNSETTLED for problem in outcome.problems)


def _classes(rules: Campaign, outcomes: Sequence[Outcome]) -> dict[str, dict[ClassName, Spread]]:
    """Count who holds each class, rule by rule, best class first."""
    found: dict[str, dict[ClassName, Spread]] = {}
    for rule in rules.readiness:
        meant = {body.id for body in rules.participants.selected(rule.for_)}
        counts = [Counter(held.class_ for id, held in outcome.classes.items() if id in meant) for outcome in outcomes]
        if any(counts):
            found[rule.id] = {class_: spread([count[class_] for count in counts]) for class_ in rule.classes}
    return found


def _targets(outcomes: Sequence[Outcome]) -> dict[TargetId, Spread]:
    return {
        target.id: spread([sum(aim.state == "met" for aim in outcome.aims[target.id].values()) for outcome in outcomes])
        for target in outcomes[0].campaign.targets
    }


def _deciding(outcomes: Sequence[Outcome]) -> dict[CriterionId, Spread]:
    """Give the share of the variance of totals that each criterion at the top brings: cov(term, total) / var(total)."""
    shares: dict[CriterionId, list[Rational]] = {}
    for outcome in outcomes:
        column = outcome.scores[TOTAL]
        scored = [one for one in column.values() if one.exact is not None and one.terms]
        totals = [one.exact or 0 for one in scored]
        whole = _covariance(totals, totals)
        if not whole:
            continue
        for criterion in outcome.campaign.criteria:
            terms = [dict(one.terms).get(criterion.id, 0) for one in scored]
            shares.setdefault(criterion.id, []).append(divide(_covariance(terms, totals), whole))
    return {id: spread(found) for id, found in shares.items()}


def _covariance(xs: Sequence[Rational], ys: Sequence[Rational]) -> Rational:
    return len(xs) * sum(x * y for x, y in zip(xs, ys, strict=True)) - sum(xs) * sum(ys)


# --- go or no go


def _doubts(
    outcomes: Sequence[Outcome],
    classes: Mapping[str, Mapping[ClassName, Spread]],
    decides: Mapping[CriterionId, Spread],
    findings: Mapping[tuple[str, str], int],
) -> Iterator[Doubt]:
    """Find what speaks against launching: what comes up in most rehearsals, or in all of them."""
    times = len(outcomes)
    unsettled = sum(_unsettled(outcome) > 0 for outcome in outcomes)
    if 2 * unsettled > times:
        yield Doubt("unsettled", "", unsettled)
    blocked = Counter(
        code for outcome in outcomes for code in {one.code for one in outcome.problems} if code not in _UNSETTLED
    )
    yield from (Doubt("blocked", code, count) for code, count in sorted(blocked.items()) if 2 * count > times)
    for rule, held in classes.items():
        if sum(one.middle for one in held.values()) < LEAST:
            continue  # so few that it says nothing of the rule
        for class_, count in held.items():
            others = sum(one.most for name, one in held.items() if name != class_)
            if not others and count.most:
                yield Doubt("class_of_all", f"{rule}.{class_}", times)
            elif not count.most and class_ != [*held][-1]:
                yield Doubt("class_of_nobody", f"{rule}.{class_}", times)
    if len(decides) > 1:
        yield from (Doubt("decides", id, times) for id, share in decides.items() if share.middle >= DECIDES)
    for (code, at), found in findings.items():
        if code in ("L201", "L202") and 2 * found > times:
            yield Doubt("parts_nobody", at, found)
