"""The expressions of a form: parsed once into a small tree, evaluated here and, from the same tree, on the phone.

The rules, which ``static/forms/expressions.js`` follows too and ``tests/vectors/expressions.json`` pins down:

- A value is text, a number, a truth value or, where a name stands for many rows, a list of texts. An answer is
  text; no answer is empty text.
- A number is a decimal of at most 28 significant digits, rounded half to even. From 10^40 on it is not a number;
  nearer to zero than 10^-40 it is zero. There is no binary floating point on either side, so money agrees.
- Text becomes a number when it is written plainly (``-12.50``; no exponent, no comma) or is a date
  (``2026-03-31``: days since 1970-01-01). Anything else, empty text included, is "not a number"; so is any
  arithmetic with it, and the result prints as empty text. Every comparison with it is false, but ``!=`` is true.
- ``=`` and ``!=`` compare as truth values if either side is one, else as numbers if either side is one, else as
  text. ``<`` and its kin always compare numbers. A list compares true if any of its members does.
- ``sum``, ``min`` and ``max`` pass over empty answers; the sum of nothing is 0, the least of nothing is empty.
- ``round`` takes a half towards positive infinity; ``int`` cuts off; ``mod`` takes the sign of the left side.
- ``substr`` counts characters from 0. ``regex`` must match the whole text.
"""

from reportsvc.forms.expressions.evaluate import evaluate, text_result, truth_result
from reportsvc.forms.expressions.functions import Context
from reportsvc.forms.expressions.grammar import ExpressionError, parse
from reportsvc.forms.expressions.tree import Node, from_json, references, to_json

__all__ = [
    "Context",
    "ExpressionError",
    "Node",
    "evaluate",
    "from_json",
    "parse",
    "references",
    "text_result",
    "to_json",
    "truth_result",
]
