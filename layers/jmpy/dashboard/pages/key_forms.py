"""What the forms of API keys have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import key_form, view_models
from jmpy.dashboard.pages.rejections import Rejection, Rejections, conflict, outdated, submit
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.api_keys import ApiKeyCreated
from jmpy.keys.errors import InvalidKeyRequest, KeyChanged, KeyNotActive, KeyPaused, TooManyKeys

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import Response

    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.dashboard.pages.rejections import Again
    from jmpy.keys.model import ApiKey, IssuedKey
    from jmpy.keys.service import KeyService
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site

API_KEYS = "/dashboard/api-keys"

_REJECTIONS: Rejections = {
    InvalidKeyRequest: lambda wrong: Rejection(422, {key_form.field(wrong): str(wrong)}),
    KeyChanged: outdated,
    KeyNotActive: conflict,
    KeyPaused: conflict,
    TooManyKeys: conflict,
}


class KeyForms(SectionPages):
    section = Section.API_KEYS

    def __init__(self, site: Site, keys: KeyService, uses: KeyUseStore, once: Once) -> None:
        super().__init__(site)
        self._keys = keys
        self._uses = uses
        self._once = once

    def _shown_once(self, issued: IssuedKey, replaces: ApiKey | None = None) -> str:
        """The one page that ever holds the key's text."""
        return render(
            ApiKeyCreated(
                frame=self._frame(),
                key=view_models.key(issued.record, None, self._now),
                secret=issued.secret,
                replaces=replaces,
            )
        )

    def _was_shown(self, key_id: str) -> Response[str]:
        """To a form that is sent again: its key is shown once, in the response that created it."""
        return self._warned("key-was-shown", f"{API_KEYS}/{key_id}")

    def _try(self, work: Callable[[], Response[str]], again: Again) -> Response[str]:
        return submit(self._site, work, again, _REJECTIONS)
