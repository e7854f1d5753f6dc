"""The base of all pages for people who are signed in, and the words after a change.

A change responds with a redirect to a page that names what was done by a word in its address; only
known words become text, so that an address cannot put text of its own onto a page.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from jmpy.dashboard.frame import Frame, Notice, NoticeKind
from jmpy.sessions.login_state import checked_return_path
from jmpy.web.site import OUT_OF_DATE

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Section
    from jmpy.web.site import Site

BACK = "back"
"""The parameter, and the field, of the page to go back to."""

DONE = {
    "key-changed": "The key was changed. The change takes effect within seconds.",
    "key-changed-adjusted": "The key was changed. The change takes effect within seconds. Some "
    "allowed addresses are stored in another form, as shown below.",
    "key-paused": "The key was paused. Within seconds it is denied, until you resume it.",
    "key-resumed": "The key was resumed. It works again within seconds.",
    "key-revoked": "The key was revoked. It stops working within seconds.",
    "token-revoked": "The token was revoked. It stops working within seconds.",
    "tokens-revoked": "All short-lived tokens of the key were revoked. They stop working within "
    "seconds; the key itself works on.",
    "policy-saved": "The policy was saved. It applies to keys that are created, changed or rotated "
    "from now on.",
    "policy-applied": "The policy was applied: no key exceeds it.",
    "session-ended": "That browser is signed out.",
    "alert-dismissed": "The alert was dismissed.",
    "alert-email-changed": "The setting for emails was changed.",
    "rules-changed": "The rules were changed. They apply to requests from now on.",
    "rules-reset": "All rules are on with their default thresholds.",
    "webhook-changed": "The URL was changed. The secret is the same.",
    "webhook-unchanged": "The webhook has this URL already. Its secret was shown when it was "
    "created; if you do not have it, roll the secret.",
    "webhook-removed": "The webhook was removed. Alerts are only shown here.",
    "link-created": "The link is ready.",
    "link-changed": "The link was changed.",
    "link-deleted": "The link was deleted. Its alias is held for you for 90 days.",
    "link-released": "The link was deleted and its alias released.",
    "qr-code-created": "The QR code is ready. Download it below.",
    "qr-code-changed": "The QR code was changed. Printed ones go on working.",
    "qr-code-deleted": "The QR code was deleted.",
    "campaign-created": "The campaign is ready. Put links into it on their pages.",
    "campaign-changed": "The campaign was changed.",
    "campaign-deleted": "The campaign was deleted. Its links remain.",
    "campaign-left": "The link was removed from the campaign. It works as before.",
    "domain-created": "The subdomain is ready. Choose it in the form of a link.",
    "domain-claimed": "The domain was added. Set its DNS records as shown below, then check them.",
    "domain-checked": "The DNS records were checked. What was found is shown below.",
    "domain-deleting": "The domain no longer works. Its links are being deleted.",
    "domain-deleted": "The domain was deleted.",
    "file-saved": "The file was saved. The domain serves it within minutes.",
    "file-removed": "The file was removed. Phones may have cached it for longer.",
    "domain-changed": "The domain was changed. The change takes effect within seconds.",
    "tag-renamed": "The tag was renamed.",
    "tag-removed": "The tag was removed. Its links remain.",
    "destination-restored": "The earlier destination of the link was restored.",
    "getting-started-hidden": "Getting started is hidden.",
    "alias-released": "The alias was released. Anybody can use it now.",
}
WARNINGS = {
    OUT_OF_DATE: "Nothing was done: that page was out of date. Try again if you still want it.",
    "key-was-shown": "That form was already sent and created this key, which cannot be shown "
    "again: if you did not copy it, rotate or revoke it.",
    "policy-applied-in-part": "Some keys could not be shortened, as other requests changed them. "
    "They are listed below: apply the policy again.",
    "tag-gone": "Nothing was done: no link has that tag any more.",
    "secret-was-shown": "That form was already sent and created the secret, which cannot be shown "
    "again: if you did not copy it, roll the secret.",
}


class SectionPages:
    """The pages of a section of the dashboard, and what they read of the request at hand."""

    section: ClassVar[Section]

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def _account(self) -> str:
        """The id of the account that is signed in."""
        return self._site.session.account_id

    @property
    def _now(self) -> int:
        """When the request arrived, in seconds since the Unix epoch, UTC."""
        return int(self._site.now)

    def _frame(self, problem: Notice | str | None = None) -> Frame:
        """With a notice: of `problem`, or of what the address says was done."""
        sent = self._site.current_event.get_query_string_value
        notice = None
        if isinstance(problem, Notice):
            notice = problem
        elif problem is not None:
            notice = Notice(NoticeKind.ERROR, problem)
        elif done := DONE.get(sent("done") or ""):
            notice = Notice(NoticeKind.SUCCESS, done)
        elif warning := WARNINGS.get(sent("problem") or ""):
            notice = Notice(NoticeKind.WARNING, warning)
        return Frame(
            base_url=self._site.base_url,
            now=self._now,
            email=self._site.session.email,
            csrf_token=self._site.session.csrf_token(),
            section=self.section,
            notice=notice,
            open_alerts=cache(self._site.open_alerts),
        )

    def _sent(self, name: str, pattern: str) -> str:
        """A query parameter; empty when it is not sent, or does not match."""
        value = self._site.current_event.get_query_string_value(name) or ""
        return value if re.fullmatch(pattern, value) else ""

    def _back(self) -> str:
        """The page from which the one at hand was reached, as its address or its form says; empty
        where that is none of ours."""
        if self._site.current_event.http_method == "POST":
            return checked_return_path(self._site.form.text(BACK), "")
        return checked_return_path(self._site.current_event.get_query_string_value(BACK), "")

    def _done(self, what: str, path: str) -> Response[str]:
        """The response to a form that did something: on to a page that says so. That is the one
        that the form was reached from, with its filter and page, where it names one; else
        `path`."""
        assert what in DONE
        url = self._site.url(self._back() or path)
        return self._site.redirect(f"{url}{'&' if '?' in url else '?'}done={what}")

    def _warned(self, what: str, path: str) -> Response[str]:
        """The response to a form that did nothing: likewise."""
        assert what in WARNINGS
        return self._site.redirect(self._site.url(path, problem=what))
