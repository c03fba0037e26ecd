"""Facts: rows become observations; every row is accounted for, whatever order they come in."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from emulation.campaign import Campaign
from emulation.observations import Observations
from emulation.outcome import score
from emulation.problems import SHOWN_AT_MOST, Problem, Refused
from emulation.reading import facts
from emulation.reading.facts import load_observations, read_table
from emulation.reading.tables import Table
from emulation.reading.values import kinds_of_facts

INDICATORS = """
  online: {share: {of: done, among: due}, over: period, better: higher}
  january: {ratio: {of: done, among: staff}, over: first}
  asked: {sample: {of: said_yes, asked: all_asked, at_least: 10}, at: latest}
  stock: {count: dossiers, at: latest, bounds: {to: 1000}}
  growth: {number: percent, at: latest, bounds: {from: -50%}}
  cost: {number: {en: million}, at: latest, censored: half, bounds: {from: 0, to: 99.5}}
  flow: {count: dossiers, over: period}
  opened: {yes_no: true, at: latest}
  level: {level: [low, high], at: latest}
  place: {rank: 63, at: latest}
  plan: {milestone: {due: 2025-02-28, counted_in: days}, at: latest}
  twice: {formula: 2 * online}
"""


@cache
def rules(**parts: str) -> Campaign:
    """Give a campaign with indicators of every kind."""
    with TemporaryDirectory() as folder:
        every = {"indicators": INDICATORS, "rounds": "{first: {from: 2025-01-01, to: 2025-01-31}}", **parts}
        return rulebook.load(Path(folder), **every)


def read(*rows: str, header: str = "participant,indicator,from,to,value", **parts: str) -> Observations:
    """Read rows of a table called f.csv; its header stands on line 1."""
    cells = tuple(row.split(",") for row in rows)
    return read_table(Table("f.csv", tuple(header.split(",")), cells, range(2, 2 + len(rows)), 0), rules(**parts))


def said(problems: tuple[Problem, ...]) -> list[str]:
    """Give problems with their lines and columns."""
    return [f"{one.place.line}:{one.place.column} {one.code} {one.what}" for one in problems if one.place]


def refused(*rows: str, **more: Any) -> list[str]:
    """Give why a table is refused."""
    with pytest.raises(Refused) as found:
        read(*rows, **more)
    return said(found.value.problems)


# What a row says


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("done", "850", 850),
        ("done", "0", 0),
        ("done", "12.5", Fraction(25, 2)),
        ("done", "9" * 30, int("9" * 30)),
        ("stock", "1000", 1000),
        ("growth", "-12.5%", Fraction(-1, 8)),
        ("cost", "99.5", Fraction(199, 2)),
        ("cost", "1/3", Fraction(1, 3)),
        ("opened", "yes", 1),
        ("opened", "No", 0),
        ("opened", "có", 1),
        ("opened", "KHÔNG", 0),
        ("level", "low", 1),
        ("level", "high", 2),
        ("place", "63", 63),
        ("plan", "2025-02-27", date(2025, 2, 27).toordinal()),
    ],
)
def test_a_value_is_exact(fact: str, text: str, value: Fraction) -> None:
    """A value is read as its indicator says it is written."""
    (one,) = read(f"a,{fact},,2025-01-31,{text}")

    assert (one.value, one.state, one.bound) == (value, "measured", None)


def test_a_row_is_an_observation() -> None:
    """Whose it is, its days, source and place are kept; a stock is about one day."""
    header = "value,indicator,participant,to,from,source,illustrative,state"

    flow, stock = read(
        "8,done,a,2025-03-31,2025-01-01,report 7,yes,", ",stock,b,2025-03-31,,,no,withheld", header=header
    )

    assert (flow.participant, flow.fact, flow.value, flow.source, flow.illustrative) == (
        "a",
        "done",
        8,
        "report 7",
        True,
    )
    assert (flow.span.first, flow.span.last, flow.written) == (date(2025, 1, 1), date(2025, 3, 31), "f.csv:2")
    assert (stock.span.first, stock.span.last, stock.source) == (date(2025, 3, 31), date(2025, 3, 31), None)
    assert (stock.value, stock.state, stock.illustrative) == (None, "withheld", False)


@pytest.mark.parametrize(("text", "bound"), [("<5", "below"), ("> 90", "above")])
def test_a_bound(text: str, bound: str) -> None:
    """A figure reported as a bound is kept as one, where the indicator says what it counts as."""
    (one,) = read(f"a,cost,,2025-01-31,{text}")

    assert one.bound == bound
    assert refused(f"a,stock,,2025-01-31,{text}") == [f"2:5 E316 {text!r} is a bound"]


@pytest.mark.parametrize("state", ["missing", "not_applicable", "not_yet_due", "withheld"])
def test_a_state(state: str) -> None:
    """A state stands in the place of a value; beside a value it is refused."""
    header = "participant,indicator,to,value,state"

    assert [one.state for one in read(f"a,stock,2025-01-31,,{state}", header=header)] == [state]
    assert refused(f"a,stock,2025-01-31,5,{state}", header=header) == [f"2:4 E317 a value beside the state {state!r}"]


def test_what_means_nothing_was_reported() -> None:
    """A text is a missing value only where the campaign declares it."""
    written = {"observations": '{file: f.csv, missing: ["-", n/a, ""]}'}
    rows = ("a,stock,,2025-01-31,-", "b,stock,,2025-01-31,n/a", "p,stock,,2025-01-31,")

    assert [one.state for one in read(*rows, **written)] == ["missing"] * 3
    assert refused(*rows) == ["2:5 E317 no number: '-'", "3:5 E317 no number: 'n/a'", "4:5 E317 an empty value"]
    assert [
        one.state
        for one in read("a,stock,2025-01-31,-,withheld", header="participant,indicator,to,value,state", **written)
    ] == ["withheld"]


def test_a_part_of_two_ratios() -> None:
    """A part that two indicators share is usable where it lies inside the days of either."""
    observed = read(
        "a,done,2025-01-01,2025-01-31,4", "a,done,2025-02-01,2025-03-31,8", "a,done,2024-12-01,2025-01-31,8"
    )

    assert [one.value for one in observed] == [4, 8]
    assert said(observed.set_aside) == ["4:4 E324 2024-12-01 to 2025-01-31 is not inside 2025-01-01 to 2025-03-31"]


def test_a_part_of_two_ratios_is_measured_for_each() -> None:
    """What is reported for January counts in the quarter too."""
    observed = read(
        *(f"a,{part},2025-01-01,2025-01-31,{value}" for part, value in (("done", 4), ("due", 8), ("staff", 2)))
    )

    measured: Any = score(rules(), observed).measurements

    assert (measured["online"]["a"].value, measured["january"]["a"].value) == (Fraction(1, 2), 2)


def test_how_facts_are_written_is_known_by_their_ids() -> None:
    """Parts and observed indicators are facts; what is made of others is none."""
    kinds = kinds_of_facts(rules())

    assert [indicator.id for indicator in kinds["done"]] == ["online", "january"]
    assert "twice" not in kinds
    assert "online" not in kinds


# What becomes of a row that is wrong


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        # texts that are no values
        ("a,stock,,2025-01-31,eight", "2:5 E317 no number: 'eight'"),
        ("a,stock,,2025-01-31,8 files", "2:5 E316 not a number: '8 files'"),
        ("a,stock,,2025-01-31,010", "2:5 E116 a number with a leading zero: '010'"),
        ("a,stock,,2025-01-31,1.000.000", "2:5 E313 a group mark in a number: '1.000.000'"),
        ("a,stock,,2025-01-31,١٢", "2:5 E209 digits of another alphabet: '١٢'"),
        ("a,stock,,2025-01-31,95%", "2:5 E314 '95%' has the sign %"),
        ("a,growth,,2025-01-31,0.95", "2:5 E314 '0.95' lacks the sign %"),
        ("a,opened,,2025-01-31,perhaps", "2:5 E317 'perhaps' is neither yes nor no"),
        ("a,level,,2025-01-31,middle", "2:5 E317 'middle' is no level"),
        ("a,plan,,2025-01-31,soon", "2:5 E319 not a date: 'soon' (write yyyy-mm-dd, as 2025-12-31)"),
        # days
        ("a,stock,,31/01/2025,8", "2:4 E319 not a date: '31/01/2025' (write yyyy-mm-dd, as 2025-12-31)"),
        ("a,done,2025-02-30,2025-03-31,8", "2:3 E319 no such day: '2025-02-30'"),
        ("a,done,2025-03-31,2025-01-01,8", "2:3 E319 the days end before they begin: 2025-03-31 to 2025-01-01"),
        ("a,done,2025-03-31,,8", "2:4 E319 the column 'to' is empty"),
        # both: what cannot be read is told first
        ("a,done,2024-01-01,2024-12-31,x", "2:5 E317 no number: 'x'"),
    ],
)
def test_a_cell_that_cannot_be_read(row: str, problem: str) -> None:
    """A cell that cannot be read as declared refuses the table, and says where."""
    assert refused(row) == [problem]


def test_words_that_are_not_known() -> None:
    """An unknown state and another word than yes or no refuse the table."""
    header = "participant,indicator,to,value,state,illustrative"

    assert refused(
        "a,stock,2025-01-31,,gone,",
        "a,stock,2025-01-31,8,,true",
        "b,stock,2025-01-31,,zero_denominator,",
        header=header,
    ) == [
        "2:5 E317 unknown state 'gone'",
        "3:6 E317 illustrative is 'true'",
        "4:5 E317 unknown state 'zero_denominator'",
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("x,stock,,2025-01-31,8", "2:1 E318 unknown participant 'x'"),
        ("a,stok,,2025-01-31,8", "2:2 E135 unknown indicator 'stok'"),
        ("a,online,,2025-01-31,80%", "2:2 E135 online is made of others and not reported itself"),
        ("a,done,2024-12-31,2025-03-31,8", "2:4 E324 2024-12-31 to 2025-03-31 is not inside 2025-01-01 to 2025-03-31"),
        ("a,stock,2025-01-01,2025-03-31,8", "2:3 E324 a stock is about one day"),
        ("a,stock,,2025-01-31,-1", "2:5 E326 -1 is no count"),
        ("a,stock,,2025-01-31,1.5", "2:5 E326 1.5 is no count"),
        ("a,done,,2025-01-31,-1", "2:5 E326 -1 is negative"),
        ("a,stock,,2025-01-31,1001", "2:5 E325 1001 is out of bounds"),
        ("a,growth,,2025-01-31,-51%", "2:5 E325 -51% is out of bounds"),
        ("a,cost,,2025-01-31,99.6", "2:5 E325 99.6 is out of bounds"),
        ("a,place,,2025-01-31,64", "2:5 E325 64 is no place among 63"),
        ("a,place,,2025-01-31,1.5", "2:5 E325 1.5 is no place among 63"),
    ],
)
def test_a_row_that_cannot_be_used(row: str, problem: str) -> None:
    """A row that can be read and not used is set aside with its reason; the others stay."""
    observed = read("b,stock,,2025-01-31,8", row.replace("2:", "3:"))

    assert said(observed.set_aside) == [problem.replace("2:", "3:", 1)]
    assert (len(observed), observed.tally.read, observed.tally.rejected) == (1, 2, 1)


@pytest.mark.parametrize(
    ("bounds", "row", "expected"),
    [
        ("growth", "a,growth,,2025-01-31,-51%", "at least -50%"),
        ("stock", "a,stock,,2025-01-31,1001", "at most 1000"),
        ("cost", "a,cost,,2025-01-31,99.6", "at least 0 and at most 99.5"),
    ],
)
def test_bounds_are_told_as_they_are_written(bounds: str, row: str, expected: str) -> None:
    """Where values can lie is said in the words of the rulebook."""
    assert bounds in row
    assert [one.expected for one in read(row).set_aside] == [expected]


def test_near_names_are_suggested() -> None:
    """A name is never joined with a near one; the near one is suggested."""
    observed = read("An Binh,done,2025-01-01,2025-03-31,8", "a,don,2025-01-01,2025-03-31,8")

    assert [one.near for one in observed.set_aside] == ["a (An Bình)", "done"]


def test_suggestions_are_sought_for_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for near names is slow: it is done once a name, and for a hundred names."""
    asked: list[str] = []
    monkeypatch.setattr(facts, "near", lambda word, _: asked.append(word))

    read(*(f"a,x{number % 200},,2025-01-31,8" for number in range(1000)))

    assert len(asked) == SHOWN_AT_MOST


