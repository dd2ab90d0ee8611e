"""How often codes may be asked for and tried: by an address, for a number, and by everybody in a day.

An address is told when it has reached its limit. A number is not: known or unknown, it is counted in the same way, and
nothing is said of it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from reportsvc.accounts import limits
from reportsvc.accounts.limits import Limit
from reportsvc.errors import TooMany

HOUR = timedelta(hours=1)
ONE_A_MINUTE = Limit("codes for a number in a minute", 1, timedelta(minutes=1))
FIVE_AN_HOUR = Limit("codes for a number in an hour", 5, HOUR)
TRIES = Limit("tries for a number", 30, HOUR, locks=True)
"""More than five codes with five tries each: who has a code never meets it, who guesses does."""
NEIGHBOURS = 64
"""So many bits of an IPv6 address are a household's or an office's; the rest it changes as it likes."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an operator allows; by default for offices and training rooms that share one address."""

    codes_per_address: int = 100
    """An hour."""
    tries_per_address: int = 200
    """An hour."""
    codes_a_day: int = 5000

    @property
    def day(self) -> Limit:
        """The limit of all codes together."""
        return Limit("codes in a day", self.codes_a_day, timedelta(days=1))


def asked_from(key: str, allowance: Allowance, address: str) -> None:
    """Count that a code was asked for from this address.

    :raises TooMany: if the address has asked too often, or no more codes go out today.
    """
    limit = Limit("codes for an address", allowance.codes_per_address, HOUR, locks=True)
    if not limits.take(key, limit, network(address)):
        raise TooMany("Too many codes were asked for from your network. Try again after %(time)s.", limits.ends(limit))
    if limits.reached(key, allowance.day, ""):
        raise TooMany("No more codes can be sent now. Try again after %(time)s.", limits.ends(allowance.day))


def tried_from(key: str, allowance: Allowance, address: str) -> None:
    """Count that a code was typed at this address.

    :raises TooMany: if that was too often.
    """
    limit = Limit("tries for an address", allowance.tries_per_address, HOUR, locks=True)
    if not limits.take(key, limit, network(address)):
        raise TooMany("Too many codes were typed from your network. Try again after %(time)s.", limits.ends(limit))


def code_for(key: str, number: str) -> bool:
    """Count a code for this number; whether it may go."""
    return limits.take(key, ONE_A_MINUTE, number) and limits.take(key, FIVE_AN_HOUR, number)


def try_for(key: str, number: str) -> bool:
    """Count a try of a code for this number; whether it may be looked at."""
    return limits.take(key, TRIES, number)


def one_of_today(key: str, allowance: Allowance) -> bool:
    """Count a code that goes out; whether the day still has room for it."""
    return limits.take(key, allowance.day, "")


def network(address: str) -> str:
    """What an address is counted as: itself, or the network that an IPv6 address lies in."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), NEIGHBOURS), strict=False))
    return str(found)
