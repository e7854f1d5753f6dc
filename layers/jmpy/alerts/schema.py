"""Alerts as the API speaks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from jmpy.alerts.model import AlertStatus
from jmpy.alerts.rule import Rule
from jmpy.alerts.wording import TITLES, details
from jmpy.formats.cursor import to_cursor
from jmpy.formats.time_field import Timestamp
from jmpy.formats.times import iso

if TYPE_CHECKING:
    from typing import Self

    from jmpy.alerts.model import Alert
    from jmpy.aws.log_query import LogPage


class AlertEvidenceBody(BaseModel):
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
    at: Timestamp = Field(
        description="When the rule was triggered", examples=["2029-12-31T18:04:05Z"]
    )
    key_id: str = Field(
        description="Id of the API key", examples=["9f0c1c3e-52c1-4a8e-9d0b-6f1f3f4f0a11"]
    )
    status: AlertStatus
    evidence: AlertEvidenceBody

    @classmethod
    def from_alert(cls, alert: Alert) -> Self:
        evidence = alert.evidence
        return cls(
            id=alert.id,
            rule=alert.rule,
            title=TITLES[alert.rule],
            details=details(alert.facts),
            at=iso(alert.at),
            key_id=alert.key_id,
            status=alert.status,
            evidence=AlertEvidenceBody(
                ip_address=evidence.ip,
                country=evidence.country or None,
                route=evidence.route,
                status=evidence.status,
            ),
        )


class AlertPageBody(BaseModel):
    alerts: list[AlertBody]
    next_cursor: str | None = Field(
        description="For the next page; null on the last one", examples=[None]
    )

    @classmethod
    def from_page(cls, page: LogPage[Alert]) -> Self:
        return cls(
            alerts=[AlertBody.from_alert(alert) for alert in page.entries],
            next_cursor=to_cursor(page.cursor),
        )
