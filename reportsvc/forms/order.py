"""What in a form depends on what: the order in which to work it out, and circles that have no order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from reportsvc.forms.definition import Form, Repeat
from reportsvc.forms.expressions import references


def dependencies(form: Form) -> dict[str, set[str]]:
    """Name of a section, repeat or question → the names that must be worked out before it."""
    found: dict[str, set[str]] = {}
    for section in form.sections:
        found[section.name] = set(references(section.relevant))
        for item in section.items:
            found[item.name] = {section.name} | references(item.relevant)
            if isinstance(item, Repeat):
                for question in item.questions:
                    needed = references(question.relevant) | references(question.calculation)
                    found[question.name] = {item.name} | needed
            else:
                found[item.name] |= references(item.calculation)
    return {name: {other for other in needed if other in found} for name, needed in found.items()}


def order(form: Form) -> list[str]:
    """All names, each after what it depends on; in the form's own order where there is a circle."""
    needed = dependencies(form)
    try:
        return list(TopologicalSorter(needed).static_order())
    except CycleError:
        return list(needed)


def circles(needed: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Every circle of dependencies, by names in the order in which each needs the next; the first closes it."""
    left = {name: set(others) for name, others in needed.items()}
    for _ in range(len(left)):
        try:
            TopologicalSorter({name: sorted(others) for name, others in left.items()}).prepare()
        except CycleError as error:
            names: list[str] = list(reversed(error.args[1]))
            yield names
            left[names[0]].discard(names[1])
        else:
            return
