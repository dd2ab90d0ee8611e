"""From a vector to the context that its expression stands in, in Python; ``RUN`` is the same in JavaScript."""

from __future__ import annotations

from datetime import date
from typing import Any

from reportsvc.forms.expressions import Context


def some_bytes(count: int) -> bytes:
    """Chance that comes out the same each time."""
    return bytes(place * 37 % 256 for place in range(count))


def context_of(vector: dict[str, Any]) -> Context:
    """Where the vector's expression stands; what only few functions look at is under ``more``."""
    more = dict(vector.get("more", {}))
    cells, choices = more.pop("cells", {}), more.pop("choices", {})

    def lookup(name: str) -> str | tuple[str, ...]:
        found = vector["answers"].get(name, "")
        return found if isinstance(found, str) else tuple(found)

    def cell(name: str, rows: tuple[int, ...]) -> str:
        return str(cells.get(name, {}).get(",".join(map(str, rows)), ""))

    def choice_name(name: str, value: str) -> str:
        return str(choices.get(name, {}).get(value, ""))

    return Context(
        lookup,
        date.fromisoformat(vector["today"]),
        vector["own"],
        vector["position"],
        cell=cell,
        choice_name=choice_name,
        random=some_bytes,
        **{**more, "positions": tuple(more.get("positions", ()))},
    )


# Gives [text, truth] of each case; a case that fails says so in its own place.
RUN = """async ([address, cases]) => {
  const {textResult, truthResult} = await import(address);
  await import(address.replace("expressions.js", "more.js"));
  return cases.map(({tree, answers, own, position, today, more = {}}) => {
    const held = (within, name) => Object.hasOwn(within, name) ? within[name] : "";
    const context = {
      own, position, today, ...more,
      lookup: (name) => held(answers, name),
      cell: (name, rows) => held(held(more.cells || {}, name) || {}, rows.join(",")),
      choiceName: (name, value) => held(held(more.choices || {}, name) || {}, value),
      random: (count) => Array.from({length: count}, (_, place) => place * 37 % 256),
    };
    try { return [textResult(tree, context), truthResult(tree, context)]; }
    catch (error) { return [String(error.stack), null]; }
  });
}"""
