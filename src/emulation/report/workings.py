"""Workings: how a criterion's points came about, as a reckoning that can be repeated by hand; nothing is computed."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from emulation.criteria import BestOf, Criterion, GeometricMean, Greatest, HarmonicMean, Least, Product, Round
from emulation.exact import Rational
from emulation.gaps import Alternative, Block, Gap, Points, Redistribute, Value
from emulation.grammar import word_for
from emulation.indicators import Indicator, Level, Milestone
from emulation.joins import Scored
from emulation.measures import NOT_MEANT, Measurement
from emulation.names import IndicatorId, ParticipantId
from emulation.outcome import Outcome
from emulation.peers import ByRank, ClusterLeader, ExponentialRank, MinMax, ShareOfBest, ZScore
from emulation.points import (
    Band,
    Bands,
    Binary,
    Formula,
    Lateness,
    Levels,
    Linear,
    PerUnit,
    PointsRule,
    Proportional,
    Steps,
)
from emulation.report.speech import Speech

MANY_TERMS = 6
"""A sum of more than so many is not written out: what each part counts stands beside it, below."""

RULED = ("tracked", "granted", "gate_closed", "limited", "undeclared")
"""Ways taken that are neither a points rule's nor a gap's nor an aggregation's."""


@frozen
class Workings:
    """Tells how one participant's points came about."""

    speech: Speech
    outcome: Outcome
    body: ParticipantId

    def of(self, criterion: Criterion | None, scored: Scored) -> str:
        """Say how a criterion (None: the total) came to its points."""
        say = self.speech.words.say
        if scored.branch in RULED:
            used = {name: self.speech.words.exact(number) for name, number in scored.used}
            return say(f"way.{scored.branch}", most=self._number(scored.most), **used)
        if scored.gap is not None and "imputed" not in dict(scored.used):
            return say("gap_filled", why=self.why(scored, criterion), then=self.gap(scored.gap, scored.most))
        if scored.points is None:
            return say("way.unsettled", why=self.why(scored, criterion))
        if criterion is None or criterion.parts:
            return "; ".join(self._joined(criterion, scored))
        worked = _Worked(self.speech, self.outcome, self.body, criterion, scored).sentence()
        imputed = dict(scored.used).get("imputed")
        if imputed is None or scored.gap is None:
            return worked
        shown = self.speech.value(self._indicator(criterion), imputed)
        then = self.gap(scored.gap, scored.most, value=shown)
        return say("gap_imputed", why=self.why(scored, criterion), then=then, worked=worked)

    def rounding(self, criterion: Criterion | None, scored: Scored) -> str:
        """Say how the exact points were rounded; nothing where nothing was changed."""
        if scored.exact is None or scored.points is None or scored.exact == scored.points:
            return ""
        rounding, words = self.outcome.campaign.rounding, self.speech.words
        stage = rounding.total if criterion is None else rounding.groups if criterion.parts else rounding.points
        round_: Round | None = (criterion.round if criterion else None) or rounding.of(stage)
        if round_ is None:
            return ""
        return words.say(
            "rounded",
            mode=words.say(f"mode.{round_.mode}"),
            decimals=words.counted("decimals", round_.decimals),
            points=words.exact(scored.points),
        )

    def why(self, scored: Scored, criterion: Criterion | None = None) -> str:
        """Say why there is no value to judge."""
        words, measurement = self.speech.words, scored.measurement
        if measurement is None:
            return self.because(scored.because or scored.branch, criterion)
        why = self.measured_none(measurement)
        if scored.state == measurement.state:
            return why
        return words.say("treated_as", why=why, state=words.say(f"state.{scored.state}"))

    def measured_none(self, measurement: Measurement) -> str:
        """Say why a measurement has no value; one that was reported so, by its state."""
        given = measurement.because
        return self.because(measurement.state if given is None or given == "reported" else given)

    def because(self, code: str, criterion: Criterion | None = None) -> str:
        """Say in words what a record gives as its reason: unreported, stale, input:files ..."""
        words = self.speech.words
        what, _, id = code.partition(":")
        if what == "coverage" and criterion is not None and criterion.coverage is not None:
            return words.say("because.coverage_of", needed=coverage(self.speech, criterion))
        name = "" if not id else self.speech.criterion(id) if what == "unranked" else self.speech.indicator(id)
        key = what if words.said(f"because.{what}") else "not_exact"
        return words.say(f"because.{key}", name=name)

    def gap(self, gap: Gap, most: Rational | None, value: str = "") -> str:
        """Say what the rulebook does where there is no value."""
        return gap_phrase(self.speech, gap, self._number(most), value)

    def _joined(self, criterion: Criterion | None, scored: Scored) -> Iterator[str]:
        words, used = self.speech.words, dict(scored.used)
        how = criterion.earns if criterion else None
        terms = [words.say("term", name=self.speech.criterion(id), points=words.exact(one)) for id, one in scored.terms]
        if len(terms) > MANY_TERMS:
            terms = [words.counted("joined.below", len(terms))]
        exact = words.equals(scored.exact or 0)
        match how:
            case GeometricMean() | HarmonicMean() | Least() | Greatest():
                yield words.say(f"joined.{word_for(type(how))}", terms=", ".join(terms), equals=exact)
            case Product():
                yield words.say("joined.product", terms=" × ".join(terms), equals=exact)
            case BestOf(count):
                yield words.say("joined.best_of", terms=_added(terms), equals=exact, count=count)
            case _ if len(scored.terms) == 1 and scored.branch == "sum":
                yield words.say("joined.alone", terms=terms[0])
            case _:
                yield words.say(f"joined.{scored.branch}", terms=_added(terms), equals=exact, bound=exact[2:])
        for name in ("scaled_by", "out_of", "best"):
            if name in used:
                most = self._number(scored.most)
                yield words.say(f"joined.{name}", number=words.exact(used[name]), most=most)

    def _number(self, value: Rational | None) -> str:
        return "" if value is None else self.speech.words.exact(value)

    def _indicator(self, criterion: Criterion) -> Indicator | None:
        return self.outcome.campaign.indicator.get(criterion.indicator or IndicatorId(""))


