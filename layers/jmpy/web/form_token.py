"""The token of a form, drawn when the form is rendered: however often the form is sent, what it
creates is created once, and each response leads to that (decision 0036).

It is not secret, and does not prove the origin of a form; the session's token does
(`Session.owns`), and limits how long a form can be sent.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from jmpy.idempotency.service import IdempotencyMismatch
from jmpy.web.form import FORM_TOKEN, NOT_TYPED

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.idempotency.service import Idempotency, StoreResponse
    from jmpy.web.site import Site

_INCOMPLETE = "Nothing was done yet: the form was incomplete. Check it, then send it again."
_SENT_BEFORE = (
    "This form was sent before with something else in it, and that was done. Send it again if you "
    "want this, too."
)
_TOKEN = re.compile(r"[0-9a-f]{32}")


class StaleForm(Exception):
    """Nothing was done; the message says why. The form is shown again with the submitted values."""


def draw() -> str:
    return secrets.token_hex(16)


class Once:
    """The objects that the forms of a site create."""

    def __init__(self, site: Site, idempotency: Idempotency) -> None:
        self._site = site
        self._idempotency = idempotency

    def __call__(
        self,
        work: Callable[[StoreResponse], Response[str]],
        repeated: Callable[[Any], Response[str]],
    ) -> Response[str]:
        """The response of `work`, which passes to its argument the created object as JSON values,
        never a secret, to have it written in the same transaction. For a form that was sent
        before, the response of `repeated` for that object.

        Raises StaleForm, and the errors of `work`.
        """
        form, event = self._site.form, self._site.current_event
        token = form.text(FORM_TOKEN)
        if not _TOKEN.fullmatch(token):
            raise StaleForm(_INCOMPLETE)
        scope = f"{self._site.session.account_id} {event.http_method} {event.path}"
        sent = form.pairs(without=NOT_TYPED)
        try:
            found = self._idempotency.once(token, scope, sent, work)  # type: ignore[arg-type]
        except IdempotencyMismatch:
            raise StaleForm(_SENT_BEFORE) from None
        return found if isinstance(found, Response) else repeated(found)
