"""Webhooks as the API speaks of them.

Only the responses that create a secret have it, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from jmpy.formats.request_body import RequestBody
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.webhooks.failures import describe_failure
from jmpy.webhooks.model import MAX_URL

if TYPE_CHECKING:
    from typing import Self

    from jmpy.webhooks.model import Webhook
    from jmpy.webhooks.service import WebhookTest


class SetAlertWebhook(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://example.com/jmpy-alerts"}]},
    )

    url: Annotated[str, Field(min_length=1, max_length=MAX_URL, description="An https URL")]


class WebhookBody(BaseModel):
    url: str = Field(examples=["https://example.com/jmpy-alerts"])
    created_at: Timestamp | None
    last_delivered_at: Timestamp | None = Field(examples=["2029-12-31T18:04:09Z"])
    last_failed_at: Timestamp | None = Field(examples=[None])
    last_failure: str | None = Field(
        description="Why the latest failed delivery failed", examples=[None]
    )
    failing_since: Timestamp | None = Field(
        description="The first failure since the last successful delivery; null if there was none",
        examples=[None],
    )
    disabled_at: Timestamp | None = Field(
        description="When deliveries stopped because they had failed for days; null while enabled. "
        "A successful test, or setting the URL again, re-enables it",
        examples=[None],
    )

    @classmethod
    def from_webhook(cls, webhook: Webhook) -> Self:
        return cls(**_described(webhook))


class WebhookWithSecretBody(WebhookBody):
    secret: str | None = Field(
        description="Shown in this response only; null if only the URL changed", examples=["..."]
    )

    @classmethod
    def issued(cls, webhook: Webhook, secret: str | None) -> Self:
        return cls(**_described(webhook), secret=secret)


def _described(webhook: Webhook) -> dict[str, Any]:
    health = webhook.health
    return {
        "url": webhook.url,
        "created_at": _time(webhook.created_at),
        "last_delivered_at": _time(health.delivered_at),
        "last_failed_at": _time(health.failed_at),
        "last_failure": None if health.failure is None else describe_failure(health.failure),
        "failing_since": _time(health.failing_since),
        "disabled_at": _time(health.disabled_at),
    }


def _time(at: int | None) -> str | None:
    return iso(at) if at else None


class WebhookTestBody(BaseModel):
    delivered: bool = Field(examples=[True])
    status: int | None = Field(
        description="Status of the receiver's response, if there was one", examples=[204]
    )
    problem: str | None = Field(description="Why the delivery failed", examples=[None])

    @classmethod
    def from_test(cls, test: WebhookTest) -> Self:
        problem = None if test.failure is None else describe_failure(test.failure)
        return cls(delivered=test.failure is None, status=test.status, problem=problem)