# What rows say together


def test_the_same_row_twice() -> None:
    """A fact that is reported again with the same value is unchanged, however it is written; and not counted twice."""
    observed = read("a,cost,,2025-01-31,0.50", "a,cost,2025-01-31,2025-01-31,1/2", "a,cost,,2025-01-31,0.5")

    assert len(observed) == 1
    assert str(observed.tally) == "3 rows read = 1 new + 0 corrected + 2 unchanged + 0 rejected"


@pytest.mark.parametrize("again", ["9", "<8", "8.0001"])
def test_another_value_for_the_same_days(again: str) -> None:
    """Two values for the same days refuse the table, and both lines are named."""
    assert refused("a,cost,,2025-01-31,8", f"a,cost,,2025-01-31,{again}") == [
        "3:5 E320 cost of a is reported twice with unlike values, first on line 2"
    ]


def test_days_reported_twice() -> None:
    """Of flows that have days in common the earliest is kept, so that no day is summed twice."""
    observed = read(
        "a,flow,2025-02-01,2025-02-28,1",
        "a,flow,2025-01-15,2025-02-15,2",
        "a,flow,2025-01-01,2025-01-31,4",
        "a,flow,2025-03-01,2025-03-31,8",
        "b,flow,2025-03-01,2025-03-31,16",
    )

    assert [one.value for one in observed] == [1, 4, 8, 16]
    assert said(observed.set_aside) == ["3:4 E329 flow of a is reported for days that line 4 reports too"]


