"""Formulas: a small exact arithmetic in text, for what no rule kind says; never Python's own evaluation.

    expression = term {("+" | "-") term}
    term       = factor {("*" | "/") factor}
    factor     = ["-"] atom ["**" whole number up to 16]
    atom       = number | name | function "(" expression {"," expression} ")" | "(" expression ")"

Functions: ``min max abs floor ceil`` · ``round(x, decimals)`` (half up) · ``first_known largest_known least_known
sum_known`` (which pass over what is not measured) · ``ln exp sqrt power``, which are irrational and therefore
written only inside ``round``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from emulation.exact import (
    NotExact,
    Rational,
    add_up,
    divide,
    exponential,
    logarithm,
    power,
    raise_to,
    read_number,
    rounded,
    within_budget,
    within_root_budget,
)

MAX_CHARACTERS = 4000
MAX_NODES = 500
MAX_DEPTH = 30
MAX_EXPONENT = 16

KNOWN_PASSERS = ("first_known", "largest_known", "least_known", "sum_known")
IRRATIONAL = ("ln", "exp", "sqrt", "power")
ARGUMENTS = {
    "min": (1, 100),
    "max": (1, 100),
    "abs": (1, 1),
    "floor": (1, 1),
    "ceil": (1, 1),
    "round": (2, 2),
    "first_known": (1, 100),
    "largest_known": (1, 100),
    "least_known": (1, 100),
    "sum_known": (1, 100),
    "ln": (1, 1),
    "exp": (1, 1),
    "sqrt": (1, 1),
    "power": (2, 2),
}


@frozen
class Number:
    """A written number."""

    value: Rational


@frozen
class Name:
    """An id whose value the formula takes."""

    id: str


@frozen
class Call:
    """A function or an operator (``+ - * / ** neg``) and what it is applied to."""

    function: str
    arguments: tuple[Term, ...]


Term: TypeAlias = Number | Name | Call


@frozen
class Expression:
    """A formula: the text as written and the tree it means."""

    text: str
    term: Term

    @property
    def names(self) -> tuple[str, ...]:
        """The ids the formula mentions, each once, in the order of their first mention."""
        return tuple(dict.fromkeys(_names(self.term)))


@frozen
class Unknown:
    """What a formula gives when an input is not measured: the input's id."""

    id: str


@frozen
class DividedByZero:
    """What a formula gives when a divisor comes out as zero."""


Result: TypeAlias = Rational | Unknown | DividedByZero


class NotAFormula(ValueError):
    """A text that is no formula: a stable code, what is wrong, and where in the text (from 0)."""

    def __init__(self, code: str, what: str, at: int) -> None:
        super().__init__(f"{what} (character {at + 1})")
        self.code, self.what, self.at = code, what, at


_TOKEN = re.compile(r"\s*(?:(?P<number>\d[\w.]*%?)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/(),]))", re.ASCII)
_FOREIGN = re.compile(r"==|<=|>=|!=|<<|>>|[=<>!&|^~%@?:;\[\]{}'\"`$#.\\]|//", re.ASCII)


def read_formula(text: str) -> Expression:
    """Read a formula; raise `NotAFormula` with a code and the place of the first slip.

    >>> read_formula("6*a + min(2, 2.5*b)").names
    ('a', 'b')
    """
    if len(text) > MAX_CHARACTERS:
        raise NotAFormula("E204", f"a formula of more than {MAX_CHARACTERS} characters", MAX_CHARACTERS)
    parser = _Parser(list(_tokens(text)))
    term = parser.expression(0)
    parser.expect_end()
    _check_irrational(term, inside_round=False)
    return Expression(text, term)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _foreign(text, at + len(text[at:]) - len(text[at:].lstrip()))
        yield match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)
        at = match.end()
    yield "end", "", end


