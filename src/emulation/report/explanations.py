"""Explanations: each reason of an outcome as one plain sentence, with the sentences it rests on below it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from attrs import evolve, frozen

from emulation.awards import Award, Considered, Places, Quota, UpTo
from emulation.conditions import (
    All,
    AllAre,
    Children,
    Compare,
    CountOf,
    Every,
    Judged,
    None_,
    Readiness_,
    ShareOf,
    StateIs,
)
from emulation.conditions import Any as AnyOf
from emulation.criteria import Criterion
from emulation.indicators import Formula, Indicator, Ratio, Sample, Share
from emulation.joins import Scored
from emulation.limits import AtMost, Below, Indicator_
from emulation.measures import NOT_MEANT, Measurement
from emulation.names import IndicatorId, ParticipantId
from emulation.observations import Observation
from emulation.outcome import Outcome, Result
from emulation.readiness import Held, Readiness
from emulation.reasoning import Reason, reasons
from emulation.report.signs import AIM_SIGNS, class_shape, verdict_sign
from emulation.report.speech import Speech
from emulation.report.words import Words
from emulation.report.workings import Workings
from emulation.standings import CountBack, HeadToHead, Key, Placed, Points, Standing
from emulation.targets import Aim, Target

MANY_FACTS, MANY_NAMES = 20, 10
"""What is listed of many facts or names without being asked for all; the count of the rest is said."""


@frozen
class Said:
    """A sentence, and the sentences it rests on."""

    text: str
    parts: tuple[Said, ...] = ()


def explanation(outcome: Outcome, participant: str, words: Words, *, every_fact: bool = False) -> Said:
    """Give all reasons for one participant, by id or name, in sentences."""
    told = reasons(outcome, participant)
    body = told.record.participant.id
    speech = Speech(outcome.campaign, words)
    return _Teller(outcome, speech, body, Workings(speech, outcome, body), every_fact).tell(told)


@frozen
class _Teller:
    outcome: Outcome
    speech: Speech
    body: ParticipantId
    workings: Workings
    every_fact: bool

    def tell(self, reason: Reason) -> Said:
        match reason.about:
            case "participant":
                return Said(self._participant(reason.record), self._parts(reason))
            case "standing":
                return Said(self._sourced(self._standing(reason.rule, reason.record), reason.rule), self._parts(reason))
            case "total" | "criterion":
                return self._criterion(reason)
            case "indicator":
                return self._indicator(reason)
            case "fact":
                return self._reported(reason.record)
            case "target":
                return Said(self._sourced(self._target(reason.rule, reason.record), reason.rule), self._parts(reason))
            case "readiness":
                return self._readiness(reason)
            case "award":
                return Said(self._sourced(self._award(reason.rule, reason.record), reason.rule), self._parts(reason))
            case "condition":
                return Said(self._condition(reason.record), self._parts(reason))

    def _parts(self, reason: Reason) -> tuple[Said, ...]:
        return tuple(self.tell(part) for part in reason.parts)

    def say(self, key: str, **given: object) -> str:
        return self.speech.words.say(key, **given)

    def _sourced(self, text: str, rule: Any) -> str:
        source = getattr(rule, "source", None)
        return self.say("sourced", text=text, source=source) if source else text

    # --- participants and places

    def _participant(self, result: Result) -> str:
        body = result.participant
        groups = [value for _, value in body.groups]
        kind = self.speech.kind(body.kind, many=False)
        return self.say("explain.participant", name=body.name, id=body.id, what=", ".join([kind, *groups]))

    def _standing(self, standing: Standing, placed: Placed) -> str:
        title, exact = self.speech.standing(standing.id), self.speech.words.exact
        group = "" if placed.group is None else self.say("explain.in_group", group=placed.group)
        if placed.place is None:
            why = self.unranked(placed.unranked or "")
            return self.say("explain.unranked", title=title, why=why, of=placed.of, group=group)
        keys = [self._key(key) for key in standing.by]
        sentences = [
            self.say(
                "explain.place", title=title, place=exact(placed.place), of=placed.of, group=group, by=", ".join(keys)
            ),
            *self._settled(standing, placed),
        ]
        return "; ".join(sentences)

    def _key(self, key: Key) -> str:
        """Say what is compared, and the participant's own value of it."""
        if isinstance(key.of, Points):
            scored = self.outcome.scores[key.of.criterion].get(self.body)
            value = None if scored is None else scored.points
            name, shown = self.speech.criterion(key.of.criterion), self.speech.shown_as(None)
        else:
            measured = self.outcome.measurements[key.of.id].get(self.body)
            value = None if measured is None else measured.value
            name, shown = self.speech.indicator(key.of.id), self.speech.shown_as(key.of.id)
        return self.say("term", name=name, points="–" if value is None else shown(value))

    def _settled(self, standing: Standing, placed: Placed) -> Iterator[str]:
        """Say what became of a tie."""
        match placed.settled_by:
            case "decision":
                yield from self._decided(standing)
            case int(number):
                yield self.say("tie.settled", step=self._step(standing.then[number]))
            case None:
                pass
        if placed.tied_with:
            names = self._names(placed.tied_with)
            yield self.say("tie.open" if placed.open else "tie.shared", names=names)

    def _step(self, step: Key | CountBack | HeadToHead) -> str:
        match step:
            case Key():
                return self._key(step)
            case CountBack(criteria):
                return self.say("tie.count_back", names=self._criteria(criteria))
            case HeadToHead(criteria):
                return self.say("tie.head_to_head", names=self._criteria(criteria))

    def _criteria(self, ids: tuple[str, ...]) -> str:
        return self.speech.words.joined([self.speech.criterion(id) for id in ids])

    def _decided(self, standing: Standing) -> Iterator[str]:
        for decision in self.outcome.campaign.decisions:
            if decision.standing == standing.id and self.body in decision.order:
                because = f": {decision.because}" if decision.because else ""
                day = self.speech.words.date(decision.on)
                yield self.say("tie.decision", by=decision.by, on=day, because=because)

    def _names(self, bodies: tuple[ParticipantId, ...]) -> str:
        """Name participants, of many the first few and how many more."""
        shown = [self.speech.body(id) for id in bodies[:MANY_NAMES]]
        if len(bodies) > MANY_NAMES:
            shown.append(self.speech.words.counted("more", len(bodies) - MANY_NAMES))
        return ", ".join(shown)

    def unranked(self, why: str) -> str:
        return unranked_because(self.speech, why)

    # --- points

    def _criterion(self, reason: Reason) -> Said:
        criterion: Criterion | None = reason.rule
        scored: Scored = reason.record
        words = self.speech.words
        working = [self.workings.of(criterion, scored), self.workings.rounding(criterion, scored)]
        points = None if scored.points is None else words.exact(scored.points)
        most = words.exact(scored.most or 0)
        key = (
            "none" if points is None else "tracked" if scored.branch == "tracked" else "of" if scored.most else "plain"
        )
        name = self.speech.criterion(reason.id)
        text = self.say(
            f"explain.points.{key}", name=name, points=points, most=most, working=", ".join(filter(None, working))
        )
        return Said(self._sourced(text, criterion), tuple(self._below(reason, scored)))

    def _below(self, reason: Reason, scored: Scored) -> Iterator[Said]:
        """Tell the parts of a criterion, and what each counts where that is not just its points."""
        counted = dict(scored.terms)
        for part in reason.parts:
            said = self.tell(part)
            if part.about == "criterion":
                note = self._counts(part, counted, scored)
                yield evolve(said, text=said.text + note)
            elif part.about == "condition":
                yield evolve(said, text=self._gate(reason.rule, part.record) + said.text)
            elif not (part.about == "indicator" and not part.parts and part.record.because == "tracked"):
                yield said

    def _counts(self, part: Reason, counted: dict[Any, Any], whole: Scored) -> str:
        if whole.points is None or part.record.branch == "tracked" or not counted:
            return ""
        if part.id not in counted:
            return "" if part.record.points is None else self.say("explain.not_counted")
        if counted[part.id] == part.record.points and part.rule.weight is None:
            return ""
        weight = (
            ""
            if part.rule.weight is None
            else self.say("explain.weight", weight=self.speech.words.exact(part.rule.weight))
        )
        return self.say("explain.counts", number=self.speech.words.exact(counted[part.id]), weight=weight)

    def _gate(self, criterion: Criterion | None, judged: Judged) -> str:
        """Say what a condition of a criterion is for."""
        if criterion is None:
            return ""
        for key, condition in (("full_if", criterion.full_if), ("only_if", criterion.only_if)):
            if condition == judged.condition:
                return self.say(f"gate.{key}")
        cap = next((cap for cap in criterion.caps if cap.when == judged.condition), None)
        return "" if cap is None else self.say("gate.cap", at_most=self.speech.words.exact(cap.at_most))

    # --- measurements and facts

    def _indicator(self, reason: Reason) -> Said:
        rule: Indicator | None = reason.rule
        measurement: Measurement = reason.record
        name = self.speech.indicator(reason.id) if reason.id else self.say("explain.inputs")
        sentences = [self._measured(rule, measurement), *self._left_out(rule), *self._known_about(measurement)]
        text = self.say("term_of", name=name, what="; ".join(filter(None, sentences)))
        told = list(self._pooled_from(rule)) or [self.tell(fact) for fact in reason.parts]
        parts = told if self.every_fact else told[:MANY_FACTS]
        if len(parts) < len(told):
            parts.append(Said(self.speech.words.counted("explain.more_facts", len(told) - len(parts))))
        return Said(self._sourced(text, rule), tuple(parts))

    def _pooled_from(self, rule: Indicator | None) -> Iterator[Said]:
        """Tell what each part of a pooled body has; its own facts are told where it is explained itself."""
        bodies = self.outcome.campaign.participants
        if rule is None or rule.pooled is None or rule.pooled.for_ != bodies[self.body].kind:
            return
        for child in bodies.children.get(self.body, ()):
            if child.kind == rule.pooled.from_:
                one = self.outcome.measurements[rule.id].get(child.id, NOT_MEANT)
                sentences = [self._measured(rule, one), *self._known_about(one)]
                made_up = self.say("flag.illustrative") if "illustrative" in one.flags else ""
                text = self.say("term_of", name=child.name, what="; ".join(filter(None, sentences)))
                yield Said(" · ".join(filter(None, [text, made_up])))

    def _measured(self, rule: Indicator | None, one: Measurement) -> str:
        exact = self.speech.words.exact
        if one.value is None:
            parts = "" if one.of is None or one.among is None else f" ({exact(one.of)} / {exact(one.among)})"
            return self.workings.measured_none(one) + parts
        shown = (
            self.say(f"bound.{one.bound}", value=self.speech.value(rule, one.value))
            if one.bound
            else (self.speech.value(rule, one.value))
        )
        match rule.measured_as if rule else None:
            case Share() | Ratio() | Sample() if one.of is not None and one.among is not None:
                return self.say("measured.ratio", value=shown, of=exact(one.of), among=exact(one.among))
            case Formula(expression):
                inputs = [self._input(name) for name in expression.names]
                return self.say("measured.formula", value=shown, formula=expression.text, inputs=", ".join(inputs))
            case _ if one.of is not None and one.among is not None:
                return self.say("measured.ratio", value=shown, of=exact(one.of), among=exact(one.among))
            case _:
                return shown

    def _input(self, name: str) -> str:
        measured = self.outcome.measurements[IndicatorId(name)].get(self.body)
        if measured is None or measured.value is None:
            return f"{name} = ?"
        return f"{name} = {self.speech.reckoned(self.outcome.campaign.indicator[IndicatorId(name)], measured.value)}"

    def _left_out(self, rule: Indicator | None) -> Iterator[str]:
        """Say what a ratio leaves out, and why."""
        if rule is not None and isinstance(rule.measured_as, Share | Ratio):
            for _, exclusion in rule.measured_as.excluding:
                names = [self.speech.indicator(id) for id in (exclusion.of, exclusion.among) if id is not None]
                listed = self.speech.words.joined(names)
                yield self.say("explain.left_out", names=listed, because=exclusion.because)

    def _known_about(self, one: Measurement) -> Iterator[str]:
        """Say what should be known about a value; that data are made up is said of each of them."""
        yield from (self.say(f"flag.{flag}") for flag in one.flags if flag != "illustrative")

    def _reported(self, fact: Observation) -> Said:
        """Tell of a report, and of those a merged body has it from."""
        return Said(self._fact(fact), tuple(self._reported(part) for part in fact.parts))

    def _fact(self, fact: Observation) -> str:
        words = self.speech.words
        if fact.value is None:
            value = self.say(f"state.{fact.state}")
        else:
            value = self.speech.fact(fact.fact, fact.value)
            value = self.say(f"bound.{fact.bound}", value=value) if fact.bound else value
        whose = "" if fact.participant == self.body else f"{self.speech.body(fact.participant)}, "
        said = [
            self.say("fact", whose=whose, name=fact.fact, value=value, days=words.span(fact.span)),
            written_at(fact),
            fact.source or "",
            (fact.stage or "").replace("_", " "),
            self.say("taken_over") if fact.parts else "",
            self.say("disputed") if fact.disputed else "",
            self.say("flag.illustrative") if fact.illustrative else "",
        ]
        return " · ".join(filter(None, said))

    # --- targets, classes, awards

    def _target(self, target: Target, aim: Aim) -> str:
        return self.say(
            "explain.target",
            sign=AIM_SIGNS[aim.state],
            title=self.speech.target(target.id),
            later=self.say("explain.horizon") if target.horizon else "",
            state=self.say(f"aim.{aim.state}"),
            due=f", {deadline(self.speech, target)}" if target.deadline else "",
            judged=self.speech.words.date(aim.day),
            distance=self._distance(aim),
        )

    def _distance(self, aim: Aim) -> str:
        condition = aim.judged.condition
        if aim.distance is None or not isinstance(condition, Compare):
            return ""
        show = self.speech.subject(condition.subject)[1]
        shown = show(aim.distance)
        less_is_asked = isinstance(condition.limit, AtMost | Below)
        key = ("over" if less_is_asked else "short") if aim.distance < 0 else "under" if less_is_asked else "beyond"
        points = "_points" if shown.endswith("%") else ""
        return self.say(f"distance.{key}{points}", by=shown.removeprefix("−").removeprefix("≈−").rstrip("%"))

    def _readiness(self, reason: Reason) -> Said:
        rule: Readiness = reason.rule
        held: Held = reason.record
        given = {
            "title": self.speech.words.label(rule.title, self.say("class.title")),
            "class_": self._class(rule, held),
            "first": self.say("class.undecided") if held.first is None else self.speech.class_(held.first),
            "because": self._law(rule),
        }
        text = self.say(f"held.{held.by}", **given)
        labels = [*(self.say("held.for_class", class_=self.speech.class_(name)) for name, _ in held.judged)]
        labels += [""] * (len(reason.parts) - len(labels))
        said = [self.tell(part) for part in reason.parts]
        parts = tuple(evolve(one, text=label + one.text) for label, one in zip(labels, said, strict=True))
        return Said(self._sourced(text, rule), parts)

    def _class(self, rule: Readiness, held: Held) -> str:
        if held.class_ is None:
            return f"? {self.say('class.undecided')}"
        return f"{class_shape(rule.classes.index(held.class_))} {self.speech.class_(held.class_)}"

    def _law(self, rule: Readiness) -> str:
        body = self.outcome.campaign.participants[self.body]
        return next((one.because for one in rule.overrides if one.for_.selects(body)), "")

    def _result(self, considered: Considered) -> str:
        because = considered.ruling.because if considered.ruling else ""
        return self.say(f"award.{considered.result}", because=because)

    def _award(self, award: Award, considered: Considered) -> str:
        title = self.speech.words.label(award.title, award.id)
        place = considered.placed.place if considered.placed else None
        where = "" if place is None else self.say("explain.at_place", place=self.speech.words.exact(place))
        group = considered.placed.group if considered.placed else None
        quotas = {group: (quota, base) for group, quota, base in self.outcome.awards[award.id].quotas}
        limit = self._quota(award, *quotas.get(group, (None, 0)))
        return self.say("explain.award", title=title, result=self._result(considered), where=where, quota=limit)

    def _quota(self, award: Award, quota: int | None, base: int) -> str:
        if quota is None or award.quota is None:
            return ""
        if isinstance(award.quota, Places):
            return f" ({quota_phrase(self.speech, award.quota)})"
        return self.say("explain.quota", quota=quota, rule=quota_phrase(self.speech, award.quota, base))

    # --- conditions

    def _condition(self, judged: Judged) -> str:
        sign, condition = verdict_sign(judged.holds), judged.condition
        match condition:
            case All() | AnyOf() | None_():
                key = {All: "all", AnyOf: "any", None_: "none"}[type(condition)]
                text = self.say(f"condition.{key}_of")
            case Compare(subject):
                text = self.speech.condition(condition) + self._found(judged, self.speech.subject(subject)[1])
            case Every():
                text = self.speech.condition(condition)
            case Children():
                text = self.speech.condition(condition) + self._children(condition, judged)
            case Readiness_():
                held = self.outcome.classes.get(self.body)
                class_ = None if held is None or held.class_ is None else self.speech.class_(held.class_)
                found = self.say("found.value", value=class_ or self.say("class.undecided"))
                text = self.speech.condition(condition) + found
            case StateIs():
                text = self.speech.condition(condition) + self.say(
                    "found.value", value=self.say(f"state.{judged.state}")
                )
            case _:
                text = self.speech.condition(condition)
        return f"{sign} {text}"

    def _found(self, judged: Judged, show: Any) -> str:
        """Say what was found where something was asked for; a yardstick that is no written number with its own."""
        if judged.value is None:
            return self.say("found.state", state=self.say(f"state.{judged.state or 'missing'}"))
        value = self._bounded(judged, show(judged.value))
        bound = getattr(getattr(judged.condition, "limit", None), "bound", None)
        if judged.bound is None or bound is None or bound == judged.bound:
            return self.say("found.value", value=value)
        return self.say("found.both", value=value, bound=show(judged.bound))

    def _bounded(self, judged: Judged, shown: str) -> str:
        """Say that a value was reported as a bound, if it still is the one measured."""
        subject = getattr(judged.condition, "subject", None)
        if not isinstance(subject, Indicator_):
            return shown
        measured = self.outcome.measurements[subject.id].get(self.body, NOT_MEANT)
        if measured.bound is None or measured.value != judged.value:
            return shown
        return self.say(f"bound.{measured.bound}", value=shown)

    def _children(self, condition: Children, judged: Judged) -> str:
        words = self.speech.words
        match condition.counting:
            case ShareOf():
                return self._found(judged, lambda value: words.percent(value, None))
            case CountOf():
                return self._found(judged, words.exact)
            case AllAre():
                key = "children" if judged.bodies else "all"
                names = f": {self._names(judged.bodies)}"
                return self.say(f"found.{key}", count=judged.value, of=judged.bound, names=names)
            case _:
                names = f": {self._names(judged.bodies)}" if judged.bodies else ""
                return self.say("found.child_count", count=judged.value, names=names)


