"""From the text of an expression to its tree, or to an error that points at the character."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args
from lark.exceptions import VisitError

from reportsvc.errors import ReportsvcError
from reportsvc.forms.expressions.functions import FUNCTIONS, REFUSED
from reportsvc.forms.expressions.regex import PatternError, translate
from reportsvc.forms.expressions.tree import (
    Binary,
    Call,
    Negative,
    Node,
    Number,
    Parent,
    Reference,
    Self,
    Text,
)
from reportsvc.forms.messages import N_

LENGTH = 2000  # characters
DEPTH = 60  # operators and functions inside one another

GRAMMAR = r"""
?start: either
?either: both | either OR both -> binary
?both: equality | both AND equality -> binary
?equality: comparison | equality EQUAL comparison -> binary
?comparison: sum | comparison COMPARE sum -> binary
?sum: product | sum SIGN product -> binary
?product: signed | product TIMES signed -> binary
?signed: value | "-" signed -> negative
?value: NUMBER -> number
    | TEXT -> text
    | REFERENCE -> reference
    | "." -> own
    | ".." -> parent
    | "(" either ")"
    | NAME "(" [either ("," either)*] ")" -> call

OR: /or(?![\w.-])/
AND: /and(?![\w.-])/
EQUAL: "!=" | "="
COMPARE: "<=" | ">=" | "<" | ">"
SIGN: "+" | "-"
TIMES: "*" | /(?:div|mod)(?![\w.-])/
NUMBER: /[0-9]+(?:\.[0-9]*)?|\.[0-9]+/
TEXT: /'[^']*'|"[^"]*"/
REFERENCE: /\$\{[^}]*\}/
NAME: /[A-Za-z_][A-Za-z0-9_.:-]*(?=\s*\()/
%ignore /[ \t\r\n]+/
"""

INSTEAD = {
    **dict(zip("＝（）＋－＊，．！＜＞＄｛｝／［］｜　：", "=()+-*,.!<>${}/[]| :", strict=True)),
    **{chr(ord("０") + digit): str(digit) for digit in range(10)},
    **{"‘": "'", "’": "'", "“": '"', "”": '"', "＇": "'", "＂": '"', "「": "'", "」": "'", "、": ",", "。": "."},
    **{"≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "div", "−": "-", "–": "-", "—": "-", "\u00a0": " "},
}
"""Characters of a Chinese keyboard or a word processor → what an expression needs in their place."""


class ExpressionError(ReportsvcError):
    """An expression that can't be evaluated; ``column`` counts its characters from 1."""

    def __init__(self, message: str, column: int, **values: object) -> None:
        self.column = column
        super().__init__(message, column=column, **values)


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of an expression.

    :raises ExpressionError: with the column of what can't be read and what to write instead.
    """
    if len(text) > LENGTH:
        raise ExpressionError(N_("The expression is longer than %(limit)s characters."), LENGTH, limit=LENGTH)
    _look_at_characters(text)
    try:
        node: Node = _parser().parse(text)
    except UnexpectedToken as error:
        raise _unexpected(
            text, len(text) if error.token.start_pos is None or error.token.type == "$END" else error.token.start_pos
        ) from None
    except UnexpectedCharacters as error:
        raise _unexpected(text, error.pos_in_stream or 0) from None
    except VisitError as error:
        raise error.orig_exc from None
    _look_at_depth(node)
    return node


@cache
def _parser() -> Any:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Tree())


def _look_at_characters(text: str) -> None:
    """Point at the first character that was typed in another width, outside quoted text, and at open quotes."""
    quote, opened = "", 0
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote, opened = character, place
        elif character in INSTEAD:
            message = N_("Column %(column)s holds “%(found)s”; type “%(instead)s” there instead.")
            raise ExpressionError(message, place + 1, found=character, instead=INSTEAD[character])
    if quote:
        raise ExpressionError(N_("The text that begins at column %(column)s has no closing quote."), opened + 1)


def _unexpected(text: str, place: int) -> ExpressionError:
    rest = text[place:].strip()
    if not text.strip():
        return ExpressionError(N_("The expression is empty."), 1)
    if not rest:
        return ExpressionError(N_("The expression breaks off at its end."), len(text) + 1)
    if rest[0] in "/[]|@":
        message = N_("Column %(column)s: paths such as “%(found)s” are not supported. Write ${name}.")
        return ExpressionError(message, place + 1, found=rest[:20])
    if rest[0].isalpha() or rest[0] == "_":
        name = rest.split()[0].split("(")[0][:40]
        message = N_(
            "Column %(column)s: “%(found)s” is neither an operator nor a function. Another question is written "
            "${name}; text stands in quotes."
        )
        return ExpressionError(message, place + 1, found=name)
    return ExpressionError(
        N_("Column %(column)s: “%(found)s” does not belong here."), place + 1, found=rest.split()[0][:20]
    )


def _look_at_depth(node: Node) -> None:
    """Refuse what would recurse too far, here or on a phone."""
    level: list[Node] = [node]
    for _ in range(DEPTH):
        level = [below for above in level for below in _children(above)]
        if not level:
            return
    message = N_("The expression is nested too deeply; use sum(…) for long sums, or calculate a part on its own row.")
    raise ExpressionError(message, 1)


def _children(node: Node) -> Sequence[Node]:
    match node:
        case Negative(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
    return ()


@v_args(inline=True)
class _Tree(Transformer[Token, Node]):
    """Builds our nodes while lark parses."""

    def number(self, token: Token) -> Node:
        return Number(str(token))

    def text(self, token: Token) -> Node:
        return Text(str(token)[1:-1])

    def reference(self, token: Token) -> Node:
        name = str(token)[2:-1].strip()
        if not name or not all(part.isalnum() or part in "_.-" for part in name):
            message = N_("Column %(column)s: “%(found)s” does not name a question.")
            raise ExpressionError(message, (token.start_pos or 0) + 1, found=str(token))
        return Reference(name)

    def own(self) -> Node:
        return Self()

    def parent(self) -> Node:
        return Parent()

    def negative(self, operand: Node) -> Node:
        return Negative(operand)

    def binary(self, left: Node, operator: Token, right: Node) -> Node:
        return Binary(str(operator), left, right)

    def call(self, name: Token, *arguments: Node | None) -> Node:
        given = tuple(argument for argument in arguments if argument is not None)
        return _call(str(name), given, (name.start_pos or 0) + 1)


def _call(name: str, arguments: tuple[Node, ...], column: int) -> Node:
    if name in REFUSED:
        message = N_("Column %(column)s: the function %(function)s() is not supported: %(why)s")
        raise ExpressionError(message, column, function=name, why=REFUSED[name])
    function = FUNCTIONS.get(name)
    if function is None:
        message = N_("Column %(column)s: there is no function %(function)s() here. Known are: %(known)s.")
        raise ExpressionError(message, column, function=name, known=", ".join(sorted(FUNCTIONS)))
    if not function.least <= len(arguments) <= function.most:
        message = N_("Column %(column)s: %(function)s() takes %(takes)s values, not %(given)s.")
        raise ExpressionError(message, column, function=name, takes=function.takes, given=len(arguments))
    return Call(name, _checked(name, arguments, column))


def _checked(name: str, arguments: tuple[Node, ...], column: int) -> tuple[Node, ...]:
    """The arguments, with what must be written out looked at now rather than on somebody's phone."""
    parents = [argument for argument in arguments if isinstance(argument, Parent)]
    if (name == "position") != bool(parents):
        raise ExpressionError(N_("Column %(column)s: “..” is for position(..) only, and it needs it."), column)
    if name == "regex":
        return arguments[0], Text(_pattern(arguments[1], column))
    if name == "format-date":
        _look_at_format(arguments[1], column)
    if name in {"count", "count-non-empty"} and not isinstance(arguments[0], Reference):
        raise ExpressionError(N_("Column %(column)s: %(function)s() takes one ${name}."), column, function=name)
    return arguments


def _pattern(node: Node, column: int) -> str:
    if not isinstance(node, Text):
        message = N_("Column %(column)s: the pattern of regex() must be written out in quotes.")
        raise ExpressionError(message, column)
    try:
        return translate(node.text)
    except PatternError as error:
        raise ExpressionError(
            N_("Column %(column)s: the pattern of regex() can't be used at its character %(at)s (“%(found)s”)."),
            column,
            at=error.place + 1,
            found=error.found,
        ) from None


def _look_at_format(node: Node, column: int) -> None:
    codes = node.text.split("%")[1:] if isinstance(node, Text) else [""]
    if any(code[:1] not in {"Y", "y", "m", "n", "d", "e"} for code in codes):
        message = N_("Column %(column)s: format-date() takes a quoted format of %%Y %%y %%m %%n %%d %%e.")
        raise ExpressionError(message, column)
