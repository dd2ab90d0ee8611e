"""Text messages by Aliyun (阿里云短信服务): ``SendSms`` of 2017-05-25, signed by method V3 (ACS3-HMAC-SHA256).

https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from reportsvc import clock
from reportsvc.accounts.people import Reach
from reportsvc.messages import gateway, sms
from reportsvc.messages.channels import Code, UndeliveredError

ALGORITHM = "ACS3-HMAC-SHA256"
ACTION, VERSION = "SendSms", "2017-05-25"


def canonical_query(values: Mapping[str, str]) -> str:
    """Parameters sorted by name and percent-encoded, as they are both signed and sent."""
    return "&".join(f"{quote(name, safe='~')}={quote(values[name], safe='~')}" for name in sorted(values))


def authorization(key_id: str, secret: str, query: str, headers: Mapping[str, str], body: bytes = b"") -> str:
    """The Authorization header of a POST to ``/``.

    :param query: as :func:`canonical_query` gives it.
    :param headers: all that are signed, with names in lower case.
    """
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    request = f"POST\n/\n{query}\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"


@dataclass(frozen=True, slots=True)
class Aliyun:
    """The gateway with the operator's account, sign name (签名) and template (模板)."""

    key_id: str
    secret: str = field(repr=False)
    sign: str
    template: str
    variable: str
    """The template's variable that takes the code."""
    endpoint: str
    name: str = "aliyun"

    def reaches(self, reach: Reach) -> bool:
        """Everybody: a person is known by a mobile number."""
        return bool(reach.phone)

    def send_code(self, reach: Reach, code: Code) -> None:
        """Send the code; ``OK`` means that the gateway took it, not yet that it arrived.

        :raises UndeliveredError: with the gateway's error code.
        """
        values = {
            "PhoneNumbers": reach.phone,
            "SignName": self.sign,
            "TemplateCode": self.template,
            "TemplateParam": json.dumps({self.variable: sms.variable(code.digits)}),
        }
        answer = gateway.post(self.endpoint, self._request(values, clock.now(), secrets.token_hex(16)))
        if answer.get("Code") != "OK":
            raise UndeliveredError(f"Aliyun refused it: {sms.reason(answer.get('Code'))}")

    def _request(self, values: Mapping[str, str], moment: datetime, nonce: str) -> gateway.Request:
        query = canonical_query(values)
        headers = {
            "host": gateway.host_of(self.endpoint),
            "x-acs-action": ACTION,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": nonce,
            "x-acs-version": VERSION,
        }
        signed = authorization(self.key_id, self.secret, query, headers)
        # Not one of the signed headers: without it the gateway may answer in XML.
        return gateway.Request(f"/?{query}", {**headers, "Accept": "application/json", "Authorization": signed}, b"")
