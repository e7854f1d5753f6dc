"""The daily budgets in the forms of a key: a field for each class, which is empty for none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.keys.errors import InvalidKeyRequest
from jmpy.limits.plan import MAX_LIMIT, LimitClass

if TYPE_CHECKING:
    from jmpy.dashboard.pages.mistakes import Findings
    from jmpy.web.form import Form


def field(limit_class: str) -> str:
    """The name of its field."""
    return f"limit_{limit_class}"


def check(form: Form, found: Findings) -> None:
    """Notes what is wrong with each field."""
    for limit_class in LimitClass:
        found.check(_limit, form, limit_class)


def are_in(form: Form) -> bool:
    return any(field(limit_class) in form for limit_class in LimitClass)


def limits(form: Form) -> dict[str, int]:
    """Of a form that was checked."""
    numbers = {limit_class.value: _limit(form, limit_class) for limit_class in LimitClass}
    return {name: limit for name, limit in numbers.items() if limit is not None}


def typed(form: Form) -> dict[str, str]:
    """By class."""
    return {limit_class.value: form.text(field(limit_class)) for limit_class in LimitClass}


def _limit(form: Form, limit_class: LimitClass) -> int | None:
    """Raises InvalidKeyRequest."""
    text = form.text(field(limit_class)).strip().replace(",", "")
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_LIMIT))
    if not is_number or int(text) > MAX_LIMIT:
        raise InvalidKeyRequest(
            field(limit_class), f"Enter a whole number from 0 to {MAX_LIMIT:,}, or nothing"
        )
    return int(text)
