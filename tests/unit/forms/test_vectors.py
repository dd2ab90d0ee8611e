"""The vectors that pin expressions down, in Python; tests/e2e drives JavaScript with the same file.

Their results were worked out by hand from the rules in ``reportsvc/forms/expressions/__init__.py``, not recorded.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from reportsvc.forms import expressions
from tests.vectors.contexts import context_of

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "expressions.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["expression"][:40])
def test_an_expression_is_worth_what_the_rules_say(vector: dict[str, Any]) -> None:
    tree = expressions.parse(vector["expression"], frozenset(vector.get("more", {}).get("columns", ())))
    assert expressions.to_json(tree) == vector["tree"]
    assert expressions.from_json(vector["tree"]) == tree
    assert expressions.text_result(tree, context_of(vector)) == vector["text"]
    assert expressions.truth_result(tree, context_of(vector)) is vector["truth"]


def test_there_are_vectors_for_every_function() -> None:
    assert len(VECTORS) >= 600
    written = " ".join(vector["expression"] for vector in VECTORS)
    assert [name for name in sorted(expressions.functions.FUNCTIONS) if f"{name}(" not in written] == []
