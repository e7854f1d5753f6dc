"""Alert settings as the API speaks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    WithJsonSchema,
)

from jmpy.alerts.rule import Rule
from jmpy.alerts.settings.descriptions import RULES
from jmpy.alerts.settings.thresholds import DEFAULT, TUNABLES
from jmpy.formats.request_body import RequestBody, whole
from jmpy.webhooks.schema import WebhookBody

if TYPE_CHECKING:
    from typing import Self

    from jmpy.alerts.settings.thresholds import Thresholds
    from jmpy.webhooks.model import Webhook


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


class UpdateAlertThresholds(RequestBody):
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
    rejected_share: Decimal = _within("rejected_share")
    rejected_minimum: Whole = _within("rejected_minimum")
    inactive_days: Decimal = _within("inactive_days")
    changed_links: Whole = _within("changed_links")


def _can_be_off(rule: Rule) -> Rule:
    if rule not in RULES:
        raise ValueError(f"{rule} cannot be turned off")
    return rule


_OFF = WithJsonSchema({"type": "string", "enum": [rule.value for rule in RULES]})


class UpdateAlertSettings(RequestBody):
    """Only the fields that are present are changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"off": ["burst"], "thresholds": {"inactive_days": 30}, "email_enabled": True}
            ]
        },
    )

    off: Annotated[
        list[Annotated[Rule, AfterValidator(_can_be_off), _OFF]],
        Field(max_length=len(Rule), description="The rules that are off; all others are on"),
    ] = []  # noqa: RUF012 - pydantic copies it
    thresholds: UpdateAlertThresholds = Field(
        default=UpdateAlertThresholds(),
        description="New values; `null` resets a threshold to its default",
    )
    email_enabled: StrictBool = Field(
        default=True,
        description="Whether alerts are sent to the account's email address. Emails about new "
        "keys, keys that are given more access, and keys found in public are always sent",
    )

    def changes(self) -> dict[str, Any]:
        """As `ThresholdService.change` takes them."""
        sent = self.thresholds.model_dump(exclude_unset=True)
        if "off" in self.model_fields_set:
            sent["off"] = tuple(sorted({rule.value for rule in self.off}))
        if "email_enabled" in self.model_fields_set:
            sent["email_enabled"] = self.email_enabled
        return sent


class AlertRuleBody(BaseModel):
    rule: Rule = Field(examples=["burst"])
    description: str = Field(examples=[RULES[Rule.BURST].sentence])
    enabled: bool = Field(examples=[True])
    thresholds: list[str] = Field(
        description="Names of its thresholds; some are shared by several rules",
        examples=[list(RULES[Rule.BURST].thresholds)],
    )


class AlertThresholdBody(BaseModel):
    value: float
    default: float
    minimum: float
    maximum: float
    description: str


class AlertSettingsBody(BaseModel):
    webhook: WebhookBody | None
    email_enabled: bool = Field(
        description="Whether alerts are sent to the account's email address", examples=[True]
    )
    email_available: bool = Field(
        description="Whether the operator has set up a sender; otherwise no email is sent",
        examples=[True],
    )
    rules: list[AlertRuleBody]
    thresholds: dict[str, AlertThresholdBody] = Field(
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
    def from_settings(
        cls, thresholds: Thresholds, webhook: Webhook | None, *, email_available: bool
    ) -> Self:
        return cls(
            email_enabled=thresholds.email_enabled,
            email_available=email_available,
            webhook=None if webhook is None else WebhookBody.from_webhook(webhook),
            rules=[
                AlertRuleBody(
                    rule=rule,
                    description=explanation.sentence,
                    enabled=rule not in thresholds.off,
                    thresholds=list(explanation.thresholds),
                )
                for rule, explanation in RULES.items()
            ],
            thresholds={
                name: AlertThresholdBody(
                    value=getattr(thresholds, name),
                    default=getattr(DEFAULT, name),
                    minimum=tunable.least,
                    maximum=tunable.most,
                    description=tunable.words,
                )
                for name, tunable in TUNABLES.items()
            },
        )
