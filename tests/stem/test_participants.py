"""Participants: who competes, level by level; and what a list of them can get wrong."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from emulation.participants import EVERYBODY, Participant, Participants, Selector, problems_of
from emulation.problems import Place
from emulation.testing.facts import people
from small import body

WARDS = Participants(
    (body("b", parent="p", cluster="east"), body("p", "province"), body("a", parent="p", cluster="west"))
)


def what_is_wrong(*bodies: Participant) -> list[str]:
    """Give what is wrong with a list, in words."""
    return [f"{problem.code} {problem.what}" for problem in problems_of(Participants(bodies))]


@given(people())
def test_children_come_before_their_parents(bodies: Participants) -> None:
    """Each stands on one level, and those below it on an earlier one."""
    levels = {one.id: number for number, level in enumerate(bodies.levels) for one in level}

    assert sorted(levels) == sorted(bodies.by_id)
    for parent, children in bodies.children.items():
        assert all(levels[child.id] < levels[parent] for child in children)
    assert list(problems_of(bodies)) == []


def test_a_list_of_participants() -> None:
    """A list is counted, walked, asked for kinds and groups, and for somebody by id."""
    assert (len(WARDS), [one.id for one in WARDS], "a" in WARDS, "x" in WARDS) == (3, ["b", "p", "a"], True, False)
    assert WARDS["a"].name == "A"
    assert WARDS.kinds == ("commune", "province")
    assert WARDS.group_names == ("cluster",)
    assert [one.id for one in WARDS.children["p"]] == ["b", "a"]
    assert Participants(()).levels == ((),)


def test_a_selector_asks_for_all_it_names() -> None:
    """Kinds, groups and ids must all agree, and nothing asked for is everybody."""

    def selected(selector: Selector) -> str:
        return "".join(one.id for one in WARDS.selected(selector))

    assert selected(EVERYBODY) == "bpa"
    assert selected(Selector(kind=("commune",))) == "ba"
    assert selected(Selector(kind=("commune",), group=(("cluster", ("west", "north")),))) == "a"
    assert selected(Selector(id=("p", "a"), kind=("commune",))) == "a"
    assert selected(Selector(group=(("region", ("x",)),))) == ""


def test_a_life_has_a_first_and_a_last_day() -> None:
    """A body lives from its first day to its last, both included."""
    born, gone = date(2025, 7, 1), date(2025, 12, 31)
    merged = Participant("m", "M", "commune", from_=born, until=gone)

    days = (date(2025, 6, 30), born, gone, date(2026, 1, 1))
    assert [merged.lives_on(day) for day in days] == [False, True, True, False]


def test_the_nearest_participant() -> None:
    """A misspelt name suggests a body by its id and name, or nobody."""
    bodies = Participants((Participant("05443", "Thái Nguyên", "province"), Participant("2", "Huế", "city")))

    assert bodies.nearest("Thai Nguyen") == "05443 (Thái Nguyên)"
    assert bodies.nearest("0544") == "05443 (Thái Nguyên)"
    assert bodies.nearest("zzzzz") is None


def test_nobody_takes_part() -> None:
    """A campaign needs somebody to compete."""
    assert what_is_wrong() == ["E144 there are no participants"]


def test_listed_twice() -> None:
    """An id that stands twice says where it stood first."""
    first = Participant("a", "A", "commune", place=Place("people.csv", 2))
    twice = list(problems_of(Participants((first, body("a"), body("a")))))

    assert [one.what for one in twice] == ["participant 'a' is listed twice"] * 2
    assert twice[0].expected == "first in people.csv:2:1"
    assert next(iter(problems_of(Participants((body("a"), body("a")))))).expected is None


def test_unknown_relatives() -> None:
    """A parent or a predecessor that is not listed is told, with the nearest that is."""
    merged = Participant("m", "M", "commune", predecessors=("a", "gone"))

    assert what_is_wrong(body("a", parent="p"), merged) == [
        "E146 unknown parent 'p'",
        "E146 unknown predecessor 'gone'",
    ]


def test_a_body_above_itself() -> None:
    """A circle of parents is told of each in it, and of nobody below it."""
    ring = (body("a", parent="b"), body("b", parent="a"), body("under", parent="a"))

    assert what_is_wrong(*ring) == ["E146 'a' is above itself", "E146 'b' is above itself"]
    assert what_is_wrong(body("a", parent="a")) == ["E146 'a' is above itself"]
    assert Participants(ring).levels
