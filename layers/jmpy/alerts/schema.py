"""Alerts and their settings as the API speaks of them: what it accepts, what it answers.

Only the answers that make a secret hold one, once; nothing else here can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    WithJsonSchema,
)

from jmpy.alerts.descriptions import RULES
from jmpy.alerts.messages import TITLES
from jmpy.alerts.model import Rule, Status
from jmpy.alerts.thresholds import DEFAULT, TUNABLES
from jmpy.formats.cursor import to_cursor
from jmpy.formats.request_body import RequestBody, whole
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso
from jmpy.webhooks.model import MAX_URL

if TYPE_CHECKING:
    from typing import Self

    from jmpy.alerts.model import Alert
    from jmpy.alerts.thresholds import Thresholds
    from jmpy.aws.log_query import LogPage
    from jmpy.webhooks.model import Webhook
    from jmpy.webhooks.service import Tried


class EvidenceBody(BaseModel):
    """The request that triggered the rule, or the last of those that it counted."""

    ip_address: str = Field(examples=["198.51.100.7"])
    country: str | None = Field(examples=["BR"])
    route: str = Field(examples=["GET /api/v1/short-urls"])
    status: int = Field(examples=[200])


class AlertBody(BaseModel):
    id: str = Field(examples=["5f0c2a7b9d1e4c3f8a6b0d2e4f6a8c1e"])
    rule: Rule
    title: str = Field(examples=["API key used from a new country"])
    details: str = Field(
        examples=["The key was used from a country where it had not been used before: Brazil."]
    )
    at: Timestamp = Field(examples=["2029-12-31T18:04:05Z"])
    key_id: str = Field(examples=["9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"])
    status: Status
    evidence: EvidenceBody

    @classmethod
    def of(cls, alert: Alert) -> Self:
        evidence = alert.evidence
        return cls(
            id=alert.id,
            rule=alert.rule,
            title=TITLES[alert.rule],
            details=alert.details,
            at=iso(alert.at),
            key_id=alert.key_id,
            status=alert.status,
            evidence=EvidenceBody(
                ip_address=evidence.ip,
                country=evidence.country or None,
                route=evidence.route,
                status=evidence.status,
            ),
        )


class AlertPageBody(BaseModel):
    alerts: list[AlertBody]
    next_cursor: str | None = Field(examples=[None])

    @classmethod
    def of(cls, page: LogPage[Alert]) -> Self:
        return cls(
            alerts=[AlertBody.of(alert) for alert in page.entries],
            next_cursor=to_cursor(page.cursor),
        )


def _within(name: str) -> Any:
    tunable = TUNABLES[name]
    return Field(
        default=None,
        ge=tunable.least,
        le=tunable.most,
        description=f"{tunable.words}. Default {getattr(DEFAULT, name)}",
    )


Whole = Annotated[StrictInt | None, BeforeValidator(whole)]
Decimal = StrictFloat | None


class UpdateThresholds(RequestBody):
    """Only the fields that are present are changed; `null` resets one to its default."""

    learned_requests: Whole = _within("learned_requests")
    learned_days: Decimal = _within("learned_days")
    roaming_networks: Whole = _within("roaming_networks")
    many_networks: Whole = _within("many_networks")
    roaming_countries: Whole = _within("roaming_countries")
    many_countries: Whole = _within("many_countries")
    roaming_days: Decimal = _within("roaming_days")
    burst_factor: Decimal = _within("burst_factor")
    burst_minimum: Whole = _within("burst_minimum")
    refused_share: Decimal = _within("refused_share")
    refused_minimum: Whole = _within("refused_minimum")
    silent_days: Decimal = _within("silent_days")
    changed_links: Whole = _within("changed_links")


def _can_be_off(rule: Rule) -> Rule:
    if rule not in RULES:
        raise ValueError(f"{rule} is always told")
    return rule


_OFF = WithJsonSchema({"type": "string", "enum": [rule.value for rule in RULES]})


class UpdateSettings(RequestBody):
    """Only the fields that are present are changed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"off": ["burst"], "thresholds": {"silent_days": 30}}]},
    )

    off: Annotated[
        list[Annotated[Rule, AfterValidator(_can_be_off), _OFF]],
        Field(max_length=len(Rule), description="The rules that are off; all others are on"),
    ] = []  # noqa: RUF012 - pydantic copies it
    thresholds: UpdateThresholds = Field(
        default=UpdateThresholds(),
        description="New values; `null` resets a threshold to its default",
    )

    def changes(self) -> dict[str, Any]:
        """As `AlertSettings.change_thresholds` takes them."""
        sent = self.thresholds.model_dump(exclude_unset=True)
        if "off" in self.model_fields_set:
            sent["off"] = tuple(sorted({rule.value for rule in self.off}))
        return sent


