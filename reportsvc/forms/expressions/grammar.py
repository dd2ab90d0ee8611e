"""From the text of an expression to its tree, or to an error that points at the character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args
from lark.exceptions import VisitError

from reportsvc.errors import ReportsvcError
from reportsvc.forms.expressions.functions import FORMATS, FUNCTIONS, REFUSED
from reportsvc.forms.expressions.more import MORE
from reportsvc.forms.expressions.regex import PatternError, translate
from reportsvc.forms.expressions.tree import (
    Binary,
    Call,
    Column,
    Negative,
    Node,
    Number,
    Parent,
    Reference,
    Self,
    Text,
    calls,
    walk,
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
    | OWN -> own
    | PARENT -> parent
    | PATH -> path
    | COLUMN -> column
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
OWN.1: /(?:current[ ]*\([ ]*\)[ ]*\/[ ]*)?\.(?![.0-9\/])/
PARENT.1: /\.\.(?:\/\.\.)*(?![.\/])/
PATH.2: /(?:(?:current[ ]*\([ ]*\)\/)?\.\.?|(?=\/))(?:\/\.\.)*(?:\/\/?[A-Za-z_][\w.-]*)+(?![\w.\/*:\[(-])/
COLUMN: /[A-Za-z_][\w.-]*(?![\w.:-])(?!\s*\()/
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
def parse(text: str, columns: frozenset[str] = frozenset()) -> Node:
    """The tree of an expression; a ``choice_filter`` may also name ``columns`` of its choices, without ``${}``.

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
    _look_at_chance(node, text)
    _look_at_places(node, text, columns)
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
    if rest[0] in "/[]|@" or rest.startswith(("../", "./")):
        message = N_("Column %(column)s: paths such as “%(found)s” are not supported. Write ${name}.")
        return ExpressionError(message, place + 1, found=rest[:20])
    if rest[0].isalpha() or rest[0] == "_":
        return _unknown_word(rest, place)
    return ExpressionError(
        N_("Column %(column)s: “%(found)s” does not belong here."), place + 1, found=rest.split()[0][:20]
    )


def _unknown_word(rest: str, place: int) -> ExpressionError:
    message = N_(
        "Column %(column)s: “%(found)s” is neither an operator nor a function. Another question is written "
        "${name}; text stands in quotes."
    )
    return ExpressionError(message, place + 1, found=rest.split(maxsplit=1)[0].split("(", maxsplit=1)[0][:40])


def _look_at_chance(node: Node, text: str) -> None:
    """Refuse chance that would come out anew each time."""
    kept = {id(part) for once in calls(node, "once") for part in walk(once)}
    for name in ("random", "uuid"):
        if any(id(call) not in kept for call in calls(node, name)):
            found = re.search(rf"(?<![\w.:-]){name}\s*\(", text)
            message = N_("Column %(column)s: %(function)s() must stand inside once(…), so that its outcome stays.")
            raise ExpressionError(message, found.start() + 1 if found else 1, function=name)


def _look_at_places(node: Node, text: str, columns: frozenset[str]) -> None:
    """Refuse ``..`` by itself, and bare words but for the columns of the choices that are looked at."""
    inside = {id(part) for position in calls(node, "position") for part in position.arguments}
    for part in walk(node):
        if isinstance(part, Parent) and id(part) not in inside:
            raise ExpressionError(_ONLY_POSITION, text.find("..") + 1)
        if isinstance(part, Column) and part.name not in columns:
            bare = re.sub(r"'[^']*'|\"[^\"]*\"|\$\{[^}]*\}", lambda quoted: " " * len(quoted[0]), text)
            found = re.search(rf"(?<![\w./-]){re.escape(part.name)}(?![\w.-])", bare)
            raise _unknown_word(part.name, found.start() if found else 0)


def needs_more(node: Node | None) -> bool:
    """Whether the phone needs ``static/forms/more.js`` for the expression; moments as answers need it too."""
    parts = walk(node) if node is not None else ()
    return any(isinstance(part, Call) and part.function in {*MORE, *FORMATS} for part in parts)


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

    def own(self, _: Token) -> Node:
        return Self()

    def parent(self, token: Token) -> Node:
        return Parent(str(token).count(".."))

    def path(self, token: Token) -> Node:
        return Reference(str(token).rpartition("/")[2])

    def column(self, token: Token) -> Node:
        return Column(str(token))

    def negative(self, operand: Node) -> Node:
        return Negative(operand)

    def binary(self, left: Node, operator: Token, right: Node) -> Node:
        return Binary(str(operator), left, right)

    def call(self, name: Token, *arguments: Node | None) -> Node:
        given = tuple(argument for argument in arguments if argument is not None)
        return _call(str(name), given, (name.start_pos or 0) + 1)


