"""The staff's way in, page by page: by invitation, by password and code, and back to what was typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from reportsvc import clock
from reportsvc.accounts import people, staff
from reportsvc.models import Event, StaffLogin
from tests.support.staffing import PASSWORD, Enrolled, enrol, quick_hashes
from tests.support.world import KEY
from tests.web.browsing import Page, Phone
from tests.web.conftest import Site
from tests.web.test_reviewing import opened, returning
from tests.web.test_signing import without_tokens


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture
def county(site: Site) -> Enrolled:
    return enrol(site.world.county, clock.now() - timedelta(hours=1))


def password(phone: Phone, page: Page, number: str = "13800000003", typed: str = PASSWORD) -> Page:
    return phone.send(page, phone=number, password=typed)


def test_by_invitation_to_a_password_an_app_and_recovery_codes(site: Site) -> None:
    phone = site.phone()
    _, token = staff.invite(KEY, site.world.county.phone)
    link = f"/staff/join/{token}"
    for _ in range(2):  # chat programs look at links
        page = phone.get(link)
    assert "刘振江" in page.main
    assert phone.send(page, password=PASSWORD, again="another one").status == 422
    assert phone.get(f"{link}/app").location == link, "first the password"
    page = phone.send(page, password="password1234", again="password1234")
    assert page.status == 422
    assert (
        site.zh("This password is one of the first that others would try. Choose something less common.") in page.main
    )
    assert "password1234" not in page.html
    page = phone.follow(phone.send(page, password=PASSWORD, again=PASSWORD))
    assert "<svg" in page.html
    [shown] = [one.text for one in page.root.all("code")]
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", shown)
    assert phone.send(page, code="000000").status == 422
    page = phone.send(page, code=pyotp.TOTP(shown.replace(" ", "")).now())
    assert len(page.root.all("code")) == staff.authenticator.RECOVERY_CODES
    assert phone.get("/review").status == 200
    assert phone.get(link).status == 422


def test_password_then_code_then_the_page_that_was_asked_for(site: Site, county: Enrolled) -> None:
    phone = site.phone()
    wanted = f"/review/{site.world.slots['library']}?tab=ready"
    first = phone.get(wanted)
    assert first.location.partition("?")[0] == "/sign-in/staff", "whoever needs a password is asked for it at once"
    page = password(phone, phone.follow(first))
    assert (page.status, phone.get("/review").status) == (200, 302), "half the way is no session"
    page = phone.send(page, code="123456")
    assert page.status == 422
    answer = phone.send(page, code=county.code())
    assert answer.location == wanted
    assert phone.follow(answer).status == 200
    other = site.phone()
    page = other.send(password(other, other.get("/sign-in/staff")), code=county.code())
    assert page.status == 422, "a code that was used is worth nothing"
    answer = other.send(page, code=county.recovery[0])
    assert "7" in other.follow(answer).main


def test_unknown_wrong_and_not_set_up_look_the_same(site: Site, county: Enrolled) -> None:
    pages = []
    for number, typed in (
        ("13800000003", "wrong"),
        ("13800000004", PASSWORD),
        ("13800000001", PASSWORD),
        ("13900000009", PASSWORD),
    ):
        phone = site.phone()
        page = password(phone, phone.get("/sign-in/staff"), number, typed)
        assert page.status == 422
        pages.append(without_tokens(page).replace(number, "NUMBER"))
    assert len(set(pages)) == 1
    assert PASSWORD not in pages[0]


def test_the_way_between_password_and_code_is_ours_and_short(site: Site, county: Enrolled) -> None:
    phone = site.phone()
    page = password(phone, phone.get("/sign-in/staff"))
    half = page.values["half"]
    for forged in ("", half[:-2], "WzMsOTk5OTk5OTk5OTld.xxxx"):
        assert phone.send(page, half=forged, code=county.code()).status == 422
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        again = phone.send(page, code=county.code())
        assert again.status == 422
        assert "password" in again.values
    assert phone.get("/review").status == 302


def test_what_a_reviewer_typed_survives_half_an_hour_away(site: Site, county: Enrolled) -> None:
    site.world.submit()
    phone = site.phone(site.world.county)
    page = opened(phone, site.world.slots["library"])
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        page = phone.send(page, returning(page), reason="金额与台账不符。")
        assert page.status == 401
        assert "password" in page.values
        page = password(phone, page, typed="wrong")
        page = password(phone, page)
        page = phone.send(phone.send(page, code="1"), code=county.code())
        assert "金额与台账不符。" in dict(page.form.fields).values()
        assert phone.send(page).status == 302
    assert Event.select().where(Event.action == "return").count() == 1


def test_from_the_page_of_codes_what_was_typed_goes_along_to_the_staffs(site: Site, county: Enrolled) -> None:
    site.world.submit()
    phone = site.phone(site.world.county)
    page = opened(phone, site.world.slots["library"])
    phone.forget()
    page = phone.send(page, returning(page), reason="金额与台账不符。")
    codes = phone.send(page, page.forms[1])
    assert codes.values["kept"]
    page = phone.send(codes, codes.forms[1])
    page = phone.send(password(phone, page), code=county.code())
    assert "金额与台账不符。" in dict(page.form.fields).values()


def test_a_password_that_was_typed_is_on_no_page(site: Site, county: Enrolled) -> None:
    phone = site.phone(site.world.county)
    page = phone.get("/account/password")
    typed = {"old": PASSWORD, "password": "secret that is new", "again": "secret that is new"}
    stale = {**typed, "csrf_token": "stale"}
    answers = [phone.post("/account/password", stale, headers={"Origin": "http://localhost"})]
    phone.forget()
    answers.append(phone.send(page, **typed))
    for answer in answers:
        assert "secret that is new" not in answer.html
        assert PASSWORD not in answer.html
    assert phone.send(answers[1], phone="13800000003", password=PASSWORD).status == 200


def test_staff_change_everything_on_their_account(site: Site, county: Enrolled) -> None:
    phone, other = site.phone(site.world.county), site.phone(site.world.county)
    assert {"/account/password", "/account/authenticator", "/account/recovery-codes"} <= set(
        phone.get("/account").links
    )
    new = PASSWORD + " 2"
    assert phone.send(phone.get("/account/password"), old="guess", password=new, again=new).status == 422
    assert phone.send(phone.get("/account/password"), old=PASSWORD, password=new, again=new).status == 302
    assert other.get("/review").status == 302, "other devices are signed out"
    page = phone.get("/account/authenticator")
    assert phone.get("/account/authenticator/new").location == "/account/authenticator"
    assert phone.send(page, old=new, code="000000").status == 422
    page = phone.follow(phone.send(page, old=new, code=county.code()))
    secret = page.root.all("code")[0].text.replace(" ", "")
    assert phone.send(page, code="000000").status == 422
    assert phone.send(page, code=pyotp.TOTP(secret).now()).status == 302
    assert phone.send(phone.get("/account/recovery-codes"), old=PASSWORD).status == 422
    page = phone.send(phone.get("/account/recovery-codes"), old=new)
    fresh = [one.text for one in page.root.all("code")]
    assert not set(fresh) & set(county.recovery)
    assert StaffLogin.get().pending_secret == ""


def test_a_reporter_has_no_password_to_change(site: Site, reporter: Phone) -> None:
    assert "/account/password" not in reporter.get("/account").links
    assert reporter.get("/account/password").status == 403


def test_the_log_says_who_came_in_and_holds_no_secret(
    site: Site, county: Enrolled, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    phone = site.phone()
    page = password(phone, phone.get("/sign-in/staff"), typed="a wrong one")
    code = county.code()
    phone.send(phone.send(password(phone, page), code="999999999"), code=code)
    _, token = staff.invite(KEY, site.world.province.phone)
    phone.get(f"/staff/join/{token}")
    said = caplog.text + capsys.readouterr().err
    for event in ("staff password refused", "staff code refused", "staff signed in"):
        assert event in said
    for secret in (PASSWORD, "a wrong one", code, "999999999", token):
        assert secret not in said


def test_an_operator_gives_roles_prints_links_and_closes_accounts(site: Site, tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from reportsvc.app import main; main()", *words]
        settings = site.app.extensions["reportsvc"]
        env = {**os.environ, "REPORTSVC_INSTANCE_DIR": str(tmp_path), "DATABASE_URL": settings.database_url}
        env |= {"REPORTSVC_SECRET_KEY": KEY, "REPORTSVC_BASE_URL": "https://jibao.example.cn"}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own program

    done = run("staff", "invite", "13800000003")
    assert "刘振江" in done.stdout
    link = re.search(r"https://jibao\.example\.cn(/staff/join/\S+)", done.stdout)
    assert link is not None
    assert site.phone().get(link[1]).status == 200
    again = run("staff", "reset", "13800000003")
    assert again.returncode == 0
    assert site.phone().get(link[1]).status == 422
    assert "Nobody who reviews" in run("staff", "invite", "13800000001").stderr
    assert "--name" in run("people", "grant", "13900000007", "manager", site.world.pine.uscc).stderr
    assert run("people", "grant", "13900000007", "manager", site.world.pine.uscc, "--name", "钱小芳").returncode == 0
    assert "钱小芳" in run("people", "grant", "13900000007", "reviewer", "130826").stdout
    assert run("people", "grant", "13900000007", "reviewer", "999999").returncode == 1
    theirs = site.phone(people.find("13900000007"))
    assert theirs.send(theirs.get("/notice")).status == 302
    assert theirs.get("/organization").status == theirs.get("/review").status == 200
    assert run("people", "close", "13900000007").returncode == 0
    assert theirs.get("/review").status == 302
