"""Settings: one frozen object, read once at start from the environment and ``instance/``, and checked.

Order: an explicit override (tests), then the environment, then ``instance/settings.toml``, then the
default. Every setting's description stands beside it; ``docs/settings.md`` is tested against them.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from reportsvc.errors import ConfigurationError

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent
MIN_SECRET_LENGTH = 32


def _setting(env: str, doc: str, default: object = MISSING, *, secret: bool = False) -> Any:
    """:param secret: left out where the settings are printed."""
    metadata = {"env": env, "doc": doc}
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator can set. Times are in the unit that the name ends with."""

    instance_dir: Path = _setting(
        "REPORTSVC_INSTANCE_DIR", "Folder of the database, attachments, PDFs and settings.toml."
    )
    environment: str = _setting(
        "REPORTSVC_ENV", "`development`, `test` or `production`; production starts only when it is safe.", "development"
    )
    secret_key: str = _setting(
        "REPORTSVC_SECRET_KEY",
        "Signs sessions and tokens, 32 characters or more; after a change everybody signs in again, and staff need "
        "`reportsvc staff reset`. Outside production one is made and kept in the instance folder.",
        "",
        secret=True,
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "`postgresql://user:password@host/name` or `sqlite:///path`. Empty: `reportsvc.db` in the instance folder.",
        "",
        secret=True,
    )
    trusted_hosts: tuple[str, ...] = _setting(
        "REPORTSVC_TRUSTED_HOSTS", "Host names that the service answers to, separated by commas.", ()
    )
    base_url: str = _setting(
        "REPORTSVC_BASE_URL",
        "Public address of the service, without a slash at the end; printed into circulars.",
        "http://127.0.0.1:8000",
    )
    debug: bool = _setting("REPORTSVC_DEBUG", "Flask's debug pages. Refused in production.", False)
    host: str = _setting("REPORTSVC_HOST", "Address that the web server listens on.", "127.0.0.1")
    port: int = _setting("REPORTSVC_PORT", "Port that the web server listens on.", 8000)
    threads: int = _setting("REPORTSVC_THREADS", "Requests worked on at the same time by one web process.", 8)
    connection_limit: int = _setting(
        "REPORTSVC_CONNECTION_LIMIT",
        "Open connections that the web server keeps; slow phones hold one each without holding a thread.",
        2000,
    )
    trusted_proxies: int = _setting(
        "REPORTSVC_TRUSTED_PROXIES", "How many proxies in front set X-Forwarded-For and X-Forwarded-Proto.", 0
    )
    max_request_bytes: int = _setting("REPORTSVC_MAX_REQUEST_BYTES", "Largest request body accepted.", 1_000_000)
    reporter_days: int = _setting(
        "REPORTSVC_REPORTER_DAYS", "A reporter's device stays signed in for so many days after its last use.", 90
    )
    staff_idle_minutes: int = _setting(
        "REPORTSVC_STAFF_IDLE_MINUTES", "After this long without a request staff sign in again.", 30
    )
    staff_hours: int = _setting(
        "REPORTSVC_STAFF_HOURS", "So long after signing in staff sign in again, however busy they were.", 12
    )
    sign_in_code_minutes: int = _setting("REPORTSVC_SIGN_IN_CODE_MINUTES", "How long a sign-in code is good for.", 10)
    code_channel: str = _setting(
        "REPORTSVC_CODE_CHANNEL",
        "How sign-in codes go out: `console` (the log), `email`, `aliyun`, `tencent`, or several, separated by commas: "
        "the first that reaches the person, and the next if it fails. Production refuses `console`, since whoever "
        "reads the log could sign in as anybody.",
        "console",
    )
    codes_per_address: int = _setting(
        "REPORTSVC_CODES_PER_ADDRESS",
        "Codes that may be asked for from one network address in an hour; a training room shares one.",
        100,
    )
    tries_per_address: int = _setting(
        "REPORTSVC_TRIES_PER_ADDRESS", "Codes that may be typed at one network address in an hour, right or wrong.", 200
    )
    codes_a_day: int = _setting(
        "REPORTSVC_CODES_A_DAY",
        "Codes sent in a day (from 8:00 to 8:00 in China), so that nobody runs up the gateway's bill.",
        5000,
    )
    smtp_host: str = _setting("REPORTSVC_SMTP_HOST", "Mail server of the channel `email`.", "")
    smtp_port: int = _setting("REPORTSVC_SMTP_PORT", "Its port: 587 for `starttls`, 465 for `tls`.", 587)
    smtp_security: str = _setting(
        "REPORTSVC_SMTP_SECURITY", "`starttls`, `tls` or `none`; with a password only encrypted.", "starttls"
    )
    smtp_user: str = _setting("REPORTSVC_SMTP_USER", "Account at the mail server. Empty: it asks for none.", "")
    smtp_password: str = _setting("REPORTSVC_SMTP_PASSWORD", "Password of that account.", "", secret=True)
    smtp_from: str = _setting("REPORTSVC_SMTP_FROM", "Address that messages come from.", "")
    aliyun_key_id: str = _setting(
        "REPORTSVC_ALIYUN_KEY_ID", "AccessKey ID for the channel `aliyun`; of a RAM user who may do nothing else.", ""
    )
    aliyun_key_secret: str = _setting("REPORTSVC_ALIYUN_KEY_SECRET", "Secret of that AccessKey.", "", secret=True)
    aliyun_sms_sign: str = _setting("REPORTSVC_ALIYUN_SMS_SIGN", "Approved sign name (签名).", "")
    aliyun_sms_template: str = _setting(
        "REPORTSVC_ALIYUN_SMS_TEMPLATE",
        "Approved template (模板), `SMS_` and digits; the code is its only variable.",
        "",
    )
    aliyun_sms_variable: str = _setting(
        "REPORTSVC_ALIYUN_SMS_VARIABLE", "Name of the variable that takes the code.", "code"
    )
    aliyun_sms_endpoint: str = _setting(
        "REPORTSVC_ALIYUN_SMS_ENDPOINT", "Address of Aliyun's gateway.", "https://dysmsapi.aliyuncs.com"
    )
    tencent_secret_id: str = _setting(
        "REPORTSVC_TENCENT_SECRET_ID", "SecretId for the channel `tencent`; of a CAM user who may do nothing else.", ""
    )
    tencent_secret_key: str = _setting("REPORTSVC_TENCENT_SECRET_KEY", "SecretKey of that user.", "", secret=True)
    tencent_sms_app_id: str = _setting("REPORTSVC_TENCENT_SMS_APP_ID", "SDK AppID of the application (应用).", "")
    tencent_sms_sign: str = _setting("REPORTSVC_TENCENT_SMS_SIGN", "Approved sign name (签名).", "")
    tencent_sms_template: str = _setting(
        "REPORTSVC_TENCENT_SMS_TEMPLATE",
        "Number of the approved template (模板); `{1}`, the code, is all it takes.",
        "",
    )
    tencent_region: str = _setting("REPORTSVC_TENCENT_REGION", "Region of the gateway.", "ap-guangzhou")
    tencent_sms_endpoint: str = _setting(
        "REPORTSVC_TENCENT_SMS_ENDPOINT", "Address of Tencent Cloud's gateway.", "https://sms.tencentcloudapi.com"
    )
    api_calls_a_minute: int = _setting(
        "REPORTSVC_API_CALLS_A_MINUTE", "Calls of the read-only API that one token may make in a minute.", 120
    )
    contact: str = _setting(
        "REPORTSVC_CONTACT",
        "Who answers for personal data, with telephone or address; printed in the notice on personal data.",
        "",
    )
    retention_years: int = _setting(
        "REPORTSVC_RETENTION_YEARS",
        "How long reports are kept, with who sent them; printed in the notice on personal data.",
        10,
    )
    font_dir: Path | None = _setting(
        "REPORTSVC_FONT_DIR",
        "Folder of the faces made by script/bootstrap (`fonts.json` in it). Empty: `fonts` in the instance folder.",
        None,
    )
    tick_seconds: int = _setting("REPORTSVC_TICK_SECONDS", "How often the scheduler looks for due work.", 5)
    lease_seconds: int = _setting(
        "REPORTSVC_LEASE_SECONDS", "A worker silent for this long is taken for dead and its work redone.", 120
    )
    log_format: str = _setting("REPORTSVC_LOG_FORMAT", "`json` (one object a line) or `console`.", "console")
    log_level: str = _setting("REPORTSVC_LOG_LEVEL", "`DEBUG`, `INFO`, `WARNING` or `ERROR`.", "INFO")

    @property
    def production(self) -> bool:
        """Whether this is a production service."""
        return self.environment == "production"

    @property
    def fonts(self) -> Path:
        """The folder of the made faces."""
        return self.font_dir or self.instance_dir / "fonts"

    @property
    def database(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.instance_dir / 'reportsvc.db'}"

    @property
    def attachments(self) -> Path:
        """The folder of content-addressed files."""
        return self.instance_dir / "attachments"


