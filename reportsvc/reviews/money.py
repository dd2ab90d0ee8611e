"""What a report says of money, for somebody who decides about many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reportsvc.forms.quantities import Quantity


def fen(quantities: Sequence[Quantity], kinds: Collection[str]) -> int:
    """The sum of the kinds of money that make a campaign's funds."""
    return sum(int(one.value.scaleb(2)) for one in quantities if one.indicator in kinds)
