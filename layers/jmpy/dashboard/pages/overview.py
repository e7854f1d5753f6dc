"""The first page after sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.audit.store import EntryFilter
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import audit_log, view_models
from jmpy.dashboard.pages.getting_started import HIDDEN, NEWEST
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.getting_started import GettingStarted
from jmpy.dashboard.views.key_names import KeyName
from jmpy.dashboard.views.overview import ActivityEntry, Overview
from jmpy.links import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.accounts.store import AccountStore
    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.activity.model import KeyUse
    from jmpy.audit.model import Entry
    from jmpy.audit.store import AuditLog
    from jmpy.dashboard.pages.getting_started import ProgressReader
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.limits.limiter import Limiter
    from jmpy.links.service import LinkService
    from jmpy.web.site import Site

ENTRIES = 5
"""Of recent activity, that the page shows."""


class OverviewPage(SectionPages):
    section = Section.OVERVIEW

    def __init__(
        self,
        site: Site,
        keys: KeyService,
        uses: KeyUseStore,
        links: LinkService,
        *,
        accounts: AccountStore,
        audit: AuditLog,
        limiter: Limiter,
        progress: ProgressReader,
    ) -> None:
        super().__init__(site)
        self._keys = keys
        self._uses = uses
        self._links = links
        self._accounts = accounts
        self._audit = audit
        self._limiter = limiter
        self._progress = progress
        site.page("/dashboard")(self.overview)

    def overview(self) -> str:
        account_id = self._account
        account = self._accounts.get(account_id)
        keys = self._keys.of_account(account_id)
        uses = self._uses.find([key.id for key in keys])
        newest = self._links.page(account_id, listing.Request(limit=NEWEST))
        progress = None
        if not account.hides_getting_started:
            progress = self._progress.read(account_id, keys, uses.values(), newest, self._now)
        frame = self._frame()
        steps = GettingStarted(frame=frame, progress=progress) if progress else None
        return render(
            Overview(
                frame=frame,
                plan_name=account.subscription.plan.capitalize(),
                usage=view_models.usage(self._limiter.today(account.subscriber)),
                link_count=newest.total,
                newest_links=newest.links,
                activity=self._activity(keys, uses),
                getting_started=steps if steps and not steps.is_complete else None,
                can_show_getting_started=steps is None and not (uses and newest.total),
                was_just_hidden=account.hides_getting_started and self._sent("done", HIDDEN) != "",
            )
        )

    def _activity(
        self, keys: list[ApiKey], uses: Mapping[str, KeyUse]
    ) -> tuple[ActivityEntry, ...]:
        """The latest entries of the audit log, including sign-ins, and the latest uses of keys."""
        names = view_models.key_names(keys, self._now)
        logged = self._audit.page(self._account, EntryFilter(), ENTRIES).entries
        entries = [_change(entry, names) for entry in logged]
        for key_id, use in uses.items():
            if last := use.last:
                what = f"{last.route} with the API key {names[key_id].in_words}"
                entries.append(ActivityEntry(last.at, what, last.ip))
        return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True)[:ENTRIES])


def _change(entry: Entry, names: Mapping[str, KeyName]) -> ActivityEntry:
    shown = audit_log.shown(entry, names)
    what = shown.title
    if entry.target_name:
        name = names.get(entry.target_id)
        what += f": {name.in_words if name else f'“{entry.target_name}”'}"
    return ActivityEntry(entry.at, what, f"{shown.where_from} · {shown.who}")
