"""Asking: records that are made when they are first asked for, and kept; who asks sees an ordinary mapping."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from attrs import field, frozen

Key = TypeVar("Key")
Value = TypeVar("Value")


@frozen(eq=False, repr=False)
class OnAsking(Mapping[Key, Value]):
    """A mapping whose keys are known and whose values are made one by one, each once, in whatever order.

    It is equal to a dict of the same keys and values, and shows itself as one.

    >>> asked = []
    >>> squares = OnAsking({2: None, 3: None}, lambda number: asked.append(number) or number * number)
    >>> squares[3], squares[3], len(asked)
    (9, 9, 1)
    >>> squares == {2: 4, 3: 9}
    True
    """

    known: Collection[Key]
    make: Callable[[Key], Value]
    made: dict[Key, Value] = field(factory=dict)

    def __getitem__(self, key: Key) -> Value:
        if key in self.made:
            return self.made[key]
        if key not in self.known:
            raise KeyError(key)
        value = self.made[key] = self.make(key)
        return value

    def __contains__(self, key: object) -> bool:
        return key in self.known

    def __iter__(self) -> Iterator[Key]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def __repr__(self) -> str:
        return repr(dict(self))


@frozen(slots=False, eq=False, repr=False)
class Gathered(Mapping[Key, Value]):
    """A mapping that is gathered as a whole when anything of it is first asked for.

    >>> Gathered(lambda: {"a": 1})["a"]
    1
    """

    gather: Callable[[], Mapping[Key, Value]]

    @cached_property
    def all(self) -> Mapping[Key, Value]:
        """What was gathered."""
        return self.gather()

    def __getitem__(self, key: Key) -> Value:
        return self.all[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __repr__(self) -> str:
        return repr(dict(self.all))
