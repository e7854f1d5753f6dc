"""The page that lists an account's API keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.dashboard.pages import key_query, view_models
from jmpy.dashboard.pages.key_forms import API_KEYS, KeyForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.key_list import ApiKeyList
from jmpy.keys import listing

if TYPE_CHECKING:
    from collections.abc import Collection

    from aws_lambda_powertools.event_handler import Response

    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.keys.service import KeyService
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site


class ApiKeyPages(KeyForms):
    def __init__(self, site: Site, keys: KeyService, uses: KeyUseStore, once: Once) -> None:
        super().__init__(site, keys, uses, once)
        site.page(API_KEYS)(self.list)

    def list(self) -> str | Response[str]:
        sent = key_query.sent(self._site.current_event.get_query_string_value)
        query = replace(sent, search=listing.without_secret(sent.search))
        if query != sent:
            return self._site.redirect(self._site.url(query.here))
        found = self._keys.page(self._account, key_query.request(query, self._now), self._last_used)
        uses = self._uses.find([key.id for key in found.keys])
        return render(
            ApiKeyList(
                frame=self._frame(),
                rows=tuple(view_models.key_rows(found.keys, uses, self._now)),
                query=query,
                total=found.total,
                page_count=found.total_pages,
                searched=found.searched,
                is_complete=found.is_complete,
            )
        )

    def _last_used(self, key_ids: Collection[str]) -> dict[str, int]:
        uses = self._uses.find(key_ids)
        return {key_id: use.last.at for key_id, use in uses.items() if use.last}