def _added(terms: list[str]) -> str:
    """Write a sum: a term that is negative is taken off."""
    return " + ".join(terms).replace("+ −", "− ")


def coverage(speech: Speech, criterion: Criterion) -> str:
    """Say how much must be measured for a criterion to have points."""
    needed = criterion.coverage
    asked = []
    if needed is not None and needed.share is not None:
        asked.append(speech.words.say("coverage.share", share=speech.words.percent(needed.share, None)))
    if needed is not None and needed.count is not None:
        asked.append(speech.words.counted("coverage.count", needed.count))
    return speech.words.joined(asked)


def gap_phrase(speech: Speech, gap: Gap, most: str, value: str = "") -> str:
    """Say what a rulebook does where there is no value; ``value`` is what stands in for it, if it is known."""
    say, given = speech.words.say, {"most": most, "value": f" ({value})" if value else ""}
    match gap:
        case Redistribute(to, otherwise):
            names = speech.words.joined([speech.words.say("quoted", text=speech.criterion(id)) for id in to])
            return say("gap.redistribute", names=names, otherwise=say(f"gap.{otherwise}", **given))
        case Alternative(criterion):
            return say("gap.alternative", name=speech.criterion(criterion))
        case Points(points):
            return say("gap.points", points=speech.words.exact(points))
        case Value(number):
            return say("gap.value", value=value or speech.words.exact(number))
        case Block():
            return say("gap.block")
        case _:
            return say(f"gap.{word_for(type(gap))}", **given)


def band_phrase(speech: Speech, band: Band, indicator: Indicator | None) -> str:
    """Say from where to where a band goes."""
    ends = [
        speech.words.say(f"band.{end}", value=speech.value(indicator, edge))
        for end, edge in (("from", band.from_), ("above", band.above), ("to", band.to), ("before", band.before))
        if edge is not None
    ]
    return " ".join(ends) or speech.words.say("band.any")


