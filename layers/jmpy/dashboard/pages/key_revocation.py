"""Revokes several API keys: the question, and the outcome for each.

The keys are selected in the list. The question is a page of its own, because it lists each key; the
response to its form is the outcome itself, and sending it again changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.clock import DAY
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages.key_forms import API_KEYS
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.key_revocation import (
    RevocableKey,
    RevocationOutcome,
    RevocationQuestion,
)
from jmpy.keys.model import KeyState, KeyStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.activity.model import KeyUse
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.web.site import Site

REVOKE = f"{API_KEYS}/revoke"
MOST = 100
"""Keys at once; a page of the list has fewer."""

_KEY_ID = re.compile(r"[0-9a-f-]{36}")


class KeyRevocationPages(SectionPages):
    section = Section.API_KEYS

    def __init__(self, site: Site, keys: KeyService, uses: KeyUseStore) -> None:
        super().__init__(site)
        self._keys = keys
        self._uses = uses
        site.page(REVOKE)(self.ask)
        site.action(REVOKE, narrows=True)(self.revoke)

    def ask(self) -> str:
        sent = self._site.current_event.resolved_query_string_parameters.get("key", [])
        selected = _known(sent)
        found = self._keys.get_all(self._account, selected)
        keys = [key for key in found if key.status is not KeyStatus.REVOKED]
        uses = self._uses.find([key.id for key in keys])
        ids = {key.id for key in keys}
        return render(
            RevocationQuestion(
                frame=self._frame(),
                keys=tuple(self._revocable(key, uses.get(key.id), ids) for key in keys),
                left_out=len(selected) - len(keys),
                back=self._back() or API_KEYS,
            )
        )

    def revoke(self) -> str:
        selected = _known(self._site.form.texts("key"))
        revocations = self._keys.revoke_each(self._account, selected, by=self._site.origin)
        outcome = RevocationOutcome(
            frame=self._frame(), revocations=tuple(revocations), back=self._back() or API_KEYS
        )
        return render(outcome)

    def _revocable(self, key: ApiKey, use: KeyUse | None, ids: set[str]) -> RevocableKey:
        last = use.last if use else None
        return RevocableKey(
            record=key,
            last_use=last,
            is_in_use=last is not None and last.at > self._now - DAY,
            is_replaced=key.state(self._now) is KeyState.ROTATING and key.replaced_by not in ids,
        )


def _known(key_ids: Iterable[str]) -> list[str]:
    """Each once; without what cannot be the id of a key."""
    return [key_id for key_id in dict.fromkeys(key_ids) if _KEY_ID.fullmatch(key_id)][:MOST]
