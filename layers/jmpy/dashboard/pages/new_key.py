"""The page on which an API key is created."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.dashboard import key_summary
from jmpy.dashboard.pages import key_expiry, key_form, key_limits
from jmpy.dashboard.pages.key_forms import API_KEYS, KeyForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.api_keys import KeyValues
from jmpy.dashboard.views.new_key import TEMPLATES, NewApiKey, NewKeySummary, shorter
from jmpy.keys import allowed_ips, fields
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.web.form import Form

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.accounts.store import AccountStore
    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.dashboard.frame import Notice
    from jmpy.idempotency.service import StoreResponse
    from jmpy.keys.service import KeyService
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

NEW = f"{API_KEYS}/new"


class NewKeyPages(KeyForms):
    def __init__(
        self,
        site: Site,
        keys: KeyService,
        uses: KeyUseStore,
        once: Once,
        *,
        accounts: AccountStore,
    ) -> None:
        super().__init__(site, keys, uses, once)
        self._accounts = accounts
        site.page(NEW)(self.new)
        site.page(f"{NEW}/summary")(self.summary)
        site.action(API_KEYS, page=NEW, again=self._again)(self.create)

    def new(self) -> str:
        """Filled in by the template that the address names."""
        limit = self._max_key_days()
        chosen = self._sent("template", "[a-z-]+")
        values = next((one.values(limit) for one in TEMPLATES if one.name == chosen), None)
        default = KeyValues()
        values = values or replace(default, expiry=str(shorter(int(default.expiry), limit)))
        form = Form({
            "permissions": list(values.permissions),
            "expiry": [values.expiry],
            **({"header_only": ["on"]} if values.header_only else {}),
        })  # fmt: skip
        return render(
            NewApiKey(
                frame=self._frame(),
                values=values,
                summary=self._summary(form, limit),
                max_key_days=limit,
                chosen=chosen,
            )
        )

    def summary(self) -> str:
        """The part of the page that is fetched as the form is filled in."""
        sent = self._site.current_event.resolved_query_string_parameters
        summary = self._summary(Form(sent), self._max_key_days())
        return render(NewKeySummary(frame=self._frame(), summary=summary))

    def create(self) -> Response[str]:
        form = self._site.form

        def work(store_response: StoreResponse) -> Response[str]:
            expires_at = key_form.checked_new(form, self._now, self._max_key_days())
            issued = self._keys.create(
                self._account,
                form.text("name"),
                form.texts("permissions"),
                expires_at,
                by=self._site.origin,
                environment=form.text("environment") or None,
                header_only="header_only" in form,
                allowed_ips=key_form.allowed_ips(form),
                limits=key_limits.limits(form),
                description=form.text("description"),
                labels=key_form.labels(form),
                not_before=key_form.not_before(form),
                also=lambda key: store_response(key.id),
            )
            return self._site.html(self._shown_once(issued), status=201)

        return self._try(lambda: self._once(work, self._was_shown), self._again)

    def _again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        form, limit = self._site.form, self._max_key_days()
        return render(
            NewApiKey(
                frame=self._frame(problem),
                values=key_form.typed(form),
                errors=errors or {},
                summary=self._summary(form, limit),
                max_key_days=limit,
            )
        )

    def _max_key_days(self) -> int | None:
        return self._accounts.get(self._account).max_key_days

    def _summary(self, form: Form, max_key_days: int | None) -> str:
        """What the key would be able to do; or else the first thing that is missing for it."""
        try:
            permissions = fields.checked_permissions(form.texts("permissions"))
            addresses = allowed_ips.checked(key_form.allowed_ips(form))
            expires_at = key_expiry.chosen(form, self._now, max_key_days)
            limits = key_limits.limits(form)
        except InvalidKeyRequest as wrong:
            return f"{wrong}."
        return key_summary.sentences(
            permissions,
            addresses,
            expires_at,
            limits.items(),
            header_only="header_only" in form,
            exists=False,
        )
