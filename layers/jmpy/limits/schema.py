"""Usage as the API represents it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from jmpy.limits.model import Quota
    from jmpy.limits.report import UsageReport


class UsagePlan(BaseModel):
    """The usage plan of API Gateway, across all classes; enforced on a best-effort basis."""

    name: str = Field(examples=["free"])
    requests_per_second: float = Field(description="Sustained rate", examples=[5.0])
    burst: int = Field(description="Requests accepted at once above that rate", examples=[10])
    requests_per_day: int = Field(examples=[5000])


class ClassUsage(BaseModel):
    limit: int = Field(examples=[50])
    used: int
    remaining: int = Field(examples=[49])


class UsageToday(BaseModel):
    date: date
    reset_at: datetime = Field(description="When the limits reset")
    limits: dict[LimitClass, ClassUsage] = Field(description="By request class")

    @classmethod
    def from_quotas(cls, quotas: Iterable[Quota], resets_at: int) -> Self:
        """`resets_at`: in seconds since the Unix epoch, also if there is no quota."""
        return cls(
            date=datetime.fromtimestamp(resets_at - 1, UTC).date(),
            reset_at=datetime.fromtimestamp(resets_at, UTC),
            limits={
                quota.limit_class: ClassUsage(
                    limit=quota.limit, used=quota.used, remaining=quota.remaining
                )
                for quota in quotas
            },
        )


BudgetToday = Annotated[
    UsageToday,
    Field(
        description="Use of the key's own daily limits, by it and by the keys that it replaced; "
        "`limits` has those classes only",
        examples=[
            {
                "date": "2029-12-31",
                "reset_at": "2030-01-01T00:00:00Z",
                "limits": {"url_creation": {"limit": 100, "used": 1, "remaining": 99}},
            }
        ],
    ),
]


class UsageDay(BaseModel):
    date: date
    used: dict[LimitClass, int] = Field(description="Requests by request class")


class UsageBody(BaseModel):
    plan: UsagePlan
    today: UsageToday
    days: list[UsageDay]

    @classmethod
    def from_report(cls, report: UsageReport) -> Self:
        plan = report.plan
        days = [
            UsageDay(date=date.fromisoformat(day), used=used) for day, used in report.days.items()
        ]
        return cls(
            plan=UsagePlan(
                name=plan.name,
                requests_per_second=plan.requests_per_second,
                burst=plan.burst,
                requests_per_day=plan.requests_per_day,
            ),
            today=UsageToday.from_quotas(report.today, report.today[0].resets_at),
            days=days,
        )