def _foreign(text: str, at: int) -> NotAFormula:
    """Say which other language a sign comes from."""
    if found := _FOREIGN.match(text, at):
        comparing = found[0][0] in "=<>!" and found[0] not in ("<<", ">>")
        what = "a formula does not compare; write a condition" if comparing else f"{found[0]!r} is not in the language"
        return NotAFormula("E208" if comparing else "E203", what, at)
    if text[at].isdigit():
        return NotAFormula("E209", f"a digit of another alphabet: {text[at]!r}", at)
    return NotAFormula("E203", f"{text[at]!r} is not in the language", at)


class _Parser:
    """Reads tokens by recursive descent, within a budget of nodes and depth."""

    def __init__(self, tokens: list[tuple[str, str, int]]) -> None:
        self._tokens, self._next, self._nodes = tokens, 0, 0

    def expression(self, depth: int) -> Term:
        return self._chain(("+", "-"), self._product, depth)

    def expect_end(self) -> None:
        kind, text, at = self._tokens[self._next]
        if kind != "end":
            raise NotAFormula("E203", f"{text!r} was not expected here", at)

    def _product(self, depth: int) -> Term:
        return self._chain(("*", "/"), self._factor, depth)

    def _chain(self, signs: tuple[str, ...], part: Callable[[int], Term], depth: int) -> Term:
        left = part(depth)
        while self._sign() in signs:
            sign, at = self._take()
            right = part(depth)
            if sign == "/" and right == Number(0):
                raise NotAFormula("E206", "a division by zero", at)
            left = self._node(Call(sign, (left, right)), at)
        return left

    def _factor(self, depth: int) -> Term:
        if self._sign() == "-":
            _, at = self._take()
            return self._node(Call("neg", (self._factor(self._deeper(depth)),)), at)
        base = self._atom(depth)
        if self._sign() != "**":
            return base
        _, at = self._take()
        kind, text, _ = self._tokens[self._next]
        if kind != "number" or not text.isdecimal() or len(text) > 2 or int(text) > MAX_EXPONENT:  # noqa: PLR2004
            raise NotAFormula("E201", f"an exponent is a whole number of at most {MAX_EXPONENT}", at)
        self._take()
        if self._sign() == "**":
            raise NotAFormula("E201", "a power of a power; write brackets", at)
        return self._node(Call("**", (base, Number(int(text)))), at)

    def _atom(self, depth: int) -> Term:
        kind, text, at = self._tokens[self._next]
        self._next += kind != "end"
        if kind == "number":
            return self._node(Number(_number(text, at)), at)
        if kind == "name":
            return self._node(self._call(text, at, depth) if self._sign() == "(" else Name(text), at)
        if text == "(":
            inner = self.expression(self._deeper(depth))
            self._close()
            return inner
        what = "the formula ends too early" if kind == "end" else f"{text!r} was not expected here"
        raise NotAFormula("E203", what, at)

    def _call(self, function: str, at: int, depth: int) -> Term:
        if function not in ARGUMENTS:
            raise NotAFormula("E202", f"there is no function {function!r}; there are {', '.join(ARGUMENTS)}", at)
        self._take()
        arguments = [self.expression(self._deeper(depth))]
        while self._sign() == ",":
            self._take()
            arguments.append(self.expression(self._deeper(depth)))
        self._close()
        fewest, most = ARGUMENTS[function]
        if not fewest <= len(arguments) <= most:
            raise NotAFormula("E202", f"{function} takes {fewest} argument{'s' * (fewest > 1)}", at)
        return Call(function, tuple(arguments))

    def _close(self) -> None:
        _, text, at = self._tokens[self._next]
        if text != ")":
            raise NotAFormula("E203", "a bracket is not closed", at)
        self._take()

    def _sign(self) -> str:
        kind, text, _ = self._tokens[self._next]
        return text if kind == "sign" else ""

    def _take(self) -> tuple[str, int]:
        _, text, at = self._tokens[self._next]
        self._next += 1
        return text, at

    def _deeper(self, depth: int) -> int:
        if depth == MAX_DEPTH:
            raise NotAFormula("E204", f"brackets deeper than {MAX_DEPTH}", self._tokens[self._next][2])
        return depth + 1

    def _node(self, term: Term, at: int) -> Term:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise NotAFormula("E204", f"a formula of more than {MAX_NODES} parts", at)
        return term


