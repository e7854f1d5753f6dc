"""The first page after sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.audit.store import EntryFilter
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import audit_log, view_models
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.key_names import KeyName
from jmpy.dashboard.views.overview import ActivityEntry, Overview
from jmpy.links import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.audit.model import Entry
    from jmpy.audit.store import AuditLog
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.limits.limiter import Limiter
    from jmpy.limits.model import Subscriber
    from jmpy.links.service import LinkService
    from jmpy.web.site import Site

NEWEST = 5
"""Links, and uses of keys, that the page shows."""


class OverviewPage(SectionPages):
    section = Section.OVERVIEW

    def __init__(
        self,
        site: Site,
        keys: KeyService,
        uses: KeyUseStore,
        links: LinkService,
        *,
        audit: AuditLog,
        limiter: Limiter,
        subscriber: Callable[[str], Subscriber],
    ) -> None:
        """`subscriber` finds the plan of an account."""
        super().__init__(site)
        self._keys = keys
        self._uses = uses
        self._links = links
        self._audit = audit
        self._limiter = limiter
        self._subscriber = subscriber
        site.page("/dashboard")(self.overview)

    def overview(self) -> str:
        account_id = self._account
        subscriber = self._subscriber(account_id)
        keys = self._keys.of_account(account_id)
        newest = self._links.page(account_id, listing.Request(limit=NEWEST))
        return render(
            Overview(
                frame=self._frame(),
                plan_name=subscriber.plan.capitalize(),
                usage=view_models.usage(self._limiter.today(subscriber)),
                link_count=newest.total,
                newest_links=newest.links,
                activity=self._activity(keys),
                has_key=bool(keys),
            )
        )

    def _activity(self, keys: list[ApiKey]) -> tuple[ActivityEntry, ...]:
        """The latest entries of the audit log, including sign-ins, and the latest uses of keys."""
        names = view_models.key_names(keys, self._now)
        logged = self._audit.page(self._account, EntryFilter(), NEWEST).entries
        entries = [_change(entry, names) for entry in logged]
        for key_id, use in self._uses.find(list(names)).items():
            if last := use.last:
                what = f"{last.route} with the API key {names[key_id].in_words}"
                entries.append(ActivityEntry(last.at, what, last.ip))
        return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True)[:NEWEST])


def _change(entry: Entry, names: Mapping[str, KeyName]) -> ActivityEntry:
    shown = audit_log.shown(entry, names)
    what = shown.title
    if entry.target_name:
        name = names.get(entry.target_id)
        what += f": {name.in_words if name else f'“{entry.target_name}”'}"
    return ActivityEntry(entry.at, what, f"{shown.where_from} · {shown.who}")
