"""Every view says who may open it; a test walks the URL map and fails on one that does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
Rule = Literal["public"]

ATTRIBUTE = "access_rule"


def access(rule: Rule) -> Callable[[View], View]:
    """Declare who may open a view. ``public`` is everybody."""

    def declare(view: View) -> View:
        setattr(view, ATTRIBUTE, rule)
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> str | None:
    """The rule that a view declares, if any."""
    found: str | None = getattr(view, ATTRIBUTE, None)
    return found