def test_more_than_the_whole() -> None:
    """A part that is more than its whole is set aside with it, for either may be wrong; a ratio may be above 100 %."""
    observed = read(
        "a,done,2025-01-01,2025-01-31,9",
        "a,due,2025-01-01,2025-01-31,8",
        "a,staff,2025-01-01,2025-01-31,1",
        "b,said_yes,,2025-01-31,6",
        "b,all_asked,,2025-01-31,5.5",
        "b,due,2025-01-01,2025-01-31,5",
    )

    assert [one.fact for one in observed] == ["staff", "due"]
    assert said(observed.set_aside) == [
        "2:5 E327 done is 9, more than due of 8 (line 3)",
        "3:5 E327 due is less than done (line 2)",
        "5:5 E327 said_yes is 6, more than all_asked of 5.5 (line 6)",
        "6:5 E327 all_asked is less than said_yes (line 5)",
    ]


def test_a_whole_without_a_value() -> None:
    """A part is not held against a whole, nor a whole against a part, that has no value."""
    header = "participant,indicator,from,to,value,state"

    observed = read(
        "a,done,2025-01-01,2025-01-31,9,",
        "a,due,2025-01-01,2025-01-31,,withheld",
        "b,done,2025-01-01,2025-01-31,,withheld",
        "b,due,2025-01-01,2025-01-31,9,",
        header=header,
    )

    assert len(observed) == 4


