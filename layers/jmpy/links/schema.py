"""Links as the API speaks of them: what it accepts, what it answers.

Where the public sources differ in a name, both are sent (`clicks` and `click_count`, `short_url`
and `full_url`). An unknown field is refused rather than silently ignored.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StrictBool,
    WithJsonSchema,
)

from jmpy.formats.envelope import Success
from jmpy.formats.request_body import RequestBody
from jmpy.formats.time_field import Time
from jmpy.formats.times import iso, seconds
from jmpy.links import listing, tags
from jmpy.links.destination import MAX_LENGTH
from jmpy.links.held_store import HeldCode
from jmpy.links.model import AliasState, Availability, Link, LinkStatus
from jmpy.links.safety import SafetyStatus


def _only_standard(value: str | None) -> str | None:
    if value not in (None, "standard"):
        raise ValueError("Custom domains are not available; leave url_type out or 'standard'")
    return value


def _no_domain(value: str | None) -> str | None:
    if value is not None:
        raise ValueError("Custom domains are not available; leave this field out")
    return value


def _no_qr_code(value: Any) -> Any:
    if value not in (None, False):
        raise ValueError("QR codes are not available; leave this field out")
    return value


_ONE_LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
"""Not `str.isprintable`: it refuses the joiners within emoji, and letters that it does not know."""


_IN_TAG = r"[^\u0000-\u001f\u007f-\u009f\u2028\u2029,|]*"
_TAG = rf"^{_IN_TAG}[^\u0000-\u001f\u007f-\u009f\u2028\u2029,|\s]{_IN_TAG}$"


def is_one_line(text: str) -> bool:
    return re.fullmatch(_ONE_LINE, text) is not None


def _one_line(text: str) -> str:
    if not is_one_line(text):
        raise ValueError("Must not contain control characters or line breaks")
    return text


def _line(max_length: int) -> Any:
    return Field(min_length=1, max_length=max_length, json_schema_extra={"pattern": _ONE_LINE})


Name = Annotated[str, _line(255), AfterValidator(_one_line)]
Alias = Annotated[
    str,
    AfterValidator(str.strip),
    Field(json_schema_extra={"pattern": r"^[A-Za-z0-9_-]{3,50}$"}),
]
"""The rule itself is in `codes.checked_alias`, which explains a refusal in words."""
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
    AfterValidator(_one_line),
    Field(
        json_schema_extra={
            "pattern": _TAG, "minLength": 1, "maxLength": tags.MAX_LENGTH,
        }
    ),
]  # fmt: skip
Tags = Annotated[list[Tag], Field(max_length=tags.MAX_TAGS)]
Password = Annotated[SecretStr, Field(min_length=8, max_length=64)]


_ONLY_NULL = WithJsonSchema({"type": "null"})
_NO_DOMAIN = Field(default=None, description="Custom domains are not available yet: leave it out")
_NO_QR_CODE = Field(default=None, description="QR codes are not available yet: leave it out")


def names_elsewhere(url: str = "url") -> dict[str, str]:
    """What other services call the fields of a link; `url` is what ours is called."""
    return {
        **dict.fromkeys(_URL_ELSEWHERE, url),
        **dict.fromkeys(_ALIAS_ELSEWHERE, "custom_alias"),
        **dict.fromkeys(("title", "label", "description"), "name"),
        **dict.fromkeys(("expiry", "expiration", "valid_until", "expires"), "expires_at"),
    }


_URL_ELSEWHERE = ("url", "original_url", "long_url", "destination", "target", "target_url", "link")
_ALIAS_ELSEWHERE = (
    "alias", "slug", "keyword", "short_code", "custom_slug", "back_half", "slashtag", "code",
)  # fmt: skip


class LinkFields(RequestBody):
    """What create and change have in common."""

    also_called = names_elsewhere()

    name: Name | None = Field(default=None, description="A name to recognize it by")
    expires_at: Time = Field(
        default=None,
        description="When it stops redirecting, ISO 8601 with an offset; `null` for never",
    )
    tracking_enabled: StrictBool = Field(default=True, description="Whether clicks are counted")
    is_dynamic: StrictBool = Field(default=False, description="Redirects with 302, not 301")
    tags: Tags | None = Field(default=None, description="Without commas and vertical bars")
    password: Password | None = Field(
        default=None, description="Visitors have to enter it; `null` for no password"
    )
    campaign_id: UUID | None = Field(
        default=None, description="A UUID of your choice, to filter short URLs by"
    )
    custom_alias: Alias | None = Field(
        default=None, description="The code of your choice; random if omitted"
    )
    url_type: Annotated[
        str | None,
        AfterValidator(_only_standard),
        WithJsonSchema({"anyOf": [{"type": "string", "const": "standard"}, {"type": "null"}]}),
    ] = _NO_DOMAIN
    subdomain: Annotated[str | None, AfterValidator(_no_domain), _ONLY_NULL] = _NO_DOMAIN
    branded_domain: Annotated[str | None, AfterValidator(_no_domain), _ONLY_NULL] = _NO_DOMAIN
    qrCode: Annotated[
        bool | None,
        AfterValidator(_no_qr_code),
        WithJsonSchema({"anyOf": [{"type": "boolean", "const": False}, {"type": "null"}]}),
    ] = _NO_QR_CODE
    qrFormat: Annotated[str | None, AfterValidator(_no_qr_code), _ONLY_NULL] = _NO_QR_CODE

    def fields(self) -> dict[str, Any]:
        """The fields that were sent, as `LinkService` takes them."""
        sent = {name: getattr(self, name) for name in self.model_fields_set - _NOT_STORED}
        if "expires_at" in sent:
            sent["expires_at"] = seconds(sent["expires_at"])
        if sent.get("password"):
            sent["password"] = sent["password"].get_secret_value()
        if "tags" in sent:
            sent["tags"] = tags.unique(sent["tags"])
        if sent.get("campaign_id"):
            sent["campaign_id"] = str(sent["campaign_id"])
        return sent


_NOT_STORED = {"url_type", "subdomain", "branded_domain", "qrCode", "qrFormat"}


class CreateLink(LinkFields):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"url": "https://example.com/"},
                {
                    "url": "https://example.com/autumn",
                    "custom_alias": "autumn-sale",
                    "name": "Autumn sale",
                    "tags": ["sale"],
                    "is_dynamic": True,
                    "expires_at": "2030-01-31T12:00:00Z",
                },
            ]
        }
    )

    url: Destination
    channel: Annotated[str, _line(50), AfterValidator(_one_line)] = Field(
        default="api", description="How it was created: any word"
    )


class ChangeLink(LinkFields):
    """Only the fields that are present are changed; `null` clears a field."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://example.com/winter", "name": None, "status": "active"}]
        }
    )

    url: Destination = ""
    dynamic: StrictBool | None = Field(default=None, description="Alias of is_dynamic")
    status: Literal["active", "disabled"] = Field(
        default="active",
        description="A disabled short URL does not redirect until it is active again",
    )

    def fields(self) -> dict[str, Any]:
        sent = super().fields()
        if (dynamic := sent.pop("dynamic", None)) is not None:
            sent["is_dynamic"] = dynamic
        if "status" in sent:
            sent["disabled"] = sent.pop("status") == LinkStatus.DISABLED
        return sent


