"""Formulas read: text to tokens to a tree of allowed parts only, within caps, before anything is computed."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from prize.scoring.refusals import ScoringError

MOST_CHARACTERS = 2000
MOST_DEPTH = 40
MOST_PARTS = 400
MOST_DIGITS = 24
PRECEDENCE = {"or": 1, "and": 2, "<": 3, "<=": 3, ">": 3, ">=": 3, "==": 3, "!=": 3, "+": 4, "-": 4, "*": 5, "/": 5}
WORDS = ("and", "or", "not")

_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|#[^\n]*)|(?P<end>[\n;])|(?P<number>\d[\d.]*(?:[eE][+-]?\d+)?|\.\d[\d.]*)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign><=|>=|==|!=|\*\*|[-+*/^<>(),@=])"
)


class Token(NamedTuple):
    kind: str
    text: str
    at: int


class Node(NamedTuple):
    """A part of a formula: number, name, year (a series at one year), call, or sign with its operands."""

    kind: str
    value: str
    parts: tuple["Node", ...]
    at: int
    text: str


class Formula(NamedTuple):
    """A formula that has been read: named steps in order, the last being the result."""

    text: str
    steps: tuple[tuple[str, Node], ...]
    names: tuple[str, ...]  # the indicators it needs


class FormulaError(ScoringError):
    """A formula that cannot be read or computed; the place is a character of the text."""

    def __init__(self, code: str, at: int, what: str, fault: str, remedy: str) -> None:
        super().__init__(code, f"Formula, character {at + 1} ({what[:30]!r})", fault, remedy)
        self.at = at


def parse(text: str) -> Formula:
    """Read a formula: steps such as `H = (LE - 20) / 65`, one a line or parted by semicolons, the last one the result.

    Caps: 2,000 characters, 400 parts, 40 levels of nesting, 24 digits. Nothing is evaluated. Errors: FormulaError with
    the character and the remedy.

    >>> parse("H = (LE - 20) / 65; clip(H, 0, 1)").names
    ('LE',)
    >>> parse("2 *")
    Traceback (most recent call last):
    prize.scoring.formula.parse.FormulaError: Formula, character 4 ('end'): a number, a name or a bracket is expected. \
