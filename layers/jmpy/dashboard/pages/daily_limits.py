"""What pages count against the daily limits of the API, and what they say when one is reached.

Views of links, QR codes and clicks, exports and changes are counted, each as the operation of the
API that does the same. The overview is not counted, nor are keys, alerts, logs and the plan, which
the API does not count either; nor what a page that was counted fetches anew by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy import metrics
from jmpy.dashboard.frame import Notice, NoticeKind
from jmpy.dashboard.views.usage import used_up
from jmpy.limits.errors import RateLimitExceeded
from jmpy.limits.plan import LimitClass
from jmpy.web.site_errors import ProblemPage, SiteProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.limits.errors import TooManyChanges
    from jmpy.limits.limiter import Limiter
    from jmpy.limits.model import Subscriber
    from jmpy.sessions.model import Session
    from jmpy.web.site import Site

POLLED_FOR = 3600
"""Seconds for which a page that was counted fetches itself anew; then that counts again."""

PLAN = "/dashboard/plan"
SEE_PLAN = "See your plan"

_PERMIT = re.compile(r"([0-9]{1,12})-([0-9a-f]{64})")


class LimitReached(ProblemPage):
    """Nothing was done. A page of its own where there is no form to show again."""

    def __init__(self, reached: RateLimitExceeded) -> None:
        quota = reached.quota
        message = used_up(quota.limit_class, quota.limit, quota.used)
        until = quota.resets_at if quota.limit else None
        self.retry_after = str(reached.retry_after)
        self.notice = Notice(
            NoticeKind.ERROR,
            message,
            until=until,
            way_out=tuple(PLAN.strip("/").split("/")),
            link=SEE_PLAN,
        )
        super().__init__(
            SiteProblem(
                429,
                "Limit reached for today",
                message,
                PLAN,
                SEE_PLAN,
                headers={"Retry-After": self.retry_after},
                until=until,
            )
        )


def changes_used_up(reached: TooManyChanges) -> Notice:
    """Of keys and settings, which no plan counts."""
    used = f"{reached.limit:,} of {reached.limit:,}"
    message = f"You have used {used} changes to keys and settings today."
    return Notice(NoticeKind.ERROR, message, until=reached.resets_at)


class DailyLimits:
    def __init__(
        self, site: Site, limiter: Limiter, subscriber: Callable[[str], Subscriber]
    ) -> None:
        """`subscriber` finds the plan of an account."""
        self._site = site
        self._limiter = limiter
        self._subscriber = subscriber

    def consume(self, limit_class: LimitClass) -> None:
        """Counts the request at hand. Raises LimitReached."""
        subscriber = self._subscriber(self._site.session.account_id)
        try:
            self._limiter.consume(subscriber, limit_class)
        except RateLimitExceeded as reached:
            metrics.count_throttled(subscriber, reached.quota)
            raise LimitReached(reached) from None

    def count_view(self, part: str) -> str:
        """Counts a view of the clicks of `part`, unless the request comes from a page that was
        counted for the same within POLLED_FOR. What such a page has to send with it, as `permit`.

        Raises LimitReached.
        """
        session, now = self._site.session, int(self._site.now)
        sent = self._site.current_event.get_query_string_value("permit") or ""
        if _is_valid(session, part, sent, now):
            return sent
        self.consume(LimitClass.ANALYTICS)
        return _permit(session, part, now)


def _permit(session: Session, part: str, issued: int) -> str:
    return f"{issued}-{session.proof(f'{part} {issued}')}"


def _is_valid(session: Session, part: str, sent: str, now: int) -> bool:
    found = _PERMIT.fullmatch(sent)
    if found is None or not 0 <= now - int(found[1]) < POLLED_FOR:
        return False
    return session.has_proof(f"{part} {found[1]}", found[2])