class LinkBody(BaseModel):
    id: str
    short_code: str
    short_url: str
    full_url: str
    original_url: str
    name: str | None
    custom_alias: str | None
    url_type: Literal["standard"] = "standard"
    subdomain: None = None
    branded_domain: None = None
    campaign_id: str | None
    channel: str
    source: str
    tags: list[str]
    status: LinkStatus
    safety_status: SafetyStatus
    safety_reason: str | None = Field(description="Why the operator took it down")
    is_dynamic: bool
    is_password_protected: bool
    clicks: int
    click_count: int
    human_clicks: int = Field(description="Clicks by people, part of `clicks`")
    bot_clicks: int = Field(description="Clicks by bots, part of `clicks`")
    tracking_enabled: bool
    expires_at: str | None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, link: Link, base_url: str, now: float) -> LinkBody:
        short_url = f"{base_url}/{link.short_code}"
        return cls(
            id=link.id,
            short_code=link.short_code,
            short_url=short_url,
            full_url=short_url,
            original_url=link.url,
            name=link.name,
            custom_alias=link.custom_alias,
            campaign_id=link.campaign_id,
            channel=link.channel,
            source=link.source,
            tags=list(link.tags),
            status=link.status(now),
            safety_status=link.safety_status,
            safety_reason=link.safety_reason,
            is_dynamic=link.is_dynamic,
            is_password_protected=link.password_hash is not None,
            clicks=link.click_count,
            click_count=link.click_count,
            human_clicks=link.human_count,
            bot_clicks=link.bot_count,
            tracking_enabled=link.tracking_enabled,
            expires_at=None if link.expires_at is None else iso(link.expires_at),
            created_at=iso(link.created_at),
            updated_at=iso(link.updated_at),
        )