def _resource(name: str) -> Path:
    """``templates`` or ``static``: inside an installed wheel, else at the top of the checkout."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else CHECKOUT / name


def templates_dir() -> Path:
    """Folder of the Jinja templates."""
    return _resource("templates")


def static_dir() -> Path:
    """Folder of the static files."""
    return _resource("static")


def load(overrides: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings.

    :param overrides: field names to ready values; they win over everything.
    :param environ: the environment, ``os.environ`` by default.
    :raises ConfigurationError: naming the setting and the fix.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    given = dict(overrides or {})
    instance = given.pop("instance_dir", "") or environ.get("REPORTSVC_INSTANCE_DIR") or CHECKOUT / "instance"
    values["instance_dir"] = Path(str(instance)).resolve()
    from_file = _read_file(values["instance_dir"] / "settings.toml")
    for spec in fields(Settings):
        env = spec.metadata["env"]
        if spec.name in given:
            values[spec.name] = given[spec.name]
        elif environ.get(env):
            values[spec.name] = _convert(spec, environ[env], env)
        elif spec.name in from_file:
            values[spec.name] = _convert(spec, from_file[spec.name], f"{spec.name} in settings.toml")
    unknown = (set(given) | set(from_file)) - {spec.name for spec in fields(Settings)}
    if unknown:
        raise ConfigurationError(
            "There is no setting named %(name)s. See docs/settings.md.", name=", ".join(sorted(unknown))
        )
    settings = Settings(**values)
    if not settings.secret_key and not settings.production:
        settings = Settings(**{**values, "secret_key": _development_secret(settings.instance_dir)})
    _check(settings)
    return settings


def _read_file(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError("%(path)s is not valid TOML: %(error)s", path=path, error=error) from error


def _convert(spec: Field[Any], value: object, source: str) -> object:
    kind = str(spec.type)
    try:
        if kind == "int":
            return int(str(value))
        if kind == "bool":
            return _truth(str(value))
        if kind.startswith("tuple"):
            parts = value if isinstance(value, list) else str(value).split(",")
            return tuple(str(part).strip() for part in parts if str(part).strip())
        if kind.startswith("Path"):
            return Path(str(value)).expanduser().resolve()
    except ValueError as error:
        raise ConfigurationError(
            "%(source)s is %(value)s, but must be of the kind %(kind)s.", source=source, value=value, kind=kind
        ) from error
    return str(value)


def _truth(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def _development_secret(instance: Path) -> str:
    """A secret that survives restarts, so that a developer stays signed in."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _check(settings: Settings) -> None:
    if settings.environment not in {"development", "test", "production"}:
        raise ConfigurationError(
            "REPORTSVC_ENV is %(value)s; set it to development, test or production.", value=settings.environment
        )
    if settings.log_format not in {"json", "console"}:
        raise ConfigurationError(
            "REPORTSVC_LOG_FORMAT is %(value)s; set it to json or console.", value=settings.log_format
        )
    if len(settings.secret_key) < MIN_SECRET_LENGTH:
        raise ConfigurationError(
            "REPORTSVC_SECRET_KEY is missing or shorter than %(length)s characters. Make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
            length=MIN_SECRET_LENGTH,
        )
    if settings.production and settings.debug:
        raise ConfigurationError("REPORTSVC_DEBUG is on in production. Unset it.")
    if settings.production and not settings.trusted_hosts:
        raise ConfigurationError(
            "REPORTSVC_TRUSTED_HOSTS is empty. Set it to the host names that people use, such as reports.example.cn."
        )
    if settings.base_url.endswith("/"):
        raise ConfigurationError("REPORTSVC_BASE_URL ends with a slash. Remove the slash.")
