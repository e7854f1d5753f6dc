"""Forms that were opened before somebody else changed what they are about.

A form carries the version that it shows. Each change has one entry in the audit log, so the number
of versions in between says which entries tell what happened meanwhile.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.audit.store import Filter
from jmpy.dashboard import views
from jmpy.dashboard.pages import audit_log

if TYPE_CHECKING:
    from jmpy.audit.store import AuditLog
    from jmpy.http.form import Form

SHOWN = 5
"""Changes; the history on the same page has more."""

_VERSION = re.compile(r"[0-9]{1,15}")


def sent_version(form: Form) -> int:
    """The one that the form was about. 0, which nothing has, where it does not say: what was read
    is unknown then, so nothing is overwritten."""
    sent = form.text("version")
    return int(sent) if _VERSION.fullmatch(sent) else 0


def since(
    log: AuditLog, account_id: str, target_id: str, *, sent: int, stored: int
) -> views.Conflict | None:
    """What happened between the version of the form and the stored one; None if nothing did."""
    if sent == stored:
        return None
    between = max(stored - sent, 0)
    found = log.page(account_id, Filter(target_id), SHOWN).entries[:between]
    return views.Conflict(changes=tuple(map(audit_log.shown, found)), more=max(between - SHOWN, 0))
