"""From the tree of an expression to its value."""

from __future__ import annotations

from decimal import Decimal

from reportsvc.forms.expressions import values
from reportsvc.forms.expressions.functions import FUNCTIONS, Context
from reportsvc.forms.expressions.tree import Binary, Call, Column, Negative, Node, Number, Parent, Reference, Self, Text
from reportsvc.forms.expressions.values import Value, to_number, to_text, to_truth

ARITHMETIC = {
    "+": values.add,
    "-": values.subtract,
    "*": values.multiply,
    "div": values.divide,
    "mod": values.remainder,
}

NAMED = {"indexed-repeat": 0, "jr:choice-name": 1}
"""Function → which of its values is a question itself, and not its answer."""


def evaluate(node: Node, context: Context) -> Value:  # noqa: PLR0911 - one return a kind of node or operator
    """The value of a tree that :func:`parse` made; never raises."""
    match node:
        case Number(text):
            return to_number(text)
        case Text(text):
            return text
        case Reference(name):
            return context.lookup(name)
        case Self():
            return context.own
        case Column(name):
            return context.columns.get(name, "")
        case Parent(levels):
            return Decimal(levels)
        case Negative(operand):
            return values.subtract(Decimal(0), to_number(evaluate(operand, context)))
        case Binary(operator, left, right):
            return _binary(operator, left, right, context)
        case Call(function, arguments):
            return FUNCTIONS[function].run(_values(function, arguments, context), context)


def _values(function: str, arguments: tuple[Node, ...], context: Context) -> list[Value]:
    named = NAMED.get(function)
    return [
        argument.name if place == named and isinstance(argument, Reference) else evaluate(argument, context)
        for place, argument in enumerate(arguments)
    ]


def text_result(node: Node, context: Context) -> str:
    """What a calculation puts into its question."""
    return to_text(evaluate(node, context))


def truth_result(node: Node, context: Context) -> bool:
    """Whether a condition holds."""
    return to_truth(evaluate(node, context))


def _binary(operator: str, left: Node, right: Node, context: Context) -> Value:
    one, other = evaluate(left, context), evaluate(right, context)
    if operator == "and":
        return to_truth(one) and to_truth(other)
    if operator == "or":
        return to_truth(one) or to_truth(other)
    if operator in ARITHMETIC:
        return ARITHMETIC[operator](to_number(one), to_number(other))
    return _compare(operator, one, other)


def _compare(operator: str, left: Value, right: Value) -> bool:
    if operator in {"=", "!="} and (isinstance(left, bool) or isinstance(right, bool)):
        return (to_truth(left) == to_truth(right)) == (operator == "=")
    if isinstance(left, tuple):
        return any(_compare(operator, member, right) for member in left)
    if isinstance(right, tuple):
        return any(_compare(operator, left, member) for member in right)
    if operator in {"=", "!="} and isinstance(left, str) and isinstance(right, str):
        return (left == right) == (operator == "=")
    return _ordered(operator, to_number(left), to_number(right))


def _ordered(operator: str, left: Decimal, right: Decimal) -> bool:  # noqa: PLR0911 - one return a kind of node or operator
    if left.is_nan() or right.is_nan():
        return operator == "!="
    match operator:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right
