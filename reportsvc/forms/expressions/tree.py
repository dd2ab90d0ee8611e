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
class Parent:
    """``..``: only inside ``position(..)``."""


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


Node = Number | Text | Reference | Self | Parent | Negative | Binary | Call


def to_json(node: Node) -> list[Any]:  # noqa: PLR0911 - one return a kind of node or operator
    """The tree as arrays: ``["n","1"] ["t","x"] ["$","name"] ["."] [".."] ["-",x] ["o","+",x,y] ["f","if",x,…]``."""
    match node:
        case Number(text):
            return ["n", text]
        case Text(text):
            return ["t", text]
        case Reference(name):
            return ["$", name]
        case Self():
            return ["."]
        case Parent():
            return [".."]
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
