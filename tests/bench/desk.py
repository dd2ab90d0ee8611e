"""How soon the desk's pages answer, on SQLite and PostgreSQL, with the demo province and with ten times as much.

Run: .venv/bin/python tests/bench/desk.py (some minutes; `--quick` for few requests, SQLite alone). Each page is
asked for by a province's, a city's and a county's reviewer, through the application with all that surrounds a request,
but without a network. Between two requests one approved report moves, so that what is kept for a quarter is never good
twice where the moved report counts. The last line is JSON: p95 of the slowest page in ms, and which that is; and
the machine's load, for beside other work all times are longer.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reportsvc import clock, db
from reportsvc.app import create_app
from reportsvc.circulars import snapshot
from reportsvc.cli import serving
from reportsvc.models import Event, Slot
from reportsvc.projects import campaigns
from reportsvc.totals import Quarter
from tests.support import crowd
from tests.support.postgres import postgres_server
from tests.support.world import KEY
from tests.web.browsing import Phone

WARM, RUNS = 2, 30
TIMES = (1, 10)
LIMIT_MS = 200
QUARTER = f"campaign={crowd.CAMPAIGN}&round=2020Q3"
PAGES = {
    "review, ready": "/review?tab=ready",
    "review, below": "/review?tab=below",
    "review, passed": "/review?tab=passed",
    "review, owed, page 5": "/review?tab=owed&page=5",
    "picture": f"/picture?{QUARTER}",
    "picture, earlier quarter": f"/picture?campaign={crowd.CAMPAIGN}&round=2019Q2",
    "amounts": f"/picture/amounts?{QUARTER}",
    "amounts, visits": f"/picture/amounts?{QUARTER}&measure=benefit.visits",
    "list, overdue": f"/picture/list?{QUARTER}&number=overdue&numbers=1",
    "list, expected, last page": f"/picture/list?{QUARTER}&number=expected&page=100000",
    "list, searched": f"/picture/list?{QUARTER}&number=expected&words=协会&kind=association",
    "circulars": "/circulars",
    "figure, funds": "/figures/{snapshot}/funds_yuan",
    "figure, category": "/figures/{snapshot}/category.教育.beneficiary_visits",
}
ONLY_PUBLISHERS = ("circulars",)
ROLES = ("province", "city", "county")


def ask(phone: Phone, path: str, before: Callable[[], None]) -> float:
    """Milliseconds of one answer."""
    before()
    began = time.perf_counter()
    answer = phone.client.get(path, headers={"Accept-Encoding": "br"})
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, (path, answer.status_code)
    return took


def measured(app: Any, people: crowd.Crowd, frozen: int, runs: int) -> dict[str, list[float]]:
    """Milliseconds by page and role."""
    found: dict[str, list[float]] = {}
    with db.database.connection_context():
        links = {role: people.world_link(person) for role, person in people.staff.items()}
        moved = [
            row.id for row in Slot.select(Slot.id).where(Slot.state == "approved").order_by(Slot.id.desc()).limit(50)
        ]
    turn = 0

    def move() -> None:
        nonlocal turn
        turn += 1
        with db.database.connection_context():
            slot = moved[turn % len(moved)]
            Slot.update(revision=Slot.revision + 1).where(Slot.id == slot).execute()
            Event.create(slot=slot, action="approve", before="approved", after="approved", data={}, at=clock.now())

    for role in ROLES:
        phone = Phone(app, people)  # type: ignore[arg-type] # of a world it only asks for links
        assert phone.send(phone.get(links[role])).status == 302
        for name, path in PAGES.items():
            if role != "province" and (name in ONLY_PUBLISHERS or name.startswith("figure")):
                continue
            address = path.format(snapshot=frozen)
            for _ in range(WARM):
                ask(phone, address, move)
            found[f"{name} · {role}"] = [ask(phone, address, move) for _ in range(runs)]
    return found


@contextmanager
def running(url: str, folder: Path) -> Iterator[Any]:
    """The application over a database."""
    app = create_app({
        "instance_dir": folder, "environment": "test", "secret_key": KEY, "database_url": url, "log_level": "ERROR",
    })  # fmt: skip
    serving.settle()  # as the web server does
    try:
        yield app
    finally:
        db.database.close_all()


def bench(url: str, folder: Path, runs: int) -> dict[int, dict[str, list[float]]]:
    """What :func:`measured` finds, by size of the data."""
    found = {}
    opened = db.open_database(url)
    db.migrate(opened)
    with opened.connection_context():
        people = crowd.build()
    for times in TIMES:
        with db.database.connection_context():
            crowd.grow(times)
            began = time.perf_counter()
            frozen = snapshot.freeze(campaigns.campaign_by_code(crowd.CAMPAIGN), Quarter(2020, 3)).id
            print(
                f"{times}x: {Slot.select().count():,} slots; frozen in {time.perf_counter() - began:.1f} s", flush=True
            )
        opened.close_all()
        with running(url, folder) as app:
            found[times] = measured(app, people, frozen, runs)
    return found


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def report(kind: str, found: dict[int, dict[str, list[float]]]) -> None:
    print(f"\n{kind}: p50 and p95 in ms, at 1x and 10x, and how p50 grew")
    small, large = (found[times] for times in TIMES)
    for name in small:
        one, ten = statistics.median(small[name]), statistics.median(large[name])
        mark = "  over" if max(p95(small[name]), p95(large[name])) > LIMIT_MS else ""
        small_p95, large_p95 = p95(small[name]), p95(large[name])
        print(f"{name:<38} {one:>7.1f} {small_p95:>7.1f}   {ten:>7.1f} {large_p95:>7.1f}  x{ten / one:.1f}{mark}")


def main() -> None:
    """Measure both kinds of database; print a table for each, then one line of JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    quick = options.parse_args().quick
    runs = 8 if quick else RUNS
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results["SQLite"] = bench(f"sqlite:///{folder / 'desk.db'}", folder, runs)
        report("SQLite", results["SQLite"])
        if not quick:
            with postgres_server() as server:
                results["PostgreSQL"] = bench(server.create(), folder, runs)
            report("PostgreSQL", results["PostgreSQL"])
    worst = {
        times: max(
            (p95(taken), f"{page} ({kind})") for kind, found in results.items() for page, taken in found[times].items()
        )
        for times in TIMES
    }
    print(json.dumps({
        "p95_ms": round(worst[1][0], 1), "slowest": worst[1][1],
        "p95_ms_10x": round(worst[10][0], 1), "slowest_10x": worst[10][1], "load": round(os.getloadavg()[2], 1),
    }, ensure_ascii=False))  # fmt: skip


if __name__ == "__main__":
    main()