class SetWebhook(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://example.com/jmpy-alerts"}]},
    )

    url: Annotated[str, Field(min_length=1, max_length=MAX_URL, description="An https URL")]


class WebhookBody(BaseModel):
    url: str = Field(examples=["https://example.com/jmpy-alerts"])
    created_at: Timestamp | None
    last_delivered_at: Timestamp | None = Field(examples=["2029-12-31T18:04:09Z"])
    last_failed_at: Timestamp | None = Field(examples=[None])
    last_failure: str | None = Field(examples=[None])
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
    def of(cls, webhook: Webhook) -> Self:
        return cls(**_described(webhook))


class SetWebhookBody(WebhookBody):
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
        "created_at": _moment(webhook.created_at),
        "last_delivered_at": _moment(health.delivered_at),
        "last_failed_at": _moment(health.failed_at),
        "last_failure": health.failure,
        "failing_since": _moment(health.failing_since),
        "disabled_at": _moment(health.disabled_at),
    }


def _moment(at: int | None) -> str | None:
    return iso(at) if at else None


class TestBody(BaseModel):
    delivered: bool = Field(examples=[True])
    status: int | None = Field(
        description="Status of the receiver's response, if there was one", examples=[204]
    )
    problem: str | None = Field(description="Why the delivery failed", examples=[None])

    @classmethod
    def of(cls, tried: Tried) -> Self:
        return cls(delivered=tried.problem is None, status=tried.status, problem=tried.problem)


class RuleBody(BaseModel):
    rule: Rule = Field(examples=["burst"])
    description: str = Field(examples=[RULES[Rule.BURST].sentence])
    enabled: bool = Field(examples=[True])
    thresholds: list[str] = Field(examples=[list(RULES[Rule.BURST].thresholds)])
    """By name; some are shared by several rules."""


class ThresholdBody(BaseModel):
    value: float
    default: float
    minimum: float
    maximum: float
    description: str


class SettingsBody(BaseModel):
    webhook: WebhookBody | None
    rules: list[RuleBody]
    thresholds: dict[str, ThresholdBody] = Field(
        examples=[
            {
                "burst_factor": {
                    "value": 10, "default": 10, "minimum": 1.5, "maximum": 1000,
                    "description": TUNABLES["burst_factor"].words,
                }
            }
        ]
    )  # fmt: skip

    @classmethod
    def of(cls, thresholds: Thresholds, webhook: Webhook | None) -> Self:
        return cls(
            webhook=None if webhook is None else WebhookBody.of(webhook),
            rules=[
                RuleBody(
                    rule=rule,
                    description=explanation.sentence,
                    enabled=rule not in thresholds.off,
                    thresholds=list(explanation.thresholds),
                )
                for rule, explanation in RULES.items()
            ],
            thresholds={
                name: ThresholdBody(
                    value=getattr(thresholds, name),
                    default=getattr(DEFAULT, name),
                    minimum=tunable.least,
                    maximum=tunable.most,
                    description=tunable.words,
                )
                for name, tunable in TUNABLES.items()
            },
        )
