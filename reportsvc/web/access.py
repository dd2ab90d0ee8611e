"""Every view says who may open it; a test walks the URL map and fails on one that does not.

Reading and changing are told apart here and nowhere else: a rule admits its roles to all that it stands at, and those
of ``ALSO_READ`` to what is only read (GET and HEAD). So an auditor reads the reviewers' pages and presses no button.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
Rule = Literal[
    "public", "signed_in", "reporter", "manager", "reviewer", "publisher", "writer", "reader", "editor", "operator",
    "administrator", "log", "staff", "token",
]  # fmt: skip

ROLES: dict[str, frozenset[str]] = {
    "reporter": frozenset({"reporter"}),
    "manager": frozenset({"manager"}),
    "reviewer": frozenset({"reviewer"}),
    "publisher": frozenset({"publisher"}),
    "writer": frozenset({"reporter", "reviewer"}),  # who fills in a report: a reviewer, what was told by telephone
    "reader": frozenset({"reviewer", "publisher"}),
    "editor": frozenset({"reviewer", "publisher"}),
    "operator": frozenset({"publisher"}),
    "administrator": frozenset({"administrator"}),
    "log": frozenset({"administrator", "publisher"}),
    "staff": frozenset({"reviewer", "publisher", "administrator", "auditor"}),
}
"""Which roles a rule asks for, any one of them. Over what the role reaches is for the capability to say.

``staff`` is for what is their own: password, authenticator, recovery codes. ``editor`` and ``operator`` stand at pages
that are there only for doing something: a form to change a project; imports, tokens, webhooks and checks.
"""

ALSO_READ: dict[str, frozenset[str]] = {
    rule: frozenset({"auditor"}) for rule in ("reviewer", "publisher", "reader", "administrator", "log")
}
"""Who else may read what stands under a rule, and change nothing there."""
READING = frozenset({"GET", "HEAD"})

ATTRIBUTE = "access_rule"


def access(rule: Rule) -> Callable[[View], View]:
    """Declare who may open a view. ``public`` is everybody, ``signed_in`` everybody with an account.

    ``token`` is for the API: nobody's session opens it, its own door asks for a token.
    """

    def declare(view: View) -> View:
        setattr(view, ATTRIBUTE, rule)
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> str | None:
    """The rule that a view declares, if any."""
    found: str | None = getattr(view, ATTRIBUTE, None)
    return found


def admitted(rule: str, method: str) -> frozenset[str]:
    """The roles that a rule lets in with a method of HTTP."""
    return ROLES[rule] | (ALSO_READ.get(rule, frozenset()) if method in READING else frozenset())


def allows(rule: str, roles: frozenset[str], method: str) -> bool:
    """Whether somebody who is signed in with these roles may open a view of this rule with this method."""
    return rule in {"public", "signed_in"} or bool(admitted(rule, method) & roles)
