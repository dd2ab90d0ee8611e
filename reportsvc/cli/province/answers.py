"""Answers of the shipped quarterly report, and the quantities in them.

The form itself reads a version's quantities wherever a report is approved. Thousands of imported reports are read by
:func:`quantities` instead, which knows the questions by name; a test holds it against the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from reportsvc.forms.definition import Answers, Row
from reportsvc.forms.quantities import Quantity

FUNDS = ("own_funds", "raised_funds", "pooled_funds", "in_kind", "waived_fees", "purchases")
"""The kinds of money that the form adds up."""
MONEY = (*FUNDS, "member_enterprise_investment")
SINGLE = {
    "output_value": "result.output_value",
    "income_gain": "result.income_gain",
    "coordination_meetings": "activity.coordination_meetings",
}


def yuan(fen: int) -> str:
    """Fen as the text of yuan, as somebody types it: without decimals where there are none."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def fen(text: str) -> int:
    """The text of yuan as fen, exact."""
    return int(Decimal(text).scaleb(2))


def complete(role: str, project: str, organization: str, counties: int, given: Mapping[str, Any]) -> Answers:
    """What was typed in, with what the server supplies (hidden questions) and what the form computes."""
    answers: Answers = {
        "role": role,
        "project_name": project,
        "organization_name": organization,
        "county_count": str(counties),
        **given,
    }
    if given["activity"] == "yes":
        total = sum((Decimal(given[name]) for name in FUNDS if name in given), Decimal(0))
        answers["funds_total"] = f"{total.normalize():f}"  # as the form computes it: no zeros at the end
    return answers


def quantities(answers: Mapping[str, Any]) -> Sequence[Quantity]:
    """The quantities in the answers, in the order of the form; nothing of what is empty or zero."""
    return [one for one in _all(answers) if one.value]


def _all(answers: Mapping[str, Any]) -> Iterator[Quantity]:
    for name in MONEY:
        yield Quantity(f"money.{name}", _number(answers, name), None, name)
    for number, row in enumerate(cast("list[Row]", answers.get("benefits", [])), start=1):
        yield Quantity(
            f"benefit.{row['benefit_unit']}",
            _number(row, "benefit_amount"),
            row.get("benefit_county") or None,
            f"benefits[{number}].benefit_amount",
        )
    for name, indicator in SINGLE.items():
        yield Quantity(indicator, _number(answers, name), None, name)


def _number(answers: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(answers.get(name) or 0)