@frozen
class _Worked:
    """The sentence of one points rule and the branch it took."""

    speech: Speech
    outcome: Outcome
    body: ParticipantId
    criterion: Criterion
    scored: Scored

    def sentence(self) -> str:
        rule = self.criterion.earns
        if not isinstance(rule, PointsRule):
            return ""
        key = f"earned.{word_for(type(rule))}.{self._branch(rule)}"
        return self.speech.words.say(key, **{**self._common(), **dict(self._given(rule))})

    def _branch(self, rule: PointsRule) -> str:
        """Name the branch; one or two read otherwise where less is better or nobody leads."""
        used, branch = dict(self.scored.used), self.scored.branch
        match rule:
            case ShareOfBest() if branch == "scaled" and self._indicator and self._indicator.better == "lower":
                return "scaled_lower"
            case ClusterLeader() if branch == "over_target" and used["lead"] <= 1:
                return "at_target"
            case ClusterLeader() if branch == "without_target" and "best" not in used:
                return "without_anything"
            case _:
                return branch

    def _common(self) -> dict[str, str]:
        """Give what most sentences speak of: the value, the scale, the result, and the numbers the branch used."""
        words, criterion, scored = self.speech.words, self.criterion, self.scored
        least, most = words.exact(criterion.min), words.exact(scored.most or 0)
        span = most if criterion.min == 0 else words.say("scale", least=least, most=most)
        given = {name: self.speech.reckoned(self._indicator, number) for name, number in scored.used}
        return given | {
            "name": words.say("quoted", text=self.speech.indicator(criterion.indicator or "")),
            "value": self._value(),
            "span": span,
            "start": "" if criterion.min == 0 else f"{least} + ",
            "least": least,
            "most": most,
            "equals": words.equals(scored.exact or 0),
        }

    def _given(self, rule: PointsRule) -> Iterator[tuple[str, str]]:
        """Give what one rule's sentences speak of besides."""
        words, used = self.speech.words, dict(self.scored.used)
        exact = words.exact
        match rule:
            case Binary(limit):
                yield "value", self._spoken()
                yield "limit", self.speech.wanted(self.criterion.indicator, limit)
            case Bands(of) if "band" in used:
                yield "value", self._spoken()
                yield "band", band_phrase(self.speech, of[int(used["band"]) - 1], self._indicator)
            case PerUnit() | ByRank() | MinMax() | Linear() | Proportional() | ShareOfBest() | Bands():
                yield from ((name, exact(used[name])) for name in ("each", "place") if name in used)
            case Steps(base, start, every, add):
                yield "base", exact(base)
                yield "from_", self.speech.value(self._indicator, start)
                yield "every", self.speech.value(self._indicator, every)
                yield "add", exact(add)
                yield "steps", exact(used.get("steps", 0))
            case ZScore(_, centre, per_deviation):
                yield "centre", exact(centre)
                yield "per", exact(per_deviation)
                yield "z", exact(used.get("z", 0))
            case ClusterLeader(base=base):
                yield "base", words.percent(base, None)
                yield "lead", exact(used.get("lead", 0))
            case ExponentialRank(_, strength):
                yield "strength", exact(strength)
                yield "place", exact(used["place"])
            case Lateness():
                yield "share", words.percent(used["share"], None)
            case Levels():
                yield "level", self._level()
            case Formula(points):
                yield "formula", points.text
                yield "inputs", words.joined([self._input(name) for name in points.names])

    @property
    def _indicator(self) -> Indicator | None:
        return self.outcome.campaign.indicator.get(self.criterion.indicator or IndicatorId(""))

    def _measurement(self) -> Measurement:
        return self.scored.measurement or NOT_MEANT

    def _value(self) -> str:
        """Show the value judged, to reckon with: a ratio whose decimals never end as its two parts."""
        measurement, imputed = self._measurement(), dict(self.scored.used).get("imputed")
        value = measurement.value if imputed is None else imputed
        if value is None:
            return ""
        if self._indicator is not None and isinstance(self._indicator.measured_as, Milestone):
            return self.speech.value(self._indicator, value)
        shown = self.speech.reckoned(self._indicator, value)
        if imputed is None and measurement.of is not None and measurement.among and not shown.endswith("%"):
            return f"{self.speech.words.exact(measurement.of)}/{self.speech.words.exact(measurement.among)}"
        return shown

    def _spoken(self) -> str:
        """Show the value judged as people speak of it."""
        imputed = dict(self.scored.used).get("imputed")
        value = self._measurement().value if imputed is None else imputed
        return "" if value is None else self.speech.value(self._indicator, value)

    def _level(self) -> str:
        value = self._measurement().value
        if self._indicator is None or not isinstance(self._indicator.measured_as, Level) or value is None:
            return ""
        return self.speech.value(self._indicator, value)

    def _input(self, name: str) -> str:
        measurement = self.outcome.measurements[IndicatorId(name)].get(self.body, NOT_MEANT)
        value = measurement.value
        shown = (
            "?" if value is None else self.speech.reckoned(self.outcome.campaign.indicator[IndicatorId(name)], value)
        )
        return f"{name} = {shown}"
