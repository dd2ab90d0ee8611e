"""The channels that an operator has chosen, checked: what one of them lacks is said before anything starts."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from urllib.parse import urlsplit

from reportsvc.config import Settings
from reportsvc.errors import ConfigurationError
from reportsvc.messages.aliyun import Aliyun
from reportsvc.messages.channels import Channel
from reportsvc.messages.console import Console, Show
from reportsvc.messages.mail import SECURITIES, Mail
from reportsvc.messages.tencent import Tencent

NEEDED: dict[str, dict[str, str]] = {
    "console": {},
    "email": {
        "smtp_host": "the name of your mail server",
        "smtp_from": "the address that messages come from, such as reports@example.cn",
    },
    "aliyun": {
        "aliyun_key_id": "the AccessKey ID of a RAM user who may send text messages",
        "aliyun_key_secret": "the AccessKey secret of that user",
        "aliyun_sms_sign": "the sign name (签名) that Aliyun approved",
        "aliyun_sms_template": "the code of the approved template, such as SMS_123456789",
    },
    "tencent": {
        "tencent_secret_id": "the SecretId of a CAM user who may send text messages",
        "tencent_secret_key": "the SecretKey of that user",
        "tencent_sms_app_id": "the SDK AppID of your application, such as 1400006666",
        "tencent_sms_sign": "the sign name (签名) that Tencent Cloud approved, without brackets",
        "tencent_sms_template": "the number of the approved template, such as 1110",
    },
}
"""Channel → the settings that it can't do without, and what belongs there."""


def channels(settings: Settings, show: Show) -> Sequence[Channel]:
    """The channels in the order of ``REPORTSVC_CODE_CHANNEL``.

    :param show: how the console shows a code.
    :raises ConfigurationError: naming the setting that is missing or wrong, and the fix.
    """
    names = names_of(settings)
    if not names:
        raise ConfigurationError("REPORTSVC_CODE_CHANNEL is empty. Set it to console, email, aliyun or tencent.")
    if settings.production and "console" in names:
        raise ConfigurationError(
            "REPORTSVC_CODE_CHANNEL has console in it, which would write sign-in codes into the log. "
            "In production set it to email, aliyun or tencent, or to several of them, separated by commas."
        )
    return tuple(_channel(name, settings, show) for name in names)


def names_of(settings: Settings) -> tuple[str, ...]:
    """The names of the chosen channels, in order."""
    return tuple(name.strip() for name in settings.code_channel.split(",") if name.strip())


def _channel(name: str, settings: Settings, show: Show) -> Channel:
    if name not in NEEDED:
        raise ConfigurationError(
            "REPORTSVC_CODE_CHANNEL is %(value)s; set it to console, email, aliyun or tencent, or to several of them, "
            "separated by commas.",
            value=settings.code_channel,
        )
    for setting, what in NEEDED[name].items():
        if not getattr(settings, setting):
            raise ConfigurationError(
                "%(variable)s is missing, and the channel %(channel)s needs it. Set it to %(what)s, or take "
                "%(channel)s out of REPORTSVC_CODE_CHANNEL.",
                variable=f"REPORTSVC_{setting.upper()}",
                channel=name,
                what=what,
            )
    if name == "console":
        return Console(show)
    return {"email": _mail, "aliyun": _aliyun, "tencent": _tencent}[name](settings)


def _mail(settings: Settings) -> Channel:
    if settings.smtp_security not in SECURITIES:
        raise ConfigurationError(
            "REPORTSVC_SMTP_SECURITY is %(value)s; set it to starttls, tls or none.", value=settings.smtp_security
        )
    if "@" not in parseaddr(settings.smtp_from)[1]:
        raise ConfigurationError(
            "REPORTSVC_SMTP_FROM is %(value)s; set it to an e-mail address.", value=settings.smtp_from
        )
    if settings.smtp_user and settings.smtp_security == "none" and not _is_here(settings.smtp_host):
        raise ConfigurationError(
            "REPORTSVC_SMTP_SECURITY is none, and the password would go over the network for all to read. "
            "Set it to starttls or tls."
        )
    return Mail(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_from,
        settings.smtp_user,
        settings.smtp_password,
    )


def _aliyun(settings: Settings) -> Channel:
    return Aliyun(
        settings.aliyun_key_id,
        settings.aliyun_key_secret,
        settings.aliyun_sms_sign,
        settings.aliyun_sms_template,
        settings.aliyun_sms_variable,
        _endpoint("REPORTSVC_ALIYUN_SMS_ENDPOINT", settings.aliyun_sms_endpoint),
    )


def _tencent(settings: Settings) -> Channel:
    return Tencent(
        settings.tencent_secret_id,
        settings.tencent_secret_key,
        settings.tencent_sms_app_id,
        settings.tencent_sms_sign,
        settings.tencent_sms_template,
        settings.tencent_region,
        _endpoint("REPORTSVC_TENCENT_SMS_ENDPOINT", settings.tencent_sms_endpoint),
    )


def _endpoint(variable: str, value: str) -> str:
    address = urlsplit(value)
    safe = address.scheme == "https" or (address.scheme == "http" and _is_here(address.hostname or ""))
    if not safe or not address.hostname or address.path.strip("/"):
        raise ConfigurationError(
            "%(variable)s is %(value)s; set it to https:// and the gateway's host name.", variable=variable, value=value
        )
    return value.rstrip("/")


def _is_here(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}
