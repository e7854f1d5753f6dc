"""From the domain's records to what pages show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from jmpy.activity.schema import route_usage
from jmpy.dashboard.views.activity import RequestsPerDay
from jmpy.dashboard.views.api_keys import KeySummary, KeyUsage, KeyValues
from jmpy.dashboard.views.key_list import KeyRow
from jmpy.dashboard.views.key_names import KeyName
from jmpy.dashboard.views.links import LinkValues
from jmpy.dashboard.views.usage import DailyUsage, LimitUsage
from jmpy.formats.reasons import reason
from jmpy.keys import advice
from jmpy.keys.model import KeyState
from jmpy.lengths import too_long

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from jmpy.activity.model import KeyUse
    from jmpy.activity.request_store import AccessLog, UsageDay
    from jmpy.campaigns.model import Campaign
    from jmpy.keys.model import ApiKey
    from jmpy.limits.model import Quota
    from jmpy.links.model import Link


def minute(time: int | None) -> str:
    """For a field of the type `datetime-local`: seconds since the Unix epoch in UTC, empty for
    None."""
    return "" if time is None else datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M")


def link_values(link: Link, campaign: Campaign | None = None) -> LinkValues:
    """`campaign`: that the link is in."""
    return LinkValues(
        url=link.url,
        custom_alias=link.custom_alias or "",
        domain=link.host,
        name=link.name or "",
        campaign_id="" if campaign is None else campaign.name,
        expires_at=minute(link.expires_at),
        tags=", ".join(link.tags),
        is_dynamic=link.is_dynamic,
        forward_query=link.forward_query,
        utm=link.utm,
        destination=link.url,
        status="disabled" if link.disabled else "active",
    )


def usage(quotas: Iterable[Quota]) -> DailyUsage:
    today = tuple(quotas)
    return DailyUsage(
        limits=tuple(LimitUsage(one.limit_class, one.used, one.limit) for one in today),
        resets_at=today[0].resets_at,
    )


def field_errors(invalid: ValidationError) -> dict[str, str]:
    """The first reason by field of the form; what is wrong with one tag is wrong with the tags."""
    errors: dict[str, str] = {}
    for entry in invalid.errors():
        errors.setdefault(str(entry["loc"][0]), _in_a_form(entry))
    return errors


def _in_a_form(entry: ErrorDetails) -> str:
    """Beside the field, where its name need not be spelled as the API does."""
    name, typed = str(entry["loc"][0]), entry["input"]
    if entry["type"] not in {"string_too_long", "too_long"}:
        return reason(entry)
    most = entry["ctx"]["max_length"]
    if isinstance(typed, str):  # a password is "too_long", too
        return too_long(f"The {name}", len(typed), most)
    return f"There are {len(typed):,} {name}; the maximum is {most}"


def key(record: ApiKey, use: KeyUse | None, now: float) -> KeySummary:
    return KeySummary(
        record=record,
        state=record.state(now),
        last_used_at=use.last.at if use and use.last else None,
        warnings=tuple(advice.about(record, use, now)),
    )


def key_rows(records: Iterable[ApiKey], uses: Mapping[str, KeyUse], now: float) -> Iterator[KeyRow]:
    """Of a list in which a key that is being replaced follows its successor."""
    above: set[str] = set()
    for record in records:
        is_replaced_above = record.replaced_by in above and record.state(now) is KeyState.ROTATING
        above = above | {record.id} if is_replaced_above else {record.id}
        yield KeyRow(key=key(record, uses.get(record.id), now), is_replaced_above=is_replaced_above)


def key_names(keys: Iterable[ApiKey], now: float) -> dict[str, KeyName]:
    """By the keys' ids, in the same order."""
    return {
        key.id: KeyName(
            key.id,
            key.name,
            f"{key.display_prefix}…{key.last_four}",
            key.created_at,
            key.state(now),
        )
        for key in keys
    }


def key_values(record: ApiKey) -> KeyValues:
    return KeyValues(
        name=record.name,
        environment=record.environment or "",
        permissions=tuple(record.permissions),
        header_only=record.header_only,
        allowed_ips="\n".join(record.allowed_ips),
        limits={name.value: str(limit) for name, limit in record.limits.items()},
        not_before=minute(record.not_before),
        expires_at=minute(record.expires_at),
        description=record.description or "",
        labels=", ".join(record.labels),
    )


CHARTED_DAYS = 30
"""Of requests."""


def charted(log: AccessLog, subject: str, now: float) -> list[UsageDay]:
    """What pages draw of the requests of a key, or of an account."""
    today = datetime.fromtimestamp(now, UTC).date()
    return log.usage(subject, today - timedelta(days=CHARTED_DAYS - 1), today)


def key_usage(days: Sequence[UsageDay]) -> KeyUsage:
    return KeyUsage(RequestsPerDay(days), route_usage(days))
