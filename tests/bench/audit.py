"""The log at half a million entries: how long its page, a record and a whole check take, on both databases.

    .venv/bin/python -m tests.bench.audit [ENTRIES]

The last line is JSON: milliseconds at the 95th percentile by search, submissions a second, and seconds of a check.
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from reportsvc import audit, db
from reportsvc.accounts import people
from reportsvc.audit import chain, searching, verifying
from reportsvc.models import AuditEntry, Region
from tests.support.postgres import postgres_server
from tests.support.world import COUNTY, build

REPEATS, WRITERS, EACH = 20, 4, 50
START = datetime(2024, 1, 1, tzinfo=UTC)


def rows(count: int) -> Iterator[dict[str, Any]]:
    rng, last = Random(1), audit.head()  # noqa: S311 - sample records
    paths = [one.path for one in Region.select().where(Region.level == "county")]
    kinds = ("slot.submit", "slot.approve", "slot.return", "sign_in.in", "sign_in.out", "sign_in.failed", "grant.given")
    for number in range(last.sequence + 1, count + 1):
        area, _, action = rng.choice(kinds).partition(".")
        subject = f"slot:{rng.randint(1, 60_000)}" if area == "slot" else f"person:{rng.randint(1, 7_000)}"
        entry: dict[str, Any] = {
            "sequence": number, "at": START + timedelta(seconds=120 * number), "actor": rng.randint(1, 7_000),
            "area": area, "action": action, "subject": subject, "place": rng.choice(paths), "data": "{}",
        }  # fmt: skip
        sealed = chain.seal(last.hash, entry)
        yield {**entry, "previous": last.hash, "hash": sealed}
        last = audit.Head(number, sealed)


def searches(count: int) -> dict[str, Callable[[], object]]:
    county, city = (searching.paths_below([code]) for code in (COUNTY, "130100"))
    middle = START + timedelta(seconds=60 * count)
    asked = searching.Asked
    page: dict[str, tuple[Any, searching.Asked, int | None]] = {
        "newest": (None, asked(), None),
        "deep": (None, asked(), count // 2),
        "person": (None, asked(persons=(77,)), None),
        "area": (None, asked(area="grant"), None),
        "area, none there": (None, asked(area="setting"), None),
        "action": (None, asked(area="slot", action="return"), None),
        "action, none there": (None, asked(area="slot", action="excuse"), None),
        "subject": (None, asked(subject="slot:77"), None),
        "days": (None, asked(since=middle, until=middle + timedelta(days=7)), None),
        "days, action": (None, asked(since=middle, until=middle + timedelta(days=90), area="slot", action="x"), None),
        "county": (county, asked(), None),
        "county, person": (county, asked(persons=(77,)), None),
        "county, area": (county, asked(area="grant"), None),
        "city": (city, asked(), None),
        "city, area": (city, asked(area="grant"), None),
        "city, action, none there": (city, asked(area="slot", action="x"), None),
        "city, days": (city, asked(since=middle, until=middle + timedelta(days=90)), None),
    }
    return {name: lambda given=given: searching.names(searching.search(*given)) for name, given in page.items()}


def p95(job: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        job()
        taken.append((time.perf_counter() - began) * 1000)
    return round(statistics.quantiles(taken, n=20)[-1], 1)


def records_a_second() -> float:
    """Changes of an account by several at once, each a transaction of its own."""

    def write() -> None:
        with db.connected():
            for _ in range(EACH):
                people.set_email(1, "")

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(WRITERS * EACH / (time.perf_counter() - began), 1)


def measure(url: str, folder: Path, count: int) -> dict[str, Any]:
    opened = db.open_database(url)
    db.migrate(opened)
    with opened.connection_context():
        audit.keep_head_in(folder)
        build()
        with opened.atomic():
            db.insert_many(AuditEntry, rows(count))
        opened.execute_sql("ANALYZE")
        found = {name: p95(job) for name, job in searches(count).items()}
        records = records_a_second()
        began = time.perf_counter()
        verifying.verify()
        checked = round(time.perf_counter() - began, 1)
    opened.close_all()
    return {"p95_ms": found, "records_per_second": records, "verify_seconds": checked}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    with TemporaryDirectory() as folder, postgres_server() as server:
        found = {
            "sqlite": measure(f"sqlite:///{folder}/bench.db", Path(folder, "sqlite"), count),
            "postgresql": measure(server.create(), Path(folder, "postgresql"), count),
        }
    slowest = max(ms for one in found.values() for ms in one["p95_ms"].values())
    print(json.dumps({"entries": count, "slowest_p95_ms": slowest, **found}))


if __name__ == "__main__":
    main()
