"""500 reports over a link that is cut before, during or after the commit: exactly 500 arrive, each once."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from reportsvc import clock, db
from reportsvc.models import Draft, Slot, Version
from reportsvc.projects import campaigns
from tests.e2e.proxy import CuttingProxy
from tests.e2e.server import running
from tests.support.world import ANSWERS, COUNTY, KEY, World, build

REPORTS = 500
WAYS = ("request", "before", "answer")


def owed(world: World) -> list[int]:
    """Slots of as many projects, each with a draft that is ready to be sent."""
    today = clock.today()
    campaign = campaigns.create_campaign(
        campaigns.CampaignSpec("many", "许多项目", date(2026, 1, 1), None, ("county", "province"), ("教育",))
    )
    for number in range(REPORTS):
        spec = campaigns.ProjectSpec(f"M{number:04d}", f"项目{number}", "教育", (world.lotus,), (COUNTY,))
        campaigns.create_project(campaign, spec)
    days = (today - timedelta(days=1), today + timedelta(days=5), today + timedelta(days=9))
    opened = campaigns.open_round(campaign, world.form, campaigns.RoundSpec(2026, 4, *days))
    slots = [slot.id for slot in Slot.select().where(Slot.round == opened).order_by(Slot.id)]
    for slot in slots:
        Draft.create(
            slot=slot, person=world.reporter, form_version=world.form, answers=ANSWERS, submission=str(uuid4()),
            updated_at=clock.now(),
        )  # fmt: skip
    return slots


class Phone:
    """A phone with a cookie, that tries again until it is told that the report has arrived."""

    def __init__(self, straight: str, proxy: CuttingProxy) -> None:
        self.straight, self.proxy = straight.removeprefix("http://"), proxy
        self.cookie = ""

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, *, cut: bool = False
    ) -> tuple[int, str]:
        host = f"127.0.0.1:{self.proxy.port}" if cut else self.straight
        connection = http.client.HTTPConnection(host, timeout=10)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
        try:
            connection.request(method, path, urlencode(fields or {}), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if given := answer.headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return answer.status, answer.headers.get("Location", "") or text

    def sign_in(self, path: str) -> None:
        _, page = self.ask("GET", path)
        status, _ = self.ask("POST", path, {"csrf_token": hidden(page, "csrf_token")})
        assert status == 302

    def send(self, slot: int) -> int:
        """Send until it is acknowledged; gives the number of tries."""
        path = f"/reports/{slot}/check"
        _, page = self.ask("GET", path)
        fields = {name: hidden(page, name) for name in ("csrf_token", "submission", "form")}
        for tries in range(1, 20):
            try:
                status, where = self.ask("POST", path, fields, cut=True)
            except (OSError, http.client.HTTPException):
                continue
            assert (status, where) == (302, f"/reports/{slot}/receipt")
            return tries
        raise AssertionError("never acknowledged")


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, page[:500]
    return found[1]


@contextmanager
def cutting(address: str) -> Iterator[tuple[CuttingProxy, list[str]]]:
    """A proxy that cuts the first try of every report, each in its turn another way, and some later ones."""
    chance, cuts = Random(2026), []  # noqa: S311 - chance in a test

    def choose() -> str:
        cut = WAYS[len(cuts) % 3] if not cuts or cuts[-1] == "none" or chance.random() < 0.2 else "none"
        cuts.append(cut)
        return cut

    proxy = CuttingProxy(address, choose)
    try:
        yield proxy, cuts
    finally:
        proxy.close()


@pytest.mark.parametrize("reports", [REPORTS])
def test_every_report_arrives_once_whatever_is_cut(tmp_path: Path, reports: int) -> None:
    db.migrate(db.open_database(f"sqlite:///{tmp_path / 'reportsvc.db'}"))
    with running(tmp_path, KEY) as address, db.database.connection_context(), cutting(address) as (proxy, cuts):
        world = build()
        slots = owed(world)
        phone = Phone(address, proxy)
        phone.sign_in(world.link(world.reporter))
        tries = [phone.send(slot) for slot in slots]
        sent = list(Version.select().where(Version.slot.in_(slots)))
        assert sorted(version.slot_id for version in sent) == slots
        assert {version.number for version in sent} == {1}
        assert Slot.select().where(Slot.id.in_(slots), Slot.state == "submitted").count() == reports
        assert Draft.select().where(Draft.slot.in_(slots)).count() == 0
    assert sum(cut != "none" for cut in cuts) >= reports
    assert set(cuts) == {*WAYS, "none"}
    assert max(tries) > 2