class Pagination(BaseModel):
    page: int
    limit: int
    total: int
    total_pages: int
    totalPages: int
    next_cursor: str | None = None

    @classmethod
    def of(cls, found: listing.Page, request: listing.Request) -> Pagination:
        pages = -(-found.total // request.limit)
        return cls(
            page=request.page,
            limit=request.limit,
            total=found.total,
            total_pages=pages,
            totalPages=pages,
            next_cursor=found.next_cursor,
        )


class LinkPage(BaseModel):
    shortUrls: list[LinkBody]
    pagination: Pagination


class LinkPageResponse(Success[LinkPage]):
    pagination: Pagination
    """The same as in `data`: the sources show it in both places."""


class AliasResponse(BaseModel):
    available: bool
    alias: str
    url_type: Literal["standard"] = "standard"
    subdomain: None = None
    branded_domain: None = None
    full_url: str
    state: Literal["available", "taken", "held", "invalid"] = Field(
        description="`held`: its link was deleted or moved, and it is held for another account"
    )
    held_until: str | None = Field(
        description="Set if it is held for your account, which may use it again"
    )
    message: str

    @classmethod
    def of(cls, found: Availability, alias: str, full_url: str) -> AliasResponse:
        message = _ALIAS_MESSAGES[found.state]
        if found.held_until is not None:
            message += "; it is held for your account, whose link had it"
        return cls(
            available=found.state is AliasState.AVAILABLE,
            alias=alias,
            full_url=full_url,
            state=found.state.value,
            held_until=None if found.held_until is None else iso(found.held_until),
            message=message,
        )

    @classmethod
    def invalid(cls, alias: str, full_url: str, reason: str) -> AliasResponse:
        return cls(
            available=False,
            alias=alias,
            full_url=full_url,
            state="invalid",
            held_until=None,
            message=reason,
        )


_ALIAS_MESSAGES = {
    AliasState.AVAILABLE: "The alias is available",
    AliasState.TAKEN: "The alias is already in use",
    AliasState.HELD: "The alias was in use until recently and is held for the account that used it",
}


class HeldAlias(BaseModel):
    alias: str
    link_id: str
    """Of the short URL that had it."""
    held_until: str

    @classmethod
    def of(cls, held: HeldCode) -> HeldAlias:
        return cls(alias=held.code, link_id=held.link_id, held_until=iso(held.held_until))


class HeldAliasPage(BaseModel):
    aliases: list[HeldAlias]
    next_cursor: str | None


class LinkList(BaseModel):
    shortUrls: list[LinkBody]


class Message(BaseModel):
    message: str


class DeletedResponse(Success[Message]):
    timestamp: str
