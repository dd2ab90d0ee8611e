"""Codes on their way: over gateways that check the signature, over a mail server, by the next if one fails."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from email import message_from_string, policy
from typing import Any

import pytest
import structlog

from reportsvc.accounts.people import Reach
from reportsvc.messages import channels, gateway, sms
from reportsvc.messages.aliyun import Aliyun
from reportsvc.messages.channels import Code, UndeliveredError
from reportsvc.messages.console import Console
from reportsvc.messages.mail import Mail
from reportsvc.messages.tencent import Tencent
from tests.support import gateways
from tests.support.gateways import ID, SECRET, Gateway, MailServer

REACH = Reach("13800000001", "wang@example.cn")
CODE = Code("012345", 10)
PRIVATE = (REACH.phone, REACH.email, CODE.digits, SECRET)


def by_aliyun(url: str, secret: str = SECRET) -> Aliyun:
    return Aliyun(ID, secret, "河北 社会组织", "SMS_1", "code", url)


def by_tencent(url: str, secret: str = SECRET) -> Tencent:
    return Tencent(ID, secret, "1400006666", "河北社会组织", "1110", "ap-guangzhou", url)


MAKERS: dict[str, Any] = {"aliyun": (gateways.aliyun, by_aliyun), "tencent": (gateways.tencent, by_tencent)}
each_gateway = pytest.mark.parametrize("name", sorted(MAKERS))


def reason(channel: channels.Channel) -> str:
    """Why it did not go, after a look that nothing private is in it."""
    with pytest.raises(UndeliveredError) as caught:
        channel.send_code(REACH, CODE)
    text = str(caught.value)
    assert not any(private in text for private in PRIVATE)
    # Nothing hangs on it either: a log of the whole chain would show the gateway's own sentences.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return text


# --- gateways --------------------------------------------------------------------------------------------------------


def test_a_code_goes_through_aliyun() -> None:
    with gateways.serving(Gateway(gateways.aliyun)) as there:
        by_aliyun(there.url).send_code(REACH, CODE)
    [request] = there.got
    assert request.headers["x-acs-action"] == "SendSms"
    assert request.headers["x-acs-version"] == "2017-05-25"
    assert CODE.digits not in str(request.headers), "headers stand in the logs of proxies"
    assert request.query["PhoneNumbers"] == REACH.phone
    assert (request.query["SignName"], request.query["TemplateCode"]) == ("河北 社会组织", "SMS_1")
    assert json.loads(request.query["TemplateParam"]) == {"code": CODE.digits}, "the code is the only variable"


def test_no_two_requests_have_the_same_nonce() -> None:
    with gateways.serving(Gateway(gateways.aliyun)) as there:
        for _ in range(2):
            by_aliyun(there.url).send_code(REACH, CODE)
    assert len({request.headers["x-acs-signature-nonce"] for request in there.got}) == 2


def test_a_code_goes_through_tencent() -> None:
    with gateways.serving(Gateway(gateways.tencent)) as there:
        by_tencent(there.url).send_code(REACH, CODE)
    [request] = there.got
    assert (request.headers["x-tc-action"], request.headers["x-tc-region"]) == ("SendSms", "ap-guangzhou")
    assert json.loads(request.body) == {
        "PhoneNumberSet": ["+8613800000001"],
        "SmsSdkAppId": "1400006666",
        "SignName": "河北社会组织",
        "TemplateId": "1110",
        "TemplateParamSet": [CODE.digits],
    }


@each_gateway
def test_a_wrong_key_is_refused_and_told_without_what_was_signed(name: str) -> None:
    verify, make = MAKERS[name]
    with gateways.serving(Gateway(verify)) as there:
        text = reason(make(there.url, "another key"))
    assert "Signature" in text


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("aliyun", {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "13800000001"}, "isv.BUSINESS_LIMIT_CONTROL"),
        (
            "tencent",
            {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]}},
            "LimitExceeded.PhoneNumberDailyLimit",
        ),
        ("tencent", {"Response": {"Error": {"Code": "FailedOperation.TemplateIncorrect"}}}, "TemplateIncorrect"),
        ("tencent", {"Response": {"SendStatusSet": []}}, "refused"),
        ("tencent", {"Response": "13800000001"}, "refused"),
        ("aliyun", {"Code": "13800000001 012345"}, "refused it: no reason given"),
        ("aliyun", b"<html>13800000001</html>", "without JSON"),
        ("tencent", b"[1]", "without JSON"),
    ],
)
def test_what_a_gateway_refuses_is_told_by_its_code_only(name: str, answer: Any, said: str) -> None:
    verify, make = MAKERS[name]
    with gateways.serving(Gateway(verify, answer)) as there:
        assert said in reason(make(there.url))


@each_gateway
def test_a_gateway_that_is_away_is_named(name: str) -> None:
    with gateways.serving(Gateway(gateways.aliyun)) as there:
        url = there.url
    assert "no answer from 127.0.0.1: ConnectionRefusedError" in reason(MAKERS[name][1](url))


def test_a_gateway_that_is_silent_is_waited_for_only_so_long() -> None:
    import socket  # noqa: PLC0415 - for this test alone

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UndeliveredError, match="TimeoutError"):
            gateway.post(url, gateway.Request("/", {}, b""), timeout=0.05)


@pytest.mark.parametrize("text", ["", "x" * 36, "http://a.cn/1", "见 www.a.cn", "a.com", "reports.example.cn/r/7"])
def test_a_variable_that_a_gateway_would_refuse_is_refused_here(text: str) -> None:
    with pytest.raises(UndeliveredError, match="variable"):
        sms.variable(text)


def test_a_variable_of_35_characters_may_go() -> None:
    assert sms.variable("河" * 35) == "河" * 35


def test_no_key_is_seen_where_a_channel_is_printed() -> None:
    mail = Mail("mail.example.cn", 587, "starttls", "a@example.cn", "a", SECRET)
    assert SECRET not in repr((by_aliyun("https://a.cn"), by_tencent("https://a.cn"), mail))


# --- e-mail ----------------------------------------------------------------------------------------------------------


def by_mail(box: MailServer, **changes: Any) -> Mail:
    plain = Mail("127.0.0.1", box.port, "none", "季报 <reports@example.cn>")
    return replace(plain, **changes)


def test_a_code_goes_by_mail_as_text_and_as_html() -> None:
    with gateways.mail(MailServer()) as box:
        by_mail(box).send_code(REACH, CODE)
    message = message_from_string(box.got[0], policy=policy.default)
    assert message["To"] == REACH.email
    assert "reports@example.cn" in message["From"]
    assert CODE.digits not in message["Subject"], "subjects stand in logs and on locked screens"
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for part in (text, html):
        assert part.count(CODE.digits) == 2
        assert "10 分钟" in part
        assert "10 minutes" in part
        assert "http" not in part, "no link, so that nobody learns to follow one"


def test_a_person_without_an_address_is_out_of_its_reach() -> None:
    assert not by_mail(MailServer()).reaches(Reach("13800000001"))
    assert by_mail(MailServer()).reaches(REACH)


def test_a_server_that_offers_no_encryption_gets_nothing() -> None:
    with gateways.mail(MailServer()) as box:
        text = reason(by_mail(box, security="starttls"))
    assert "SMTPNotSupportedError" in text
    assert [line.split(" ")[0] for line in box.commands] == ["ehlo"]


def test_a_wrong_password_is_told_without_the_password() -> None:
    with gateways.mail(MailServer(password=SECRET)) as box:
        text = reason(by_mail(box, user="reports", password=SECRET))
    assert "SMTPAuthenticationError 535" in text
    assert box.got == []


def test_a_refused_recipient_is_told_without_the_address() -> None:
    with gateways.mail(MailServer(refuse=REACH.email)) as box:
        text = reason(by_mail(box))
    assert "SMTPRecipientsRefused" in text


# --- one after another -----------------------------------------------------------------------------------------------


@dataclass
class Way:
    """A channel for the order of channels."""

    name: str
    there: bool = True
    works: bool = True
    sent: int = 0

    def reaches(self, reach: Reach) -> bool:
        return self.there

    def send_code(self, reach: Reach, code: Code) -> None:
        if not self.works:
            raise UndeliveredError("out of credit")
        self.sent += 1


@pytest.mark.parametrize(
    ("ways", "taken"),
    [
        ((Way("a"), Way("b")), "a"),
        ((Way("a", there=False), Way("b")), "b"),
        ((Way("a", works=False), Way("b")), "b"),
        ((Way("a", works=False), Way("b", there=False)), ""),
        ((Way("a", there=False),), ""),
    ],
)
def test_the_first_that_reaches_and_works_is_taken(ways: tuple[Way, ...], taken: str) -> None:
    with structlog.testing.capture_logs() as lines:
        channels.send_code(ways, REACH, CODE)
    assert "".join(way.name for way in ways if way.sent) == taken
    assert sum(way.sent for way in ways) == bool(taken)
    assert not any(private in str(lines) for private in PRIVATE)
    assert all(line["phone"] == "138****0001" for line in lines)
    if not taken:
        assert any(line["log_level"] == "error" for line in lines), "an operator can see it"


def test_the_console_shows_the_code_to_whoever_runs_the_server() -> None:
    shown: list[tuple[str, str]] = []
    channels.send_code([Console(lambda phone, code: shown.append((phone, code)))], REACH, CODE)
    assert shown == [(REACH.phone, CODE.digits)]
