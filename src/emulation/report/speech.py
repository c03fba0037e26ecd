"""Speech: how what a campaign declares is called in sentences: names, values, yardsticks, limits, conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from attrs import frozen

from emulation.campaign import Campaign
from emulation.checks import records_in
from emulation.conditions import (
    All,
    AllAre,
    Any,
    Children,
    Compare,
    Condition,
    CountOf,
    Every,
    Member,
    None_,
    NoneAre,
    Place,
    Points,
    Readiness_,
    ShareOf,
    ShareOfMax,
    SomeAre,
    StateIs,
    Subject,
    TargetMet,
)
from emulation.criteria import TOTAL
from emulation.exact import Rational
from emulation.grammar import word_for
from emulation.indicators import Change, Count, Indicator, Level, Milestone, Number, Sample, Share, YesNo
from emulation.limits import AtLeast, Between, Equals, Indicator_, Limit, Peers, Yardstick
from emulation.names import CriterionId, IndicatorId, Label, near
from emulation.participants import Selector
from emulation.problems import Problem, Refused
from emulation.report.words import LANGUAGES, Words, words

Show = Callable[[Rational], str]
"""How a value is shown: as a share in percent, as a number of things."""


def languages_of(campaign: Campaign) -> tuple[str, ...]:
    """Give the languages a board can be had in: those with phrases, and those in which the campaign has titles."""
    labels = [one.record for one in records_in(campaign) if isinstance(one.record, Label)]
    brought = {language for label in labels for language, _ in label.texts if language}
    return (*LANGUAGES, *sorted(brought - set(LANGUAGES)))


def words_of(language: str, campaign: Campaign | None = None) -> Words:
    """Give the words of a language; raise `Refused` for one that has neither phrases nor titles of the campaign."""
    known = LANGUAGES if campaign is None else languages_of(campaign)
    if language not in known:
        raise Refused([Problem("E771", f"nothing is written in {language!r}", ", ".join(known), near(language, known))])
    return words(language)


@frozen
class Speech:
    """A campaign's names and values in the words of one language."""

    campaign: Campaign
    words: Words

    # --- names

    def indicator(self, id: str) -> str:
        """Name an indicator, or what is counted; a part that is reported has no name but its id."""
        known = self.campaign.indicator.get(IndicatorId(id)) or self.campaign.counted.get(id)
        return self.words.label(known.title if known else None, id)

    def criterion(self, id: str) -> str:
        """Name a criterion, or the total."""
        if id == TOTAL:
            return self.words.say("total")
        known = self.campaign.criterion[CriterionId(id)]
        if known.title is None and known.indicator is not None:
            return self.indicator(known.indicator)
        return self.words.label(known.title, id)

    def standing(self, id: str) -> str:
        """Name a standing."""
        return self.words.label(next(one.title for one in self.campaign.standings if one.id == id), id)

    def target(self, id: str) -> str:
        """Name a target; one without a title by what it asks for."""
        target = next(one for one in self.campaign.targets if one.id == id)
        if target.title is not None:
            return self.words.label(target.title, id)
        match target.condition:
            case Compare(Indicator_(indicator), limit):
                return self.words.say("term_of", name=self.indicator(indicator), what=self.wanted(indicator, limit))
            case condition:
                return self.condition(condition)

    def body(self, id: str) -> str:
        """Name a participant."""
        return self.campaign.participants[id].name

    def class_(self, class_: str) -> str:
        """Name a class."""
        labels = {str(name): label for rule in self.campaign.readiness for name, label in rule.labels}
        if class_ in labels:
            return self.words.label(labels[class_], class_)
        return self.words.said(f"class.{class_}") or class_.replace("_", " ")

    def kind(self, kind: str, *, many: bool = True) -> str:
        """Name a kind of participants."""
        form = "many" if many else "one"
        return self.words.said(f"kind.{kind}.{form}") or kind.replace("_", " ")

    def group(self, name: str) -> str:
        """Name a set of groups, such as the official type."""
        return self.words.said(f"group.{name}") or name.replace("_", " ")

    def whom(self, selector: Selector) -> str:
        """Say whom a rule is for."""
        if selector.id:
            return self.words.joined([self.body(id) for id in selector.id])
        kinds = self.words.joined([self.kind(kind) for kind in selector.kind]) or self.words.say("whom.everybody")
        groups = [
            self.words.say("whom.group", group=self.group(name), among=self.words.joined(among, "or"))
            for name, among in selector.group
        ]
        return self.words.say("whom.grouped", whom=kinds, groups=self.words.joined(groups)) if groups else kinds

    # --- values

    def value(self, indicator: Indicator | None, value: Rational) -> str:
        """Show a value of an indicator as people speak of it, exact where that is short."""
        say = self.words.say
        match indicator.measured_as if indicator else None:
            case Share() | Sample():
                return self.words.percent(value, None)
            case Number(unit) if unit.texts[0][1] == "percent":
                return self.words.percent(value, None)
            case Number(unit) | Count(unit):
                return say("with_unit", number=self.words.exact(value), unit=self.words.label(unit, ""))
            case YesNo():
                return say("yes" if value else "no")
            case Level(names) if value in range(1, len(names) + 1):
                return names[int(value) - 1].replace("_", " ")
            case Milestone(counted_in=counted_in):
                return self.days_late(int(value), counted_in)
            case Change(of=of, counted_as="difference"):
                return self.value(self.campaign.indicator.get(of), value)
            case Change():
                return self.words.percent(value, None)
            case _:
                return self.words.exact(value)

    def days_late(self, days: int, counted_in: str) -> str:
        """Show a number of days late; a negative one is early."""
        when = "late" if days > 0 else "early" if days < 0 else "on_time"
        return self.words.counted(f"lateness.{counted_in}_{when}", abs(days))

    def fact(self, name: str, value: Rational) -> str:
        """Show a reported value with all its digits: a milestone's is a day."""
        indicator = self.campaign.indicator.get(IndicatorId(name))
        match indicator.measured_as if indicator else None:
            case Milestone():
                return self.words.date(date.fromordinal(int(value)))
            case Number(unit) if unit.texts[0][1] != "percent":
                return self.words.in_full(value)
            case Level() | YesNo() | Number():
                return self.value(indicator, value)
            case _:
                return self.words.in_full(value)

    def reckoned(self, indicator: Indicator | None, value: Rational) -> str:
        """Show a value to reckon with: without its unit, and as n/d where its decimals never end."""
        match indicator.measured_as if indicator else None:
            case Share() | Sample() | Number() | Change() | Milestone() if (shown := self.value(indicator, value))[
                -1
            ] == "%":
                return self.words.exact(value) if shown.startswith("≈") else shown
            case _:
                return self.words.exact(value)

    def shown_as(self, id: IndicatorId | None) -> Show:
        """Give the way in which an indicator's values are shown."""
        indicator = None if id is None else self.campaign.indicator.get(id)
        return lambda value: self.value(indicator, value)

    # --- yardsticks and limits

    def yardstick(self, yardstick: Yardstick, show: Show) -> str:
        """Say what something is held against."""
        match yardstick:
            case Indicator_(id):
                return self.words.say("yardstick.indicator", name=self.indicator(id))
            case Peers(peers, _, count, of):
                figure = self.words.say(f"yardstick.{peers}", count=count)
                if not of:
                    return figure
                names = self.words.joined([self.words.say("quoted", text=self.indicator(id)) for id in of])
                return self.words.say("yardstick.of", figure=figure, names=names)
            case number:
                return show(number)

    def limit(self, limit: Limit, show: Show) -> str:
        """Say a limit: at least 80%."""
        if isinstance(limit, Between):
            return self.words.say("limit.between", low=show(limit.from_), high=show(limit.to))
        return self.words.say(f"limit.{word_for(type(limit))}", bound=self.yardstick(limit.bound, show))

    def wanted(self, id: IndicatorId | None, limit: Limit) -> str:
        """Say what is asked of an indicator: a limit, or simply yes where a task is to be done."""
        indicator = None if id is None else self.campaign.indicator.get(id)
        asked = limit.bound if isinstance(limit, AtLeast | Equals) else None
        if asked == 1 and indicator is not None and isinstance(indicator.measured_as, YesNo):
            return self.words.say("yes")
        return self.limit(limit, self.shown_as(id))

    # --- conditions

    def subject(self, subject: Subject) -> tuple[str, Show]:
        """Name what a condition compares, and say how its values are shown."""
        say, quoted = self.words.say, self._quoted
        match subject:
            case Indicator_(id):
                return quoted(self.indicator(id)), self.shown_as(id)
            case Points(criterion) if criterion == TOTAL:
                return say("total"), self.words.exact
            case Points(criterion):
                return say("subject.points", name=self.criterion(criterion)), self.words.exact
            case ShareOfMax(criterion):
                return say("subject.share_of_max", name=self.criterion(criterion)), self._percent
            case Place(standing):
                return say("subject.place", name=self.standing(standing)), self.words.exact

    def condition(self, condition: Condition) -> str:
        """Say a condition on one line."""
        say = self.words.say
        match condition:
            case All(of):
                return self._several("and", of)
            case Any(of):
                return self._several("or", of)
            case None_(of):
                return say("condition.none", parts=self._several("or", of))
            case Compare(subject, limit):
                name, show = self.subject(subject)
                wanted = self.wanted(subject.id, limit) if isinstance(subject, Indicator_) else self.limit(limit, show)
                return say("condition.compare", subject=name, limit=wanted)
            case Every(every, limit):
                names = (
                    say("condition.each_criterion")
                    if every == "criterion"
                    else self.words.joined([self._quoted(self.criterion(id)) for id in every])
                )
                return say("condition.every", names=names, limit=self.limit(limit, self.words.exact))
            case Children():
                return self._children(condition)
            case StateIs(indicator, among):
                states = self.words.joined([say(f"state.{state}") for state in among], "or")
                return say("condition.state_is", name=self.indicator(indicator), states=states)
            case TargetMet(target):
                return say("condition.target_met", name=self.target(target))
            case Readiness_(among):
                return say("condition.readiness", classes=self.classes(among))
            case Member(of):
                return say("condition.member", whom=self.whom(of))

    def classes(self, among: Iterable[str]) -> str:
        """Name classes of which one will do."""
        return self.words.joined([self._quoted(self.class_(name)) for name in among], "or")

    def _children(self, condition: Children) -> str:
        wanted = condition.counting.condition
        is_ = (
            self.words.say("child.class", name=self.class_(wanted))
            if isinstance(wanted, str)
            else self.words.say("child.condition", condition=self.condition(wanted))
        )
        one, many = self.kind(condition.children, many=False), self.kind(condition.children)
        given = {"kind": one, "kinds": many, "is_": is_}
        match condition.counting:
            case AllAre() | NoneAre() | SomeAre():
                return self.words.say(f"children.{word_for(type(condition.counting))}", **given)
            case ShareOf():
                limit = self.limit(condition.limit, self._percent) if condition.limit else ""
                return self.words.say("children.share_of", **given, limit=limit)
            case CountOf():
                limit = self.limit(condition.limit, self.words.exact) if condition.limit else ""
                return self.words.say("children.count_of", **given, limit=limit)

    def _several(self, how: str, of: Iterable[Condition]) -> str:
        """Join conditions; one that is itself joined stands in brackets."""
        return self.words.joined(
            [f"({self.condition(one)})" if isinstance(one, All | Any) else self.condition(one) for one in of], how
        )

    def _quoted(self, text: str) -> str:
        return self.words.say("quoted", text=text)

    def _percent(self, value: Rational) -> str:
        return self.words.percent(value, None)
