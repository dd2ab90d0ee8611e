"""The checks of a campaign as data: what each kind asks, how strict it is, and the limits that publishers set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from reportsvc import clock
from reportsvc.db import database, insert_many
from reportsvc.errors import Invalid
from reportsvc.forms.answers.typed import Message
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, CheckRule, Person

Severity = Literal["must_fix", "explain", "look"]
SEVERITIES: tuple[Severity, ...] = ("must_fix", "explain", "look")
"""Worst first: blocks a report; asks its organization for a sentence; is for reviewers only."""

BETWEEN = N_("Type a number from %(least)s to %(most)s.")
WHOLE = N_("Type a whole number from %(least)s to %(most)s.")
UNKNOWN = N_("Choose one of the answers.")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A limit that publishers set, with what it is at first and how far it may go."""

    name: str
    default: str
    least: str
    most: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check. ``early`` ones are worked out before a report is sent, so they can ask or block."""

    name: str
    severity: Severity
    parameters: tuple[Parameter, ...] = ()
    early: bool = True

    @property
    def severities(self) -> tuple[Severity, ...]:
        """How strict it can be: what is found after a report was sent can only be looked at."""
        return SEVERITIES if self.early else ("look",)


_LIMIT = Parameter("limit", "3.5", "1", "100", whole=False)
_LEAST = Parameter("least", "5", "5", "1000")
_ALIKE = (Parameter("alike", "90", "50", "100"), Parameter("least", "40", "10", "2000"))

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "evidence",
            "look",
            (
                Parameter("photos", "1", "0", "9"),
                Parameter("floor", "100000", "0", "1000000000"),
                Parameter("text", "10", "0", "2000"),
            ),
        ),
        Kind("fell", "explain"),
        Kind(
            "jump", "explain", (Parameter("times", "10", "2", "1000"), Parameter("floor", "10000", "0", "1000000000"))
        ),
        Kind("category", "look", (_LIMIT, _LEAST, Parameter("times", "10", "1", "100000"))),
        Kind("own", "look", (_LIMIT, _LEAST)),
        Kind("unpaid", "look", (Parameter("least", "1", "1", "1000000"),)),
        Kind("unused", "look", (Parameter("floor", "10000", "0", "1000000000"),)),
        Kind("plan", "explain", (Parameter("over", "120", "100", "10000"), Parameter("under", "80", "0", "100"))),
        Kind("place", "explain"),
        Kind("copied", "look", _ALIKE),
        Kind("shared_text", "look", _ALIKE, early=False),
        Kind("shared_photo", "look", (Parameter("points", "6", "0", "16"),), early=False),
        Kind("twin", "look", (Parameter("alike", "90", "50", "100"),), early=False),
    )
}
"""Every kind of check, in the order of the page; what a new campaign begins with."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of one campaign, as it stands or as somebody would have it."""

    id: int
    kind: str
    severity: Severity
    active: bool = True
    parameters: Mapping[str, Decimal] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Decimal:
        return self.parameters[name]


def lay_down(campaign: Campaign) -> None:
    """Give a new campaign its checks."""
    insert_many(
        CheckRule,
        [
            {
                "campaign": campaign, "kind": kind.name, "severity": kind.severity, "position": position,
                "active": True, "parameters": {one.name: one.default for one in kind.parameters},
            }
            for position, kind in enumerate(KINDS.values())
        ],
    )  # fmt: skip


def of(campaign_id: int) -> list[Rule]:
    """All checks of a campaign, those that are put aside too; kinds that are not known any more are passed over."""
    rows = CheckRule.select().where(CheckRule.campaign == campaign_id).order_by(CheckRule.position, CheckRule.id)
    return [_rule(row) for row in rows if row.kind in KINDS]


def _rule(row: CheckRule) -> Rule:
    kind = KINDS[row.kind]
    parameters = {one.name: Decimal(row.parameters.get(one.name, one.default)) for one in kind.parameters}
    severity: Any = row.severity if row.severity in kind.severities else kind.severity
    return Rule(row.id, row.kind, severity, row.active, parameters)


@dataclass(frozen=True, slots=True)
class Typed:
    """Checks as they were typed: what can be read of them, and what is wrong, by the name of the field."""

    rules: tuple[Rule, ...]
    wrong: Mapping[str, Message]


def read(standing: Sequence[Rule], posted: Mapping[str, str]) -> Typed:
    """Checks out of a page's fields: ``jump.severity``, ``jump.active``, ``jump.times``; a kind without any stays."""
    found, wrong = [], {}
    for rule in standing:
        kind = KINDS[rule.kind]
        name = f"{kind.name}.severity"
        if name not in posted:
            found.append(rule)
            continue
        severity: Any = posted[name]
        if severity not in kind.severities:
            severity, wrong[name] = rule.severity, Message(UNKNOWN)
        parameters = dict(rule.parameters)
        for one in kind.parameters:
            value = _number(one, posted.get(f"{kind.name}.{one.name}", ""))
            if value is None:
                text = WHOLE if one.whole else BETWEEN
                wrong[f"{kind.name}.{one.name}"] = Message(text, {"least": one.least, "most": one.most})
            else:
                parameters[one.name] = value
        found.append(Rule(rule.id, rule.kind, severity, f"{kind.name}.active" in posted, parameters))
    return Typed(tuple(found), wrong)


def _number(parameter: Parameter, text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    if not value.is_finite() or not Decimal(parameter.least) <= value <= Decimal(parameter.most):
        return None
    return None if parameter.whole and value != value.to_integral_value() else value


def keep(campaign: Campaign, typed: Typed, person: Person) -> bool:
    """Store checks that were changed; tells whether any was.

    :raises Invalid: if something in them is wrong.
    """
    if typed.wrong:
        raise Invalid("Some limits can't be kept as they are. What is wrong stands beside each.")
    changed = False
    with database.atomic():
        before = {rule.id: rule for rule in of(campaign.id)}
        for rule in typed.rules:
            if before.get(rule.id) in (None, rule):
                continue
            changed = True
            CheckRule.update(
                severity=rule.severity,
                active=rule.active,
                parameters=packed(rule)["parameters"],
                person=person,
                changed_at=clock.now(),
            ).where(CheckRule.id == rule.id).execute()
    return changed


def packed(rule: Rule) -> dict[str, Any]:
    """A check as JSON, with its limits as plain decimals."""
    parameters = {name: f"{value:f}" for name, value in rule.parameters.items()}
    return {
        "id": rule.id,
        "kind": rule.kind,
        "severity": rule.severity,
        "active": rule.active,
        "parameters": parameters,
    }


def unpacked(data: Mapping[str, Any]) -> Rule:
    """The check of :func:`packed`'s JSON."""
    parameters = {name: Decimal(value) for name, value in data["parameters"].items()}
    return Rule(data["id"], data["kind"], data["severity"], data["active"], parameters)
