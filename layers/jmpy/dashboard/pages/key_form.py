"""What is typed into the forms of a key, and all that is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.dashboard.pages import key_expiry, key_limits, view_models
from jmpy.dashboard.pages.mistakes import Findings
from jmpy.dashboard.views.api_keys import KeyValues
from jmpy.keys import allowed_ips as addresses
from jmpy.keys import fields
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.updates import KeyChanges

if TYPE_CHECKING:
    from jmpy.keys.model import ApiKey
    from jmpy.web.form import Form


def field(wrong: InvalidKeyRequest) -> str:
    """The form's name of what the domain names."""
    return {"expires_at": "expiry", "grace_period": "grace_days"}.get(wrong.field, wrong.field)


def check(form: Form) -> None:
    """The form of a key that exists. Raises Mistakes, with all that is wrong with it."""
    found = Findings(InvalidKeyRequest, field=field)
    _check_settings(found, form)
    found.raise_any()


def checked_new(form: Form, now: int, max_key_days: int | None) -> int | None:
    """The expiry, within the account's policy. Raises Mistakes, with all that is wrong with the
    form."""
    found = Findings(InvalidKeyRequest, field=field)
    _check_settings(found, form)
    expires_at = found.check(key_expiry.chosen, form, now, max_key_days)
    found.raise_any()
    return expires_at


def _check_settings(found: Findings, form: Form) -> None:
    found.check(fields.checked_name, form.text("name"))
    found.check(fields.checked_environment, form.text("environment") or None)
    found.check(fields.checked_permissions, form.texts("permissions"))
    found.check(addresses.checked, allowed_ips(form))
    key_limits.check(form, found)


def allowed_ips(form: Form) -> list[str]:
    """One per line, or separated by commas or spaces."""
    return re.findall(r"[^\s,]+", form.text("allowed_ips"))


def changes(form: Form) -> KeyChanges:
    """The form is one that was checked. A page that was opened before there were the fields
    for addresses and limits leaves those as they are."""
    sent = KeyChanges(
        name=form.text("name"),
        permissions=form.texts("permissions"),
        environment=form.text("environment") or None,
        header_only="header_only" in form,
    )
    if "allowed_ips" in form:
        sent["allowed_ips"] = allowed_ips(form)
    if key_limits.are_in(form):
        sent["limits"] = key_limits.limits(form)
    return sent


def typed(form: Form, key: ApiKey | None = None) -> KeyValues:
    """What was typed; of a key's page, whose forms are sent one at a time, the rest as it is."""
    known = KeyValues() if key is None else view_models.key_values(key)
    has_details = "name" in form
    return KeyValues(
        name=form.text("name") if has_details else known.name,
        environment=form.text("environment") if has_details else known.environment,
        permissions=tuple(form.texts("permissions")) if has_details else known.permissions,
        expiry=form.text("expiry") or known.expiry,
        expires_on=form.text("expires_on"),
        header_only="header_only" in form if has_details else known.header_only,
        allowed_ips=form.text("allowed_ips") if "allowed_ips" in form else known.allowed_ips,
        limits=key_limits.typed(form) if key_limits.are_in(form) else known.limits,
        grace_days=form.text("grace_days") or known.grace_days,
    )
