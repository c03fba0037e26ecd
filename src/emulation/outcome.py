"""Outcome: runs the stages in order, and keeps everything each stage said."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from hashlib import sha256

from attrs import evolve, field, frozen

from emulation.admission import Admitted, admit
from emulation.awards import Awards, give
from emulation.campaign import Campaign
from emulation.conditions import Facts
from emulation.criteria import TOTAL
from emulation.display import Shown
from emulation.exact import Rational
from emulation.indicators import Level
from emulation.lines import Scores
from emulation.measures import Measurements, measure
from emulation.mergers import inherited, newly_made
from emulation.names import ClassName, ParticipantId, TargetId
from emulation.observations import Observations
from emulation.participants import Participant
from emulation.plausibility import Doubt, doubts, problem_of
from emulation.problems import Problem
from emulation.readiness import Classes, Held, classify
from emulation.standings import Placed, Standings, stand
from emulation.targets import Aim, Aims, aim
from emulation.totals import Scoring, score_criteria


@frozen
class Result:
    """One participant's outcome: a short view of what the stages said of it."""

    participant: Participant
    total: Rational | None
    most: Rational | None
    rank: int | None
    of: int | None
    readiness: ClassName | None
    awards: tuple[str, ...]
    placed: Placed | None
    unranked: str | None


@frozen(slots=False)
class Outcome(Shown):
    """All a campaign came to on a day; its fields are what each stage said.

    ``doubts`` are the figures that the campaign's own checks find implausible.
    ``outcome["05443"]`` gives one participant's `Result`, by id or by name.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    >>> outcome = score(campaign, facts)
    >>> outcome["Thái Nguyên"].readiness, outcome["Xã An Khánh"].rank, outcome.is_settled
    ('ready', 1, True)
    """

    campaign: Campaign
    as_of: date
    observations: Observations = field(repr=False)
    admitted: Admitted = field(repr=False)
    measurements: Measurements = field(repr=False)
    scores: Scores = field(repr=False)
    standings: Standings = field(repr=False)
    aims: Aims = field(repr=False)
    classes: Classes = field(repr=False)
    awards: Awards = field(repr=False)
    doubts: tuple[Doubt, ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, id: str) -> Result:
        body = self.campaign.participants[self.campaign.who(id) or id]
        totals = self.scores[TOTAL]
        has_total = body.id in totals
        placed = self.placed(body.id)
        held = self.classes.get(body.id)
        return Result(
            body,
            totals.points_of(body.id) if has_total else None,
            totals.most_of(body.id) if has_total else None,
            placed.place if placed else None,
            placed.of if placed else None,
            held.class_ if held else None,
            tuple(id for id, given in self.awards.items() if body.id in given.winners),
            placed,
            placed.unranked if placed else None,
        )

    def __iter__(self) -> Iterator[Result]:
        return iter(self._results)

    @cached_property
    def _results(self) -> tuple[Result, ...]:
        """Everybody's outcome; boards go through them several times."""
        return tuple(self[body.id] for body in self.campaign.participants)

    def placed(self, body: ParticipantId) -> Placed | None:
        """Give the place in the first declared standing that ranks a participant."""
        return next((places[body] for places in self.standings.values() if body in places), None)

    @property
    def is_settled(self) -> bool:
        """Say whether nothing is left open: no tie, no gap that blocks, no row set aside that blocks."""
        return not self.problems

    @cached_property
    def data_hash(self) -> str:
        """A hash of the facts handed in and of the decisions recorded, whatever order they came in."""
        return data_hash(self.campaign, self.observations)


def data_hash(campaign: Campaign, observations: Observations) -> str:
    """Hash facts and the decisions recorded, whatever order they came in."""
    lines = sorted(observations.said)
    lines += sorted(f"{one.standing}|{'>'.join(one.order)}|{one.on}" for one in campaign.decisions)
    lines += sorted(f"{one.award}|{one.participant}|{one.ruling}|{one.on}" for one in campaign.rulings)
    return sha256("\n".join(lines).encode()).hexdigest()


def score(campaign: Campaign, observations: Observations, as_of: date | str | None = None) -> Outcome:
    """Score a campaign on its observations as of a day: the option, else the declared one, else the latest fact's.

    The stages run in the order in which a rulebook decides: measure, judge, sum up, rank, class, award.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    >>> score(campaign, facts, as_of="2025-08-06").as_of
    datetime.date(2025, 8, 6)
    """
    day = _day(campaign, observations, as_of)
    rules = campaign.on(day)
    with no_search_for_garbage():
        admitted = _admitted(rules, observations, day)
        known = _Run(rules, admitted).at(day)
    facts = known.facts()
    found = doubts(rules.plausibility, admitted.observations)
    awards = give(rules.awards, rules.decisions, rules.unmeasured or "undecided", facts, known.standings, rules.rulings)
    return Outcome(
        rules,
        day,
        observations,
        admitted,
        known.measurements,
        known.scoring.scores,
        known.standings,
        known.aims,
        known.classes,
        awards,
        found,
        tuple(_problems(rules, observations, found, known, awards)),
    )


def summed_again(outcome: Outcome, rules: Campaign, judged: Scores) -> Scores:
    """Sum up what was measured under rules that weigh criteria otherwise; what is judged stays as it is.

    The rules differ from the outcome's in their criteria and in who takes part, and in nothing else.
    """
    facts = _measured(rules, outcome.measurements, outcome.as_of)
    unmeasured = rules.unmeasured or "undecided"
    return score_criteria(rules.criteria, rules.gaps, rules.rounding, unmeasured, facts, judged).scores


