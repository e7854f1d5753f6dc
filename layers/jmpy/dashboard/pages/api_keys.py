"""The page that lists an account's API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.pages import view_models
from jmpy.dashboard.pages.key_forms import API_KEYS, KeyForms
from jmpy.dashboard.render import render
from jmpy.dashboard.views.api_keys import ApiKeyList

if TYPE_CHECKING:
    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.keys.service import KeyService
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site


class ApiKeyPages(KeyForms):
    def __init__(self, site: Site, keys: KeyService, uses: KeyUseStore, once: Once) -> None:
        super().__init__(site, keys, uses, once)
        site.page(API_KEYS)(self.list)

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
