"""The pages of the plan and of today's usage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import view_models
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.plan import PlanOffer, PlanPage
from jmpy.dashboard.views.usage import UsagePanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.limits.limiter import Limiter
    from jmpy.limits.model import Subscriber
    from jmpy.limits.plan import Plan, Plans
    from jmpy.web.site import Site


class PlanPages(SectionPages):
    section = Section.PLAN

    def __init__(
        self,
        site: Site,
        plans: Plans,
        limiter: Limiter,
        subscriber: Callable[[str], Subscriber],
        *,
        upgrade_url: str | None = None,
        contact_url: str | None = None,
    ) -> None:
        """`subscriber` finds the plan of an account; `upgrade_url` and `contact_url` are the
        operator's."""
        super().__init__(site)
        self._plans = plans
        self._limiter = limiter
        self._subscriber = subscriber
        self._upgrade_url = upgrade_url
        self._contact_url = contact_url
        site.page("/dashboard/plan")(self.plan)
        site.page("/dashboard/usage")(self.usage)

    def plan(self) -> str:
        subscriber = self._subscriber(self._account)
        return render(
            PlanPage(
                frame=self._frame(),
                plan_name=subscriber.plan.capitalize(),
                usage=view_models.usage(self._limiter.today(subscriber)),
                offers=tuple(_offer(plan, subscriber) for plan in self._plans.by_name.values()),
                upgrade_url=self._upgrade_url,
                contact_url=self._contact_url,
            )
        )

    def usage(self) -> str:
        """The part of a page that is fetched anew."""
        subscriber = self._subscriber(self._account)
        frame = self._frame()
        today = view_models.usage(self._limiter.today(subscriber))
        return render(UsagePanel(frame=frame, usage=today))


def _offer(plan: Plan, subscriber: Subscriber) -> PlanOffer:
    is_current = plan.name == subscriber.plan
    agreed = subscriber.limits if is_current else {}
    return PlanOffer(
        name=plan.name.capitalize(),
        requests_per_second=plan.requests_per_second,
        burst=plan.burst,
        limits={name.value: agreed.get(name, limit) for name, limit in plan.daily_limits.items()},
        is_current=is_current,
    )
