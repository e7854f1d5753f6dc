"""The pages of an account's API keys: list and creation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.pages import key_form, key_limits, view_models
from jmpy.dashboard.pages.key_forms import API_KEYS, KeyForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.api_keys import ApiKeyList, NewApiKey

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.dashboard.frame import Notice
    from jmpy.idempotency.service import StoreResponse
    from jmpy.keys.service import KeyService
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site


class ApiKeyPages(KeyForms):
    def __init__(self, site: Site, keys: KeyService, uses: KeyUseStore, once: Once) -> None:
        super().__init__(site, keys, uses, once)
        site.page(API_KEYS)(self.list)
        site.page(f"{API_KEYS}/new")(self.new)
        site.action(API_KEYS, page=f"{API_KEYS}/new", again=self._new_again)(self.create)

    def list(self) -> str:
        found = self._keys.of_account(self._account)
        uses = self._uses.find([key.id for key in found])
        keys = [view_models.key(key, uses.get(key.id), self._now) for key in found]
        working = [key for key in keys if key.works]
        shows_all = self._sent("show", "all") != ""
        return render(
            ApiKeyList(
                frame=self._frame(),
                keys=tuple(keys if shows_all else working),
                ended_count=len(keys) - len(working),
                shows_all=shows_all,
            )
        )

    def new(self) -> str:
        return render(NewApiKey(frame=self._frame()))

    def create(self) -> Response[str]:
        form = self._site.form

        def work(store_response: StoreResponse) -> Response[str]:
            expires_at = key_form.checked(form, self._now)
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
                also=lambda key: store_response(key.id),
            )
            return self._site.html(self._shown_once(issued), status=201)

        return self._try(lambda: self._once(work, self._was_shown), self._new_again)

    def _new_again(self, problem: Notice | str | None, errors: dict[str, str] | None = None) -> str:
        return render(
            NewApiKey(
                frame=self._frame(problem),
                values=key_form.typed(self._site.form),
                errors=errors or {},
            )
        )
