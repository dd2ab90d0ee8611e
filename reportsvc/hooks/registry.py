"""The addresses: registered and ended by publishers, over one of their regions."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from reportsvc import clock
from reportsvc.accounts import authenticator
from reportsvc.db import database
from reportsvc.errors import Invalid, NotFound
from reportsvc.forms.messages import N_
from reportsvc.hooks import outbox
from reportsvc.models import Delivery, Hook, Person, Region
from reportsvc.projects import regions

MOST = 20  # addresses in force over one region
LONGEST = 500  # characters of an address
PAGE = 50
TRIAL = "trial"
NO_ADDRESS = N_("An address starts with https:// and has a host name, without a password in it.")
PRIVATE = N_("This address lies inside a private network, where the service doesn't send anything.")
NO_EVENT = N_("Choose at least one event.")
NO_REGION = N_("Choose one of your regions, or one below it.")
ENOUGH = N_("There are %(limit)s addresses for this region already. End one that nobody uses.")
GONE = N_("There is no such address.")


def check_address(address: str, private: bool) -> str:
    """An address that may be told things.

    :param private: whether private networks and ``http://`` are allowed: in development only.
    :raises Invalid: if it may not.
    """
    text = address.strip()
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid(NO_ADDRESS) from None
    plain = parts.scheme == "https" or (private and parts.scheme == "http")
    odd = len(text) > LONGEST or any(ord(char) <= 32 or ord(char) == 127 for char in text)
    if not plain or not host or parts.username is not None or parts.fragment or odd:
        raise Invalid(NO_ADDRESS)
    if not private and (is_private(host) or "." not in host.strip(".") or host.endswith((".local", ".internal"))):
        raise Invalid(PRIVATE)
    return text


def is_private(host: str) -> bool:
    """Whether a host is written as an IP address that is not public; a name is looked up when something is sent."""
    try:
        return not is_public(host)
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    :raises ValueError: if it is none.
    """
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return found.is_global and not found.is_multicast


def register(  # noqa: PLR0913, PLR0917 - all of it is asked on the page
    key: str, person: int, codes: Sequence[str], region: str, address: str, events: Sequence[str], private: bool
) -> tuple[Hook, str]:
    """Register an address; gives its row and the secret that its signatures are made with, seen only now.

    :param key: what secrets are encrypted with.
    :param codes: the regions that the person publishes for.
    :raises Invalid: if a part of it can't be accepted.
    """
    told = check_address(address, private)
    chosen = [event for event in outbox.EVENTS if event in events]
    if not chosen:
        raise Invalid(NO_EVENT)
    place: Region | None = Region.get_or_none(Region.code == region)
    if place is None or not any(place.path.startswith(regions.scope(code).path) for code in codes):
        raise Invalid(NO_REGION)
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    with database.atomic():
        if Hook.select().where(Hook.region == region, Hook.ended_at.is_null()).count() >= MOST:
            raise Invalid(ENOUGH, limit=MOST)
        made = Hook.create(
            person=person,
            region=region,
            address=told,
            secret=authenticator.hidden(key, secret),
            events=chosen,
            created_at=clock.now(),
        )
    return made, secret


def listing(codes: Sequence[str]) -> list[Hook]:
    """The addresses in force over these regions and those below, newest first."""
    paths = [regions.scope(code).path for code in codes]
    key: Any = Hook.id
    query = Hook.select(Hook, Person, Region).join_from(Hook, Person).join_from(Hook, Region)
    found = query.where(Hook.ended_at.is_null()).order_by(Hook.created_at.desc(), key.desc())
    return [one for one in found if any(one.region.path.startswith(path) for path in paths)]


def find(codes: Sequence[str], hook_id: int) -> Hook:
    """An address in force.

    :raises NotFound: if it is not there, or over another region.
    """
    found = next((one for one in listing(codes) if one.id == hook_id), None)
    if found is None:
        raise NotFound(GONE)
    return found


def end(codes: Sequence[str], hook_id: int) -> None:
    """Tell an address nothing any more; what is on its way stays behind.

    :raises NotFound: if it is not there, or over another region.
    """
    found = find(codes, hook_id)
    with database.atomic():
        Hook.update(ended_at=clock.now()).where(Hook.id == found.id).execute()


def trial(codes: Sequence[str], hook_id: int) -> None:
    """Send an address something without meaning, to see that it arrives.

    :raises NotFound: if it is not there, or over another region.
    """
    found = find(codes, hook_id)
    with database.atomic():
        outbox.tell(found, TRIAL, {})


def deliveries(hook: Hook, page: int = 1) -> tuple[list[Delivery], int]:
    """One page of what an address was told, newest first, and how many pages there are."""
    key: Any = Delivery.id
    query = Delivery.select().where(Delivery.hook == hook).order_by(key.desc())
    pages = max(1, -(-query.count() // PAGE))
    return list(query.paginate(min(max(page, 1), pages), PAGE)), pages
