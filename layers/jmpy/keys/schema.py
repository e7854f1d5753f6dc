"""API keys as the API represents them: request and response bodies.

Only the responses of create and rotate contain a key, once; nothing else here can.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    Field,
)

from jmpy.access.permission import Permission
from jmpy.audit.model import Actor, ActorType
from jmpy.audit.schema import ActorBody
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.keys import allowed_ips
from jmpy.keys.model import Environment, KeyState
from jmpy.limits.model import next_midnight
from jmpy.limits.plan import LimitClass
from jmpy.limits.schema import BudgetToday, UsageToday

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.keys.listing import Page, Request
    from jmpy.keys.model import ApiKey, IssuedKey
    from jmpy.keys.request_schema import UpdateApiKey
    from jmpy.limits.model import Quota


class ApiKeyBody(BaseModel):
    id: str = Field(examples=["9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"])
    name: str = Field(examples=["My script"])
    environment: Environment | None = Field(description="A label; null for none", examples=[None])
    description: str | None = Field(examples=["Runs every night on the build server"])
    labels: list[str] = Field(examples=[["team-growth", "newsletter"]])
    permissions: list[Permission] = Field(examples=[["read", "write"]])
    prefix: str = Field(description="First characters of the key", examples=["jmpy_Z0xA"])
    last_four: str = Field(description="Last four characters of the key", examples=["NcwS"])
    header_only: bool = Field(description="Whether the key is rejected as `?api_key=`")
    allowed_ips: list[str] = Field(
        description="Addresses and networks that the key is accepted from; empty for any",
        examples=[["203.0.113.0/24", "2001:db8::7"]],
    )
    limits: dict[LimitClass, int] = Field(
        description="Daily limits of the key by request class, in addition to those of its "
        "account; empty for none",
        examples=[{"url_creation": 100}],
    )
    status: KeyState
    created_at: Timestamp
    expires_at: Timestamp | None = Field(description="null for never", examples=[None])
    not_before: Timestamp | None = Field(
        description="When it starts to work; null for immediately", examples=[None]
    )
    paused_at: Timestamp | None = Field(description="null unless it is paused", examples=[None])
    revoked_at: Timestamp | None = Field(description="null unless it was revoked", examples=[None])
    replaced_by: str | None = Field(
        description="Id of the key that replaced it when it was rotated", examples=[None]
    )
    created_by: ActorBody | None = Field(
        description="Who created it, as named at that time; null in responses to the key itself"
    )

    @classmethod
    def from_key(cls, key: ApiKey, now: float) -> ApiKeyBody:
        return cls(**_described(key, now))


class AdjustedIpBody(BaseModel):
    sent: str = Field(examples=["203.0.113.5/24"])
    stored: str = Field(examples=["203.0.113.0/24"])


Adjusted = Annotated[
    list[AdjustedIpBody],
    Field(
        description="Entries of `allowed_ips` that are stored in another form than they were sent "
        "in, such as without host bits"
    ),
]


def adjusted_ips(entries: Iterable[str]) -> list[AdjustedIpBody]:
    """Of entries that have been checked."""
    found = allowed_ips.adjusted(entries)
    return [AdjustedIpBody(sent=one.sent, stored=one.stored) for one in found]


class UpdatedApiKeyBody(ApiKeyBody):
    adjusted_ips: Adjusted

    @classmethod
    def updated(cls, key: ApiKey, sent: UpdateApiKey, now: float) -> UpdatedApiKeyBody:
        return cls(**_described(key, now), adjusted_ips=adjusted_ips(sent.allowed_ips))


class IssuedApiKeyBody(ApiKeyBody):
    key: str = Field(
        description="The key itself: shown in this response only", examples=["jmpy_..."]
    )


class CreatedApiKeyBody(IssuedApiKeyBody):
    adjusted_ips: Adjusted

    @classmethod
    def created(cls, issued: IssuedKey, sent_ips: Iterable[str], now: float) -> CreatedApiKeyBody:
        return cls(
            **_described(issued.record, now),
            key=issued.secret,
            adjusted_ips=adjusted_ips(sent_ips),
        )


class RotatedApiKeyBody(IssuedApiKeyBody):
    old_key_expires_at: Timestamp = Field(
        description="When the old key stops working", examples=["2030-01-01T18:04:05Z"]
    )

    @classmethod
    def rotated(cls, issued: IssuedKey, now: float) -> RotatedApiKeyBody:
        assert issued.old_key_expires_at is not None, "it replaced a key"
        return cls(
            **_described(issued.record, now),
            key=issued.secret,
            old_key_expires_at=iso(issued.old_key_expires_at),
        )


class CurrentApiKeyBody(ApiKeyBody):
    plan: str = Field(description="Plan of the account", examples=["free"])
    today: BudgetToday

    @classmethod
    def on_plan(
        cls, key: ApiKey, plan: str, today: Iterable[Quota], now: float
    ) -> CurrentApiKeyBody:
        return cls(
            **_described(key, now),
            plan=plan,
            today=UsageToday.from_quotas(today, next_midnight(now)),
        )


def _described(key: ApiKey, now: float) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "environment": key.environment,
        "description": key.description,
        "labels": list(key.labels),
        "permissions": sorted(key.permissions),
        "prefix": key.display_prefix,
        "last_four": key.last_four,
        "header_only": key.header_only,
        "allowed_ips": list(key.allowed_ips),
        "limits": dict(key.limits),
        "status": key.state(now),
        "created_at": iso(key.created_at),
        "expires_at": None if key.expires_at is None else iso(key.expires_at),
        "not_before": None if key.not_before is None else iso(key.not_before),
        "paused_at": None if key.paused_at is None else iso(key.paused_at),
        "revoked_at": None if key.revoked_at is None else iso(key.revoked_at),
        "replaced_by": key.replaced_by,
        "created_by": _creator(key),
    }


def _creator(key: ApiKey) -> ActorBody | None:
    if key.created_by is None:
        return None
    known = key.created_by
    return ActorBody.from_actor(Actor(ActorType(known["type"]), known["id"], known.get("name")))


def for_holder(key: ApiKey) -> ApiKey:
    """The key without its creator, whose email address is none of its holders' business."""
    return replace(key, created_by=None)


class ApiKeyPagination(BaseModel):
    page: int
    limit: int = Field(examples=[20])
    total: int = Field(description="API keys on all pages")
    total_pages: int
    complete: bool = Field(description="Whether all API keys were searched", examples=[True])


class ApiKeyPage(BaseModel):
    api_keys: list[ApiKeyBody]
    pagination: ApiKeyPagination

    @classmethod
    def from_page(cls, found: Page, request: Request, now: float) -> ApiKeyPage:
        return cls(
            api_keys=[ApiKeyBody.from_key(key, now) for key in found.keys],
            pagination=ApiKeyPagination(
                page=request.page,
                limit=request.limit,
                total=found.total,
                total_pages=found.total_pages,
                complete=found.is_complete,
            ),
        )
