from pathlib import Path

import pytest

from reportsvc import config
from reportsvc.errors import ConfigurationError

SECRET = "a secret of the tests, long enough for it"


def _load(tmp_path: Path, **environ: str) -> config.Settings:
    return config.load({"instance_dir": tmp_path}, environ)


def test_a_developer_needs_no_setting_and_stays_signed_in_over_restarts(tmp_path: Path) -> None:
    first, second = _load(tmp_path), _load(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= config.MIN_SECRET_LENGTH
    assert first.database == f"sqlite:///{tmp_path}/reportsvc.db"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"REPORTSVC_TRUSTED_HOSTS": "a.cn"}, "REPORTSVC_SECRET_KEY"),
        ({"REPORTSVC_SECRET_KEY": SECRET}, "REPORTSVC_TRUSTED_HOSTS"),
        (
            {"REPORTSVC_SECRET_KEY": SECRET, "REPORTSVC_TRUSTED_HOSTS": "a.cn", "REPORTSVC_DEBUG": "1"},
            "REPORTSVC_DEBUG",
        ),
    ],
)
def test_production_refuses_to_start_unsafe(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        _load(tmp_path, REPORTSVC_ENV="production", **environ)


def test_production_starts_when_all_is_set(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        REPORTSVC_ENV="production",
        REPORTSVC_SECRET_KEY=SECRET,
        REPORTSVC_TRUSTED_HOSTS="reports.example.cn, www.example.cn",
    )
    assert settings.trusted_hosts == ("reports.example.cn", "www.example.cn")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('port = 9000\nhost = "0.0.0.0"\n', encoding="utf-8")
    settings = _load(tmp_path, REPORTSVC_PORT="9100")
    assert (settings.port, settings.host) == (9100, "0.0.0.0")  # noqa: S104 - an address read back, not listened on


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"REPORTSVC_PORT": "eighty"}, "REPORTSVC_PORT"),
        ({"REPORTSVC_DEBUG": "perhaps"}, "REPORTSVC_DEBUG"),
        ({"REPORTSVC_ENV": "prod"}, "REPORTSVC_ENV"),
        ({"REPORTSVC_LOG_FORMAT": "xml"}, "REPORTSVC_LOG_FORMAT"),
        ({"REPORTSVC_BASE_URL": "https://a.cn/"}, "REPORTSVC_BASE_URL"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        _load(tmp_path, **environ)


def test_an_unknown_setting_in_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("prot = 1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="prot"):
        _load(tmp_path)
