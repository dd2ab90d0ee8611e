"""Stand-ins for the outside: two SMS gateways that refuse a wrong signature, and a mail server that keeps what it gets.

The signatures are worked out here a second time, from the bytes that arrived, without a line of the service's code.
"""

from __future__ import annotations

import hmac
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ID, SECRET = "AKID-of-the-tests", "a key that must never be seen"


@dataclass
class Arrived:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    def signed(self, names: str) -> str:
        return "".join(f"{name}:{self.headers[name]}\n" for name in names.split(";"))

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))


@dataclass
class Gateway:
    """A gateway on this machine."""

    verify: Callable[[Arrived], Any]
    answer: Any = None
    """What it says instead, once the signature was found right; bytes go out as they are."""
    got: list[Arrived] = field(default_factory=list)
    url: str = ""


def fresh(moment: datetime) -> bool:
    """Within the five minutes that the stricter of the two allows."""
    return abs(datetime.now(UTC) - moment) < timedelta(minutes=5)


def aliyun(request: Arrived) -> Any:
    """Aliyun: ``OK``, or the code that it refuses a request with."""
    scheme, _, rest = request.headers["authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    names, query = parts["SignedHeaders"], urlsplit(request.path).query
    canonical = "\n".join(("POST", "/", query, request.signed(names), names, request.headers["x-acs-content-sha256"]))
    text = f"ACS3-HMAC-SHA256\n{sha256(canonical.encode()).hexdigest()}"
    right = hmac.digest(SECRET.encode(), text.encode(), "sha256").hex()
    expected = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
    sorted_query = "&".join(sorted(query.split("&"), key=lambda pair: pair.partition("=")[0]))
    fits = (
        scheme == "ACS3-HMAC-SHA256"
        and parts["Credential"] == ID
        and expected <= set(names.split(";"))
        and names == ";".join(sorted(names.split(";")))
        and query == sorted_query
        and "+" not in query
        and sha256(request.body).hexdigest() == request.headers["x-acs-content-sha256"]
        and fresh(datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))
        and len(request.headers["x-acs-signature-nonce"]) >= 16
        and parts["Signature"] == right
    )
    if not fits:
        return {"Code": "SignatureDoesNotMatch", "Message": f"string to sign is {canonical}"}
    return {"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "r"}


def tencent(request: Arrived) -> Any:
    """Tencent Cloud: a status for each number, or the error of the whole call."""
    scheme, _, rest = request.headers["authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(", "))
    timestamp, names = request.headers["x-tc-timestamp"], parts["SignedHeaders"]
    day = datetime.fromtimestamp(int(timestamp), UTC).strftime("%Y-%m-%d")
    lines = request.signed("content-type;host") + f"x-tc-action:{request.headers['x-tc-action'].lower()}\n"
    canonical = "\n".join(("POST", "/", "", lines, names, sha256(request.body).hexdigest()))
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{day}/sms/tc3_request\n{sha256(canonical.encode()).hexdigest()}"
    first = hmac.digest(b"TC3" + SECRET.encode(), day.encode(), "sha256")
    second = hmac.digest(first, b"sms", "sha256")
    right = hmac.digest(hmac.digest(second, b"tc3_request", "sha256"), text.encode(), "sha256").hex()
    fits = (
        scheme == "TC3-HMAC-SHA256"
        and parts["Credential"] == f"{ID}/{day}/sms/tc3_request"
        and names == "content-type;host;x-tc-action"
        and request.headers["x-tc-version"] == "2021-01-11"
        and fresh(datetime.fromtimestamp(int(timestamp), UTC))
        and parts["Signature"] == right
    )
    if not fits:
        return {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": canonical}, "RequestId": "r"}}
    numbers = json.loads(request.body)["PhoneNumberSet"]
    statuses = [{"Code": "Ok", "Message": "send success", "PhoneNumber": number, "SerialNo": "1"} for number in numbers]
    return {"Response": {"SendStatusSet": statuses, "RequestId": "r"}}


@contextmanager
def serving(gateway: Gateway) -> Iterator[Gateway]:
    """The gateway, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            gateway.got.append(Arrived(self.path, headers, body))
            answer = gateway.verify(gateway.got[-1])
            fine = answer.get("Code") == "OK" or "SendStatusSet" in answer.get("Response", {})
            said = gateway.answer if gateway.answer is not None and fine else answer
            text = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server, _in_thread(server):
        gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield gateway


@dataclass
class MailServer:
    """A mail server without encryption, that may ask for a password or refuse a recipient."""

    password: str = ""
    refuse: str = ""
    got: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0


@contextmanager
def mail(box: MailServer) -> Iterator[MailServer]:
    """The mail server, while the block runs."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def handle(self) -> None:
            self.say("220 tests")
            while line := self.rfile.readline().decode().strip():
                box.commands.append(line)
                word = line.partition(" ")[0].upper()
                if word == "DATA":
                    self.say("354 go on")
                    box.got.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
                if word == "EHLO":
                    self.say("250-tests")
                self.say(self.reply(word, line))
                if word == "QUIT":
                    return

        def reply(self, word: str, line: str) -> str:
            if word == "EHLO" and box.password:
                return "250 AUTH PLAIN"
            if word == "AUTH":
                return f"535 5.7.8 wrong password {box.password}"
            if word == "RCPT" and box.refuse and box.refuse in line:
                return f"550 5.1.1 no mailbox {box.refuse} here"
            return "221 bye" if word == "QUIT" else "250 OK"

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server, _in_thread(server):
        box.port = server.server_address[1]
        yield box


@contextmanager
def _in_thread(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
