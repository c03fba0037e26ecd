"""Provisions: each rule kind as a plain sentence of a rulebook: indicators, points rules, gaps, classes, ties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from emulation.awards import Award, ShareWithin
from emulation.conditions import All, Any, Condition
from emulation.criteria import TOTAL, Criterion, Round
from emulation.exact import Rational
from emulation.gaps import Gap, Gaps, Value
from emulation.grammar import word_for
from emulation.indicators import (
    At,
    Change,
    Count,
    Formula,
    Indicator,
    Level,
    Milestone,
    Number,
    Over,
    Rank,
    Ratio,
    Sample,
    Share,
)
from emulation.names import RoundId
from emulation.observations import STATES, State
from emulation.participants import EVERYBODY
from emulation.peers import ByRank, ClusterLeader, ExponentialRank, MinMax, ZScore
from emulation.periods import Window
from emulation.points import (
    Bands,
    Binary,
    Lateness,
    Levels,
    Linear,
    PerUnit,
    PointsRule,
    Proportional,
    Steps,
)
from emulation.points import Formula as PointsFormula
from emulation.readiness import ByPlace, Quantiles, Readiness, When
from emulation.report.explanations import Said, quota_phrase
from emulation.report.speech import Show, Speech
from emulation.report.workings import band_phrase, coverage, gap_phrase
from emulation.standings import CountBack, HeadToHead, Key, Points, Standing


@frozen
class Provisions:
    """Words the rules of one campaign."""

    speech: Speech

    def say(self, key: str, **given: object) -> str:
        """Give a phrase of rulebooks."""
        return self.speech.words.say(f"rule.{key}", **given)

    def quoted(self, name: str) -> str:
        """Put a name in quotation marks."""
        return self.speech.words.say("quoted", text=name)

    # --- what is measured

    def indicator(self, one: Indicator) -> Said:
        """Say what an indicator is, when it is observed, and what else is declared of it."""
        what = self.say("indicator", name=self.speech.indicator(one.id), what=self.measured_as(one))
        whom = [] if one.for_ == EVERYBODY else [self.speech.whom(one.for_)]
        text = "".join([what, *(self.say("for", whom=name) for name in whom)])
        return Said(self._sourced(text, one.source), tuple(Said(line) for line in self._besides(one)))

    def measured_as(self, one: Indicator) -> str:
        """Say what kind of number an indicator is."""
        words, source = self.speech.words, one.measured_as
        key = f"source.{word_for(type(source))}"
        match source:
            case Share(of, among) | Ratio(of, among):
                return self.say(key, of=self.part(of), among=self.part(among))
            case Sample(of, asked, at_least):
                return self.say(key, of=self.part(of), asked=self.part(asked), at_least=at_least)
            case Count(unit) | Number(unit):
                name = words.label(unit, "")
                return self.say(f"{key}_percent" if name == "percent" else key, unit=name)
            case Level(names):
                return self.say(key, names=", ".join(name.replace("_", " ") for name in names))
            case Rank(of):
                return self.say(key, of=of)
            case Milestone(due, counted_in):
                day = due.span(self.speech.campaign.calendar).last if isinstance(due, Window) else due
                return self.say(key, day=words.date(day), counted_in=self.say(f"counted_in.{counted_in}"))
            case Formula(expression):
                return self.say(key, formula=expression.text)
            case Change(of, since, counted_as, goal):
                shown = "" if goal is None else self.speech.value(self.speech.campaign.indicator.get(of), goal)
                return self.say(f"{key}.{counted_as}", of=self.part(of), since=self.part(since), goal=shown)
            case _:
                return self.say(key)

    def part(self, id: str) -> str:
        """Name a part of a ratio: an indicator, or what is reported under this name."""
        return self.quoted(self.speech.indicator(id))

    def _besides(self, one: Indicator) -> Iterator[str]:
        words = self.speech.words
        match one.time:
            case Over(window):
                yield self.say("over", days=self.window(window))
            case At("latest"):
                yield self.say("latest")
            case At(day) if not isinstance(day, str):
                yield self.say("at", day=words.date(day))
        if isinstance(one.measured_as, Formula):
            yield self.where(one.measured_as.expression.names)
        if isinstance(one.measured_as, Share | Ratio):
            for name, exclusion in one.measured_as.excluding:
                parts = [self.part(id) for id in (exclusion.of, exclusion.among) if id is not None]
                yield self.say("excluding", name=words.joined(parts) or name, because=exclusion.because)
        if one.better is not None:
            yield self.say(f"better.{one.better}")
        if one.pooled is not None:
            kinds = {"kinds": self.speech.kind(one.pooled.for_), "from_": self.speech.kind(one.pooled.from_)}
            yield self.say(f"pooled.{one.pooled.incomplete}", **kinds)
        if one.bounds is not None:
            low, high = one.bounds.from_, one.bounds.to
            key = "both" if low is not None and high is not None else "to" if low is None else "from"
            yield self.say(f"bounds.{key}", low=self._shown(one, low), high=self._shown(one, high))
        if one.stale_after is not None:
            yield self.say("stale_after", days=words.counted("days", one.stale_after))
        if one.stage is not None:
            yield self.say("stage", stage=one.stage.replace("_", " "))
        if one.censored is not None:
            yield self.say(f"censored.{one.censored}")

    def _shown(self, one: Indicator, value: Rational | None) -> str:
        return "" if value is None else self.speech.value(one, value)

    def where(self, names: Sequence[str]) -> str:
        """Say what the names in a formula stand for."""
        named = [self.say("names", id=name, name=self.speech.indicator(name)) for name in names]
        return self.say("where", names=self.speech.words.joined(named))

    def window(self, window: RoundId | Window) -> str:
        """Name a stretch of days: the period, a round, or days."""
        if isinstance(window, Window):
            return self.speech.words.span(window.span(self.speech.campaign.calendar))
        return self.say("period") if window == "period" else self.quoted(window.replace("_", " "))

    # --- what it is worth

    def points_rule(self, criterion: Criterion) -> Said:
        """Say how points are earned."""
        rule, words = criterion.earns, self.speech.words
        if not isinstance(rule, PointsRule):
            return Said(self.say("earns.tracked"))
        key = f"earns.{word_for(type(rule))}"
        given = {"most": words.exact(criterion.max or 0), "least": words.exact(criterion.min)}
        parts: tuple[Said, ...] = ()
        match rule:
            case Bands() | ByRank() | Lateness() | Levels():
                parts = tuple(Said(line) for line in self._rows(criterion, rule))
            case PointsFormula(points):
                parts = (Said(self.where(points.names)),)
                given["formula"] = points.text
            case _:
                given |= dict(self._terms(criterion, rule))
        text = self.say(key, **given) + "".join(self._options(criterion, rule))
        return Said(text, parts)

    def _terms(self, criterion: Criterion, rule: PointsRule) -> Iterator[tuple[str, str]]:
        """Give the numbers and limits a points rule speaks of."""
        words, show = self.speech.words, self.speech.shown_as(criterion.indicator)
        match rule:
            case Proportional(full_at):
                yield "full_at", self.speech.yardstick(full_at, show)
            case Binary(limit):
                yield "limit", self.speech.wanted(criterion.indicator, limit)
            case PerUnit(points):
                yield "points", words.exact(points)
            case Steps(base, start, every, add):
                yield from (("base", words.exact(base)), ("start", show(start)))
                yield from (("every", show(every)), ("add", words.exact(add)))
            case Linear(from_, to):
                yield from (("from_", self.speech.yardstick(from_, show)), ("to", self.speech.yardstick(to, show)))
            case ZScore(_, centre, per_deviation, spread, decimals):
                yield from (("centre", words.exact(centre)), ("per", words.exact(per_deviation)))
                yield from (("spread", self.say(f"spread.{spread}")), ("decimals", words.counted("decimals", decimals)))
            case ClusterLeader(_, target, _, base):
                yield from (("target", self.speech.yardstick(target, show)), ("base", words.percent(base, None)))
            case ExponentialRank(_, strength, decimals):
                yield "strength", words.exact(strength)
                yield "decimals", words.counted("decimals", decimals)
            case _:
                pass

    def _rows(self, criterion: Criterion, rule: Bands | ByRank | Lateness | Levels) -> Iterator[str]:
        """Give the rows of a points rule that is a table."""
        words = self.speech.words
        indicator = self.speech.campaign.indicator.get(criterion.indicator) if criterion.indicator else None
        match rule:
            case Bands(of, otherwise):
                for band in of:
                    what = band_phrase(self.speech, band, indicator)
                    yield self.say("row", what=what, points=words.exact(band.points))
                if otherwise is not None:
                    yield self.say("row", what=self.say("otherwise"), points=words.exact(otherwise))
            case ByRank(_, places, otherwise):
                for one in places:
                    yield self.say("row", what=self.say("down_to", place=one.top), points=words.exact(one.points))
                yield self.say("row", what=self.say("otherwise"), points=words.exact(otherwise))
            case Lateness(early, on_time, late, undone):
                for when, rows in (("early", early), ("late", late)):
                    for days, share in rows:
                        what = self.say(f"days_{when}", days=words.counted("days", days))
                        yield self.say("share_row", what=what, share=words.percent(share, None))
                yield self.say("share_row", what=self.say("on_time"), share=words.percent(on_time, None))
                yield self.say("share_row", what=self.say("undone"), share=words.percent(undone, None))
            case Levels(points):
                for level, worth in points:
                    yield self.say("row", what=self.quoted(level.replace("_", " ")), points=words.exact(worth))

    def _options(self, criterion: Criterion, rule: PointsRule) -> Iterator[str]:
        """Say what a points rule does at its ends, and that it compares participants."""
        match rule:
            case Proportional(_, cap, nothing_below, floor):
                yield self.say(f"cap.{cap}")
                if nothing_below is not None:
                    yield self.say("nothing_below", value=self.speech.shown_as(criterion.indicator)(nothing_below))
                if floor is not None:
                    yield self.say(f"floor.{floor}")
            case PerUnit(_, cap) | PointsFormula(_, cap):
                yield self.say(f"cap.{cap}")
            case Bands(shared_edge=edge) if edge is not None:
                yield self.say(f"shared_edge.{edge}")
            case Steps(part=part):
                yield self.say(f"part.{part}")
            case Linear(clip=clip):
                yield self.say(f"clip.{clip}")
            case MinMax(_, all_equal):
                yield self.say(f"all_equal.{all_equal}")
            case ClusterLeader(leader_by=leader_by):
                yield self.say(f"leader_by.{leader_by}")
            case ByRank(ties=ties):
                yield self.say(f"counting.{ties}")
            case _:
                pass

    def gaps(self, declared: Criterion | Gaps) -> Iterator[str]:
        """Say what is done where there is no value, state by state."""
        for state in STATES:
            if isinstance(declared, Gaps):
                gap, most, show = declared.of(state), None, self.speech.shown_as(None)
            else:
                gap, most, show = declared.gap(state), declared.max, self.speech.shown_as(declared.indicator)
            if gap is not None:
                yield self.gap(state, gap, most, show)

    def gap(self, state: State, gap: Gap, most: Rational | None, show: Show) -> str:
        """Say what is done in one state."""
        shown = "" if most is None else self.speech.words.exact(most)
        then = gap_phrase(self.speech, gap, shown, show(gap.value) if isinstance(gap, Value) else "").replace("  ", " ")
        return self.say("gap", state=self.say(f"when.{state}"), then=then)

    def limits(self, criterion: Criterion) -> Iterator[str]:
        """Say what a criterion declares besides its points: gates, caps, coverage, scaling, rounding, gaps."""
        words = self.speech.words
        if criterion.within is not None:
            yield self.say("within", group=self.speech.group(criterion.within))
        if criterion.only_if is not None:
            yield self.say("only_if", condition=self.speech.condition(criterion.only_if))
        if criterion.full_if is not None:
            yield self.say("full_if", condition=self.speech.condition(criterion.full_if))
        for cap in criterion.caps:
            given = {"at_most": words.exact(cap.at_most), "condition": self.speech.condition(cap.when)}
            yield self.say("cap_if", **given)
        for key, bound in (("whole_cap", criterion.cap), ("whole_floor", criterion.floor)):
            if bound is not None:
                some = "" if isinstance(bound, str) else words.exact(bound)
                yield self.say(f"{key}.some" if some else f"{key}.none", points=some)
        if criterion.coverage is not None:
            yield self.say("coverage", needed=coverage(self.speech, criterion))
        if criterion.scale_to is not None:
            yield self.say("scale_to", points=words.exact(criterion.scale_to))
        if criterion.best_is is not None:
            yield self.say("best_is", points=words.exact(criterion.best_is))
        if criterion.round is not None:
            yield self.round(criterion.round)
        yield from self.gaps(criterion)

    def round(self, round_: Round) -> str:
        """Say how something is rounded, and which value is used further on."""
        words = self.speech.words
        mode, decimals = words.say(f"mode.{round_.mode}"), words.counted("decimals", round_.decimals)
        return self.say("round", mode=mode, decimals=decimals, pass_on=self.say(f"pass_on.{round_.pass_on}"))

    # --- standings, classes, awards

    def key(self, key: Key) -> str:
        """Say what is compared, and which way."""
        name = (
            self.speech.criterion(key.of.criterion) if isinstance(key.of, Points) else self.speech.indicator(key.of.id)
        )
        indicator = None if isinstance(key.of, Points) else self.speech.campaign.indicator.get(key.of.id)
        better = key.better or (indicator.better if indicator else None) or "higher"
        what = "indicator" if not isinstance(key.of, Points) else "total" if key.of.criterion == TOTAL else "points"
        return self.say(f"key.{what}_{better}", name=name)

    def steps(self, standing: Standing) -> Iterator[str]:
        """Say how a tie is settled, step by step."""
        for step in standing.then:
            match step:
                case Key():
                    yield self.key(step)
                case CountBack(criteria) | HeadToHead(criteria):
                    names = self.speech.words.joined([self.speech.criterion(id) for id in criteria])
                    yield self.speech.words.say(f"tie.{word_for(type(step))}", names=names)

    def classing(self, rule: Readiness) -> Iterator[Said]:
        """Say who holds which class."""
        words = self.speech.words
        match rule.classing:
            case When(classes):
                for class_, condition in sorted(classes, key=lambda one: rule.classes.index(one[0])):
                    yield self.requirement(self.say("class_if", class_=self.speech.class_(class_)), condition)
            case ByPlace(standing, shares, mode, ties):
                for class_, share in shares:
                    given = {"class_": self.speech.class_(class_), "share": words.percent(share, None)}
                    yield Said(self.say("class_share", **given, standing=self.speech.standing(standing)))
                yield Said(self.say("class_edges", mode=words.say(f"mode.{mode}"), ties=self.say(f"edge.{ties}")))
            case Quantiles(standing, remainder, ties):
                given = {"standing": self.speech.standing(standing), "count": str(len(rule.classes))}
                remainder_ = self.say(f"remainder.{remainder}")
                yield Said(self.say("quantiles", **given, remainder=remainder_, ties=self.say(f"edge.{ties}")))
        if rule.otherwise is not None:
            yield Said(self.say("class_otherwise", class_=self.speech.class_(rule.otherwise)))
        for veto in rule.vetoes:
            yield self.requirement(self.say("veto", class_=self.speech.class_(veto.class_)), veto.when)
        for cap in rule.caps:
            yield self.requirement(self.say("class_cap", class_=self.speech.class_(cap.at_most)), cap.when)
        for one in rule.overrides:
            whom = self.speech.whom(one.for_)
            yield Said(self.say("law", whom=whom, class_=self.speech.class_(one.class_), because=one.because))
        for quota in rule.quotas:
            given = {"class_": self.speech.class_(quota.class_), "share": words.percent(quota.share, None)}
            of = words.joined([self.quoted(self.speech.class_(one)) for one in quota.of], "or")
            order = {"standing": self.speech.standing(quota.standing), "mode": words.say(f"mode.{quota.round}")}
            yield Said(self.say("class_quota", **given, **order, of=of, ties=self.say(f"edge.{quota.ties}")))

    def requirement(self, lead: str, condition: Condition) -> Said:
        """Say a condition under a lead: on one line, or point by point where it has several."""
        match condition:
            case All(of) | Any(of) if len(of) > 1:
                key = "all_of" if isinstance(condition, All) else "any_of"
                points = tuple(self._point(one) for one in of)
                return Said(self.say("lead", lead=lead, what=self.say(key)), points)
            case _:
                return Said(self.say("lead", lead=lead, what=self.speech.condition(condition)))

    def _point(self, condition: Condition) -> Said:
        if isinstance(condition, All | Any) and len(condition.of) > 1:
            key = "all_of" if isinstance(condition, All) else "any_of"
            return Said(self.say(key), tuple(self._point(one) for one in condition.of))
        return Said(self.speech.condition(condition))

    def award(self, award: Award) -> Said:
        """Say who receives an award."""
        words = self.speech.words
        title = words.label(award.title, award.id)
        quota = "" if award.quota is None else self.say("quota", quota=quota_phrase(self.speech, award.quota))
        order = "" if award.standing is None else self.say("in_order", standing=self.speech.standing(award.standing))
        text = self.say("award", title=title, whom=self.speech.whom(award.for_), quota=quota, order=order)
        parts: list[Said] = []
        if award.needs is not None:
            parts.append(self.requirement(self.say("needs"), award.needs))
        match award.border:
            case None:
                pass
            case ShareWithin(tolerance):
                parts.append(Said(self.say("border.share_within", tolerance=words.percent(tolerance, None))))
            case border:
                parts.append(Said(self.say(f"border.{border}")))
        if award.not_with:
            titles = {one.id: words.label(one.title, one.id) for one in self.speech.campaign.awards}
            names = words.joined([self.quoted(titles[id]) for id in award.not_with], "or")
            parts.append(Said(self.say("not_with", names=names)))
        if award.vacated is not None:
            parts.append(Said(self.say(f"vacated.{award.vacated}")))
        return Said(self._sourced(text, award.source), tuple(parts))

    def _sourced(self, text: str, source: str | None) -> str:
        return self.speech.words.say("sourced", text=text, source=source) if source else text


def sentences(lines: Sequence[str]) -> tuple[Said, ...]:
    """Give lines as sentences with nothing below them."""
    return tuple(Said(line) for line in lines)
