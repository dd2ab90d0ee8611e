"""From the quantities of an approved version to figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportsvc.db import insert_many
from reportsvc.errors import Invalid
from reportsvc.forms.quantities import Quantity
from reportsvc.models import Figure, Indicator, ProjectCounty, Version


def scaled(value: Decimal, indicator: Indicator) -> int:
    """``value`` as the integer that a figure holds.

    :raises Invalid: if the value has more decimals than the indicator keeps, or is below nothing.
    """
    shifted = value.scaleb(indicator.scale)
    if shifted != shifted.to_integral_value():
        raise Invalid(
            "%(name)s has at most %(scale)s decimals; %(value)s has more.",
            name=indicator.name,
            scale=indicator.scale,
            value=value,
        )
    if shifted < 0:
        raise Invalid("%(name)s can't be below zero; %(value)s is.", name=indicator.name, value=value)
    return int(shifted)


def write(version: Version, quantities: Sequence[Quantity]) -> int:
    """Store a version's figures once; gives how many there are.

    Outcomes are reported by the lead only (partner rule ``lead``), so a partner's are left out. A quantity whose
    place is one of the project's counties stands there; any other belongs to the project's region (decision 0002).

    :raises Invalid: if an indicator is not the campaign's, or a value does not fit it.
    """
    if Figure.select().where(Figure.version == version).exists():
        return Figure.select().where(Figure.version == version).count()
    slot = version.slot
    indicators = {one.code: one for one in Indicator.select().where(Indicator.campaign == slot.round.campaign_id)}
    counties = {row.region_id for row in ProjectCounty.select().where(ProjectCounty.project == slot.project_id)}
    found = rows(version.id, quantities, indicators, Owed(slot.role, slot.region_id, counties))
    insert_many(Figure, found)
    return len(found)


@dataclass(frozen=True, slots=True)
class Owed:
    """What of a slot decides where its figures stand: the part in the project, the region, the project's counties."""

    role: str
    region: str
    counties: Collection[str]


def rows(
    version: int, quantities: Sequence[Quantity], indicators: Mapping[str, Indicator], owed: Owed
) -> list[dict[str, object]]:
    """A version's figures as rows; see :func:`write`.

    :raises Invalid: if an indicator is not the campaign's, or a value does not fit it.
    """
    found: list[dict[str, object]] = []
    for quantity in quantities:
        indicator = indicators.get(quantity.indicator)
        if indicator is None:
            raise Invalid("The form names an indicator that the campaign has not: %(code)s.", code=quantity.indicator)
        if indicator.partner_rule == "lead" and owed.role != "lead":
            continue
        found.append(
            {
                "version": version,
                "indicator": indicator,
                "region": quantity.place if quantity.place in owed.counties else owed.region,
                "value": scaled(quantity.value, indicator),
                "path": quantity.path,
            }
        )
    return found
