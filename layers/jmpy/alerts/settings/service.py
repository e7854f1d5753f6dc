"""An account's settings for alerts, changed by its owner."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from jmpy.alerts.errors import SettingsOutdated
from jmpy.audit.model import Action, differences, entry_at
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.alerts.settings.store import ThresholdStore
    from jmpy.alerts.settings.thresholds import Thresholds
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock


class ThresholdService:
    def __init__(self, store: ThresholdStore, audit: AuditLog, now: Clock = system_clock) -> None:
        self._store = store
        self._audit = audit
        self._now = now

    def change(
        self,
        account_id: str,
        changes: Mapping[str, Any],
        *,
        by: Origin,
        version: str | None = None,
    ) -> Thresholds:
        """`changes` by the name of the field; None stands for its default. With `version`, only of
        that version, unless they are what they are to become. Raises SettingsOutdated,
        SettingsChanged, TooManyChanges."""
        before, text = self._store.read(account_id)
        after = before.changed(changes)
        if changed := differences(_audited(before), _audited(after)):
            if version not in {None, before.version}:
                raise SettingsOutdated
            entry = entry_at(
                self._now(), account_id, Action.ALERT_RULES_CHANGED, by, changes=changed
            )
            put = partial(self._store.put, account_id, after, text)
            self._audit.commit(put, entry)
        return after


def _audited(thresholds: Thresholds) -> dict[str, Any]:
    """As entries of the audit log name them."""
    fields = asdict(thresholds)
    return {"rules_off": list(fields.pop("off")), **fields}
