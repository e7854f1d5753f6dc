"""The names of links: random short codes, custom aliases, UUIDs, and the words nobody gets."""

import re
import secrets
import string
from collections.abc import Callable
from uuid import UUID

from jmpy.lengths import too_long
from jmpy.links.errors import AliasTooShort, InvalidAlias
from jmpy.uuid7 import uuid7

CODE_LENGTH = 7
"""62^7 = 3.5e12 codes: with a million links, one guess in 3.5 million finds one."""

_BASE62 = string.digits + string.ascii_letters
LONGEST_ALIAS = 50
_CODE = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_ALIAS}}}")
_LONGEST_HOST = 253
"""Characters (RFC 1035)."""
_NOT_IN_HOST = re.compile(r"[^a-z0-9.-]")
SHORTEST_ALIAS = 3
"""Characters. Shorter codes come from other services only, when an operator imports them."""

_RULE = "An alias has 3 to 50 letters, digits, '-' and '_'"

_RESERVED_WORDS = """
admin api app assets callback check-alias dashboard docs export favicon health help login logout
lookup mcp new null openapi ping privacy robots security settings sitemap sping static status
support terms undefined unlock well-known www
"""
RESERVED = frozenset(_RESERVED_WORDS.split())
"""First path segments that the product uses or may come to use; no link may take one. Behind a
custom domain API Gateway keeps /ping and /sping for itself; `check-alias`, `lookup` and `export`
would be out of reach behind /api/v1/short-urls/."""


def random_code(choice: Callable[[str], str] = secrets.choice) -> str:
    while True:
        code = "".join(choice(_BASE62) for _ in range(CODE_LENGTH))
        if code.lower() not in RESERVED:
            return code


def is_code(text: str) -> bool:
    """Whether `text` has the shape of a short code or an alias."""
    return bool(_CODE.fullmatch(text))


def address(code: str, host: str = "") -> str:
    """What a code is stored under and told apart by: itself on the default domain, else with its
    host before it, as in `go.example.com/sale`. No code has a slash, so none is taken for one."""
    return f"{host}/{code}" if host else code


def split(address: str) -> tuple[str, str]:
    """The host, empty for the default domain, and the code."""
    host, _, code = address.rpartition("/")
    return host, code


def is_address(text: str) -> bool:
    """Whether `text` has the shape of one: a code, or a host and a code."""
    host, code = split(text)
    return is_code(code) and len(host) <= _LONGEST_HOST and not _NOT_IN_HOST.search(host)


def checked_alias(alias: str, shortest: int = SHORTEST_ALIAS) -> str:
    """Aliases are case-sensitive; reserved words are rejected in any case. Raises InvalidAlias."""
    if len(alias) > LONGEST_ALIAS:
        raise InvalidAlias(too_long("The alias", len(alias), LONGEST_ALIAS))
    if not is_code(alias):
        raise InvalidAlias(_RULE)
    if len(alias) < shortest:
        raise AliasTooShort(_RULE)
    if alias.lower() in RESERVED:
        raise InvalidAlias(f"{alias!r} is a reserved word; choose another alias")
    return alias


def link_id(now: float, random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """Ids sort by the time of creation, and so do the items that have them in their key."""
    return uuid7(now, random_bits)


def is_link_id(text: str) -> bool:
    """Whether `text` is a UUID in the one spelling that we hand out."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
