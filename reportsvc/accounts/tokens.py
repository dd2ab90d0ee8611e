"""Keys to the read-only API: made and revoked by publishers, over one of their regions, for so many days."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from reportsvc import clock
from reportsvc.accounts import people
from reportsvc.db import database
from reportsvc.errors import Invalid, NotFound
from reportsvc.forms.messages import N_
from reportsvc.models import ApiToken, Person, Region
from reportsvc.projects import regions

PREFIX = "rsv_"
"""In front of every token, so that one that leaks into a repository is recognised."""
DAYS = (30, 90, 365)
NAME = 60  # characters
MOST = 50  # of one person that are in force
USED = timedelta(minutes=10)
"""So exactly is known when a token was used last."""

UNNAMED = N_("Give the token a name of 1 to %(limit)s characters, such as the system that uses it.")
UNTIMED = N_("Choose for how long the token is good.")
ELSEWHERE = N_("Choose one of your regions, or one below it.")
ENOUGH = N_("You have %(limit)s tokens in force. Revoke one that nobody uses.")
GONE = N_("There is no such token.")


@dataclass(frozen=True, slots=True)
class Key:
    """A token in force: whose calls these are, and over which region."""

    id: int
    region: str


def make(secret: str, person: int, codes: Sequence[str], region: str, name: str, days: int) -> tuple[ApiToken, str]:  # noqa: PLR0913, PLR0917 - all of it is asked on the page
    """Make a token; gives its row and the token itself, which is never seen again.

    :param codes: the regions that the person publishes for.
    :raises Invalid: if a part of it can't be accepted.
    """
    said = " ".join(name.split())
    if not said or len(said) > NAME:
        raise Invalid(UNNAMED, limit=NAME)
    if days not in DAYS:
        raise Invalid(UNTIMED)
    if not _within(region, codes):
        raise Invalid(ELSEWHERE)
    token, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    with database.atomic():
        held = ApiToken.select().where(
            ApiToken.person == person, ApiToken.revoked_at.is_null(), ApiToken.expires_at > now
        )
        if held.count() >= MOST:
            raise Invalid(ENOUGH, limit=MOST)
        made = ApiToken.create(
            person=person,
            region=region,
            name=said,
            secret_hash=_hash(secret, token),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    return made, token


def _within(region: str, codes: Sequence[str]) -> bool:
    found: Region | None = Region.get_or_none(Region.code == region)
    return found is not None and any(found.path.startswith(regions.scope(code).path) for code in codes)


def listing(codes: Sequence[str]) -> list[ApiToken]:
    """The tokens over these regions and those below, newest first; those that are over for a year are left out."""
    paths = [regions.scope(code).path for code in codes]
    query = ApiToken.select(ApiToken, Person, Region).join_from(ApiToken, Person).join_from(ApiToken, Region)
    key: Any = ApiToken.id
    recent = ApiToken.expires_at > clock.now() - timedelta(days=365)
    found = query.where(recent).order_by(ApiToken.created_at.desc(), key.desc())
    return [one for one in found if any(one.region.path.startswith(path) for path in paths)]


def revoke(codes: Sequence[str], token_id: int) -> None:
    """End a token at once, whoever made it.

    :raises NotFound: if it is not there, or over another region.
    """
    if all(one.id != token_id for one in listing(codes)):
        raise NotFound(GONE)
    with database.atomic():
        mine = (ApiToken.id == token_id) & ApiToken.revoked_at.is_null()
        ApiToken.update(revoked_at=clock.now()).where(mine).execute()


def find(secret: str, token: str) -> Key | None:
    """The key that a token is; nothing if it is unknown, over, revoked, or its maker publishes there no more."""
    now = clock.now()
    found: ApiToken | None = ApiToken.get_or_none(ApiToken.secret_hash == _hash(secret, token))
    if found is None or found.revoked_at is not None or found.expires_at <= now:
        return None
    maker = people.actor(found.person_id)
    if maker is None or not _within(found.region_id, maker.publishes):
        return None
    if found.used_at is None or found.used_at < now - USED:
        with database.atomic():
            ApiToken.update(used_at=now).where(ApiToken.id == found.id).execute()
    return Key(found.id, found.region_id)


def _hash(secret: str, token: str) -> str:
    return hmac.new(secret.encode(), f"api token {token}".encode(), hashlib.sha256).hexdigest()