CELLS = st.tuples(
    st.sampled_from(["a", "b", "p", "x"]),
    st.sampled_from(["done", "due", "stock", "flow", "nothing"]),
    st.sampled_from(["", "2025-01-01", "2025-01-15", "2025-02-01"]),
    st.sampled_from(["2025-01-31", "2025-02-28", "2025-04-01"]),
    st.sampled_from(["0", "1", "1", "1", "2", "-1"]),
)
UNREADABLE = st.sampled_from([("a", "done", "", "", "1"), ("a", "done", "", "2025-01-31", "one")])


def outcome_of(rows: list[tuple[str, ...]]) -> tuple[Any, ...]:
    """Give what became of rows, without their places: facts kept and counts, or the codes they are refused with."""
    try:
        observed = read(*map(",".join, rows))
    except Refused as found:
        return (
            "refused",
            {one.code for one in found.value.problems}
            if hasattr(found, "value")
            else {one.code for one in found.problems},
        )
    kept = {(one.participant, one.fact, one.span, one.value, one.state) for one in observed}
    return kept, str(observed.tally)


@given(st.lists(CELLS, max_size=12))
def test_every_row_is_accounted_for(rows: list[tuple[str, ...]]) -> None:
    """Rows read are new, unchanged or rejected; what is new is there, and what is rejected has a reason."""
    try:
        observed = read(*map(",".join, rows))
    except Refused:
        return
    tally = observed.tally

    assert tally.read == len(rows) == tally.new + tally.unchanged + tally.rejected
    assert tally.new == len(observed)
    assert {one.place.line for one in observed.set_aside if one.place}.isdisjoint(one.line for one in observed)
    assert (tally.rejected == 0) == (not observed.set_aside)


