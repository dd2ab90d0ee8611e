"""The log of every change: one table, only ever added to, each entry sealed with the one before.

Whoever changes something records it inside the same transaction:

    with database.atomic():
        happened = DifficultyEvent.create(…)
        audit.record("difficulty.raised", f"difficulty:{one.id}", actor=person.id, region=code, rows=(happened,))

It becomes an entry as the last thing before the commit, or not at all. The log holds ids and words of ours; what people
typed, names and numbers stay in the rows, of which ``rows`` keeps the digest. So a person's data can be deleted while
the log stays as it is.
"""

from __future__ import annotations

from reportsvc.audit.anchor import Head, keep_head_in
from reportsvc.audit.writing import begin, head, record, take_in

__all__ = ["Head", "begin", "head", "keep_head_in", "record", "take_in"]
