"""axe finds nothing serious on any page, on a phone, in light and dark, in both languages, with large type."""

from __future__ import annotations

from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.test_whole_way import Site, site  # noqa: F401 - the fixture
from tests.support.world import KEY

REPORTER = (
    "/reports", "/reports/{slot}", "/reports/{slot}/fill/state", "/reports/{slot}/fill/money",
    "/reports/{slot}/fill/benefit", "/reports/{slot}/fill/output", "/reports/{slot}/fill/text",
    "/reports/{slot}/fill/publish", "/reports/{slot}/check", "/reports/{slot}/nil", "/reports/{slot}/photos",
    "/reports/{old}/receipt",
    "/reports/{old}/sent/1", "/nowhere", "/organization", "/account", "/account/leave",
    "/difficulties/mine", "/difficulties/new", "/difficulties/mine/{difficulty}",
)  # fmt: skip
STAFF = (
    "/picture", "/picture?region=130800", "/picture/amounts", "/picture/list",
    "/picture/list?number=expected&numbers=1",
    "/review", "/review?tab=passed", "/review?tab=owed", "/review/{old}", "/review/{sent}", "/circulars",
    "/forms", "/forms/paste", "/forms/proposals/{proposal}", "/forms/proposals/{proposal}/preview/state",
    "/circulars/{circular}", "/figures/{snapshot}/funds_yuan", "/versions/{version}",
    "/account", "/account/password", "/account/authenticator", "/account/recovery-codes",
    "/difficulties", "/difficulties?view=table&kind=other", "/difficulties/{difficulty}",
)  # fmt: skip
PUBLIC = ("/", "/sign-in", "/sign-in/staff", "/privacy", "/staff/join/{invitation}", "/staff/join/{invitation}/app")


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical, with the element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in {"serious", "critical"}
    ]


def wide(page: Page) -> bool:
    """Whether the page must be pushed sideways to be read."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def look(page: Page, site: Site, paths: tuple[str, ...], names: dict[str, object]) -> dict[str, list[str]]:  # noqa: F811
    wrong = {}
    for path in paths:
        page.goto(site.address + path.format(**names))
        found = faults(page) + (["wider than the phone"] if wide(page) else [])
        if found:
            wrong[path] = found
    return wrong


def difficulty(site: Site) -> int:  # noqa: F811
    """An answered one of the reporter's, so that its page has all that it can have."""
    from reportsvc.difficulties import handling, raising  # noqa: PLC0415 - needs the site's database
    from reportsvc.projects import regions  # noqa: PLC0415

    world = site.world
    part = raising.projects((world.lotus.id,))[0].id
    values = raising.Raised(str(uuid4()), part, "other", "urgent", "helper", "图书室没有暖气。")
    found = raising.on_the_spot((world.lotus.id,), world.reporter, values)
    hand = handling.Hand(regions.scope(found.owner_region_id), world.county, found.revision)
    return handling.answer(hand, found.id, "周五送到。").id


@pytest.fixture
def names(site: Site) -> dict[str, object]:  # noqa: F811
    from reportsvc.accounts import staff  # noqa: PLC0415 - needs the site's database
    from reportsvc.circulars import compiling  # noqa: PLC0415 - needs the site's database
    from reportsvc.forms import shipped  # noqa: PLC0415
    from reportsvc.models import Slot, Version  # noqa: PLC0415
    from reportsvc.reports import proposals  # noqa: PLC0415
    from reportsvc.totals import Quarter  # noqa: PLC0415

    version = Version.get(Version.slot == Slot.get(Slot.round == site.world.before, Slot.state == "approved"))
    sent = site.world.submit("orchard")
    _, invitation = staff.invite(KEY, site.world.county.phone)
    staff.choose_password(KEY, invitation, "梅雨 plum 山坡 rain")
    circular = compiling.request(site.world.campaign, Quarter(site.world.now.year, site.world.now.quarter), None)
    assert site.work() == 1
    source, filename = shipped.quarterly_report()
    upload = proposals.Upload(filename, source.replace("自有资金".encode(), "自筹资金".encode()))
    proposal = proposals.propose(site.world.campaign, upload, site.world.province)
    return {
        "proposal": proposal.id, "difficulty": difficulty(site),
        "slot": site.world.slots["library"], "old": version.slot_id, "sent": sent.slot_id, "version": version.id,
        "circular": circular.id, "snapshot": compiling.by_id(circular.id).snapshot_id,
        "invitation": invitation,
    }  # fmt: skip


@pytest.mark.parametrize("way", ["plain", "dark", "english", "large"])
def test_no_page_hinders_anybody(site: Site, names: dict[str, object], way: str) -> None:  # noqa: F811
    wrong: dict[str, list[str]] = {}
    for person, paths in ((site.world.reporter, REPORTER), (site.world.province, STAFF), (None, PUBLIC)):
        if person is None:
            context = site.browser.new_context(viewport={"width": 360, "height": 740})
            site.contexts.append(context)
            page = context.new_page()
            page.goto(site.address)
        else:
            page = site.signed_in(person)
        if way == "dark":
            page.emulate_media(color_scheme="dark")
        if way == "english":
            page.get_by_role("button", name="English").click()
        if way == "large":
            page.get_by_role("button", name="大字版").click()
        wrong |= look(page, site, paths, names)
    assert wrong == {}
