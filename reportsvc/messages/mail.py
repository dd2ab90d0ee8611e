"""E-mail by SMTP: text and HTML, in Chinese and in English, since nobody knows which of them this person reads."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from html import escape

from reportsvc.accounts.people import Reach
from reportsvc.messages.channels import Code, UndeliveredError

TIMEOUT_SECONDS = 10
SECURITIES = ("starttls", "tls", "none")

TEXTS = (
    ("zh-Hans", "您的登录验证码：", "{minutes} 分钟内有效，只能用一次。请勿告诉任何人，工作人员也不会向您索要。"),
    ("zh-Hans", "", "如果不是您本人在登录，不必理会这封邮件。"),
    (
        "en",
        "Your sign-in code: ",
        "It is good for {minutes} minutes and works once. Tell it to nobody; our staff never ask.",
    ),
    ("en", "", "If you are not signing in, ignore this e-mail."),
)
"""Language, words before the code (none: no code in this line), and the sentence."""
SUBJECT = "社会组织季报：登录验证码 · Sign-in code"
"""Without the code: subjects stand in the logs of mail servers and on locked screens."""


def compose(sender: str, to: str, code: Code) -> EmailMessage:
    """The message with a code."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = SUBJECT, sender, to
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # no out-of-office note comes back
    lines = [(language, before, sentence.format(minutes=code.minutes)) for language, before, sentence in TEXTS]
    text = "\n".join(f"{before}{code.digits}\n{line}" if before else f"{line}\n" for _, before, line in lines)
    message.set_content(text)
    message.add_alternative(_html(lines, code), subtype="html")
    return message


def _html(lines: list[tuple[str, str, str]], code: Code) -> str:
    """A page without anything to load from elsewhere, wide enough for a phone and readable in dark mode."""
    parts = []
    for language, before, sentence in lines:
        digits = f'{escape(before)}<br><b style="font-size:28px;letter-spacing:4px">{escape(code.digits)}</b><br>'
        parts.append(f'<p lang="{language}">{digits if before else ""}{escape(sentence)}</p>')
    style = "font-family:sans-serif;font-size:16px;line-height:1.6;max-width:32em;margin:0 auto;padding:16px"
    head = f'<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{SUBJECT}</title>'
    body = f'<body style="{style}">{"".join(parts)}</body>'
    return f'<!doctype html><html lang="zh-Hans"><head>{head}</head>{body}</html>'


@dataclass(frozen=True, slots=True)
class Mail:
    """An SMTP server and the address that messages come from."""

    host: str
    port: int
    security: str
    """One of :data:`SECURITIES`."""
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    name: str = "email"

    def reaches(self, reach: Reach) -> bool:
        """Whoever has given an e-mail address."""
        return bool(reach.email)

    def send_code(self, reach: Reach, code: Code) -> None:
        """Hand the message to the server.

        :raises UndeliveredError: with what the server answered, as a number.
        """
        try:
            with self._connected() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(compose(self.sender, reach.email, code))
        except (smtplib.SMTPException, OSError) as error:
            # Only the kind and the number: the server's sentence may repeat the address or the account.
            number = getattr(error, "smtp_code", "")
            raise UndeliveredError(f"{self.host}: {type(error).__name__} {number}".strip()) from None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        if self.security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server