Remedy: complete the formula.
    """
    if not isinstance(text, str):
        raise FormulaError("not-text", 0, type(text).__name__, "a formula is text", "give text")
    if len(text) > MOST_CHARACTERS:
        fault = f"{len(text)} characters, and {MOST_CHARACTERS} are the most"
        raise FormulaError("too-long", MOST_CHARACTERS, text[-10:], fault, "split it into several formulas")
    reader = _Reader(text, list(_tokens(text)))
    steps = tuple(reader.steps())
    own = {name for name, _ in steps}
    wanted = [node.value for _, tree in steps for node in walk(tree) if node.kind in ("name", "year")]
    return Formula(text, steps, tuple(name for name in dict.fromkeys(wanted) if name not in own))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.parts))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            remedy = "use names, numbers, brackets and + - * / ^ < > = , ; only"
            raise FormulaError("character", at, text[at], "this character means nothing here", remedy)
        kind = match.lastgroup or ""
        if kind == "number" and len(match.group()) > MOST_DIGITS:
            fault = f"a number may have {MOST_DIGITS} digits"
            raise FormulaError("digits", at, match.group(), fault, "shorten it")
        if kind != "space":
            yield Token("word" if match.group() in WORDS else kind, match.group(), at)
        at = match.end()
    yield Token("end", "end", len(text))


class _Reader:
    """Precedence climbing over the tokens, counting depth and parts as it goes."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text, self.tokens = text, tokens
        self.place, self.depth, self.parts = 0, 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.tokens[self.place]
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def steps(self) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        done = False
        while True:
            while self.next.kind == "end" and self.next.text != "end":
                self.take()
            if self.next.text == "end" and self.next.kind == "end":
                break
            if done:
                raise self.wrong(self.next, "a step after the result", "give every step but the last a name")
            name = self.assigned(seen)
            done = name == ""
            yield name or "result", self.expression(0)
            if self.next.kind != "end":
                raise self.wrong(self.next, "this cannot follow here", "put an operator or a new line before it")
        if not done:
            raise self.wrong(self.next, "there is no result", "end with an expression that has no name")

    def assigned(self, seen: set[str]) -> str:
        if self.next.kind != "name" or self.tokens[self.place + 1].text != "=":
            return ""
        name = self.take()
        self.take()
        if name.text in seen or name.text == "result":
            raise self.wrong(name, "this name is taken", "choose another name")
        seen.add(name.text)
        return name.text

    def expression(self, least: int) -> Node:
        self.deeper()
        left = self.unary()
        while (rank := self.rank()) > least:
            sign = self.take()
            right = self.expression(rank)
            if rank == 3 and self.rank() == 3:
                raise self.wrong(self.next, "comparisons cannot be chained", "join them with and")
            left = self.node("sign", sign.text, (left, right), left.at)
        self.depth -= 1
        return left

    def rank(self) -> int:
        return PRECEDENCE.get(self.next.text, 0) if self.next.kind in ("sign", "word") else 0

    def unary(self) -> Node:
        token = self.next
        if token.kind in ("sign", "word") and token.text in ("-", "+", "not"):
            self.deeper()
            self.take()
            operand = self.expression(2) if token.text == "not" else self.unary()
            self.depth -= 1
            return self.node("sign", token.text, (operand,), token.at)
        base = self.atom()
        if self.next.text in ("^", "**") and self.next.kind == "sign":
            self.deeper()
            self.take()
            power = self.unary()
            self.depth -= 1
            return self.node("sign", "^", (base, power), base.at)
        return base

    def atom(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name":
            return self.named(token)
        if token.text == "(" and token.kind == "sign":
            inside = self.expression(0)
            self.close(token)
            return inside._replace(at=token.at, text=self.written(token.at))
        raise self.wrong(token, "a number, a name or a bracket is expected", "complete the formula")

    def number(self, token: Token) -> Node:
        try:
            value = float(token.text)
        except ValueError:
            raise self.wrong(token, "this is no number", "write it with digits and one point") from None
        if value > 1e300:
            raise self.wrong(token, "the number is beyond any scale", "write a smaller one")
        return self.node("number", token.text, (), token.at)

    def named(self, token: Token) -> Node:
        if self.next.text == "(":
            bracket = self.take()
            inside: list[Node] = []
            while self.next.text != ")":
                inside.append(self.expression(0))
                if self.next.text != ",":
                    break
                self.take()
            self.close(bracket)
            return self.node("call", token.text, tuple(inside), token.at)
        if self.next.text == "@":
            self.take()
            year = self.take()
            if year.kind != "number" or not year.text.isdigit():
                raise self.wrong(year, "a year is expected after @", "write it as in population@2020")
            return self.node("year", token.text, (self.node("number", year.text, (), year.at),), token.at)
        return self.node("name", token.text, (), token.at)

    def close(self, bracket: Token) -> None:
        if self.next.text != ")":
            raise self.wrong(self.next, f"the bracket of character {bracket.at + 1} is not closed here", "close it")
        self.take()

    def node(self, kind: str, value: str, parts: tuple[Node, ...], at: int) -> Node:
        self.parts += 1
        if self.parts > MOST_PARTS:
            fault = f"more than {MOST_PARTS} parts"
            raise FormulaError("too-many-parts", at, value, fault, "split it into several formulas")
        return Node(kind, value, parts, at, self.written(at))

    def written(self, at: int) -> str:
        last = self.tokens[self.place - 1]
        return self.text[at : last.at + len(last.text)]

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            fault = f"nested more than {MOST_DEPTH} deep"
            raise FormulaError("too-deep", self.next.at, self.next.text, fault, "split it into named steps")

    def wrong(self, token: Token, fault: str, remedy: str) -> FormulaError:
        return FormulaError("syntax", token.at, token.text, fault, remedy)
