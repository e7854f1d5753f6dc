"""The checklist of a new account on the overview: what it reads, hiding it, showing it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from jmpy.clicks.item import account_subject
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.getting_started import GettingStarted, Progress
from jmpy.links import listing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from aws_lambda_powertools.event_handler import Response

    from jmpy.accounts.store import AccountStore
    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.activity.model import KeyUse
    from jmpy.alerts.settings.store import ThresholdStore
    from jmpy.clicks.reader import ClickReader
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.links.service import LinkService
    from jmpy.web.site import Site
    from jmpy.webhooks.store import WebhookStore

PATH = "/dashboard/getting-started"
HIDDEN = "getting-started-hidden"
"""In the address of the overview after the checklist was hidden."""
NEWEST = 5
"""Links that the overview shows, and whose clicks are seen without another read."""


CLICKED_DAYS = 30
"""In which clicks on older links are looked for."""


class ProgressReader:
    def __init__(
        self, clicks: ClickReader, thresholds: ThresholdStore, webhooks: WebhookStore
    ) -> None:
        self._clicks = clicks
        self._thresholds = thresholds
        self._webhooks = webhooks

    def read(
        self,
        account_id: str,
        keys: Sequence[ApiKey],
        uses: Collection[KeyUse],
        newest: listing.Page,
        now: float,
    ) -> Progress:
        """`keys`, `newest`: the newest first."""
        working = (key.id for key in keys if key.inactive_reason(now) is None)
        return Progress(
            has_key=bool(keys),
            key_id=next(working, None),
            is_used=any(use.last is not None for use in uses),
            link_id=newest.links[0].id if newest.links else None,
            is_clicked=self._is_clicked(account_id, newest, now),
            has_alerts=self._has_alerts(account_id),
        )

    def _is_clicked(self, account_id: str, newest: listing.Page, now: float) -> bool:
        if any(link.click_count for link in newest.links):
            return True
        if newest.total <= len(newest.links):
            return False
        today = datetime.fromtimestamp(now, UTC).date()
        first = today - timedelta(days=CLICKED_DAYS)
        return bool(self._clicks.days(account_subject(account_id), first, today))

    def _has_alerts(self, account_id: str) -> bool:
        if self._webhooks.find(account_id) is not None:
            return True
        _, stored = self._thresholds.read(account_id)
        return stored is not None


class GettingStartedPages(SectionPages):
    section = Section.OVERVIEW

    def __init__(
        self,
        site: Site,
        accounts: AccountStore,
        keys: KeyService,
        uses: KeyUseStore,
        links: LinkService,
        *,
        progress: ProgressReader,
    ) -> None:
        super().__init__(site)
        self._accounts = accounts
        self._keys = keys
        self._uses = uses
        self._links = links
        self._progress = progress
        site.page(PATH)(self.panel)
        site.action(f"{PATH}/hide", page="/dashboard")(self.hide)
        site.action(f"{PATH}/show", page="/dashboard")(self.show)

    def panel(self) -> str:
        """The part of the overview that is fetched anew while it waits for a request or a click."""
        account_id = self._account
        keys = self._keys.of_account(account_id)
        uses = self._uses.find([key.id for key in keys]).values()
        newest = self._links.page(account_id, listing.Request(limit=NEWEST))
        progress = self._progress.read(account_id, keys, uses, newest, self._now)
        return render(GettingStarted(frame=self._frame(), progress=progress))

    def hide(self) -> Response[str]:
        self._accounts.hide_getting_started(self._account, hidden=True)
        return self._done(HIDDEN, "/dashboard")

    def show(self) -> Response[str]:
        self._accounts.hide_getting_started(self._account, hidden=False)
        return self._site.redirect(self._site.url("/dashboard"))
