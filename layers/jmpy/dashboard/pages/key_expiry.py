"""When a new key expires, as chosen in its form: after one of some periods, on a day, or never."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jmpy.clock import DAY
from jmpy.dashboard import filters
from jmpy.dashboard.views.new_key import expiry_days
from jmpy.keys import validity
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.lifetime import is_permitted

if TYPE_CHECKING:
    from jmpy.web.form import Form

NEVER = "never"
ON_A_DAY = "date"


def chosen(form: Form, now: int, max_key_days: int | None) -> int | None:
    """Seconds since the Unix epoch, UTC. Raises InvalidKeyRequest, which names the field."""
    choice = form.text("expiry") or NEVER
    if choice == ON_A_DAY:
        return _end_of_day(form.text("expires_on"), now, max_key_days)
    if choice == NEVER:
        if not is_permitted(None, max_key_days, now):
            raise InvalidKeyRequest("expiry", _limit(max_key_days))
        return None
    if choice not in map(str, expiry_days(max_key_days)):
        raise InvalidKeyRequest("expiry", "Choose one of the periods")
    return now + int(choice) * DAY


def _end_of_day(day: str, now: int, max_key_days: int | None) -> int:
    try:
        last_day = date.fromisoformat(day)
    except ValueError:
        raise InvalidKeyRequest("expires_on", "Choose a day") from None
    expires_at = (last_day.toordinal() - date(1970, 1, 1).toordinal() + 1) * DAY
    try:
        validity.check_expiry(expires_at, now)
    except InvalidKeyRequest as wrong:
        raise InvalidKeyRequest("expires_on", str(wrong)) from None
    if not is_permitted(expires_at, max_key_days, now):
        raise InvalidKeyRequest("expires_on", _limit(max_key_days))
    return expires_at


def _limit(max_key_days: int | None) -> str:
    days = filters.plural(max_key_days or 0, "day")
    return f"The expiry policy of your account allows at most {days}"