def _call(name: str, arguments: tuple[Node, ...], column: int) -> Node:
    if name in REFUSED:
        raise ExpressionError(REFUSED[name], column, function=name)
    function = FUNCTIONS.get(name)
    if function is None:
        message = N_("Column %(column)s: there is no function %(function)s() here. Known are: %(known)s.")
        raise ExpressionError(message, column, function=name, known=", ".join(sorted(FUNCTIONS)))
    if not function.least <= len(arguments) <= function.most:
        message = N_("Column %(column)s: %(function)s() takes %(takes)s values, not %(given)s.")
        raise ExpressionError(message, column, function=name, takes=function.takes, given=len(arguments))
    return Call(name, _checked(name, arguments, column))


_ONLY_POSITION = N_("Column %(column)s: “..” is for position(..) only, and it needs it.")


def _checked(name: str, arguments: tuple[Node, ...], column: int) -> tuple[Node, ...]:
    """The arguments, with what must be written out looked at now rather than on somebody's phone."""
    parents = [argument for argument in arguments if isinstance(argument, Parent)]
    if (name == "position") != bool(parents):
        raise ExpressionError(_ONLY_POSITION, column)
    if name == "regex":
        return arguments[0], Text(_pattern(arguments[1], column))
    if name in FORMATS:
        _look_at_format(name, arguments[1], column)
    if name in {"count", "count-non-empty"} and not isinstance(arguments[0], Reference):
        raise ExpressionError(N_("Column %(column)s: %(function)s() takes one ${name}."), column, function=name)
    if name in _WRITTEN:
        return _WRITTEN[name](arguments, column)
    return arguments


def _indexed_repeat(arguments: tuple[Node, ...], column: int) -> tuple[Node, ...]:
    """A question, then repeats around it, each with a row: the repeats' names become texts."""
    names = [arguments[0], *arguments[1::2]]
    if len(arguments) % 2 == 0 or not all(isinstance(each, Reference) for each in names):
        message = N_("Column %(column)s: indexed-repeat() takes ${question}, ${repeat}, row, and so on inwards.")
        raise ExpressionError(message, column)
    return tuple(
        Text(each.name) if place % 2 and isinstance(each, Reference) else each for place, each in enumerate(arguments)
    )


def _choice_name(arguments: tuple[Node, ...], column: int) -> tuple[Node, ...]:
    """A value, then its question as ``'${name}'``, which becomes a reference."""
    named = arguments[1]
    found = re.fullmatch(r"\s*(?:\$\{\s*([\w.-]+)\s*\}|[./]*/(?:[\w.-]+/)*([\w.-]+))\s*", getattr(named, "text", ""))
    if isinstance(named, Text) and found:
        return arguments[0], Reference(found[1] or found[2])
    if isinstance(named, Reference):
        return arguments
    message = N_("Column %(column)s: jr:choice-name() takes a value and the question whose choice it is, as '${name}'.")
    raise ExpressionError(message, column)


def _pulldata(arguments: tuple[Node, ...], column: int) -> tuple[Node, ...]:
    if all(isinstance(each, Text) for each in arguments[:3]):
        return arguments
    message = N_("Column %(column)s: pulldata() takes the list, the wanted column and the key column in quotes.")
    raise ExpressionError(message, column)


def _weighted(arguments: tuple[Node, ...], column: int) -> tuple[Node, ...]:
    if len(arguments) % 2 == 0:
        return arguments
    message = N_("Column %(column)s: weighted-checklist() takes a weight after each value.")
    raise ExpressionError(message, column)


_WRITTEN = {
    "indexed-repeat": _indexed_repeat,
    "jr:choice-name": _choice_name,
    "pulldata": _pulldata,
    "weighted-checklist": _weighted,
}


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


def _look_at_format(name: str, node: Node, column: int) -> None:
    codes = node.text.split("%")[1:] if isinstance(node, Text) else [""]
    if any(not code or code[0] not in FORMATS[name] for code in codes):
        message = N_("Column %(column)s: %(function)s() takes a quoted format of these codes: %(known)s.")
        raise ExpressionError(message, column, function=name, known=" ".join(f"%{code}" for code in FORMATS[name]))
