"""Every page of every role, found by following links: it opens, is in one language only, and can be read out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from babel.messages.catalog import Message

from reportsvc import attachments, totals
from reportsvc.circulars import compiling
from reportsvc.forms import shipped
from reportsvc.models import Campaign, Circular, Organization, Participation, Project, Round, Slot
from reportsvc.projects import campaigns
from tests.support.catalogue import placeholders, stored
from tests.support.world import COUNTY
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site
from tests.web.test_reporting import begin
from tests.web.test_reviewing import approving, opened, returning

ROLES = ("stranger", "reporter", "other_reporter", "county", "province")
LONG = "河北省丰宁满族自治县乡村振兴与社会组织协同发展促进会" * 8
"""200 characters, as many as a name may have."""


@pytest.fixture
def busy(site: Site) -> Site:
    """Reports in every state, and circulars in every state."""
    world = site.world
    world.submit("orchard")
    approve(site, "orchard")
    world.submit("library")
    county = site.phone(world.county)
    page = opened(county, world.slots["library"])
    county.send(page, returning(page), reason="金额与台账不符。")
    world.submit("joint:pine", benefits=[{"benefit_county": COUNTY, "benefit_unit": "persons", "benefit_amount": "40"}])
    begin_joint(site)
    through = totals.Quarter(world.now.year, world.now.quarter)
    store = attachments.Folder(site.app.extensions["reportsvc"].attachments)
    press = compiling.Press(lambda document, progress: b"%PDF-1.7", store, "http://localhost")
    for state in ("compiled", "failed", "asked"):
        circular = compiling.request(world.campaign, through, world.province)
        if state == "compiled":
            compiling.compile_circular(circular.id, press, lambda done, total: None)
        Circular.update(state=state).where(Circular.id == circular.id).execute()
    return site


def approve(site: Site, name: str) -> None:
    slot = site.world.slots[name]
    for person in (site.world.other_county, site.world.province):
        phone = site.phone(person)
        page = opened(phone, slot)
        assert phone.send(page, approving(page)).status == 302


def begin_joint(site: Site) -> None:
    phone = site.phone(site.world.reporter)
    phone.send(phone.section("state", "joint:lotus"), project_state="running", activity="yes")
    phone.send(phone.section("money", "joint:lotus"), own_funds="-1")


def browser(site: Site, role: str) -> Phone:
    return site.phone(None if role == "stranger" else getattr(site.world, role))


def walk(phone: Phone) -> Iterator[Page]:
    """Every page that can be reached from the first one."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        page = phone.get(waiting.pop(0))
        assert page.status in {200, 302}, page.answer.request.path
        found = [page.location] if page.status == 302 else page.links
        for link in found:
            path = "" if link.startswith("tel:") else link.partition("#")[0]
            assert not path or path.startswith(("/", "?")), f"{link} leads elsewhere"
            path = page.answer.request.path + path if path.startswith("?") else path
            if path and path not in seen:
                seen.add(path)
                waiting.append(path)
        if page.answer.mimetype == "text/html" and page.status == 200:
            yield page


@cache
def reached(role: str) -> tuple[str, ...]:
    """What at least must be found by the links of a role."""
    pages = {
        "stranger": ("/", "/sign-in"),
        "reporter": ("/reports", "/reports/5", "/fill/state", "/check", "/sent/1"),
        "other_reporter": ("/reports", "/sent/1"),
        "county": ("/review", "/review/5"),
        "province": (
            "/review",
            "/circulars",
            "/circulars/1",
            "/forms",
            "/forms/paste",
            "/figures/1/funds_yuan",
            "/versions/1",
        ),
    }
    return pages[role]


# --- one language ----------------------------------------------------------------------------------------------------

LATIN = re.compile(r"[A-Za-z]{2,}")
OURS = re.compile(
    r"\d{4}Q[1-4](-\d{6}-\d+)?|[0-9a-f]{16}|PDF|KB|MB|JPEG|PNG|WebP|HEIC|English|\{typed\}"
    r"|JSON|API|OpenAPI|HTTPS?|HMAC-SHA256|SHA-256|X-Reportsvc-(Signature|Delivery)|https:|webhooks?|[0-9a-f]{12}"
    r"|reportsvc audit verify|(person|circular|slot|round|campaign|form|grant|difficulty|project):\d+"
    r"|XLSForm|Excel|CSV|\.(xlsx|xls|csv|md)\b|form_id|“(settings|type)”|select_one_from_file|needs_2026"
)
"""Letters that belong into a Chinese page."""


