"""The rules of a new link: one function applies them, whichever way the link is created."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from jmpy.errors import Invalid
from jmpy.gateway.own_names import NOWHERE, OwnNames
from jmpy.links import codes, destination, password, tags
from jmpy.links.errors import ExpiryPassed
from jmpy.links.new_link import ProcessedLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.domains.model import DomainName
    from jmpy.links.blocklist import Blocklist
    from jmpy.links.new_link import NewLink

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Rules:
    """How strict they are: an operator's import may create links that requests may not."""

    own: OwnNames = NOWHERE
    """Hosts of this service: a link to one of them could lead to itself."""
    shortest_alias: int = codes.SHORTEST_ALIAS
    allows_past_expiry: bool = False
    uses_templates: bool = True
    """Whether the UTM parameters of its campaign apply: a destination that is imported has them."""


class InvalidLink(Exception):
    """A new link breaks rules: `errors` has each of them, at least one."""

    def __init__(self, errors: list[Invalid]) -> None:
        super().__init__(*errors)
        self.errors = errors


def process_link(
    new: NewLink,
    rules: Rules,
    *,
    blocklist: Blocklist,
    now: float,
    domain: DomainName | None = None,
    qr_domain: DomainName | None = None,
) -> ProcessedLink:
    """`domain`: the one with the link's host; `qr_domain`: the one with that of its QR code; `now`
    in seconds since the Unix epoch. Raises InvalidLink."""
    errors: list[Invalid] = []

    def checked(check: Callable[[Value], Value], value: Value) -> Value:
        try:
            return check(value)
        except Invalid as error:
            errors.append(error)
            return value

    def reachable(url: str) -> str:
        written = destination.with_utm(destination.checked(url, rules.own), new.utm)
        return blocklist.admitted(written)

    url = checked(reachable, new.url)
    alias = checked(partial(_alias, shortest=rules.shortest_alias), new.custom_alias)
    secret = checked(_password, new.password)
    if not rules.allows_past_expiry:
        checked(partial(check_expiry, now=now), new.expires_at)
    if errors:
        raise InvalidLink(errors)
    return ProcessedLink(
        url,
        alias,
        domain=domain,
        qr_domain=qr_domain,
        password_hash=None if secret is None else password.hashed(secret),
        name=new.name,
        tags=tags.unique(new.tags),
        expires_at=new.expires_at,
        is_dynamic=new.is_dynamic,
        forward_query=new.forward_query,
        utm=new.utm,
        disabled=new.disabled,
        tracking_enabled=new.tracking_enabled,
        campaign_id=new.campaign_id,
        channel=new.channel,
        source=new.source,
        qr_id=new.qr_id,
        qr_code=new.qr_code,
    )


def check_expiry(expires_at: int | None, now: float) -> int | None:
    """Of a link that gets it now; both in seconds since the Unix epoch. Raises ExpiryPassed."""
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed
    return expires_at


def _alias(alias: str | None, shortest: int) -> str | None:
    return None if alias is None else codes.checked_alias(alias, shortest)


def _password(secret: str | None) -> str | None:
    return None if secret is None else password.checked(secret)
