"""The page of the policy for the lifetime of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.accounts.errors import AccountChanged
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import confirming, conflicts
from jmpy.dashboard.pages.key_forms import API_KEYS
from jmpy.dashboard.pages.rejections import Rejections, at_field, conflict, submit
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.key_policy import KeyPolicyPage
from jmpy.key_policy.errors import InvalidKeyPolicy, KeyPolicyChanged
from jmpy.key_policy.service import MAX_DAYS, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Frame, Notice
    from jmpy.key_policy.service import KeyPolicies
    from jmpy.web.site import Site

POLICY = f"{API_KEYS}/policy"
APPLY = f"{POLICY}/apply"

_REJECTIONS: Rejections = {
    InvalidKeyPolicy: at_field,
    KeyPolicyChanged: conflict,
    AccountChanged: conflict,
}


class KeyPolicyPages(SectionPages):
    section = Section.API_KEYS

    def __init__(self, site: Site, policies: KeyPolicies) -> None:
        super().__init__(site)
        self._policies = policies
        site.page(POLICY)(self.show)
        site.action(POLICY, again=self._again)(self.set)
        site.page(APPLY)(self.ask_to_apply)
        site.action(APPLY, page=POLICY, again=self._again, narrows=True)(self.apply)

    def show(self) -> str:
        return self._page(self._frame())

    def set(self) -> Response[str]:
        form = self._site.form

        def work() -> Response[str]:
            self._policies.set(
                self._account,
                _days(form.text("max_key_days")),
                by=self._site.origin,
                version=conflicts.sent_version(form),
            )
            return self._done("policy-saved", POLICY)

        return self._try(work)

    def ask_to_apply(self) -> str | Response[str]:
        policy = self._policies.get(self._account)
        if not policy.exceeding:
            return self._site.redirect(self._site.url(POLICY))
        return render(confirming.apply_policy(self._frame(), policy))

    def apply(self) -> Response[str]:
        def work() -> Response[str]:
            version = conflicts.sent_version(self._site.form)
            applied = self._policies.apply(self._account, by=self._site.origin, version=version)
            if any(one.outcome is Outcome.CONFLICT for one in applied):
                return self._warned("policy-applied-in-part", POLICY)
            return self._done("policy-applied", POLICY)

        return self._try(work)

    def _again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        return self._page(self._frame(problem), errors or {})

    def _page(self, frame: Frame, errors: dict[str, str] | None = None) -> str:
        policy = self._policies.get(self._account)
        typed = str(policy.max_key_days or "")
        if errors is not None:
            typed = self._site.form.text("max_key_days")
        return render(KeyPolicyPage(frame=frame, policy=policy, typed=typed, errors=errors or {}))

    def _try(self, work: Callable[[], Response[str]]) -> Response[str]:
        return submit(self._site, work, self._again, _REJECTIONS)


def _days(text: str) -> int | None:
    """None where the field was left empty. Raises InvalidKeyPolicy."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_DAYS))):
        raise InvalidKeyPolicy(MAX_DAYS)
    return int(text)
