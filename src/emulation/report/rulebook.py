"""Rulebook: a campaign's rules as numbered plain sentences, fit for the annex of the decision that declares it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from string import ascii_lowercase

from attrs import frozen

from emulation.campaign import Campaign, Example, Expected
from emulation.criteria import TOTAL, BestOf, Criterion, Mean, Round, Sum, WeightedSum
from emulation.exact import Rational, add_up, divide
from emulation.gaps import Gaps
from emulation.grammar import word_for
from emulation.names import vietnamese_order
from emulation.participants import EVERYBODY
from emulation.report.explanations import Said, deadline
from emulation.report.layout import markdown, markdown_table, page, wrapped
from emulation.report.provisions import Provisions
from emulation.report.reception import admission_said, appeals_said, mergers_said, plausibility_said
from emulation.report.registers import register_said
from emulation.report.speech import Speech
from emulation.report.words import Words

MANY_BODIES = 30
"""Kinds with more participants are counted; fewer are named."""


@frozen
class Section:
    """A numbered part of a rulebook."""

    title: str
    items: tuple[Said, ...]


def rulebook_text(campaign: Campaign, words: Words) -> str:
    """Give the whole rulebook as numbered sentences."""
    book = Book.of(campaign, words)
    lines = [book.title(), *wrapped(book.say("heading"), "", page(words)), ""]
    for number, section in enumerate(book.sections(), start=1):
        lines += [f"{number}. {section.title}", ""]
        for place, item in enumerate(section.items, start=1):
            lines += _numbered(item, f"{number}.{place}", 0, page(words))
        lines.append("")
    examples = list(book.annex())
    lines += [book.say("annex.heading"), ""] if examples else []
    for title, rows in examples:
        lines.append(title)
        for who, given, expect in rows:
            row = book.say("annex.row", who=who, given=given or book.say("annex.nothing"), expect=expect)
            lines += wrapped(row, "  ", page(words))
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def rulebook_markdown(campaign: Campaign, words: Words) -> str:
    """Give the same as Markdown."""
    book = Book.of(campaign, words)
    blocks = [f"# {markdown(book.title())}", markdown(book.say("heading"))]
    for number, section in enumerate(book.sections(), start=1):
        blocks.append(f"## {number}. {markdown(section.title)}")
        items = (
            line for place, item in enumerate(section.items, start=1) for line in _listed(item, f"{number}.{place}", 0)
        )
        blocks.append("\n".join(items))
    examples = list(book.annex())
    blocks += [f"## {book.say('annex.heading')}"] if examples else []
    for title, headings, rows in book.tables():
        blocks += [f"### {markdown(title)}", "\n".join(markdown_table(headings, [False] * 3, rows))]
    return "\n\n".join(blocks) + "\n"


def _numbered(said: Said, number: str, depth: int, wide: int) -> Iterator[str]:
    """Give a sentence under its number, and those below it under letters, then dashes."""
    yield from wrapped(f"{number} {_ended(said.text)}", "  " * depth, wide)
    for place, part in enumerate(said.parts):
        yield from _numbered(part, _below(number, place, depth), depth + 1, wide)


def _listed(said: Said, number: str, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {number} {markdown(_ended(said.text))}"
    for place, part in enumerate(said.parts):
        yield from _listed(part, _below(number, place, depth), depth + 1)


def _ended(text: str) -> str:
    """End a sentence that has no end yet."""
    return text if text.endswith((".", ":", "!", "?", "]")) else f"{text}."


def _below(number: str, place: int, depth: int) -> str:
    """Give the number of a sentence below another: 5.1 has 5.1.1 where it counts on, or a), or a dash."""
    if number[-1].isdigit() and depth < 3:  # noqa: PLR2004
        return f"{number}.{place + 1}"
    return f"{ascii_lowercase[place]})" if place < len(ascii_lowercase) and number != "-" else "-"


@frozen
class Book:
    """A campaign's rules on their way into sentences."""

    campaign: Campaign
    provisions: Provisions

    @classmethod
    def of(cls, campaign: Campaign, words: Words) -> Book:
        """Open a campaign's rulebook in the words of one language."""
        return cls(campaign, Provisions(Speech(campaign, words)))

    @property
    def words(self) -> Words:
        """The words of its language."""
        return self.provisions.speech.words

    @property
    def speech(self) -> Speech:
        """How the campaign's names are said."""
        return self.provisions.speech

    def say(self, key: str, **given: object) -> str:
        """Give a phrase of rulebooks."""
        return self.provisions.say(key, **given)

    def title(self) -> str:
        """Give the campaign's title and id."""
        return f"{self.words.label(self.campaign.title, self.campaign.id)} ({self.campaign.id})"

    def sections(self) -> Iterator[Section]:
        """Give the parts that have anything in them, in the order in which a decision would."""
        parts: Sequence[tuple[str, Callable[[], Iterator[Said]]]] = (
            ("general", self._general),
            ("participants", self._participants),
            ("indicators", self._indicators),
            ("registers", self._registers),
            ("admission", self._admission),
            ("targets", self._targets),
            ("criteria", self._criteria),
            ("gaps", self._gaps),
            ("rounding", self._rounding),
            ("standings", self._standings),
            ("classes", self._classes),
            ("awards", self._awards),
            ("decisions", self._decisions),
            ("known", self._known),
            ("sources", self._sources),
        )
        for key, items in parts:
            found = tuple(items())
            if found:
                yield Section(self.say(f"section.{key}"), found)

    # --- who and when

    def _general(self) -> Iterator[Said]:
        campaign, words = self.campaign, self.words
        if campaign.basis:
            yield Said(self.say("basis", basis=campaign.basis))
        if campaign.organiser:
            yield Said(self.say("organiser", name=words.label(campaign.organiser, "")))
        if campaign.announced_on:
            yield Said(self.say("announced", day=words.date(campaign.announced_on)))
        if campaign.version:
            yield Said(self.say("version", version=campaign.version))
        yield Said(self.say("runs", days=words.span(campaign.timetable.period)), tuple(self._rounds()))
        if any(window.workdays for _, window in campaign.rounds):
            days = words.joined([self.say(f"weekday.{day}") for day in campaign.calendar.workweek])
            holidays = words.joined([words.date(day) for day in campaign.calendar.holidays])
            yield Said(self.say("workdays", days=days, but=self.say("holidays", days=holidays) if holidays else ""))
        if campaign.as_of:
            yield Said(self.say("as_of", day=words.date(campaign.as_of)))
        yield Said(self.say(f"set_aside.{campaign.set_aside}"))
        if campaign.unmeasured:
            yield Said(self.say(f"unmeasured.{campaign.unmeasured}"))
        if campaign.illustrative:
            yield Said(words.label(campaign.illustrative, ""))

    def _rounds(self) -> Iterator[Said]:
        for id, span in self.campaign.timetable.rounds:
            name = self.provisions.quoted(id.replace("_", " "))
            yield Said(self.say("round_of_days", name=name, days=self.words.span(span)))

    def _participants(self) -> Iterator[Said]:
        bodies = self.campaign.participants
        for kind in bodies.kinds:
            of_kind = [body for body in bodies if body.kind == kind]
            names = sorted((body.name for body in of_kind), key=vietnamese_order)
            many = len(of_kind) > MANY_BODIES
            listed = "" if many else f": {', '.join(names)}"
            name = self.speech.kind(kind, many=len(of_kind) != 1)
            yield Said(self.say("kind", count=self.words.number(len(of_kind)), kind=name, listed=listed))
        if bodies.group_names:
            names = [self.speech.group(name) for name in bodies.group_names]
            yield Said(self.say("groups", names=self.words.joined(names)))

    def _indicators(self) -> Iterator[Said]:
        return (self.provisions.indicator(one) for one in self.campaign.indicators)

    def _registers(self) -> Iterator[Said]:
        return (register_said(one, self.speech) for one in self.campaign.registers)

    def _admission(self) -> Iterator[Said]:
        yield from map(Said, admission_said(self.campaign.admission, self.words))
        if self.campaign.appeals is not None:
            yield Said(appeals_said(self.campaign.appeals, self.words))
        if self.campaign.time_zone is not None:
            yield Said(self.say("time_zone", offset=self.campaign.time_zone))
        yield from (Said(plausibility_said(one, self.speech)) for one in self.campaign.plausibility)
        if self.campaign.mergers is not None:
            yield from map(Said, mergers_said(self.campaign.mergers, self.words))

    def _targets(self) -> Iterator[Said]:
        for target in self.campaign.targets:
            by = self.say("by_day", deadline=deadline(self.speech, target)) if target.deadline else ""
            given = {"title": self.speech.target(target.id), "whom": self.speech.whom(target.for_), "by": by}
            lead = self.provisions.requirement(self.say("target", **given), target.condition)
            notes = [self.say("horizon")] if target.horizon else []
            notes += [] if target.competes else [self.say("does_not_compete")]
            notes += [] if target.unmeasured is None else [self.say(f"unmeasured.{target.unmeasured}")]
            notes += [] if target.source is None else [self.say("source_is", source=target.source)]
            yield Said(lead.text, (*lead.parts, *(Said(note) for note in notes)))

    # --- points

    def _criteria(self) -> Iterator[Said]:
        if not self.campaign.criteria:
            return
        if len(self.campaign.criteria) > 1:
            yield Said(self.say("total"))
        whole = Criterion(TOTAL, Sum(self.campaign.criteria))
        weights = _weights(whole, _WHOLE)
        for criterion in self.campaign.criteria:
            yield self._criterion(criterion, weights.get(criterion.id), whole)

    def _criterion(self, criterion: Criterion, weight: Rational | None, within: Criterion) -> Said:
        """Say what a criterion is worth and how; ``weight`` is what it weighs in the whole, where that is fixed."""
        words = self.words
        facts = [self.say(f"as.{criterion.as_}")] if criterion.as_ != "base" else []
        if criterion.max:
            facts.append(self.say("max", points=words.exact(criterion.max)))
        if criterion.min:
            facts.append(self.say("min", points=words.exact(criterion.min)))
        if criterion.weight is not None:
            facts.append(self.say("weight", weight=words.exact(criterion.weight)))
        if weight not in (None, 0, _WHOLE):
            facts.append(self.say("effective", share=words.percent(weight or 0, None)))
        if criterion.for_ not in (within.for_, EVERYBODY):
            facts.append(self.say("only_for", whom=self.speech.whom(criterion.for_)))
        name = self.provisions.quoted(self.speech.criterion(criterion.id))
        named = self.say("criterion", name=name, facts=", ".join(facts)) if facts else name
        how = self._how(criterion)
        notes = [*self.provisions.limits(criterion)]
        notes += [] if criterion.source is None else [self.say("source_is", source=criterion.source)]
        weights = _weights(criterion, weight)
        below = tuple(self._criterion(part, weights.get(part.id), criterion) for part in criterion.parts)
        return Said(self.say("lead", lead=named, what=how.text), (*how.parts, *(Said(note) for note in notes), *below))

    def _how(self, criterion: Criterion) -> Said:
        if criterion.parts:
            count = criterion.earns.count if isinstance(criterion.earns, BestOf) else len(criterion.parts)
            return Said(self.say(f"joined.{word_for(type(criterion.earns))}", count=count))
        if criterion.earns is None or criterion.indicator is None:
            return self.provisions.points_rule(criterion)
        how = self.provisions.points_rule(criterion)
        if criterion.title is None:
            return how
        return Said(self.say("judged_by", name=self.speech.indicator(criterion.indicator), how=how.text), how.parts)

    def _gaps(self) -> Iterator[Said]:
        if self.campaign.gaps != Gaps():
            lines = tuple(Said(line) for line in self.provisions.gaps(self.campaign.gaps))
            yield Said(self.say("unless"), lines)

    def _rounding(self) -> Iterator[Said]:
        if not self.campaign.criteria:
            return
        rounding = self.campaign.rounding
        stages = (("points", rounding.points), ("groups", rounding.groups), ("total", rounding.total))
        declared = [(stage, decimals) for stage, decimals in stages if decimals is not None]
        for stage, decimals in declared:
            line = self.provisions.round(Round(decimals, rounding.mode, rounding.decide_on))
            yield Said(self.say(f"rounded.{stage}", how=line))
        yield Said(self.say("else_exact" if declared else "exact"))

    # --- who stands where

    def _standings(self) -> Iterator[Said]:
        for standing in self.campaign.standings:
            within = "" if standing.within is None else self.say("in_group", group=self.speech.group(standing.within))
            by = self.words.joined([self.provisions.key(key) for key in standing.by], "then")
            given = {"title": self.speech.standing(standing.id), "whom": self.speech.whom(standing.for_)}
            parts = [self.say("tie_step", step=step) for step in self.provisions.steps(standing)]
            parts.append(self.say(f"ties.{standing.ties}"))
            parts += [] if standing.competes else [self.say("shown_apart")]
            parts += [] if standing.source is None else [self.say("source_is", source=standing.source)]
            yield Said(self.say("standing", **given, within=within, by=by), tuple(Said(part) for part in parts))

    def _classes(self) -> Iterator[Said]:
        for rule in self.campaign.readiness:
            names = ", ".join(self.provisions.quoted(self.speech.class_(name)) for name in rule.classes)
            title = self.words.label(rule.title, self.words.say("class.title"))
            text = self.say("classes", title=title, whom=self.speech.whom(rule.for_), names=names)
            notes = [] if rule.unmeasured is None else [self.say(f"unmeasured.{rule.unmeasured}")]
            notes += [] if rule.source is None else [self.say("source_is", source=rule.source)]
            yield Said(text, (*self.provisions.classing(rule), *(Said(note) for note in notes)))

    def _awards(self) -> Iterator[Said]:
        return (self.provisions.award(award) for award in self.campaign.awards)

    def _decisions(self) -> Iterator[Said]:
        for decision in self.campaign.decisions:
            order = ", ".join(self.speech.body(id) for id in decision.order)
            because = f" ({decision.because})" if decision.because else ""
            given = {"by": decision.by, "on": self.words.date(decision.on), "order": order, "because": because}
            yield Said(self.say("decision", standing=self.speech.standing(decision.standing), **given))
        titles = {one.id: self.words.label(one.title, one.id) for one in self.campaign.awards}
        for one in self.campaign.rulings:
            said = {"award": titles[one.award], "who": self.speech.body(one.participant), "by": one.by}
            ruled = {"ruling": self.say(f"ruled.{one.ruling}"), "on": self.words.date(one.on), "because": one.because}
            yield Said(self.say("ruling", **said, **ruled))

    def _known(self) -> Iterator[Said]:
        for one in self.campaign.acknowledge:
            yield Said(self.say("acknowledged", finding=one.finding, because=one.because))

    def _sources(self) -> Iterator[Said]:
        for source in self.campaign.sources:
            about = [one for one in (source.article, source.note, source.href) if one]
            yield Said(". ".join([source.title, *about]))

    # --- the annex of examples

    def annex(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Give each example as a table: what is given, and what must come out."""
        for number, example in enumerate(self.campaign.examples, start=1):
            title = self.words.label(example.title, "") if example.title else ""
            heading = self.say("annex.title", number=number, title=title).rstrip(": ")
            yield heading, list(self._rows(example))

    def tables(self) -> list[tuple[str, list[str], list[list[str]]]]:
        """Give the examples with the headings of their columns."""
        headings = [self.say(f"annex.{key}") for key in ("who", "given", "expect")]
        return [(title, headings, rows) for title, rows in self.annex()]

    def _rows(self, example: Example) -> Iterator[list[str]]:
        given, expected = dict(example.given), dict(example.expect)
        for body in dict.fromkeys([*given, *expected]):
            reported = ", ".join(f"{fact} {value}" for fact, value in given.get(body, ()))
            name = self.speech.body(body) if body in self.campaign.participants else body.replace("_", " ")
            yield [name, reported, ", ".join(self._expected(expected[body])) if body in expected else ""]

    def _expected(self, wanted: Expected) -> Iterator[str]:
        speech, say, exact = self.speech, self.say, self.words.exact
        yield from (f"{speech.indicator(id)} {speech.shown_as(id)(value)}" for id, value in wanted.values)
        yield from (f"{speech.criterion(id)} {exact(points)}" for id, points in wanted.points)
        if wanted.total is not None:
            yield f"{speech.criterion(TOTAL)} {exact(wanted.total)}"
        if wanted.rank is not None:
            yield say("annex.rank", place=wanted.rank)
        if wanted.readiness is not None:
            yield speech.class_(wanted.readiness)
        yield from (f"{speech.target(id)}: {self.words.say(f'aim.{state}')}" for id, state in wanted.targets)
        if wanted.awards is not None:
            titles = {one.id: self.words.label(one.title, one.id) for one in self.campaign.awards}
            yield ", ".join(titles[id] for id in wanted.awards) or say("annex.no_award")


_WHOLE: Rational = 1


def _most(criterion: Criterion) -> Rational | None:
    """Give the most points there can be, where they are fixed without anybody's data."""
    if criterion.max is not None or criterion.is_leaf:
        return criterion.max
    sizes = _sizes(criterion)
    if sizes is None:
        return None
    match criterion.earns:
        case Mean():
            weights = [part.weight or 1 for part in criterion.parts if part.as_ == "base"]
            return divide(add_up(sizes.values()), add_up(weights))
        case _:
            return add_up(sizes.values())


def _sizes(whole: Criterion) -> dict[str, Rational] | None:
    """Give the most each base part can add, weights counted; None where that is not fixed, or not for all alike."""
    base = [part for part in whole.parts if part.as_ == "base"]
    if not isinstance(whole.earns, Sum | Mean | WeightedSum) or len({part.for_ for part in base}) != 1:
        return None
    weighed = not isinstance(whole.earns, Sum)
    sizes: dict[str, Rational] = {}
    for part in base:
        most = _most(part)
        if most is None:
            return None
        sizes[part.id] = most * (part.weight or 1) if weighed else most
    return sizes


def _weights(whole: Criterion, weight: Rational | None) -> dict[str, Rational]:
    """Give what each part weighs in the total, where the whole's own weight is fixed."""
    sizes = _sizes(whole)
    if weight is None or not sizes or not any(sizes.values()):
        return {}
    together = add_up(sizes.values())
    return {id: divide(size * weight, together) for id, size in sizes.items()}
