"""Usage as the API represents it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from typing import Self

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
            today=UsageToday(
                date=days[-1].date,
                reset_at=datetime.fromtimestamp(report.today[0].resets_at, UTC),
                limits={
                    quota.limit_class: ClassUsage(
                        limit=quota.limit, used=quota.used, remaining=quota.remaining
                    )
                    for quota in report.today
                },
            ),
            days=days,
        )
