"""What is typed into the forms of a key, and all that is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.dashboard.pages import key_expiry, key_limits, view_models
from jmpy.dashboard.pages.mistakes import Findings
from jmpy.dashboard.views.api_keys import KeyValues
from jmpy.formats.times import parse_time, seconds
from jmpy.keys import allowed_ips as addresses
from jmpy.keys import fields, validity
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.updates import KeyChanges

if TYPE_CHECKING:
    from jmpy.keys.model import ApiKey
    from jmpy.web.form import Form


def field(wrong: InvalidKeyRequest) -> str:
    """The form's name of what the domain names."""
    return {"grace_period": "grace_days"}.get(wrong.field, wrong.field)


def field_of_new(wrong: InvalidKeyRequest) -> str:
    """In the form for a new key, which offers periods."""
    return {"expires_at": "expiry"}.get(wrong.field, wrong.field)


def check(form: Form) -> None:
    """The form of a key that exists. Raises Mistakes, with all that is wrong with it."""
    found = Findings(InvalidKeyRequest, field=field)
    _check_settings(found, form)
    found.check(_moment, form, "expires_at")
    found.raise_any()


def checked_new(form: Form, now: int, max_key_days: int | None) -> int | None:
    """The expiry, within the account's policy. Raises Mistakes, with all that is wrong with the
    form."""
    found = Findings(InvalidKeyRequest, field=field_of_new)
    _check_settings(found, form)
    found.check(lambda: validity.check_not_before(not_before(form), now))
    expires_at = found.check(key_expiry.chosen, form, now, max_key_days)
    found.check(lambda: validity.check_order(not_before(form), expires_at, "not_before"))
    found.raise_any()
    return expires_at


def _check_settings(found: Findings, form: Form) -> None:
    found.check(fields.checked_name, form.text("name"))
    found.check(fields.checked_environment, form.text("environment") or None)
    found.check(fields.checked_permissions, form.texts("permissions"))
    found.check(addresses.checked, allowed_ips(form))
    found.check(fields.checked_description, form.text("description"))
    found.check(fields.checked_labels, labels(form))
    found.check(_moment, form, "not_before")
    key_limits.check(form, found)


def labels(form: Form) -> list[str]:
    """Separated by commas."""
    return [label.strip() for label in form.text("labels").split(",") if label.strip()]


def not_before(form: Form) -> int | None:
    """Raises InvalidKeyRequest."""
    return _moment(form, "not_before")


def _moment(form: Form, name: str) -> int | None:
    """Seconds since the Unix epoch; None for an empty field. Raises InvalidKeyRequest."""
    try:
        return seconds(parse_time(form.text(name) or None))
    except ValueError:
        raise InvalidKeyRequest(name, "Enter a date and a time, such as 2027-01-31 12:00") from None


def allowed_ips(form: Form) -> list[str]:
    """One per line, or separated by commas or spaces."""
    return re.findall(r"[^\s,]+", form.text("allowed_ips"))


def changes(form: Form, key: ApiKey) -> KeyChanges:
    """The form is one that was checked. A page that was opened before there were the fields
    for addresses, limits, notes and times leaves those as they are."""
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
    if "description" in form:
        sent["description"] = form.text("description")
        sent["labels"] = labels(form)
    for name, was in (("not_before", key.not_before), ("expires_at", key.expires_at)):
        # A field has no seconds: a time that was not touched stays as it is.
        if name in form and form.text(name) != view_models.minute(was):
            sent[name] = _moment(form, name)  # type: ignore[literal-required]
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
        not_before=form.text("not_before") if "not_before" in form else known.not_before,
        expires_at=form.text("expires_at") if "expires_at" in form else known.expires_at,
        description=form.text("description") if "description" in form else known.description,
        labels=form.text("labels") if "labels" in form else known.labels,
        grace_days=form.text("grace_days") or known.grace_days,
    )
