"""A channel that lacks something is named before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportsvc import config
from reportsvc.errors import ConfigurationError
from reportsvc.messages import chosen

SECRET = "a key that must never be seen, and that is long enough"
GIVEN = {
    "email": {"smtp_host": "mail.example.cn", "smtp_from": "reports@example.cn"},
    "aliyun": {
        "aliyun_key_id": "id", "aliyun_key_secret": SECRET, "aliyun_sms_sign": "签名", "aliyun_sms_template": "SMS_1",
    },
    "tencent": {
        "tencent_secret_id": "id", "tencent_secret_key": SECRET, "tencent_sms_app_id": "1400006666",
        "tencent_sms_sign": "签名", "tencent_sms_template": "1110",
    },
}  # fmt: skip


def names(tmp_path: Path, channel: str, **more: object) -> list[str]:
    given = {name: value for values in GIVEN.values() for name, value in values.items()} | more
    settings = config.load({"instance_dir": tmp_path, "code_channel": channel, **given}, {})
    return [one.name for one in chosen.channels(settings, lambda *_: None)]


def test_the_order_is_the_operators(tmp_path: Path) -> None:
    assert names(tmp_path, "tencent, email,aliyun") == ["tencent", "email", "aliyun"]


def test_nothing_set_is_the_console(tmp_path: Path) -> None:
    settings = config.load({"instance_dir": tmp_path}, {})
    assert [one.name for one in chosen.channels(settings, lambda *_: None)] == ["console"]


@pytest.mark.parametrize(
    ("channel", "setting"), [(channel, setting) for channel, settings in GIVEN.items() for setting in settings]
)
def test_what_a_channel_lacks_is_named_with_the_fix(tmp_path: Path, channel: str, setting: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        names(tmp_path, f"console,{channel}", **{setting: ""})
    text = str(caught.value)
    assert text.startswith(f"REPORTSVC_{setting.upper()} is missing")
    assert f"take {channel} out" in text
    assert SECRET not in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code_channel": "pigeon"}, "REPORTSVC_CODE_CHANNEL is pigeon"),
        ({"code_channel": " , "}, "REPORTSVC_CODE_CHANNEL is empty"),
        ({"smtp_security": "ssl"}, "REPORTSVC_SMTP_SECURITY is ssl"),
        ({"smtp_from": "reports"}, "REPORTSVC_SMTP_FROM is reports"),
        ({"smtp_security": "none", "smtp_user": "a"}, "for all to read"),
        ({"aliyun_sms_endpoint": "http://dysmsapi.aliyuncs.com"}, "REPORTSVC_ALIYUN_SMS_ENDPOINT is http://dysmsapi"),
        ({"tencent_sms_endpoint": "sms.tencentcloudapi.com"}, "REPORTSVC_TENCENT_SMS_ENDPOINT is sms"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        names(tmp_path, **{"channel": "email,aliyun,tencent", **_renamed(wrong)})


def _renamed(wrong: dict[str, str]) -> dict[str, str]:
    return {"channel" if name == "code_channel" else name: value for name, value in wrong.items()}


@pytest.mark.parametrize("channel", ["console", "email,console"])
def test_production_writes_no_codes_into_the_log(tmp_path: Path, channel: str) -> None:
    production = {"environment": "production", "secret_key": SECRET, "trusted_hosts": ("a.cn",)}
    with pytest.raises(ConfigurationError, match="REPORTSVC_CODE_CHANNEL has console in it"):
        names(tmp_path, channel, **production)
    assert names(tmp_path, "email", **production) == ["email"]


def test_secrets_are_left_out_where_the_settings_are_printed(tmp_path: Path) -> None:
    given = {"smtp_password": SECRET, "secret_key": SECRET, "database_url": f"postgresql://a:{SECRET}@h/n"}
    settings = config.load({"instance_dir": tmp_path, **GIVEN["aliyun"], **GIVEN["tencent"], **given}, {})
    assert SECRET not in repr(settings)
