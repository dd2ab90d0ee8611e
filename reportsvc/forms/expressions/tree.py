"""The tree of an expression, and its JSON: small arrays, because it travels to the phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written, such as ``0.05``."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """``${name}``: another question's answer, or all its answers in a repeat."""

    name: str


@dataclass(frozen=True, slots=True)
class Self:
    """``.``: the answer of the question that the expression belongs to."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the choice that a choice_filter looks at."""

    name: str


@dataclass(frozen=True, slots=True)
class Parent:
    """``..`` and, with more levels, ``../..``: only inside ``position(..)``."""

    levels: int = 1


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign in front."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands; ``operator`` is one of ``or and = != < <= > >= + - * div mod``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Text | Reference | Column | Self | Parent | Negative | Binary | Call


def to_json(node: Node) -> list[Any]:  # noqa: PLR0911 - one return a kind of node or operator
    """The tree as arrays: ``["n","1"] ["t","x"] ["$","name"] ["."] [".."] ["-",x] ["o","+",x,y] ["f","if",x,…]``,

    and rarely ``["..",2]`` for ``../..`` and ``["c","county"]`` for a column of a choice.
    """
    match node:
        case Number(text):
            return ["n", text]
        case Text(text):
            return ["t", text]
        case Reference(name):
            return ["$", name]
        case Self():
            return ["."]
        case Column(name):
            return ["c", name]
        case Parent(levels):
            return [".."] if levels == 1 else ["..", levels]
        case Negative(operand):
            return ["-", to_json(operand)]
        case Binary(operator, left, right):
            return ["o", operator, to_json(left), to_json(right)]
        case Call(function, arguments):
            return ["f", function, *map(to_json, arguments)]


def from_json(data: list[Any]) -> Node:  # noqa: PLR0911 - one return a kind of node or operator
    """The tree of :func:`to_json`'s arrays.

    :raises ValueError: if ``data`` is something else.
    """
    match data:
        case ["n", str(text)]:
            return Number(text)
        case ["t", str(text)]:
            return Text(text)
        case ["$", str(name)]:
            return Reference(name)
        case ["."]:
            return Self()
        case [".."]:
            return Parent()
        case ["..", int(levels)]:
            return Parent(levels)
        case ["c", str(name)]:
            return Column(name)
        case ["-", list(operand)]:
            return Negative(from_json(operand))
        case ["o", str(operator), list(left), list(right)]:
            return Binary(operator, from_json(left), from_json(right))
        case ["f", str(function), *arguments]:
            return Call(function, tuple(map(from_json, arguments)))
    raise ValueError(f"not the JSON of an expression: {data!r}")


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything below it."""
    yield node
    match node:
        case Negative(operand):
            yield from walk(operand)
        case Binary(_, left, right):
            yield from walk(left)
            yield from walk(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from walk(argument)


def references(node: Node | None) -> frozenset[str]:
    """The names that the expression asks for by ``${name}``; none for no expression."""
    if node is None:
        return frozenset()
    return frozenset(part.name for part in walk(node) if isinstance(part, Reference))


def calls(node: Node | None, function: str) -> Iterator[Call]:
    """Every call of a function in an expression."""
    for part in walk(node) if node is not None else ():
        if isinstance(part, Call) and part.function == function:
            yield part


def named_choices(node: Node | None) -> frozenset[str]:
    """The questions whose choices' labels the expression asks for by ``jr:choice-name()``."""
    asked = (call.arguments[1] for call in calls(node, "jr:choice-name"))
    return frozenset(other.name for other in asked if isinstance(other, Reference))


def named_repeats(node: Node | None) -> frozenset[tuple[str, str]]:
    """(question, repeat) for each repeat that an ``indexed-repeat()`` names around its question."""
    found = set()
    for call in calls(node, "indexed-repeat"):
        question, *others = call.arguments
        for repeat in others[::2]:
            if isinstance(question, Reference) and isinstance(repeat, Text):
                found.add((question.name, repeat.text))
    return frozenset(found)


def pulled(node: Node | None) -> frozenset[tuple[str, str, str]]:
    """(list without .csv, column that is wanted, column that is looked through) of each ``pulldata()``."""
    found = set()
    for call in calls(node, "pulldata"):
        match call.arguments:
            case (Text(name), Text(wanted), Text(key), _):
                found.add((name.removesuffix(".csv"), wanted, key))
    return frozenset(found)
