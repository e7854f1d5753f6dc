"""The page of aliases that are held for an account, since their links were deleted or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import confirming
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.links import HeldAliasList
from jmpy.limits.plan import LimitClass
from jmpy.links import codes

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.idempotency.service import StoreResponse
    from jmpy.links.held import HeldAliases
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

HELD = "/dashboard/links/held-aliases"
PAGE_SIZE = 50


class HeldAliasPages(SectionPages):
    section = Section.LINKS

    def __init__(self, site: Site, held: HeldAliases, limits: DailyLimits, *, once: Once) -> None:
        super().__init__(site)
        self._once = once
        self._held = held
        self._limits = limits
        site.page(HELD)(self.list)
        site.page(f"{HELD}/release")(self.ask_to_release)
        site.action(f"{HELD}/release", page=HELD)(self.release)

    def list(self) -> str:
        self._limits.consume(LimitClass.URL_READS)
        sent = self._site.current_event.get_query_string_value("cursor") or ""
        cursor = sent if codes.is_address(sent) else None
        found, following = self._held.page(self._account, PAGE_SIZE, cursor)
        return render(
            HeldAliasList(
                frame=self._frame(),
                aliases=sorted(found, key=lambda one: (one.held_until, one.address)),
                next_cursor=following,
                is_first=not cursor,
            )
        )

    def ask_to_release(self) -> str:
        """Raises AliasNotHeld."""
        sent = self._site.current_event.get_query_string_value
        held = self._held.get(self._account, sent("alias") or "", sent("domain") or "")
        frame = self._frame()
        return render(confirming.release_alias(frame, held))

    def release(self) -> Response[str]:
        """Raises AliasNotHeld."""
        alias, host = self._site.form.text("alias"), self._site.form.text("domain")

        def work(store_response: StoreResponse) -> Response[str]:
            self._limits.consume(LimitClass.URL_READS)
            self._held.release(
                self._account, alias, host, by=self._site.origin, also=[store_response(alias)]
            )
            return done(alias)

        def done(_alias: str) -> Response[str]:
            return self._done("alias-released", HELD)

        return self._once(work, done)
