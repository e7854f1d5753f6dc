"""What the audit log records about domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.audit.model import differences, entry_at

if TYPE_CHECKING:
    from jmpy.audit.model import Action, Entry, Origin
    from jmpy.domains.model import Domain

URLS = ("root_url", "not_found_url", "expired_url")
"""Fields with where requests to the domain are redirected to."""


def entry_of(
    action: Action, before: Domain | None, after: Domain | None, by: Origin, now: float
) -> Entry:
    """About the change from one to the other; None where there is none. `now` in seconds since the
    Unix epoch."""
    domain = before or after
    assert domain is not None
    was, becomes = (_audited(one) if one else {} for one in (before, after))
    return entry_at(
        now,
        domain.account_id,
        action,
        by,
        target_id=domain.id,
        target_name=domain.host,
        changes=differences(was, becomes),
    )


def _audited(domain: Domain) -> dict[str, Any]:
    """What its owner sets, and its state; what is not set is absent."""
    fields = {
        "name": domain.name,
        "description": domain.description,
        **{field: getattr(domain, field) for field in URLS},
        "is_primary": domain.is_primary,
        "state": domain.state.value,
    }
    return {name: value for name, value in fields.items() if value not in (None, False)}
