"""Reception: how the rules on handing in are said, and what of the reports handed in counts, is late or differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emulation.admission import Admission, Appeals, Conflict, Days, Within, Workdays
from emulation.mergers import Mergers
from emulation.observations import Observation
from emulation.outcome import Outcome
from emulation.plausibility import Alike, Jump, Plausibility, Range, Repeated
from emulation.report.speech import Speech
from emulation.report.words import Words

MANY_REPORTS = 20
"""How many reports are listed one by one; the others are counted."""

_LISTED = ("late", "undated", "disputed", "unknown_stage", "unknown_source")
_COUNTED = ("not_this_stage", "earlier_stage", "other_source")


def admission_said(rules: Admission, words: Words) -> Iterator[str]:
    """Say the rules on which reports count, a sentence each."""
    if rules.within is not None:
        yield words.say("rule.admission.within", days=_length(rules.within, words))
    if rules.closes is not None:
        yield words.say("rule.admission.closes", day=words.date(rules.closes))
    if rules.late is not None:
        yield words.say(f"rule.admission.late.{rules.late}")
    if rules.stages:
        yield words.say("rule.admission.stages", names=words.joined([_spoken(stage) for stage in rules.stages], "then"))
        last = rules.counts == "last"
        key = "counts_last" if last else "counts"
        yield words.say(f"rule.admission.{key}", stage=_spoken(rules.counts or ""))
    if rules.sources:
        yield words.say("rule.admission.sources", names=words.joined(rules.sources, "then"))
    if rules.tolerance is not None:
        yield words.say("rule.admission.tolerance", share=words.percent(rules.tolerance, None))
    if rules.disputed is not None:
        yield words.say(f"rule.admission.disputed.{rules.disputed}")


def appeals_said(appeals: Appeals, words: Words) -> str:
    """Say how long one can appeal."""
    return words.say("rule.appeals", days=_length(appeals.within, words))


def plausibility_said(check: Plausibility, speech: Speech) -> str:
    """Say what looks wrong to a campaign, and what it means."""
    words = speech.words
    given = {"fact": speech.indicator(check.look.fact), "then": words.say(f"rule.plausibility.then.{check.then}")}
    match check.look:
        case Range(_, low, high):
            which = "both" if low is not None and high is not None else "to" if low is None else "from"
            ends = {"low": words.exact(low or 0), "high": words.exact(high or 0)}
            return words.say(f"rule.plausibility.range_{which}", **ends, **given)
        case Jump(_, share):
            return words.say("rule.plausibility.jump", share=words.percent(share, None), **given)
        case Repeated(_, times):
            return words.say("rule.plausibility.repeated", times=words.number(times), **given)
        case Alike():
            return words.say("rule.plausibility.alike", **given)


def _length(within: Within, words: Words) -> str:
    match within:
        case Days(count):
            return words.counted("days", count)
        case Workdays(count):
            return words.counted("workdays", count)


def mergers_said(rules: Mergers, words: Words) -> Iterator[str]:
    """Say what bodies take over from those they were made of, a sentence each."""
    yield words.say(f"rule.mergers.counts.{rules.counts}")
    yield words.say(f"rule.mergers.others.{rules.others}")
    if rules.splits is not None:
        yield words.say(f"rule.mergers.splits.{rules.splits}")
    yield words.say(f"rule.mergers.standing.{rules.standing}")


def received(outcome: Outcome, speech: Speech) -> Iterator[str]:
    """Say what of the reports handed in came late, does not count or differs, a line each."""
    words, admitted = speech.words, outcome.admitted
    if admitted.late:
        yield words.say("board.late", listed=_listed([_named(one, speech) for one in admitted.late], words))
    for because in _LISTED:
        found = [_named(one.observation, speech) for one in admitted.left_out if one.because == because]
        if found:
            yield words.say(f"board.left_out.{because}", listed=_listed(found, words))
    for because in _COUNTED:
        count = sum(one.because == because for one in admitted.left_out)
        if count:
            yield words.say(f"board.left_out.{because}", count=words.counted("reports", count))
    if admitted.conflicts:
        yield words.say("board.conflicts", listed=_listed([_told(one, speech) for one in admitted.conflicts], words))


def _listed(names: Sequence[str], words: Words) -> str:
    shown = list(names[:MANY_REPORTS])
    if len(names) > MANY_REPORTS:
        shown.append(words.counted("more", len(names) - MANY_REPORTS))
    return "; ".join(shown)


def _named(one: Observation, speech: Speech) -> str:
    return f"{speech.body(one.participant)} {one.fact} ({speech.words.span(one.span)})"


def _told(one: Conflict, speech: Speech) -> str:
    given = {"name": speech.body(one.counted.participant), "fact": one.counted.fact, "source": one.other.source}
    counted, other = (_figure(fact, speech) for fact in (one.counted, one.other))
    return speech.words.say("board.conflict", counted=counted, other=other, **given)


def _figure(one: Observation, speech: Speech) -> str:
    return speech.words.say(f"state.{one.state}") if one.value is None else speech.fact(one.fact, one.value)


def _spoken(stage: str) -> str:
    return stage.replace("_", " ")