def _admitted(rules: Campaign, observations: Observations, day: date) -> Admitted:
    """Pick the facts that count, and hand those of bodies that were merged over to the new ones."""
    admitted = admit(rules.admission, observations, rules.timetable.calendar)
    if rules.mergers is None:
        return admitted

    def handed_over(facts: Observations) -> Observations:
        return inherited(rules.mergers, rules.participants, rules.indicators, facts, day)

    stages = {stage: handed_over(facts) for stage, facts in admitted.stages.items()}
    return evolve(admitted, observations=handed_over(admitted.observations), stages=stages)


@contextmanager
def no_search_for_garbage() -> Iterator[None]:
    """Keep the collector still while records are made: none of them is garbage, and its search doubles the time."""
    was_searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_searching:
            gc.enable()


def _day(campaign: Campaign, observations: Observations, as_of: date | str | None) -> date:
    if isinstance(as_of, str):
        return date.fromisoformat(as_of)
    return as_of or campaign.as_of or observations.latest_day or campaign.timetable.period.last


@frozen
class Known:
    """What the stages up to the classes said on one day."""

    measurements: Measurements
    scoring: Scoring
    standings: Standings
    ranked: Facts
    aims: dict[TargetId, dict[ParticipantId, Aim]]
    classes: dict[ParticipantId, Held]

    def facts(self) -> Facts:
        """Give it all as plain values, for conditions: what was known once all were ranked, and what came after."""
        return evolve(
            self.ranked,
            targets={
                id: {body: None if one.state == "undecided" else one.state == "met" for body, one in aims.items()}
                for id, aims in self.aims.items()
            },
            classes={body: held.class_ for body, held in self.classes.items()},
        )


@frozen
class _Run:
    """Runs the stages for one day after another, each once: a passed deadline is judged on its last day."""

    campaign: Campaign
    admitted: Admitted
    days: dict[date, Known] = field(factory=dict)

    def at(self, day: date) -> Known:
        if day not in self.days:
            self.days[day] = self._known(day)
        return self.days[day]

    def _known(self, day: date) -> Known:
        rules = self.campaign
        facts_in = self.admitted
        measurements = measure(
            rules.indicators, rules.participants, facts_in.observations, rules.timetable, day, facts_in.stages
        )
        facts = _measured(rules, measurements, day)
        scoring = score_criteria(rules.criteria, rules.gaps, rules.rounding, rules.unmeasured or "undecided", facts)
        facts = _scored(rules, facts, scoring.scores)
        everybody = evolve(facts, participants=rules.participants)
        without_total = _without_total(scoring.scores)
        standings = stand(rules.standings, rules.decisions, everybody, day, without_total, _barred(rules))
        places = {id: {body: one.place for body, one in found.items()} for id, found in standings.items()}
        ranked = evolve(facts, places=places)
        known = Known(measurements, scoring, standings, ranked, {target.id: {} for target in rules.targets}, {})
        for level in facts.participants.levels:
            self._judge_level(known, level, day)
        return known

    def _judge_level(self, known: Known, level: Sequence[Participant], day: date) -> None:
        """Judge targets, then classes, of bodies of one depth: those below them are judged already."""
        rules = self.campaign
        unmeasured = rules.unmeasured or "undecided"

        def facts_on(judged_on: date) -> Facts:
            return known.facts() if judged_on == day else self.at(judged_on).facts()

        for id, aims in aim(rules.targets, level, unmeasured, day, facts_on).items():
            known.aims[id].update(aims)
        known.classes.update(classify(rules.readiness, level, unmeasured, known.facts(), known.standings))


def _measured(campaign: Campaign, measurements: Measurements, day: date) -> Facts:
    """Give what was measured of the bodies that live on a day; nothing is asked of one that is gone."""
    better = {id: one.better for id, one in campaign.indicator.items() if one.better is not None}
    levels = {id: one.measured_as.names for id, one in campaign.indicator.items() if isinstance(one.measured_as, Level)}
    return Facts(campaign.participants.living_on(day), measurements, better, levels)


def _scored(campaign: Campaign, facts: Facts, scores: Scores) -> Facts:
    return evolve(
        facts,
        points={id: found.points for id, found in scores.items()},
        maxima={id: found.maxima for id, found in scores.items()},
        leaves=tuple(id for id, one in campaign.criterion.items() if one.is_leaf and not one.is_tracked),
    )


def _without_total(scores: Scores) -> Mapping[ParticipantId, str]:
    """Say why those without a total have none."""
    totals = scores[TOTAL]
    lacking = {body: totals[body] for body in totals if body not in totals.counts.points}
    return {body: one.because or one.branch for body, one in lacking.items() if one.points is None}


def _barred(campaign: Campaign) -> Mapping[ParticipantId, str]:
    """Say who cannot be ranked whatever they have, and why."""
    if campaign.mergers is None or campaign.mergers.standing == "ranked":
        return {}
    return dict.fromkeys(newly_made(campaign.participants, campaign.timetable.period.first), "newly_made")


def _problems(
    campaign: Campaign, observations: Observations, doubtful: Sequence[Doubt], known: Known, awards: Awards
) -> Iterator[Problem]:
    """Find what is left open, which the campaign's rules do not let pass."""
    yield from known.scoring.blocked
    if campaign.set_aside == "block":
        yield from observations.set_aside
    yield from (problem_of(one) for one in doubtful if one.check.then == "refused")
    for id, places in known.standings.items():
        for tie in sorted({tuple(sorted((body, *one.tied_with))) for body, one in places.items() if one.open}):
            yield Problem(
                "E171",
                f"unresolved tie in {id}: {', '.join(tie)}",
                "record a decision",
                path=("standings", id),
            )
    for award, given in awards.items():
        if given.open:
            yield Problem(
                "E172",
                f"tie at the border of {award}: {', '.join(given.open)}",
                "record a decision",
                path=("awards", award),
            )
