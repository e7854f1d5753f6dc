"""What is typed into the form of a link, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from jmpy.dashboard.pages import view_models
from jmpy.dashboard.pages.mistakes import Findings
from jmpy.dashboard.views.links import LinkValues
from jmpy.formats.times import parse_time, seconds
from jmpy.links import codes, destination, password, tags, utm
from jmpy.links.errors import (
    AliasTaken,
    ExpiryPassed,
    InvalidAlias,
    InvalidDestination,
    InvalidPassword,
    UnknownCampaign,
    UnknownDomain,
)
from jmpy.links.model import AliasState, LinkStatus
from jmpy.links.processing import check_expiry

if TYPE_CHECKING:
    from jmpy.gateway.own_names import OwnNames
    from jmpy.links.model import Link
    from jmpy.links.request_schema import LinkFields
    from jmpy.links.service import LinkService
    from jmpy.web.form import Form

Fields = TypeVar("Fields", bound="LinkFields")

_NO_TEMPLATE: Mapping[str, str] = {}
_FIELDS = (
    "url", *utm.NAMES, "domain", "custom_alias", "name", "campaign_id", "tags", "expires_at",
    "password",
)  # fmt: skip
WRONG_FIELDS = (
    InvalidDestination,
    InvalidAlias,
    InvalidPassword,
    ExpiryPassed,
    UnknownCampaign,
    UnknownDomain,
    AliasTaken,
)
"""Each names the field that it is about."""


def host(form: Form, link: Link | None = None) -> str:
    """Of the domain that is chosen; empty for the default one. A form without a choice leaves
    `link` where it is."""
    if "domain" in form:
        return form.text("domain").lower()
    return "" if link is None else link.host


def sent(form: Form) -> dict[str, Any]:
    """The form's fields in the words of the API; what is empty is absent."""
    texts = ("custom_alias", "name", "campaign_id", "expires_at", "password")
    return {
        "url": form.text("url"),
        "tags": tags.split(form.text("tags")),
        "is_dynamic": "is_dynamic" in form,
        "forward_query": "forward_query" in form,
        **{name: text for name in (*texts, *utm.NAMES) if (text := form.text(name))},
    }


def changes(form: Form, link: Link) -> dict[str, Any]:
    """All that the form shows: what was emptied is cleared. But an alias, destination or expiry
    that stays the same is not set again, and a password only when one was typed, or is to go."""
    cleared: dict[str, Any] = dict.fromkeys(link.utm, "")
    cleared |= dict.fromkeys(("custom_alias", "name", "campaign_id", "expires_at"))
    found = cleared | sent(form)
    if found["custom_alias"] == link.custom_alias:
        del found["custom_alias"]
    if found["url"] == link.url:
        # It need not be one that a new link may have.
        del found["url"]
    if (found["expires_at"] or "") == view_models.link_values(link).expires_at:
        # The form has no seconds, and it may have passed.
        del found["expires_at"]
    if "remove_password" in form:
        found["password"] = None
    return found | {"status": form.text("status") or LinkStatus.ACTIVE.value}


def checked(
    model: type[Fields],
    given: dict[str, Any],
    links: LinkService,
    account_id: str,
    own: OwnNames,
    *,
    host: str,
    host_before: str,
    now: int,
) -> Fields:
    """The form as the API would accept it. `host`: of the domain that the link is to be on;
    `host_before`: that it is on already. Raises Mistakes, with all that is wrong."""
    found, fields = Findings(*WRONG_FIELDS, field=_field), None
    try:
        fields = model.model_validate(given)
    except ValidationError as invalid:
        found.errors |= view_models.field_errors(invalid)
    if "url" in given:
        url = found.check(destination.checked, given["url"], own)
        if url is not None:
            found.check(links.blocklist.admitted, url)
    alias = given.get("custom_alias")
    is_alias = alias is not None and found.check(codes.checked_alias, alias) is not None
    stays = host in ("", host_before)
    is_usable = stays or found.check(links.domain, account_id, host) is not None
    found.check(links.campaign, account_id, given.get("campaign_id"))
    if given.get("password"):
        found.check(password.checked, given["password"])
    found.check(check_expiry, _moment(given.get("expires_at")), now)
    # Where nothing is wrong, the change itself finds out whether the alias is free.
    if found.errors and alias is not None and is_alias and is_usable:
        found.check(_require_free, links, account_id, alias, host)
    found.raise_any()
    assert fields is not None, "an invalid model leaves errors"
    return fields


def typed(form: Form, template: Mapping[str, str] = _NO_TEMPLATE) -> LinkValues:
    """`template`: the UTM parameters of its campaign, if it is a new link."""
    return LinkValues(
        url=form.text("url"),
        custom_alias=form.text("custom_alias"),
        domain=host(form),
        name=form.text("name"),
        campaign_id=form.text("campaign_id"),
        expires_at=form.text("expires_at"),
        tags=form.text("tags"),
        is_dynamic="is_dynamic" in form,
        forward_query="forward_query" in form,
        utm={name: form.text(name) for name in utm.NAMES},
        destination=leads_to(form, template),
        status=form.text("status") or LinkStatus.ACTIVE.value,
        remove_password="remove_password" in form,
    )


def leads_to(form: Form, template: Mapping[str, str] = _NO_TEMPLATE) -> str:
    """The destination with its UTM parameters; empty for an invalid one. `utm_set` names those that
    the link has, of which an empty one is removed."""
    known = form.text("utm_set").split(",")
    sets = {name: form.text(name) for name in utm.NAMES if form.text(name) or name in known}
    try:
        return destination.with_utm(destination.checked(form.text("url")), {**template, **sets})
    except InvalidDestination:
        return ""


def shown_errors(form: Form, errors: dict[str, str] | None) -> dict[str, str]:
    """In the order of the form. With a hint if a password was typed, which is not sent back and
    has to be entered again."""
    lost = {"password": "Enter the password again: it is not sent back to this page"}
    shown = (lost if form.text("password") else {}) | (errors or {})
    return {name: shown[name] for name in sorted(shown, key=_place)}


def _place(field: str) -> int:
    return _FIELDS.index(field) if field in _FIELDS else len(_FIELDS)


def _field(wrong: Any) -> str:
    """An unknown domain names the field of the API."""
    return "domain" if isinstance(wrong, UnknownDomain) else str(wrong.field)


def _require_free(links: LinkService, account_id: str, alias: str, host: str) -> None:
    """Raises AliasTaken, UnknownDomain."""
    domain = links.domain(account_id, host)
    if links.availability(account_id, alias, domain).state is not AliasState.AVAILABLE:
        raise AliasTaken(alias)


def _moment(text: str | None) -> int | None:
    """None also for an invalid time, which is reported elsewhere."""
    try:
        return seconds(parse_time(text))
    except ValueError:
        return None
