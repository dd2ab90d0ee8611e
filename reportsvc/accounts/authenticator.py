"""The second step of the staff's sign-in: a code of an authenticator app (RFC 6238), or a recovery code on paper."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata

import pyotp
from cryptography.fernet import Fernet, InvalidToken

from reportsvc import clock
from reportsvc.db import database
from reportsvc.models import RecoveryCode, StaffLogin

SECONDS = 30
DRIFT = 1
"""So many half minutes a phone's clock may be off, either way."""
RECOVERY_CODES = 8
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without characters that look alike on paper."""
HALF = 5


def new_secret() -> str:
    """A secret for an app, in base32."""
    return pyotp.random_base32()


def address(secret: str, phone: str, issuer: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=phone, issuer_name=issuer)


def step_of(secret: str, code: str) -> int | None:
    """The half minute whose code this is, the latest of those that may be; none if it is no code of now."""
    app, now = pyotp.TOTP(secret, interval=SECONDS), int(clock.now().timestamp()) // SECONDS
    typed = digits(code)
    steps = range(now + DRIFT, now - DRIFT - 1, -1)
    return next((step for step in steps if hmac.compare_digest(app.at(step * SECONDS), typed)), None)


def take(key: str, login: StaffLogin, code: str) -> str | None:
    """Use a code up: ``app`` or ``recovery`` says which it was, none that it is wrong or was used before."""
    secret = readable(key, login.totp_secret)
    if len(digits(code)) == 6 and len(_letters(code)) == 6:
        step = step_of(secret, code) if secret else None
        return "app" if step is not None and _first_use(login, step) else None
    held = RecoveryCode.update(used_at=clock.now()).where(
        RecoveryCode.person == login.person_id,
        RecoveryCode.secret_hash == _hash(key, _letters(code)),
        RecoveryCode.used_at.is_null(),
    )
    return "recovery" if held.execute() else None


def _first_use(login: StaffLogin, step: int) -> bool:
    """Whoever writes the half minute first was the one: a code that was looked at over a shoulder is worth nothing."""
    newer = StaffLogin.update(totp_step=step).where(StaffLogin.person == login.person_id, StaffLogin.totp_step < step)
    return bool(newer.execute())


def new_recovery_codes(key: str, person_id: int) -> list[str]:
    """Fresh codes in place of all earlier ones; this is the only time that they can be read."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(2 * HALF)) for _ in range(RECOVERY_CODES)]
    with database.atomic():
        RecoveryCode.delete().where(RecoveryCode.person == person_id).execute()
        for code in codes:
            RecoveryCode.create(person=person_id, secret_hash=_hash(key, code), created_at=clock.now())
    return [f"{code[:HALF]}-{code[HALF:]}" for code in codes]


def recovery_codes_left(person_id: int) -> int:
    """How many are still good."""
    return int(RecoveryCode.select().where(RecoveryCode.person == person_id, RecoveryCode.used_at.is_null()).count())


def hidden(key: str, secret: str) -> str:
    """A secret as it is kept: who reads the database alone can't make codes from it."""
    return _box(key).encrypt(secret.encode()).decode()


def readable(key: str, kept: str) -> str:
    """What :func:`hidden` made; empty if there is none, or the service's key has changed since."""
    try:
        return _box(key).decrypt(kept.encode()).decode() if kept else ""
    except InvalidToken:
        return ""


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.new(key.encode(), b"authenticator secrets", hashlib.sha256).digest()))


def digits(text: str) -> str:
    """The digits of what was typed; full-width ones and spaces are fine."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def _letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())


def _hash(key: str, code: str) -> str:
    return hmac.new(key.encode(), f"recovery {code}".encode(), hashlib.sha256).hexdigest()
