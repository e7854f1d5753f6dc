"""The parts that payloads are written with: each checks one value, or escapes it for its syntax.

Written here because the helpers of libraries let a line break add a property to a vCard. Checks
raise ValueError with the reason.
"""

from __future__ import annotations

import re
from urllib.parse import quote

PHONE_DIGITS = (7, 15)
"""The fewest and most of a number: the latter by ITU-T E.164."""
MAX_EMAIL = 254
"""Characters (RFC 5321 section 4.5.3.1.3, without the brackets)."""

_SEPARATORS = re.compile(r"[ \u00a0\u202f().\-/\u2010-\u2013]+")
_EMAIL = re.compile(
    r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f]{1,64}@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+"
)
_BREAK = re.compile(r"\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
"""All that some reader takes for the end of a line (`str.splitlines`)."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")

_IN_ADDRESS = "@!$'*+"
"""What RFC 6068 section 2 allows in the address of a `mailto` beyond what is never escaped."""


def phone(text: str) -> str:
    """Digits, after a `+` if it was written with one: `+1 (555) 010-99.99` as `+15550109999`."""
    number = _SEPARATORS.sub("", text)
    fewest, most = PHONE_DIGITS
    if re.fullmatch(rf"\+?[0-9]{{{fewest},{most}}}", number) is None:
        raise ValueError(
            f"A phone number has {fewest} to {most} digits, and may begin with + and the country's "
            "code"
        )
    return number


def international(text: str) -> str:
    """The digits of a number with its country's code, which no local zero precedes."""
    digits = phone(text).removeprefix("+").removeprefix("00")
    if digits.startswith("0") or len(digits) < PHONE_DIGITS[0]:
        raise ValueError("Write the number with its country's code, as in +49 30 1234567")
    return digits


def email(text: str) -> str:
    address = text.strip()
    if len(address) > MAX_EMAIL or not is_utf8(address) or _EMAIL.fullmatch(address) is None:
        raise ValueError("An email address looks like ada@example.com")
    return address


def mailto(address: str, fields: dict[str, str]) -> str:
    """RFC 6068; `fields` are the header fields, such as `subject`, and `body`."""
    query = "&".join(f"{name}={percent(value)}" for name, value in fields.items() if value)
    return f"mailto:{quote(address, safe=_IN_ADDRESS)}" + (f"?{query}" if query else "")


def percent(text: str) -> str:
    """For a value in a query, with line breaks as RFC 6068 section 5 has them. A space is `%20`: a
    `+` is a plus sign to readers of `mailto`."""
    return quote(_BREAK.sub("\r\n", text), safe="")


def in_wifi(text: str) -> str:
    """For a field of ZXing's syntax of networks."""
    return re.sub(r'([\\;,:"])', r"\\\1", text)


def in_vcard(text: str) -> str:
    """For a text value of a vCard 3.0 (RFC 2426 section 4). Control characters, which no value may
    have, are left out."""
    escaped = re.sub(r"([\\;,])", r"\\\1", text)
    return _CONTROL.sub("", _BREAK.sub(r"\\n", escaped))


def degrees(value: float, most: int) -> str:
    """With at most six decimals, which is 11 centimetres: never `1e-7` or `-0`."""
    if isinstance(value, bool) or not -most <= value <= most:  # neither holds of NaN
        raise ValueError(f"Must be from -{most} to {most}")
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def has_control(text: str) -> bool:
    """Whether there is a line break or another control character."""
    return bool(_BREAK.search(text) or _CONTROL.search(text) or "\t" in text)


def is_utf8(text: str) -> bool:
    """Whether it has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
