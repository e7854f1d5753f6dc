"""The forms on the page of an API key that revoke its short-lived tokens: one, or all."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages.key_forms import API_KEYS
from jmpy.dashboard.pages.section import SectionPages
from jmpy.key_tokens.errors import TokenNotFound

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.key_tokens.service import KeyTokenService
    from jmpy.keys.service import KeyService
    from jmpy.web.site import Site

TOKEN = "token"  # noqa: S105 - a field with an id
"""The field with the id of the token; without it, all are revoked."""


class KeyTokenForms(SectionPages):
    section = Section.API_KEYS

    def __init__(self, site: Site, keys: KeyService, tokens: KeyTokenService) -> None:
        super().__init__(site)
        self._keys = keys
        self._tokens = tokens
        one = f"{API_KEYS}/<id>"
        site.action(f"{one}/tokens/revoke", page=one, narrows=True)(self.revoke)

    def revoke(self, id: str) -> Response[str]:  # noqa: A002 - the name in the path
        key, token_id = self._keys.get(self._account, id), self._site.form.text(TOKEN)
        path = f"{API_KEYS}/{key.id}"
        if not token_id:
            self._tokens.revoke_all(key, by=self._site.origin)
            return self._done("tokens-revoked", path)
        # One that has expired, or was revoked in another tab, is as it should be.
        with suppress(TokenNotFound):
            self._tokens.revoke(key, token_id, by=self._site.origin)
        return self._done("token-revoked", path)
