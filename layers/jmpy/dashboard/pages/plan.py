"""The pages of the plan and of today's usage."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jmpy.dashboard import views
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import page_context, view_models
from jmpy.dashboard.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.limits.limiter import Limiter
    from jmpy.limits.model import Customer
    from jmpy.limits.plan import Plan, Plans
    from jmpy.web.site import Site


class PlanPages:
    def __init__(
        self, site: Site, plans: Plans, limiter: Limiter, customer: Callable[[str], Customer]
    ) -> None:
        """`customer` tells what an account was sold."""
        self._site = site
        self._plans = plans
        self._limiter = limiter
        self._customer = customer
        site.page("/dashboard/plan")(self.plan)
        site.page("/dashboard/usage")(self.usage)

    def plan(self) -> str:
        customer = self._customer(self._site.session.account_id)
        return render(
            views.PlanPage(
                frame=page_context.frame(self._site, Section.PLAN),
                plan_name=customer.plan.capitalize(),
                usage=view_models.usage(self._limiter.today(customer)),
                offers=tuple(_offer(plan, customer) for plan in self._plans.by_name.values()),
                upgrade_url=os.environ.get("UPGRADE_URL") or None,
                contact_url=os.environ.get("CONTACT_URL") or None,
            )
        )

    def usage(self) -> str:
        """The part of a page that is fetched anew."""
        customer = self._customer(self._site.session.account_id)
        frame = page_context.frame(self._site, Section.PLAN)
        today = view_models.usage(self._limiter.today(customer))
        return render(views.UsagePanel(frame=frame, usage=today))


def _offer(plan: Plan, customer: Customer) -> views.PlanOffer:
    is_current = plan.name == customer.plan
    agreed = customer.limits if is_current else {}
    return views.PlanOffer(
        name=plan.name.capitalize(),
        requests_per_second=plan.requests_per_second,
        burst=plan.burst,
        limits={name.value: agreed.get(name, limit) for name, limit in plan.daily_limits.items()},
        is_current=is_current,
    )
