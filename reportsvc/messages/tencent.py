"""Text messages by Tencent Cloud (腾讯云短信): ``SendSms`` of 2021-01-11, signed by method v3 (TC3-HMAC-SHA256).

https://cloud.tencent.com/document/api/382/52072
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reportsvc import clock
from reportsvc.accounts.people import Reach
from reportsvc.messages import gateway, sms
from reportsvc.messages.channels import Code, UndeliveredError

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE, ACTION, VERSION = "sms", "SendSms", "2021-01-11"
CONTENT_TYPE = "application/json; charset=utf-8"
SIGNED = "content-type;host;x-tc-action"


@dataclass(frozen=True, slots=True)
class Call:
    """What is signed of a POST to ``/``."""

    service: str
    host: str
    action: str
    body: bytes
    timestamp: int
    """Seconds since 1970."""


def authorization(secret_id: str, secret: str, call: Call) -> str:
    """The Authorization header of a call."""
    lines = f"content-type:{CONTENT_TYPE}\nhost:{call.host}\nx-tc-action:{call.action.lower()}\n"
    request = f"POST\n/\n\n{lines}\n{SIGNED}\n{hashlib.sha256(call.body).hexdigest()}"
    day = datetime.fromtimestamp(call.timestamp, UTC).date().isoformat()
    scope = f"{day}/{call.service}/tc3_request"
    text = f"{ALGORITHM}\n{call.timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"TC3{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={SIGNED}, Signature={signature}"


@dataclass(frozen=True, slots=True)
class Tencent:
    """The gateway with the operator's account, application (应用), sign name (签名) and template (模板)."""

    secret_id: str
    secret: str = field(repr=False)
    app_id: str
    sign: str
    template: str
    region: str
    endpoint: str
    name: str = "tencent"

    def reaches(self, reach: Reach) -> bool:
        """Everybody: a person is known by a mobile number."""
        return bool(reach.phone)

    def send_code(self, reach: Reach, code: Code) -> None:
        """Send the code; ``Ok`` means that the gateway took it, not yet that it arrived.

        :raises UndeliveredError: with the gateway's error code.
        """
        body = json.dumps({
            "PhoneNumberSet": [f"+86{reach.phone}"],
            "SmsSdkAppId": self.app_id,
            "SignName": self.sign,
            "TemplateId": self.template,
            "TemplateParamSet": [sms.variable(code.digits)],
        })  # fmt: skip
        found = _result(gateway.post(self.endpoint, self._request(body.encode(), clock.now())))
        if found != "Ok":
            raise UndeliveredError(f"Tencent Cloud refused it: {sms.reason(found)}")

    def _request(self, body: bytes, moment: datetime) -> gateway.Request:
        call = Call(SERVICE, gateway.host_of(self.endpoint), ACTION, body, int(moment.timestamp()))
        headers = {
            "Host": call.host,
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": ACTION,
            "X-TC-Version": VERSION,
            "X-TC-Region": self.region,
            "X-TC-Timestamp": str(call.timestamp),
            "Authorization": authorization(self.secret_id, self.secret, call),
        }
        return gateway.Request("/", headers, body)


def _result(answer: dict[str, Any]) -> object:
    """``Ok``, or the error code: of the whole call, or of its one number."""
    response = answer.get("Response")
    if not isinstance(response, dict):
        return None
    statuses = response.get("SendStatusSet")
    part = response.get("Error") or (statuses[0] if isinstance(statuses, list) and statuses else None)
    return part.get("Code") if isinstance(part, dict) else None
