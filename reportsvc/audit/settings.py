"""Which settings changed, found when the service starts; never what they were, for some are secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from reportsvc.audit.writing import record
from reportsvc.db import database
from reportsvc.models import AuditEntry

CHANGED = "changed"


def note(key: str, values: Mapping[str, object]) -> list[str]:
    """Record which settings differ from those of the last start; gives their names.

    :param key: of the digests that are kept in place of the values, so that nobody can try values out.
    """
    digests = {name: _digest(key, name, value) for name, value in values.items()}
    with database.atomic():
        last: AuditEntry | None = (
            AuditEntry.select()
            .where(AuditEntry.area == "setting", AuditEntry.action == CHANGED)
            .order_by(AuditEntry.sequence.desc())
            .first()
        )
        before: dict[str, str] = json.loads(last.data)["digests"] if last else {}
        changed = sorted(name for name in {*before, *digests} if before.get(name) != digests.get(name))
        if changed:
            record(f"setting.{CHANGED}", "settings", actor=None, data={"names": changed, "digests": digests})
    return changed


def _digest(key: str, name: str, value: object) -> str:
    text = f"setting {name}\n{value}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
