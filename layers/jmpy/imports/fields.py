"""The meaning of each service's fields: the table to extend for a further service.

The names are those of the exports and APIs of Bitly, Rebrandly, Dub, Sink, Short.io, Shlink,
YOURLS, Kutt, TinyURL and our own, as `records.name` spells them, and common names of columns in
people's own lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jmpy.links import utm
from jmpy.links.bulk_errors import InvalidUpload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmpy.imports.records import Record


class Role(StrEnum):
    """The part of a link that a field contains. Operators see the value."""

    DESTINATION = "destination"
    CODE = "short code"
    SHORT_URL = "short URL"
    NAME = "name"
    TAGS = "tags"
    EXPIRY = "expiry"
    DYNAMIC = "dynamic"
    TRACKING = "tracking"
    FORWARDING = "query forwarding"
    UTM = "UTM parameter"
    DISABLED = "disabled"
    SAFETY = "safety"
    ENABLED = "enabled"
    STATUS = "status"
    CAMPAIGN = "campaign"
    URL_TYPE = "URL type"
    SUBDOMAIN = "subdomain"
    BRANDED_DOMAIN = "branded domain"
    QR_CODE = "QR code"
    PASSWORD = "password"  # noqa: S105 - the name of a field


# In the order in which roles claim their fields, and names are preferred: of `link` and `url`, the
# destination is the one that no other name fits better.
_NAMES: dict[Role, str] = {
    Role.DESTINATION: """
        original_url long_url destination_url destination destination_link target_url target
        long_link full_link redirect_url redirect_to long to url link
        """,
    Role.CODE: """
        short_code custom_alias custom_slug custom_back_half back_half slashtag slug keyword alias
        address short_id short_path shortcode code path key short redirect_from from source
        """,
    Role.SHORT_URL: """
        custom_bitlinks custom_link custom_bitlink short_url shorturl short_link shortlink tiny_url
        full_url branded_link link url
        """,
    Role.NAME: "name title link_title label description comment comments note notes",
    Role.TAGS: "tags labels",
    Role.EXPIRY: """
        expires_at expire_in valid_until expiration expiration_date expires expires_on expiry
        expiry_date expire_at
        """,
    Role.DYNAMIC: "is_dynamic",
    Role.TRACKING: "tracking_enabled",
    Role.FORWARDING: "forward_query",
    Role.UTM: " ".join(utm.NAMES),
    Role.DISABLED: "disabled banned is_disabled is_banned blocked",
    Role.SAFETY: "safety_status",
    Role.ENABLED: "enabled active is_active is_enabled",
    Role.STATUS: "status",
    Role.CAMPAIGN: "campaign_id",
    Role.URL_TYPE: "url_type",
    Role.SUBDOMAIN: "subdomain",
    Role.BRANDED_DOMAIN: "branded_domain",
    Role.QR_CODE: "qr_content",
    Role.PASSWORD: """
        password is_password_protected password_protected has_password password_hash
        """,
}

# Words that mean something else unless the file also has the other half of the pair.
_PAIRS: dict[str, tuple[str, ...]] = {
    "to": ("from",),
    "from": ("to",),
    "source": ("target", "target_url", "destination", "destination_url"),
    "address": ("target",),
    "campaign_id": ("is_password_protected",),  # our own exports, whose ids are of our form
    "url_type": ("is_password_protected",),
}

# A second field of these would only be used where a record lacks the first, which is not the same.
_SINGLE = (Role.DESTINATION, Role.CODE)


@dataclass(frozen=True, slots=True)
class Recognized:
    """The fields of one file by role, preferred ones first."""

    by_role: Mapping[Role, tuple[str, ...]]
    spellings: Mapping[str, str]

    def value(self, record: Record, role: Role) -> Any:
        """The value of the first field with that role that the record has."""
        return next((record[name] for name in self.by_role[role] if name in record), None)

    def values(self, record: Record, role: Role) -> list[Any]:
        return [record[name] for name in self.by_role[role] if name in record]

    def spelled(self, role: Role) -> list[str]:
        return [self.spellings[name] for name in self.by_role[role]]

    @property
    def has_codes(self) -> bool:
        return bool(self.by_role[Role.CODE] or self.by_role[Role.SHORT_URL])

    @property
    def left_behind(self) -> list[str]:
        """The fields that links have no place for, such as clicks."""
        used = {name for names in self.by_role.values() for name in names}
        return [spelling for name, spelling in self.spellings.items() if name not in used]


def recognize(spellings: Mapping[str, str], *, random_codes: bool = False) -> Recognized:
    """Raises InvalidUpload if no field contains destinations or, without `random_codes`, none
    contains codes: links under other codes would be a loss, not an import."""
    by_role: dict[Role, tuple[str, ...]] = {}
    used: set[str] = set()
    for role, names in _NAMES.items():
        found = [name for name in names.split() if name not in used and _is_there(name, spellings)]
        if role in _SINGLE:
            found = found[:1]
        by_role[role] = tuple(found)
        used.update(found)
    recognized = Recognized(by_role, spellings)
    if not by_role[Role.DESTINATION]:
        raise InvalidUpload(
            f"No field holds the destinations. {_found(spellings.values())} Rename the one with "
            "the long URLs to original_url"
        )
    if not (recognized.has_codes or random_codes):
        raise InvalidUpload(
            f"No field holds the short codes. {_found(spellings.values())} Rename the one with "
            "the codes or short URLs to short_code; or give every link a new code "
            "(RANDOM_CODES=1)"
        )
    return recognized


def _is_there(name: str, spellings: Mapping[str, str]) -> bool:
    pair = _PAIRS.get(name)
    return name in spellings and (pair is None or not spellings.keys().isdisjoint(pair))


def _found(spellings: Iterable[str]) -> str:
    return f"The fields are: {', '.join(spelling[:50] for spelling in spellings)}."