def unranked_because(speech: Speech, why: str) -> str:
    """Say why somebody has no place."""
    reason, _, of = why.partition(":")
    name = speech.criterion(of) if of and reason in ("unranked", "points") else speech.indicator(of) if of else ""
    return speech.words.say(f"unranked.{reason}", of=name)


def deadline(speech: Speech, target: Target) -> str:
    """Say by when a target is to be reached."""
    if target.deadline is None:
        return ""
    key = type(target.deadline).__name__.lower()
    return speech.words.say(f"deadline.{key}", day=speech.words.date(target.deadline.day))


def written_at(fact: Observation) -> str:
    """Say where a fact was written: the file's name and the line."""
    return f"{PurePath(fact.file).name}:{fact.line}" if fact.file else ""


def quota_phrase(speech: Speech, quota: Quota, base: int | None = None) -> str:
    """Say how many receive an award; with the number its base came to, where that is known."""
    say = speech.words.say
    match quota:
        case Places(count):
            return speech.words.counted("quota.places", count)
        case UpTo(share, of, mode):
            shown = "" if base is None else f" ({speech.words.number(base)})"
            percent = speech.words.percent(share, None)
            return say("quota.up_to", share=percent, of=say(f"base.{of}", count=shown), mode=say(f"mode.{mode}"))