def _number(text: str, at: int) -> Rational:
    try:
        return read_number(text)
    except NotExact as slip:
        raise NotAFormula(slip.code, str(slip), at) from None


def _names(term: Term) -> Iterator[str]:
    match term:
        case Name(id):
            yield id
        case Call(_, arguments):
            for argument in arguments:
                yield from _names(argument)
        case Number():
            pass


def _check_irrational(term: Term, *, inside_round: bool) -> None:
    """See that a function without an exact value stands directly inside a ``round`` to written decimals."""
    if not isinstance(term, Call):
        return
    if term.function in IRRATIONAL and not inside_round:
        raise NotAFormula("E211", f"{term.function} is not exact: write round({term.function}(...), decimals)", 0)
    if term.function == "round" and not (
        isinstance(term.arguments[1], Number) and term.arguments[1].value in range(13)
    ):
        raise NotAFormula("E211", "round takes a written number of decimals, 0 to 12", 0)
    for argument in term.arguments:
        _check_irrational(argument, inside_round=term.function == "round")


def evaluate(expression: Expression, value_of: Mapping[str, Rational | None]) -> Result:
    """Give a formula's exact value; None among the values means that an input is not measured.

    >>> evaluate(read_formula("1 - (late + disliked) / all"), {"late": 3, "disliked": 1, "all": 16})
    Fraction(3, 4)
    """
    return _value(expression.term, value_of)


def _value(term: Term, value_of: Mapping[str, Rational | None]) -> Result:
    match term:
        case Number(value):
            return value
        case Name(id):
            found = value_of[id]
            return Unknown(id) if found is None else found
        case Call("round", (Call(function, arguments), Number(decimals))) if function in IRRATIONAL:
            return _strictly(
                [_value(argument, value_of) for argument in arguments],
                lambda *known: _irrational(function, known, int(decimals)),
            )
        case Call(function, arguments):
            results = [_value(argument, value_of) for argument in arguments]
            if function in KNOWN_PASSERS:
                return _passing_over(function, results)
            return _strictly(results, _FUNCTIONS[function])


def _strictly(results: list[Result], function: Callable[..., Result]) -> Result:
    """Apply a function to its arguments, unless one of them has none to give."""
    for result in results:
        if isinstance(result, Unknown | DividedByZero):
            return result
    return function(*results)


def _passing_over(function: str, results: list[Result]) -> Result:
    known = [result for result in results if not isinstance(result, Unknown | DividedByZero)]
    if not known:
        return results[0]
    match function:
        case "first_known":
            return known[0]
        case "largest_known":
            return max(known)
        case "least_known":
            return min(known)
        case _:
            return add_up(known)


def _irrational(function: str, known: tuple[Rational, ...], decimals: int) -> Result:
    value = known[0]
    match function:
        case "ln" if value > 0:
            return logarithm(value, decimals)
        case "exp":
            return exponential(value, decimals)
        case "sqrt" if value >= 0:
            return power(value, Fraction(1, 2), decimals)
        case "power" if value > 0 or (value == 0 and known[1] > 0):
            return power(value, within_root_budget(value, known[1], decimals), decimals)
    raise NotExact("E207", f"{function} of {value}", "it has no value there")


def _divided(dividend: Rational, divisor: Rational) -> Result:
    return DividedByZero() if divisor == 0 else within_budget(divide(dividend, divisor))


_FUNCTIONS: Mapping[str, Callable[..., Result]] = {
    "+": lambda left, right: within_budget(left + right),
    "-": lambda left, right: within_budget(left - right),
    "*": lambda left, right: within_budget(left * right),
    "/": _divided,
    "**": raise_to,
    "neg": lambda value: -value,
    "abs": abs,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "floor": lambda value: rounded(value, 0, "floor"),
    "ceil": lambda value: rounded(value, 0, "ceiling"),
    "round": lambda value, decimals: rounded(value, decimals, "half_up"),
}
