"""The expressions of a form: parsed once into a small tree, evaluated here and, from the same tree, on the phone.

The rules, which ``static/forms/expressions.js`` follows too and ``tests/vectors/expressions.json`` pins down:

- A value is text, a number, a truth value or, where a name stands for many rows, a list of texts. An answer is
  text; no answer is empty text.
- A number is a decimal of at most 28 significant digits, rounded half to even. From 10^40 on it is not a number;
  nearer to zero than 10^-40 it is zero. There is no binary floating point on either side, so money agrees.
- Text becomes a number when it is written plainly (``-12.50``; no exponent, no comma), is a date (``2026-03-31``:
  days since 1970-01-01) or a moment (``2026-03-31T18:00:00.000+08:00``: 20543.75; moments are counted on the clock of
  UTC+8, so that days stay whole). Anything else, empty text included, is "not a number"; so is any arithmetic with
  it, and the result prints as empty text. Every comparison with it is false, but ``!=`` is true.
- ``=`` and ``!=`` compare as truth values if either side is one, else as numbers if either side is one, else as
  text. ``<`` and its kin always compare numbers. A list compares true if any of its members does.
- ``sum``, ``min`` and ``max`` pass over empty answers; the sum of nothing is 0, the least of nothing is empty.
- ``round`` takes a half towards positive infinity; ``int`` cuts off; ``mod`` takes the sign of the left side.
- Roots, powers, logarithms and angles are worked out by the same steps on both sides (``curves.py``), so they agree
  to the last digit.
- ``random`` and ``uuid`` stand inside ``once()`` only, so that the first outcome stays. ``now`` is the caller's.
- A path stands for the question that it ends at: names are unique in a form.
- ``substr`` counts characters from 0. ``regex`` must match the whole text.
"""

from reportsvc.forms.expressions.calling import Context
from reportsvc.forms.expressions.evaluate import evaluate, text_result, truth_result
from reportsvc.forms.expressions.grammar import ExpressionError, needs_more, parse
from reportsvc.forms.expressions.tree import (
    Node,
    from_json,
    named_choices,
    named_repeats,
    pulled,
    references,
    to_json,
)

__all__ = [
    "Context",
    "ExpressionError",
    "Node",
    "evaluate",
    "from_json",
    "named_choices",
    "named_repeats",
    "needs_more",
    "parse",
    "pulled",
    "references",
    "text_result",
    "to_json",
    "truth_result",
]
