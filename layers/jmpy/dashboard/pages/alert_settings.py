"""The page of what an account says about its alerts: rules, and a webhook."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pydantic import ValidationError

from jmpy.alerts.errors import SettingsChanged, SettingsOutdated
from jmpy.alerts.settings.descriptions import LEARNING, RULES
from jmpy.alerts.settings.schema import UpdateAlertThresholds
from jmpy.alerts.settings.thresholds import DEFAULT, RULE_SETTINGS, TUNABLES
from jmpy.dashboard.frame import Frame, Notice, NoticeKind, Section
from jmpy.dashboard.pages import confirming, conflicts, rules_form, view_models
from jmpy.dashboard.pages.alerts import ALERTS
from jmpy.dashboard.pages.rejections import (
    Rejection,
    Rejections,
    at_field,
    conflict,
    outdated,
    submit,
)
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.alerts import AlertSettingsPage, WebhookSecret
from jmpy.dashboard.views.audit_log import Conflict
from jmpy.webhooks.errors import (
    UnusableUrl,
    WebhookChanged,
    WebhookNotFound,
    WebhookOutdated,
    WebhookTestThrottled,
)
from jmpy.webhooks.failures import describe_failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.alerts.settings.service import ThresholdService
    from jmpy.alerts.settings.store import ThresholdStore
    from jmpy.alerts.settings.thresholds import Thresholds
    from jmpy.audit.store import AuditLog
    from jmpy.idempotency.service import StoreResponse
    from jmpy.web.form import Form
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site
    from jmpy.webhooks.model import Webhook
    from jmpy.webhooks.service import Webhooks

SETTINGS = f"{ALERTS}/settings"
WEBHOOK = f"{ALERTS}/webhook"

_CREATED = "secret"
"""What is noted of a form that created one: that it did."""
_TESTED = "webhook-tested"


_REJECTIONS: Rejections = {
    ValidationError: lambda invalid: Rejection(
        422,
        {
            name: rules_form.accepted_range(TUNABLES[name])
            for name in view_models.field_errors(invalid)
        },
    ),
    UnusableUrl: at_field,
    WebhookTestThrottled: lambda early: Rejection(
        429, problem=str(early), retry_after=early.retry_after
    ),
    SettingsOutdated: outdated,
    WebhookOutdated: outdated,
    SettingsChanged: conflict,
    WebhookChanged: conflict,
    WebhookNotFound: conflict,
}


class AlertSettingsPages(SectionPages):
    section = Section.ALERTS

    def __init__(
        self,
        site: Site,
        once: Once,
        thresholds: ThresholdStore,
        threshold_service: ThresholdService,
        webhooks: Webhooks,
        *,
        audit: AuditLog,
        email_available: bool,
    ) -> None:
        """`email_available`: whether the operator has set up a sender."""
        super().__init__(site)
        self._once = once
        self._thresholds = thresholds
        self._threshold_service = threshold_service
        self._webhooks = webhooks
        self._audit = audit
        self._email_available = email_available
        site.page(SETTINGS)(self.settings)
        site.action(SETTINGS, again=self._again)(self.change_rules)
        site.action(f"{ALERTS}/email", page=SETTINGS)(self.change_email)
        site.page(f"{SETTINGS}/defaults")(self.ask_to_reset_rules)
        site.action(f"{SETTINGS}/defaults")(self.reset_rules)
        site.action(WEBHOOK, page=SETTINGS, again=self._again)(self.set_webhook)
        site.action(f"{WEBHOOK}/test", page=SETTINGS)(self.test_webhook)
        site.page(f"{WEBHOOK}/secret")(self.ask_to_roll_secret)
        site.action(f"{WEBHOOK}/secret")(self.roll_secret)
        site.page(f"{WEBHOOK}/remove")(self.ask_to_remove_webhook)
        site.action(f"{WEBHOOK}/remove")(self.remove_webhook)

    def settings(self) -> str:
        return self._page(self._frame(self._test_notice()))

    def change_rules(self) -> Response[str]:
        form = self._site.form

        def work() -> Response[str]:
            off = tuple(sorted(rule.value for rule in RULES if rule not in form.texts("rules")))
            sent = UpdateAlertThresholds.model_validate(rules_form.sent_numbers(form))
            changes = {**sent.model_dump(), "off": off}
            version = conflicts.of_settings(form)
            self._threshold_service.change(
                self._account, changes, by=self._site.origin, version=version
            )
            return self._done("rules-changed", SETTINGS)

        return self._try(work)

    def change_email(self) -> Response[str]:
        def work() -> Response[str]:
            changes = {"email_enabled": "email_enabled" in self._site.form}
            self._threshold_service.change(self._account, changes, by=self._site.origin)
            return self._done("alert-email-changed", SETTINGS)

        return self._try(work)

    def ask_to_reset_rules(self) -> str:
        return render(confirming.restore_defaults(self._frame()))

    def reset_rules(self) -> Response[str]:
        def work() -> Response[str]:
            defaults = dict.fromkeys(RULE_SETTINGS)
            self._threshold_service.change(self._account, defaults, by=self._site.origin)
            return self._done("rules-reset", SETTINGS)

        return self._try(work)

    def set_webhook(self) -> Response[str]:
        def work(store_response: StoreResponse) -> Response[str]:
            url, before = self._site.form.text("url"), self._webhooks.find(self._account)
            webhook, secret = self._webhooks.set_url(
                self._account,
                url,
                by=self._site.origin,
                also=[store_response(_CREATED)],
                version=conflicts.of_settings(self._site.form),
            )
            if secret is not None:
                return self._site.html(self._shown_once(webhook, secret, is_new=True), 201)
            is_same = before is not None and before.url == url
            done = "webhook-unchanged" if is_same else "webhook-changed"
            return self._done(done, SETTINGS)

        return self._try(lambda: self._once(work, self._was_shown))

    def _was_shown(self, _what: str) -> Response[str]:
        return self._warned("secret-was-shown", SETTINGS)

    def ask_to_roll_secret(self) -> str:
        return render(confirming.roll_secret(self._frame(), self._webhooks.get(self._account)))

    def roll_secret(self) -> Response[str]:
        def work(store_response: StoreResponse) -> Response[str]:
            webhook, secret = self._webhooks.roll_secret(
                self._account, by=self._site.origin, also=[store_response(_CREATED)]
            )
            return self._site.html(self._shown_once(webhook, secret, is_new=False), 201)

        return self._try(lambda: self._once(work, self._was_shown))

    def ask_to_remove_webhook(self) -> str:
        return render(confirming.remove_webhook(self._frame(), self._webhooks.get(self._account)))

    def remove_webhook(self) -> Response[str]:
        def work() -> Response[str]:
            with suppress(WebhookNotFound):  # a second time changes nothing
                self._webhooks.remove(self._account, by=self._site.origin)
            return self._done("webhook-removed", SETTINGS)

        return self._try(work)

    def test_webhook(self) -> Response[str]:
        """The page that this leads to shows the outcome, from the state of the webhook."""

        def work() -> Response[str]:
            self._webhooks.test(self._account, by=self._site.origin)
            return self._site.redirect(self._site.url(SETTINGS, done=_TESTED))

        return self._try(work)

    def _test_notice(self) -> Notice | None:
        if self._site.current_event.get_query_string_value("done") != _TESTED:
            return None
        webhook = self._webhooks.find(self._account)
        if webhook is None:
            return None
        if webhook.health.is_failing:
            return Notice(
                NoticeKind.ERROR,
                f"The test was not delivered. {describe_failure(webhook.health.failure or '')}",
            )
        return Notice(NoticeKind.SUCCESS, "The test was delivered.")

    def _try(self, work: Callable[[], Response[str]]) -> Response[str]:
        return submit(self._site, work, self._again, _REJECTIONS)

    def _again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        return self._page(self._frame(problem), self._site.form, errors)

    def _page(
        self, frame: Frame, form: Form | None = None, errors: dict[str, str] | None = None
    ) -> str:
        """`form`: what was typed, where it is shown again."""
        thresholds = self._thresholds.find([self._account]).get(self._account, DEFAULT)
        webhook = self._webhooks.find(self._account)
        has_rules = form is not None and "burst_factor" in form
        typed = form if has_rules else None
        url = webhook.url if webhook else ""
        return render(
            AlertSettingsPage(
                frame=frame,
                rules=tuple(rules_form.shown_rule(rule, thresholds, typed) for rule in RULES),
                learning=tuple(
                    rules_form.shown_threshold(name, thresholds, typed) for name in LEARNING
                ),
                webhook=webhook.health if webhook else None,
                url=form.text("url") if form is not None and "url" in form else url,
                errors=errors or {},
                email_enabled=thresholds.email_enabled,
                email_available=self._email_available,
                is_tuned=thresholds.is_tuned,
                rules_version=thresholds.version,
                webhook_version=webhook.version if webhook else "",
                conflict=None if form is None else self._conflict(form, thresholds, webhook),
                conflict_of="set of rules" if has_rules else "webhook",
            )
        )

    def _conflict(
        self, form: Form, thresholds: Thresholds, webhook: Webhook | None
    ) -> Conflict | None:
        sent = conflicts.of_settings(form)
        if "url" in form:
            return conflicts.since_webhook(self._audit, self._account, sent, webhook)
        return conflicts.since_rules(self._audit, self._account, sent, thresholds)

    def _shown_once(self, webhook: Webhook, secret: str, *, is_new: bool) -> str:
        return render(
            WebhookSecret(frame=self._frame(), url=webhook.url, secret=secret, is_new=is_new)
        )