@given(st.lists(CELLS | UNREADABLE, max_size=12).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_means_nothing(both: tuple[list[tuple[str, ...]], list[tuple[str, ...]]]) -> None:
    """The same rows in another order give the same facts, the same counts, or the same refusal."""
    assert outcome_of(both[0]) == outcome_of(both[1])


@given(st.lists(CELLS, max_size=12))
def test_rows_given_twice_change_nothing(rows: list[tuple[str, ...]]) -> None:
    """A table given twice over gives the same facts."""
    once, twice = outcome_of(rows), outcome_of([*rows, *rows])

    assert once[0] == twice[0]


# The table


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        ("participant,indicator,to", ["1:1 E311 there is no column 'value'"]),
        ("participant,indicator,to,valu", ["1:4 E315 unknown column 'valu'"]),
        ("participant,indicator,to,value,remark", ["1:5 E315 unknown column 'remark'"]),
        (
            "participant,remark",
            [f"1:1 E311 there is no column {name!r}" for name in ("indicator", "to", "value")]
            + ["1:2 E315 unknown column 'remark'"],
        ),
    ],
)
def test_columns_that_do_not_fit(header: str, problems: list[str]) -> None:
    """A column that is not there, or means nothing, refuses the table; a misspelt one is one problem."""
    assert refused(header=header) == problems


def test_a_table_without_rows() -> None:
    """A header alone is a table of no facts."""
    assert str(read().tally) == "0 rows read = 0 new + 0 corrected + 0 unchanged + 0 rejected"


def test_a_file_is_read_as_declared(tmp_path: Path) -> None:
    """Separator, decimal mark and days are those of the campaign."""
    campaign = rules(observations="{file: f.csv, delimiter: tab, decimal: ',', dates: dd/mm/yyyy}")
    (tmp_path / "f.csv").write_text("participant\tindicator\tto\tvalue\na\tcost\t31/01/2025\t0,5\n", encoding="utf-8")

    assert [one.value for one in load_observations(tmp_path / "f.csv", campaign)] == [Fraction(1, 2)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that is not there is told with the nearest that is."""
    (tmp_path / "august.csv").write_text("", encoding="utf-8")

    with pytest.raises(Refused, match=r"E139 there is no file .*agust.csv; did you mean august.csv\?"):
        load_observations(tmp_path / "agust.csv", rules())
    with pytest.raises(Refused, match="E139 there is no file"):
        load_observations(tmp_path / "nowhere" / "august.csv", rules())
