"""The first page after sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard import views
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import framing, presenting
from jmpy.dashboard.render import render
from jmpy.links import listing

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.activity.store import KeyUseStore
    from jmpy.alerts.store import AlertStore
    from jmpy.http.site import Site
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.limits.limiter import Limiter
    from jmpy.limits.model import Customer
    from jmpy.links.service import LinkService

NEWEST = 5
"""Links, and uses of keys, that the page shows."""


class OverviewPage:
    def __init__(
        self,
        site: Site,
        keys: KeyService,
        uses: KeyUseStore,
        links: LinkService,
        alerts: AlertStore,
        *,
        limiter: Limiter,
        customer: Callable[[str], Customer],
    ) -> None:
        """`customer` tells what an account was sold."""
        self._site = site
        self._keys = keys
        self._uses = uses
        self._links = links
        self._alerts = alerts
        self._limiter = limiter
        self._customer = customer
        site.page("/dashboard")(self.overview)

    def overview(self) -> str:
        account_id = self._site.session.account_id
        customer = self._customer(account_id)
        keys = self._keys.of_account(account_id)
        newest = self._links.page(account_id, listing.Request(limit=NEWEST))
        return render(
            views.Overview(
                frame=framing.frame(self._site, Section.OVERVIEW),
                plan_name=customer.plan.capitalize(),
                usage=presenting.usage(self._limiter.today(customer)),
                link_count=newest.total,
                newest_links=presenting.links(newest.links, self._site.base_url),
                activity=self._activity(keys),
                has_key=bool(keys),
                open_alerts=self._alerts.count_open(account_id),
                base_url=self._site.base_url,
            )
        )

    def _activity(self, keys: list[ApiKey]) -> tuple[views.ActivityEntry, ...]:
        """The keys that were made and used last."""
        names = {key.id: key.name for key in keys}
        entries = [
            views.ActivityEntry(key.created_at, f"The key “{key.name}” was created") for key in keys
        ]
        for key_id, use in self._uses.of(list(names)).items():
            if last := use.last:
                what = f"{last.route} with the key “{names[key_id]}”"
                entries.append(views.ActivityEntry(last.at, what, last.ip))
        return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True)[:NEWEST])
