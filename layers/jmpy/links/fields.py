"""The types of a link's fields, and the names that other services give them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr

from jmpy.campaigns import name as campaign_name
from jmpy.formats import one_line
from jmpy.links import tags
from jmpy.links.destination import MAX_LENGTH

_IN_TAG = r"[^\u0000-\u001f\u007f-\u009f\u2028\u2029,|]*"
_TAG = rf"^{_IN_TAG}[^\u0000-\u001f\u007f-\u009f\u2028\u2029,|\s]{_IN_TAG}$"


def _line(max_length: int) -> Any:
    return Field(
        min_length=1, max_length=max_length, json_schema_extra={"pattern": one_line.PATTERN}
    )


Name = Annotated[str, _line(255), AfterValidator(one_line.checked)]
Channel = Annotated[str, _line(50), AfterValidator(one_line.checked)]
Alias = Annotated[
    str,
    AfterValidator(str.strip),
    Field(json_schema_extra={"pattern": r"^[A-Za-z0-9_-]{3,50}$"}),
]
"""The rule itself is in `codes.checked_alias`, which explains a rejection in words."""
Destination = Annotated[
    str,
    Field(
        description="Where the short URL leads: http or https",
        json_schema_extra={"format": "iri", "pattern": "^https?://", "maxLength": MAX_LENGTH},
    ),
]
Tag = Annotated[
    str,
    AfterValidator(tags.normalized),
    AfterValidator(one_line.checked),
    Field(
        json_schema_extra={
            "pattern": _TAG, "minLength": 1, "maxLength": tags.MAX_LENGTH,
        }
    ),
]  # fmt: skip
Tags = Annotated[list[Tag], Field(max_length=tags.MAX_TAGS)]
CampaignReference = Annotated[
    str,
    AfterValidator(campaign_name.normalized),
    Field(
        description="UUID or name of one of your campaigns",
        json_schema_extra={"minLength": 1, "maxLength": campaign_name.MAX_LENGTH},
    ),
]
Password = Annotated[SecretStr, Field(min_length=8, max_length=64)]


def names_elsewhere(url: str = "url") -> dict[str, str]:
    """What other services call the fields of a link; `url` is what ours is called."""
    return {
        **dict.fromkeys(_URL_ELSEWHERE, url),
        **dict.fromkeys(_ALIAS_ELSEWHERE, "custom_alias"),
        "campaign": "campaign_id",
        **dict.fromkeys(("title", "label", "description"), "name"),
        **dict.fromkeys(("expiry", "expiration", "valid_until", "expires"), "expires_at"),
    }


_URL_ELSEWHERE = ("url", "original_url", "long_url", "destination", "target", "target_url", "link")
_ALIAS_ELSEWHERE = (
    "alias", "slug", "keyword", "short_code", "custom_slug", "back_half", "slashtag", "code",
)  # fmt: skip
