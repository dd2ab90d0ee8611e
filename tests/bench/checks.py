"""How long the checks take over the demo province, on each database: `python -m tests.bench.checks`."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from reportsvc import attachments, db
from reportsvc.cli import province
from reportsvc.forms import shipped
from reportsvc.models import Campaign, CheckRule, Flag, Round, Version
from reportsvc.projects import regions
from reportsvc.reports import forms
from reportsvc.reports.checks import alike, flags, running
from tests.support.postgres import postgres_server

TEXTS = 6_300
SYLLABLES = "为两个村配齐图书组织志愿者辅导每周六上午开放借阅登记由妇联负责照片和签收表随季报存档群众反映很好采购走访"


def over_province(url: str) -> dict[str, Any]:
    """Check every quarter of the historic campaign and its projects."""
    opened = db.open_database(url)
    db.migrate(opened)
    with opened.connection_context(), tempfile.TemporaryDirectory() as folder:
        regions.load()
        form = forms.publish(*shipped.quarterly_report())
        campaign: Campaign = province.load(form, read=forms.read_quantities, progress=lambda _: None).historic
        store, slowest, started = attachments.Folder(Path(folder)), 0.0, time.perf_counter()
        for owed in Round.select().where(Round.campaign == campaign).order_by(Round.year, Round.quarter):
            began = time.perf_counter()
            running.quarter(owed.id, store, lambda *_: None)
            slowest = max(slowest, time.perf_counter() - began)
        quarters, began = time.perf_counter() - started, time.perf_counter()
        running.projects(campaign.id)
        projects = time.perf_counter() - began
        found = Counter(kind for (kind,) in Flag.select(CheckRule.kind).join(CheckRule).tuples())
        ids = [version.slot_id for version in Version.select(Version.slot).limit(50)]
        began = time.perf_counter()
        flags.flagged(ids)
        listing = time.perf_counter() - began
        flagged = Flag.select(Flag.version).distinct().count()
    opened.close_all()
    return {
        "quarters_s": round(quarters, 1), "slowest_quarter_s": round(slowest, 2), "projects_s": round(projects, 2),
        "flagged_50_ms": round(1000 * listing, 1), "reports_flagged": flagged, "flags": dict(found.most_common()),
    }  # fmt: skip


def many_texts() -> float:
    """Seconds for the texts of as many reports as the province has organizations."""
    draw = random.Random(1)  # noqa: S311 - texts to measure with
    texts = ["".join(draw.choices(SYLLABLES, k=draw.randint(60, 140))) for _ in range(TEXTS)]
    began = time.perf_counter()
    list(alike.pairs(texts, 90))
    return round(time.perf_counter() - began, 1)


def main() -> None:
    """Print a line for each database, then one line of JSON."""
    figures: dict[str, Any] = {"texts": TEXTS, "texts_s": many_texts()}
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        for name, url in (("sqlite", f"sqlite:///{Path(folder) / 'checks.db'}"), ("postgresql", server.create())):
            figures[name] = over_province(url)
            print(name, figures[name])
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
