"""Forms that were opened before somebody else changed what they are about.

A form carries the version that it shows. Each change of a key or link has one entry in the audit
log, so the number of versions in between says which entries describe what happened meanwhile. The
version of settings follows from their values: undoing the changes one by one leads to those that
the form showed.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING

from jmpy.audit.model import Action
from jmpy.audit.store import EntryFilter
from jmpy.dashboard.pages import audit_log
from jmpy.dashboard.views.audit_log import Conflict

if TYPE_CHECKING:
    from jmpy.alerts.settings.thresholds import Thresholds
    from jmpy.audit.store import AuditLog
    from jmpy.web.form import Form
    from jmpy.webhooks.model import Webhook

SHOWN = 5
"""Changes; the history on the same page has more."""

RECENT = 50
"""Changes of settings among which the latest of the webhook is looked for."""

_URL_CHANGES = {Action.WEBHOOK_CREATED, Action.WEBHOOK_CHANGED, Action.WEBHOOK_REMOVED}

_VERSION = re.compile(r"[0-9]{1,15}")


def sent_version(form: Form, name: str = "version") -> int:
    """The one that the form was about. 0, which nothing has, where it does not say: what was read
    is unknown then, so nothing is overwritten."""
    sent = form.text(name)
    return int(sent) if _VERSION.fullmatch(sent) else 0


def since(
    log: AuditLog, account_id: str, target_id: str, *, sent: int, stored: int
) -> Conflict | None:
    """What happened between the version of the form and the stored one; None if nothing did."""
    if sent == stored:
        return None
    between = max(stored - sent, 0)
    found = log.page(account_id, EntryFilter(target_id), SHOWN).entries[:between]
    return Conflict(changes=tuple(map(audit_log.shown, found)), more=max(between - SHOWN, 0))


def together(*conflicts: Conflict | None) -> Conflict | None:
    """Of things that are changed by one form; None if nothing happened to any."""
    found = [conflict for conflict in conflicts if conflict is not None]
    if not found:
        return None
    changes = (change for conflict in found for change in conflict.changes)
    latest_first = sorted(changes, key=attrgetter("at"), reverse=True)
    return Conflict(changes=tuple(latest_first), more=sum(conflict.more for conflict in found))


def of_settings(form: Form) -> str | None:
    """The version of settings that a form was about; None where it does not say."""
    return form.text("version") if "version" in form else None


def since_rules(
    log: AuditLog, account_id: str, sent: str | None, stored: Thresholds
) -> Conflict | None:
    if sent in {None, stored.version}:
        return None
    wanted = EntryFilter(account_id, action=Action.ALERT_RULES_CHANGED)
    found = []
    for entry in log.page(account_id, wanted, SHOWN).entries:
        found.append(entry)
        undone = {name: change.before for name, change in entry.changes.items()}
        if "rules_off" in undone:
            undone["off"] = tuple(undone.pop("rules_off") or ())
        stored = stored.changed(undone)
        if stored.version == sent:
            break
    return Conflict(changes=tuple(map(audit_log.shown, found)))


def since_webhook(
    log: AuditLog, account_id: str, sent: str | None, stored: Webhook | None
) -> Conflict | None:
    """With the latest change alone: it is all that is sure to have come after the form."""
    if sent in {None, stored.version if stored else ""}:
        return None
    entries = log.page(account_id, EntryFilter(account_id), RECENT).entries
    latest = [entry for entry in entries if entry.action in _URL_CHANGES][:1]
    return Conflict(changes=tuple(map(audit_log.shown, latest)))
