"""Organizations: registering them and looking them up."""

from __future__ import annotations

from dataclasses import dataclass

from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.models import Organization, Region, RetiredRegion
from reportsvc.projects import regions, uscc

NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What is needed to register an organization."""

    uscc: str
    name: str
    kind: str
    level: str = ""
    region: str | None = None


def register(new: NewOrganization) -> Organization:
    """Check and store an organization.

    :raises Invalid: if the code or the name cannot be accepted.
    :raises Conflict: if the code is taken.
    """
    code = uscc.check(new.uscc, kind=new.kind, knows_region=regions.is_division)
    name = " ".join(new.name.split())
    if not name or len(name) > NAME_LIMIT:
        raise Invalid("An organization's name has 1 to %(limit)s characters.", limit=NAME_LIMIT)
    with database.atomic():
        taken = Organization.get_or_none(Organization.uscc == code)
        if taken is not None:
            raise Conflict(
                "%(code)s is already registered, as %(name)s. Open that one instead.", code=code, name=taken.name
            )
        return Organization.create(
            uscc=code, name=name, kind=new.kind, level=new.level, region=new.region or home_region(code)
        )


def by_code(code: str) -> Organization:
    """The organization with this 统一社会信用代码.

    :raises NotFound: if there is none.
    """
    found: Organization | None = Organization.get_or_none(Organization.uscc == code.strip().upper())
    if found is None:
        raise NotFound("There is no organization with the code %(code)s.", code=code)
    return found


def home_region(code: str) -> str | None:
    """The region we hold that registered the organization: the division in its code, or that one's successor."""
    from_code = code[2:8]
    if from_code[:2] == regions.PROVINCE[:2]:
        return current_code(from_code)
    province = f"{from_code[:2]}0000"
    return province if province in regions.ELSEWHERE else None


def current_code(code: str) -> str | None:
    """The code in use for a division: itself, or what a retired one became; ``None`` where it was split up."""

    if Region.get_or_none(Region.code == code) is not None:
        return code
    retired = RetiredRegion.get_or_none(RetiredRegion.code == code)
    return None if retired is None else retired.successor_id
