"""Signing in, staying signed in, and coming back after too long: what was typed is still there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from reportsvc import clock
from reportsvc.accounts import people
from reportsvc.models import Grant, Person, SignInCode, Version
from tests.web.browsing import Page, Phone
from tests.web.conftest import Site
from tests.web.test_reporting import fill_in

AWAY = "您离开的时间较长，请重新登录。刚才填写的内容已保留，登录后即可恢复。"
WRONG = "验证码不对或已过期。请填写最新收到的验证码，或重新获取。"
USED = "此链接已用过或已过期，请用手机号登录。"
UNREADABLE = "页面内容无法识别。请返回并刷新页面后重试。"


def ask(phone: Phone, number: str = "13800000001", page: Page | None = None) -> Page:
    """From the sign-in page to the one that asks for the code."""
    return phone.send(page or phone.get("/sign-in"), phone=number)


def newest(site: Site) -> str:
    return site.sent[-1][1]


def without_tokens(page: Page) -> str:
    return re.sub(r'name="(csrf_token|kept)" value="[^"]*"', "", page.html)


# --- with a code -----------------------------------------------------------------------------------------------------


def test_a_number_and_its_code_lead_to_the_page_that_was_asked_for(site: Site) -> None:
    phone = site.phone()
    wanted = f"/reports/{site.world.slots['library']}?from=list"
    first = phone.get(wanted)
    assert (first.status, first.location.partition("?")[0]) == (302, "/sign-in")
    page = ask(phone, "+86 138 0000 0001", phone.follow(first))
    assert page.status == 200
    assert "如果 13800000001 已登记，6 位验证码已发出，10 分钟内有效。" in page.main
    answer = phone.send(page, code=newest(site))
    assert (answer.status, answer.location) == (302, wanted)
    assert phone.follow(answer).status == 200


def test_a_wrong_code_is_said_and_the_number_stays(site: Site) -> None:
    phone = site.phone()
    page = ask(phone)
    wrong = f"{(int(newest(site)) + 1) % 10**6:06d}"
    page = phone.send(page, code=wrong)
    assert page.status == 422
    assert WRONG in page.main
    assert page.values["phone"] == "13800000001"
    assert phone.send(page, code=newest(site)).status == 302


def test_five_wrong_tries_spoil_the_code(site: Site) -> None:
    phone = site.phone()
    page = ask(phone)
    wrong = f"{(int(newest(site)) + 1) % 10**6:06d}"
    for _ in range(5):
        page = phone.send(page, code=wrong)
    page = phone.send(page, code=newest(site))
    assert (page.status, WRONG in page.main) == (422, True)
    assert phone.get("/reports").status == 302


def test_an_unknown_number_gets_the_very_same_pages(site: Site) -> None:
    known, unknown = site.phone(), site.phone()
    first, second = ask(known), ask(unknown, "13900000009")
    assert without_tokens(first) == without_tokens(second).replace("13900000009", "13800000001")
    assert [number for number, _ in site.sent] == ["13800000001"]
    wrong = f"{(int(newest(site)) + 1) % 10**6:06d}"
    first, second = known.send(first, code=wrong), unknown.send(second, code=wrong)
    assert first.status == second.status == 422
    assert without_tokens(first) == without_tokens(second).replace("13900000009", "13800000001")


def test_what_is_no_number_is_said_and_stays(site: Site) -> None:
    page = ask(site.phone(), "1380000")
    assert page.status == 422
    assert "手机号应为 11 位数字，以 1 开头，请检查后重新填写。" in page.main
    assert page.values["phone"] == "1380000"


def test_loading_the_page_of_the_code_anew_leads_to_its_beginning(site: Site) -> None:
    assert site.phone().get("/sign-in/code?next=/reports").location == "/sign-in?next=/reports"


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere_after_signing_in(site: Site, place: str) -> None:
    phone = site.phone()
    page = ask(phone, page=phone.get("/sign-in", query_string={"next": place}))
    assert phone.send(page, code=newest(site)).location == "/"
    page = phone.get("/reports")
    language = next(form for form in page.root.all("form") if "/language/" in form.attributes["action"])
    assert phone.send(page, language, next=place).location == "/"


# --- with a link -----------------------------------------------------------------------------------------------------


def test_a_link_works_once_and_looking_at_it_uses_nothing_up(site: Site) -> None:
    link = site.world.link(site.world.reporter)
    for _ in range(3):  # chat programs open links by themselves, to show a preview
        assert site.phone().get(link).status == 200
    phone = site.phone()
    page = phone.get(link)
    answer = phone.send(page)
    assert (answer.status, answer.location) == (302, "/")
    assert "我的季报" in phone.follow(answer).main
    again = site.phone()
    page = again.send(again.get(link))
    assert page.status == 422
    assert USED in page.main
    assert "用手机号登录" in page.main
    assert again.get("/reports").status == 302


# --- away for too long -----------------------------------------------------------------------------------------------


def come_back(site: Site, phone: Phone, page: Page) -> Page:
    """From the sign-in page that a lapsed session gets, by a code, to the page that offers what was typed."""
    page = ask(phone, page=page)
    page = phone.send(page, code=newest(site))
    assert page.status == 200
    assert "内容没有丢失" in page.main
    assert page.answer.headers["Cache-Control"] == "no-store"
    return page


@pytest.mark.parametrize("lapse", ["time", "cookies"])
def test_a_page_that_is_saved_after_too_long_is_not_lost(site: Site, lapse: str) -> None:
    phone = site.phone(site.world.reporter)
    phone.send(phone.section("state"), project_state="running", activity="yes")
    page = phone.section("money")
    later = clock.now() + timedelta(days=91 if lapse == "time" else 0)
    if lapse == "cookies":
        phone.forget()
    with clock.frozen(later):
        page = phone.send(page, own_funds="12,000.50", raised_funds="三百")
        assert page.status == 401
        assert AWAY in page.main
        assert page.answer.headers["Cache-Control"] == "no-store"
        assert "own_funds" not in site.draft(), "nothing is written for somebody who is not signed in"
        page = come_back(site, phone, page)
        page = phone.send(page)
        assert page.status == 422, "to the same page, with what can't be read in it"
        assert page.values["own_funds"] == "12000.50"
        assert page.values["raised_funds"] == "三百"
    assert site.draft()["own_funds"] == "12000.50"


def test_a_report_that_is_submitted_after_too_long_arrives_once(site: Site) -> None:
    phone = site.phone(site.world.reporter)
    check = fill_in(phone)
    phone.forget()
    page = come_back(site, phone, phone.send(check))
    answers = [phone.send(page) for _ in range(2)]
    assert all("季报已收到" in phone.follow(answer).main for answer in answers)
    assert Version.select().where(Version.slot == site.world.slots["library"]).count() == 1


def test_a_wrong_code_on_the_way_back_loses_nothing(site: Site) -> None:
    phone = site.phone(site.world.reporter)
    page = phone.section("state")
    phone.forget()
    page = phone.send(page, project_state="paused")
    page = phone.send(page, phone="138")
    assert page.status == 422
    page = phone.send(page, phone="13800000001")
    page = phone.send(page, code="0")
    page = phone.send(page, code=newest(site))
    assert dict(page.form.fields)["project_state"] == "paused"


def test_what_somebody_else_made_up_is_not_offered(site: Site) -> None:
    phone = site.phone()
    page = ask(phone, page=phone.get("/sign-in"))
    kept = "eyJwYXRoIjoiL2V2aWwiLCJmaWVsZHMiOltdfQ.bad"
    answer = phone.send(page, kept=kept, code=newest(site))
    assert (answer.status, answer.location) == (302, "/")


def test_what_was_typed_for_another_organization_goes_nowhere(site: Site) -> None:
    phone = site.phone(site.world.reporter)
    page = phone.section("state")
    phone.forget()
    page = phone.send(page, project_state="paused")
    page = phone.send(page, phone=site.world.other_reporter.phone)
    page = phone.send(phone.send(page, code=newest(site)))
    assert (page.status, site.draft()) == (404, {})


def test_a_session_lives_while_it_is_used(site: Site) -> None:
    phone = site.phone(site.world.reporter)
    start = clock.now()
    for days in range(80, 400, 80):
        with clock.frozen(start + timedelta(days=days)):
            assert phone.get("/reports").status == 200
    with clock.frozen(start + timedelta(days=320 + 91)):
        assert phone.get("/reports").status == 302


def test_devices_are_seen_and_signed_out_on_the_account_page(site: Site) -> None:
    phone, tablet = site.phone(site.world.reporter), site.phone(site.world.reporter)
    page = phone.get("/account")
    assert "138****0001" in page.main
    assert page.main.count("本机") == 1
    phone.send(page, next(form for form in page.forms if "/devices/" in form.attributes["action"]))
    assert tablet.get("/reports").status == 302
    assert "其他" not in phone.get("/account").main
    assert "王素梅" in phone.get("/account/data.json").html


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_post_without_a_token_is_refused(site: Site, reporter: Phone) -> None:
    slot = site.world.slots["library"]
    page = reporter.post(f"/reports/{slot}/fill/state", {"project_state": "running"})
    assert page.status == 400
    assert UNREADABLE in page.main
    assert "如需帮助，请提供此编号：" in page.main
    assert site.draft() == {}


def test_a_stale_token_from_our_own_page_loses_nothing(site: Site, reporter: Phone) -> None:
    page = reporter.section("state")
    fields = dict(page.form.fields) | {"csrf_token": "stale", "project_state": "running", "activity": "no"}
    page = reporter.post(page.answer.request.path, fields, headers={"Origin": "http://localhost"})
    assert page.status == 400
    assert "内容没有丢失" in page.main
    assert site.draft() == {}
    assert reporter.send(page).status == 302
    assert site.draft()["project_state"] == "running"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_a_form_of_somebody_elses_page_is_refused(site: Site, reporter: Phone, origin: str) -> None:
    path = f"/reports/{site.world.slots['library']}/fill/state"
    page = reporter.post(path, {"project_state": "running"}, headers={"Origin": origin})
    assert page.status == 400
    assert UNREADABLE in page.main
    assert "running" not in page.html
    assert site.draft() == {}


def test_a_browser_that_leaves_its_referer_out_is_let_in_over_tls(site: Site, reporter: Phone) -> None:
    page = reporter.section("state")
    fields = dict(page.form.fields) | {"project_state": "running", "activity": "no"}
    assert reporter.post(page.answer.request.path, fields, base_url="https://localhost").status == 302


# --- leaving ---------------------------------------------------------------------------------------------------------


def footer(page: Page, action: str) -> object:
    return next(form for form in page.root.all("form") if form.attributes["action"].startswith(action))


def test_signing_out_ends_it_and_keeps_the_language(site: Site, reporter: Phone) -> None:
    page = reporter.get("/reports")
    page = reporter.follow(reporter.send(page, footer(page, "/language/en")))  # type: ignore[arg-type]
    answer = reporter.send(page, footer(page, "/sign-out"))  # type: ignore[arg-type]
    assert answer.location == "/"
    page = reporter.follow(answer)
    assert "Report a quarter by phone" in page.main
    assert site.world.reporter.name not in page.text
    assert reporter.get("/reports").status == 302


def test_somebody_who_left_is_out_at_once(site: Site, reporter: Phone) -> None:
    slot = site.world.slots["library"]
    page = reporter.section("state")
    Person.update(active=False).where(Person.id == site.world.reporter.id).execute()
    assert reporter.get(f"/reports/{slot}").status == 302
    page = reporter.send(page, project_state="running")
    assert page.status == 401
    asked = ask(reporter, page=page)
    assert (asked.status, site.sent) == (200, []), "and no code is sent to them"


def test_a_role_that_was_taken_away_is_gone_at_once(site: Site, county: Phone) -> None:
    assert county.get("/review").status == 200
    Grant.delete().where(Grant.person == site.world.county).execute()
    page = county.get("/review")
    assert page.status == 403
    assert "您的账号没有此页面的权限，请联系当地民政部门开通。" in page.main
    page = county.follow(county.get("/"))
    assert "您的账号还没有任务，请联系当地民政部门将您加入所在单位。" in page.main


def test_another_roles_pages_are_refused(site: Site) -> None:
    pages = {"reporter": "/reports", "county": "/review", "province": "/circulars"}
    refused = {"reporter": ("/review", "/circulars"), "county": ("/reports", "/circulars"), "province": ("/reports",)}
    for role, others in refused.items():
        phone = site.phone(getattr(site.world, role))
        assert phone.get(pages[role]).status == 200
        assert [phone.get(path).status for path in others] == [403] * len(others)


def test_codes_are_kept_as_keyed_hashes_only(site: Site) -> None:
    ask(site.phone())
    assert newest(site) not in {row.secret_hash for row in SignInCode.select()}
    assert people.actor(site.world.reporter.id) is not None
