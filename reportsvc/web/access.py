"""Every view says who may open it; a test walks the URL map and fails on one that does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
Rule = Literal["public", "signed_in", "reporter", "manager", "reviewer", "publisher", "staff", "writer"]

ROLES: dict[str, frozenset[str]] = {
    "reporter": frozenset({"reporter"}),
    "manager": frozenset({"manager"}),
    "reviewer": frozenset({"reviewer"}),
    "publisher": frozenset({"publisher"}),
    "staff": frozenset({"reviewer", "publisher"}),
    "writer": frozenset({"reporter", "reviewer"}),  # who fills in a report: a reviewer, what was told by telephone
}
"""Which roles a rule asks for, any one of them. Over what the role reaches is for the capability to say."""

ATTRIBUTE = "access_rule"


def access(rule: Rule) -> Callable[[View], View]:
    """Declare who may open a view. ``public`` is everybody, ``signed_in`` everybody with an account."""

    def declare(view: View) -> View:
        setattr(view, ATTRIBUTE, rule)
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> str | None:
    """The rule that a view declares, if any."""
    found: str | None = getattr(view, ATTRIBUTE, None)
    return found


def allows(rule: str, roles: frozenset[str]) -> bool:
    """Whether somebody who is signed in with these roles may open a view of this rule."""
    return rule in {"public", "signed_in"} or bool(ROLES[rule] & roles)
