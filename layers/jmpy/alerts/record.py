"""What the audit log tells of a change of an account's alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.audit.model import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.audit.model import Action, Change, Origin


def record(
    account_id: str, action: Action, changes: Mapping[str, Change], by: Origin, now: float
) -> Entry:
    """`now` in seconds since the Unix epoch, UTC. An account has one webhook and one set of rules:
    both go by its id."""
    return Entry(
        account_id=account_id,
        at_milliseconds=int(now * 1000),
        action=action,
        origin=by,
        target_id=account_id,
        changes=changes,
    )
