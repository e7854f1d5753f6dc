"""The pages of one API key: what it is and does, its changes, rotation and revocation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jmpy.activity.item import key_subject
from jmpy.audit.store import EntryFilter
from jmpy.clock import DAY
from jmpy.dashboard.pages import audit_log, confirming, conflicts, key_form, view_models
from jmpy.dashboard.pages.key_forms import API_KEYS, KeyForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.api_keys import (
    GRACE_DAYS,
    ApiKeyPage,
    Rotation,
    RotationPanel,
    ShownPreview,
)
from jmpy.keys import allowed_ips
from jmpy.keys.errors import InvalidKeyRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.activity.address_preview import AddressPreview
    from jmpy.activity.callers import Callers, KeyCallers
    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.activity.model import KeyUse
    from jmpy.activity.request_store import AccessLog
    from jmpy.alerts.detection.baseline_store import BaselineStore
    from jmpy.audit.store import AuditLog
    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.views.audit_log import Conflict
    from jmpy.dashboard.views.usage import DailyUsage
    from jmpy.idempotency.service import StoreResponse
    from jmpy.key_tokens.service import KeyTokenService
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.limits.limiter import Limiter
    from jmpy.web.form import Form
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

ONE = f"{API_KEYS}/<id>"
HISTORY = 10
"""Changes of a key that its page shows."""


class ApiKeyDetailPages(KeyForms):
    def __init__(
        self,
        site: Site,
        keys: KeyService,
        uses: KeyUseStore,
        log: AccessLog,
        audit: AuditLog,
        *,
        once: Once,
        callers: KeyCallers,
        preview: AddressPreview,
        limiter: Limiter,
        tokens: KeyTokenService,
        baselines: BaselineStore,
    ) -> None:
        super().__init__(site, keys, uses, once)
        self._log = log
        self._audit = audit
        self._callers = callers
        self._preview = preview
        self._limiter = limiter
        self._tokens = tokens
        self._baselines = baselines
        site.page(ONE)(self.one)
        site.action(ONE, again=self._one_again)(self.change)
        path = f"{ONE}/allowed-ips/preview"
        site.action(path, page=ONE, again=self._one_again)(self.preview)
        site.action(f"{ONE}/pause", page=ONE, narrows=True, again=self._one_again)(self.pause)
        site.action(f"{ONE}/resume", page=ONE, again=self._one_again)(self.resume)
        site.page(f"{ONE}/rotation")(self.rotation)
        site.action(f"{ONE}/rotate", page=ONE, again=self._one_again)(self.rotate)
        site.page(f"{ONE}/revoke")(self.ask_to_revoke)
        site.action(f"{ONE}/revoke", narrows=True)(self.revoke)

    def one(self, id: str) -> str:  # noqa: A002 - the name in the path
        return self._page_of(self._keys.get(self._account, id))

    def change(self, id: str) -> Response[str]:  # noqa: A002
        form = self._site.form
        key = self._keys.get(self._account, id)

        def work() -> Response[str]:
            key_form.check(form)
            self._keys.change(
                self._account,
                key.id,
                by=self._site.origin,
                version=conflicts.sent_version(form),
                **key_form.changes(form, key),
            )
            is_adjusted = bool(allowed_ips.adjusted(key_form.allowed_ips(form)))
            done = "key-changed-adjusted" if is_adjusted else "key-changed"
            return self._done(done, f"{API_KEYS}/{key.id}")

        return self._try(work, partial(self._one_again, id=key.id))

    def preview(self, id: str) -> Response[str]:  # noqa: A002
        """The key's page with the form as it was sent, and what its addresses would deny."""
        form = self._site.form
        key = self._keys.get(self._account, id)

        def work() -> Response[str]:
            key_form.check(form)
            sent = key_form.allowed_ips(form)
            found = self._preview.find(key, allowed_ips.checked(sent), self._now)
            shown = ShownPreview(found, tuple(allowed_ips.adjusted(sent)))
            return self._site.html(self._page_of(key, form, preview=shown))

        return self._try(work, partial(self._one_again, id=key.id))

    def pause(self, id: str) -> Response[str]:  # noqa: A002
        return self._switched(id, self._keys.pause, "key-paused")

    def resume(self, id: str) -> Response[str]:  # noqa: A002
        return self._switched(id, self._keys.resume, "key-resumed")

    def _switched(self, key_id: str, switch: Callable[..., ApiKey], done: str) -> Response[str]:
        key = self._keys.get(self._account, key_id)

        def work() -> Response[str]:
            switch(self._account, key.id, by=self._site.origin)
            return self._done(done, f"{API_KEYS}/{key.id}")

        return self._try(work, partial(self._one_again, id=key.id))

    def _one_again(
        self,
        problem: Notice | str | None,
        errors: dict[str, str] | None = None,
        *,
        id: str,  # noqa: A002
    ) -> str:
        return self._page_of(self._keys.get(self._account, id), self._site.form, errors, problem)

    def rotate(self, id: str) -> Response[str]:  # noqa: A002
        form = self._site.form
        key = self._keys.get(self._account, id)

        def work(store_response: StoreResponse) -> Response[str]:
            days = form.text("grace_days")
            if days not in {str(choice) for choice in GRACE_DAYS}:
                raise InvalidKeyRequest("grace_days", "Choose one of the periods")
            issued = self._keys.rotate(
                self._account,
                key.id,
                int(days) * DAY,
                by=self._site.origin,
                version=conflicts.sent_version(form),
                also=lambda successor: store_response(successor.id),
            )
            old = self._keys.get(self._account, key.id)
            return self._site.html(self._shown_once(issued, replaces=old), status=201)

        again = partial(self._one_again, id=key.id)
        return self._try(lambda: self._once(work, self._was_shown), again)

    def rotation(self, id: str) -> str:  # noqa: A002
        """The part of a key's page that is fetched anew."""
        key = self._keys.get(self._account, id)
        rotation = self._rotation(key)
        if rotation is None:
            return ""
        frame = self._frame()
        shown = view_models.key(key, self._use(key), self._now)
        panel = RotationPanel(
            frame=frame, key=shown, rotation=rotation, callers=self._callers_of(key)
        )
        return render(panel)

    def ask_to_revoke(self, id: str) -> str:  # noqa: A002
        key = self._keys.get(self._account, id)
        page = ("dashboard", "api-keys", key.id)
        return render(
            confirming.revoke_key(
                self._frame(),
                key,
                self._use(key),
                self._callers_of(key),
                action=(*page, "revoke"),
                back=page,
                returns=self._back(),
            )
        )

    def revoke(self, id: str) -> Response[str]:  # noqa: A002
        self._keys.revoke(self._account, id, by=self._site.origin)
        return self._done("key-revoked", API_KEYS)

    def _page_of(
        self,
        key: ApiKey,
        form: Form | None = None,
        errors: dict[str, str] | None = None,
        problem: Notice | str | None = None,
        preview: ShownPreview | None = None,
    ) -> str:
        """`form`: one that is shown again. Where it was about another version than the stored one,
        the page says what changed, and only so may it replace that."""
        history = self._audit.page(self._account, EntryFilter(target_id=key.id), HISTORY)
        return render(
            ApiKeyPage(
                frame=self._frame(problem),
                key=view_models.key(key, self._use(key), self._now),
                version=key.version,
                usage=view_models.key_usage(
                    view_models.charted(self._log, key_subject(key.id), self._now)
                ),
                callers=self._callers_of(key),
                values=view_models.key_values(key) if form is None else key_form.typed(form, key),
                errors=errors or {},
                rotation=self._rotation(key),
                tokens=self._tokens.of_key(key),
                budget=self._budget(key),
                countries=tuple(self._baselines.countries(key.id)),
                history=tuple(map(audit_log.shown, history.entries)),
                has_more_history=history.cursor is not None,
                conflict=None if form is None else self._conflict(key, form),
                preview=preview,
            )
        )

    def _budget(self, key: ApiKey) -> DailyUsage | None:
        """What is used of it today."""
        if key.budget is None:
            return None
        return view_models.usage(self._limiter.budget_today(key.budget))

    def _conflict(self, key: ApiKey, form: Form) -> Conflict | None:
        sent = conflicts.sent_version(form)
        return conflicts.since(self._audit, self._account, key.id, sent=sent, stored=key.version)

    def _rotation(self, key: ApiKey) -> Rotation | None:
        """The one that the key is the old key of."""
        if key.replaced_by is None or key.expires_at is None or not self._keys.rotated_at(key):
            return None
        return Rotation(old_key_id=key.id, new_key_id=key.replaced_by, ends_at=key.expires_at)

    def _callers_of(self, key: ApiKey) -> Callers:
        """Since it was replaced, or of the last 24 hours."""
        since = self._keys.rotated_at(key) or self._now - DAY
        return self._callers.find(key, since, self._now)

    def _use(self, key: ApiKey) -> KeyUse | None:
        return self._uses.find([key.id]).get(key.id)
