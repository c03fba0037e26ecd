"""Intake: a table of facts, or what people record, into a ledger; every row is accounted for, no change is silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from attrs import evolve, frozen

from emulation.exact import write_number
from emulation.ledger.chain import number_text
from emulation.ledger.entries import (
    Amended,
    Content,
    Disputed,
    Head,
    Ingested,
    Key,
    Reported,
    Sealed,
    Settled,
    Verified,
    Withdrawn,
)
from emulation.ledger.store import Appended, Moved, Store, Tell, read, untold
from emulation.ledger.view import NOTHING, View, view_of
from emulation.names import MAX_NAME
from emulation.observations import Observation, Observations, Tally, sums_of
from emulation.outcome import no_search_for_garbage
from emulation.problems import Place, Problem, Refused

_TRIES = 100


@frozen
class Correction:
    """A fact that is reported with another value, state or source than before."""

    before: Reported
    after: Reported


@frozen
class Receipt:
    """What the ledger took of a file: each row accounted for, exact sums, the file's hash, and the ledger's head.

    ``known_at`` is none in a dry run, which writes nothing; ``head`` then is the one that stands.
    """

    file: str
    sha256: str
    tally: Tally
    sums: tuple[tuple[str, str], ...]
    head: Head
    known_at: datetime | None
    corrections: tuple[Correction, ...] = ()
    warnings: tuple[Problem, ...] = ()


def take_in(
    store: Store,
    table: Observations,
    *,
    file: str,
    sha256: str,
    author: str,
    reason: str | None = None,
    fingerprint: str | None = None,
    apart: bool = False,
    dry_run: bool = False,
    since: View = NOTHING,
) -> Receipt:
    """Take a table into a ledger: what is new, what is corrected, and that the file was seen, in one batch.

    ``sha256`` is that of the file's bytes, ``fingerprint`` that of the rules it was read by. ``apart`` keeps the
    figures of several sources beside each other. ``since`` is a view of the ledger from before, which saves reading
    that far again. Raise `Refused` for corrections without a reason (E613), two
    unlike values for one fact (E320), and no author (E614); nothing is written then, nor in a dry run.

    >>> from datetime import date
    >>> from tempfile import TemporaryDirectory
    >>> from emulation.ledger.opening import open_ledger
    >>> from emulation.periods import Span
    >>> table = Observations((Observation("a", "files", Span(date(2025, 7, 31), date(2025, 7, 31)), 850),))
    >>> with TemporaryDirectory() as folder, open_ledger(f"{folder}/drive.ledger", create=True) as ledger:
    ...     print(take_in(ledger, table, file="july.csv", sha256="0" * 64, author="Lan").tally)
    1 rows read = 1 new + 0 corrected + 0 unchanged + 0 rejected
    """
    _signed(author, reason)
    view, sums = since, tuple((fact, number_text(total)) for fact, total in sums_of(table))
    for _ in range(_TRIES):
        view = caught_up(store, view)
        weighed = _weigh(table, view, apart=apart)
        if weighed.corrections and not reason:
            raise Refused(map(_unexplained, weighed.corrections))
        seen = Ingested(file, sha256, weighed.tally, sums, fingerprint)
        receipt = Receipt(file, sha256, seen.tally, seen.sums, view.head, None, weighed.corrections)
        if dry_run:
            return receipt
        try:
            done = store.append([seen, *weighed.reports], author=author, reason=reason, after=view.head)
        except Moved:
            continue
        return evolve(receipt, head=done.head, known_at=done.head.known_at, warnings=done.warnings)
    raise _too_busy(store)


def record(
    store: Store,
    contents: Sequence[Content],
    *,
    author: str,
    reason: str | None = None,
    after: Head | None = None,
    since: View = NOTHING,
) -> Appended:
    """Record what people say: withdrawals, disputes, verifications, decisions, amendments, seals.

    With ``after``, raise `Moved` if the ledger has gone on from that head: a seal is of what was read.
    Raise `Refused` where it speaks of a fact that is not known (E615) or of no open dispute (E616), where rules are
    amended that are not in force (E617), where a withdrawal has no reason (E613), and without an author (E614).
    """
    _signed(author, reason)
    view = since
    for _ in range(_TRIES):
        view = caught_up(store, view)
        if after is not None and view.head != after:
            raise Moved
        problems = [problem for content in contents for problem in _out_of_place(content, view, reason)]
        if problems:
            raise Refused(problems)
        try:
            return store.append(contents, author=author, reason=reason, after=view.head)
        except Moved:
            continue
    raise _too_busy(store)


def caught_up(store: Store, since: View = NOTHING, tell: Tell = untold) -> View:
    """Give what a ledger knows now, going on from a view of it from before."""
    with no_search_for_garbage():
        return view_of(read(store, after=since.head, tell=tell), since=since)


def _too_busy(store: Store) -> Refused:
    what = f"{store.address} moved on {_TRIES} times while this was prepared"
    return Refused([Problem("E622", what, "try again when others are done")])


def _signed(author: str, reason: str | None) -> None:
    """See that somebody answers for a batch."""
    if not author.strip() or len(author) > MAX_NAME:
        raise Refused([Problem("E614", f"the author is {author[:MAX_NAME]!r}", "the name of who answers for it")])
    if reason is not None and not reason.strip():
        raise Refused([Problem("E613", "the reason is blank", "why it is done, in a few words")])


# --- tables


@frozen
class _Weighed:
    reports: list[Reported]
    corrections: tuple[Correction, ...]
    tally: Tally


def _weigh(table: Observations, view: View, *, apart: bool) -> _Weighed:
    """Compare each fact with what is known of it."""
    reports: dict[Key, Reported] = {}
    problems: list[Problem] = []
    corrections: list[Correction] = []
    new = unchanged = 0
    for observation in table:
        if observation.parts:
            raise AssertionError("a figure made of others is not reported: it is made anew whenever it is asked for")
        report = Reported(observation, apart=apart)
        key = report.key
        twin = reports.get(key)
        known = view.facts.get(key)
        if twin is not None:
            unchanged += 1
            problems.extend(_unlike(twin.observation, observation))
            continue
        reports[key] = report
        if known is None:
            new += 1
        elif _says(known.reported.observation) != _says(observation):
            corrections.append(Correction(known.reported, report))
        else:
            unchanged += 1
    if problems:
        raise Refused(problems)
    told = table.tally if table.tally != Tally() else Tally(len(table), len(table))
    tally = Tally(told.read, new, len(corrections), told.unchanged + unchanged, told.rejected)
    _balance(tally)
    kept = [one for key, one in reports.items() if _is_news(view, key, one)]
    return _Weighed(kept, tuple(corrections), tally)


def _is_news(view: View, key: Key, report: Reported) -> bool:
    known = view.facts.get(key)
    return known is None or _says(known.reported.observation) != _says(report.observation)


def _says(one: Observation) -> tuple[object, ...]:
    """Give what makes two reports of a fact alike; where in which file they stand does not."""
    return one.value, one.state, one.bound, one.source, one.illustrative, one.disputed, one.received


def _balance(tally: Tally) -> None:
    """Stop where a row is not accounted for."""
    if tally.read != tally.new + tally.corrected + tally.unchanged + tally.rejected:
        raise Refused([Problem("E618", f"the rows do not add up: {tally}", "the tally of the table as it was read")])


def _unlike(first: Observation, again: Observation) -> Iterator[Problem]:
    if _says(first) != _says(again):
        key = Reported(again).key
        what = f"{key} is reported twice with unlike values, first on line {first.line}"
        place = Place(again.file, again.line) if again.file else None
        yield Problem("E320", what, "one value for the same days", place=place)


def _unexplained(correction: Correction) -> Problem:
    one = correction.after.observation
    what = f"{correction.after.key} was {figure(correction.before.observation)} and is now {figure(one)}"
    return Problem("E613", what, "a reason for the correction", place=Place(one.file, one.line) if one.file else None)


def figure(one: Observation) -> str:
    """Write what was reported as a table has it: a number, a bound, or the state in its stead.

    >>> from datetime import date
    >>> from emulation.periods import Span
    >>> day = Span(date(2025, 7, 31), date(2025, 7, 31))
    >>> few, none = Observation("a", "files", day, 5, bound="below"), Observation("a", "files", day, state="missing")
    >>> figure(few), figure(none)
    ('<5', 'missing')
    """
    sign = {"above": ">", "below": "<", None: ""}[one.bound]
    return one.state if one.value is None else f"{sign}{write_number(one.value)}"


# --- records


def _out_of_place(content: Content, view: View, reason: str | None) -> Iterable[Problem]:
    """Find what cannot be said of the ledger as it stands."""
    match content:
        case Withdrawn(key) | Disputed(key) | Settled(key) | Verified(key) if key not in view.facts:
            yield Problem("E615", f"nothing is known of {key}", "a fact that is reported and not withdrawn")
        case Withdrawn(key) if not reason:
            yield Problem("E613", f"{key} is withdrawn", "a reason for the withdrawal")
        case Settled(key) if view.facts[key].dispute is None:
            yield Problem("E616", f"no dispute is open about {key}", "a fact that is disputed")
        case Amended(from_=before) if before != view.fingerprint:
            now = view.fingerprint or "none"
            yield Problem("E617", f"the rules amended are {before or 'none'}", f"those in force, {now}")
        case Sealed(supersedes=seq) if seq is not None and seq not in dict(view.seals):
            yield Problem("E619", f"entry {seq} is no seal", "the number of the seal that is replaced")
        case _:
            pass