@cache
def chinese() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every message of the catalogue as it would stand in a Chinese page."""
    told = [message for message in stored() if message.id and message.string]
    # One of placeholders and a unit, such as "%(amount)s 元", would be found in whatever people report.
    worded = [message for message in told if len(re.findall("[一-鿿]", str(message.string))) > 1]
    return tuple((str(message.id), _as_pattern(message)) for message in worded)


def _as_pattern(message: Message) -> re.Pattern[str]:
    text = re.escape(str(message.string))
    for name in placeholders(str(message.string)):
        text = text.replace(re.escape(name), ".*")
    return re.compile(text)


@cache
def of_the_form() -> str:
    """All texts that are the form author's or the campaign's, and not ours."""
    return shipped.quarterly_report()[0].decode() + " ".join(one.name for one in campaigns.INDICATORS)


def leftovers(page: Page, language: str) -> list[str]:
    """What is in the other language."""
    codes = {one.text for one in page.root.all("code")}
    texts = [text for text in page.said() if text not in codes]
    if language == "zh":
        return [text for text in texts if LATIN.search(OURS.sub("", text))]
    mine = [text for text in texts if re.search("[一-鿿]", text) and text not in of_the_form()]
    return [text for text in mine for _, pattern in chinese() if pattern.fullmatch(text)]


def test_what_is_in_the_other_language_is_found(site: Site) -> None:
    page = site.phone().get("/")
    assert "登录" in leftovers(page, "en")
    page.root.all("h1")[0].children = ["Report a quarter by phone"]
    assert leftovers(page, "zh") == ["Report a quarter by phone"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_opens_and_is_in_one_language(busy: Site, role: str, language: str) -> None:
    phone = browser(busy, role)
    page = phone.follow(phone.get("/"))
    if language == "en":
        switch = next(form for form in page.root.all("form") if form.attributes["action"] == "/language/en")
        assert phone.send(page, switch).status == 302
    paths = []
    for each in walk(phone):
        assert leftovers(each, language) == [], each.answer.request.path
        readable(each, "zh-Hans" if language == "zh" else "en")
        paths.append(each.answer.request.path)
    for wanted in reached(role):
        assert [path for path in paths if path.endswith(wanted)], wanted


# --- read out --------------------------------------------------------------------------------------------------------


def readable(page: Page, language: str) -> None:
    """What a screen reader needs of a page."""
    path, root = page.answer.request.path, page.root
    assert root.all("html")[0].attributes["lang"] == language, path
    assert len(root.all("h1")) == 1, path
    assert len(root.all("main")) == 1, path
    assert root.all("title")[0].text, path
    ids = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
    assert sorted(ids) == sorted(set(ids)), path
    for name in ("for", "aria-describedby", "aria-labelledby"):
        for one in root.all():
            for target in one.attributes.get(name, "").split():
                assert target in ids, f"{path}: {name}={target}"
    for one in root.all("input", "select", "textarea"):
        if one.attributes.get("type") != "hidden":
            assert labelled(one, root), f"{path}: {one.attributes}"
    for one in root.all("a", "button"):
        assert one.text or one.attributes.get("aria-label"), f"{path}: {one.attributes}"
    for one in root.all("table"):
        assert one.all("th"), path
    levels = [int(one.tag[1]) for one in root.all("h1", "h2", "h3", "h4")]
    main = levels[levels.index(1) :]
    assert all(after - before <= 1 for before, after in pairwise(main)), f"{path}: {levels}"


def labelled(one: Element, root: Element) -> bool:
    parent = one.parent
    while parent is not None:
        if parent.tag == "label" and parent.text:
            return True
        parent = parent.parent
    labels = [label for label in root.all("label") if label.attributes.get("for") == one.attributes.get("id")]
    return bool("aria-label" in one.attributes or (labels and labels[0].text))


def test_pages_that_refuse_something_can_be_read_out_too(busy: Site) -> None:
    reporter, county = busy.phone(busy.world.reporter), busy.phone(busy.world.county)
    begin(reporter)
    page = opened(busy.phone(busy.world.province), busy.world.slots["joint:pine"])
    wrong = reporter.send(reporter.section("money"), own_funds="-1", raised_funds="x")
    refused = [wrong, reporter.get("/nosuch"), reporter.get("/review"), county.post("/review/1/approve")]
    assert [page.status for page in refused] == [422, 404, 403, 400]
    for each in [*refused, page]:
        readable(each, "zh-Hans")
        assert [text for text in leftovers(each, "zh") if "请提供此编号" not in text] == []


# --- much and nothing ------------------------------------------------------------------------------------------------


def test_names_of_two_hundred_characters(site: Site) -> None:
    assert len(LONG) == 208
    name = LONG[:200]
    Project.update(name=name).execute()
    Organization.update(name=name).execute()
    Campaign.update(name=name).execute()
    site.world.submit("library")
    for role in ROLES[1:]:
        pages = list(walk(browser(site, role)))
        assert any(name in page.main for page in pages), role


def test_without_anything_to_do_every_page_says_so(site: Site) -> None:
    Round.update(opens=site.world.now.due.replace(year=9000)).execute()
    reporter, county, province = (site.phone(getattr(site.world, role)) for role in ("reporter", "county", "province"))
    assert "目前没有待填的季报。填报期开始后，会显示在这里。" in reporter.get("/reports").main
    assert "目前没有待您审核的季报。" in county.get("/review").main
    assert "这里没有季报。" in county.get("/review?tab=owed").main
    page = province.get("/circulars")
    assert "还没有生成过通报。" in page.main
    assert [form for form in page.forms if form.fields] == [], "and offers nothing that can't be done"


def test_when_all_is_sent_the_list_says_so(site: Site, reporter: Phone) -> None:
    Slot.update(state="approved").where(Slot.organization == site.world.lotus).execute()
    page = reporter.get("/reports")
    assert "应报的季报已全部提交。" in page.main
    assert "已提交：" in page.main


def test_a_partner_is_asked_for_its_own_money_only(site: Site, reporter: Phone) -> None:
    begin_joint(site)
    overview = reporter.get(f"/reports/{site.world.slots['joint:lotus']}")
    assert "参与单位" in overview.main
    assert "本季度投入" in overview.main
    assert "受益情况" not in overview.main
    assert Participation.select().where(Participation.role == "partner").count() == 1


def test_a_report_that_is_not_required_says_so(site: Site, reporter: Phone) -> None:
    Slot.update(state="not_required").where(Slot.id == site.world.slots["library"]).execute()
    page = reporter.get(f"/reports/{site.world.slots['library']}")
    assert "本季度无需填报。" in page.main


@pytest.mark.parametrize(
    "what", ["", "hebei-2026", "hebei-2026/2026Q5", "hebei-2026/²026Q1", "hebei-2026/" + "9" * 5000]
)
def test_a_circular_of_nothing_is_not_asked_for(site: Site, province: Phone, what: str) -> None:
    page = province.send(province.get("/circulars"), what=what)
    assert page.status == 422
    assert "请从列表中选择行动和季度。" in page.main
    assert Circular.select().count() == 0


def test_a_circular_is_asked_for_once(site: Site, province: Phone) -> None:
    page = province.get("/circulars")
    first, second = province.send(page), province.send(page)
    assert first.location == second.location
    page = province.follow(first)
    assert "正在生成通报，可以离开此页，稍后再来查看。" in page.main
    assert province.get(f"{first.location}/file").status == 404
    assert province.get(f"{first.location}/progress").answer.get_json()["state"] == "asked"
    assert replace(compiling.standing(Circular.get()), done=0).state == "asked"


def test_switching_the_language_comes_back_to_the_very_page(site: Site, county: Phone) -> None:
    page = county.get("/review?region=130826&tab=owed")
    switch = next(form for form in page.root.all("form") if form.attributes["action"] == "/language/en")
    answer = county.send(page, switch)
    assert answer.location == "/review?region=130826&tab=owed"
    assert county.follow(answer).root.all("html")[0].attributes["lang"] == "en"


def test_nothing_on_the_way_through_the_sign_in_drops_what_is_carried(site: Site, reporter: Phone) -> None:
    page = reporter.section("state")
    reporter.forget()
    for each in (refused := reporter.send(page, project_state="running"), reporter.send(refused, phone="13800000001")):
        assert all(dict(form.fields).get("kept") for form in each.root.all("form"))
