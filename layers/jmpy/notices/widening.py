"""Which changes let an API key do more than before, in sentences for its owner.

A new field of a key that restricts it needs a case here.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

from jmpy.formats.times import minute_utc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jmpy.audit.model import Change

    Network = IPv4Network | IPv6Network


def widenings(changes: Mapping[str, Change]) -> list[str]:
    """One sentence for each way in which the changes, of an entry about a key, gave it more access;
    none if they only narrowed it, or changed its name and the like."""
    return [sentence for name, change in changes.items() for sentence in _widening(name, change)]


def _widening(name: str, change: Change) -> Iterator[str]:
    before, after = change
    match name:
        case "permissions":
            yield from _permissions(before or [], after or [])
        case "allowed_ips" if before:
            yield from _addresses(before, after)
        case "expires_at" if before is not None and (after is None or after > before):
            yield f"It expires {_later(after)}; before, it would have expired on {_at(before)}."
        case "not_before" if before is not None and (after is None or after < before):
            start = "at once" if after is None else f"from {_at(after)}"
            yield f"It works {start}; before, it would have worked from {_at(before)}."
        case "header_only" if before and not after:
            yield "It is also accepted in a query string; before, only in a header."
        case "limits" if before:
            yield from _limits(before, after or {})


def _permissions(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    if added := [name for name in after if name not in before]:
        yield f"It has more permissions: {', '.join(added)}."


def _addresses(before: Sequence[str], after: Sequence[str] | None) -> Iterator[str]:
    if not after:
        yield f"It is accepted from any address; before, only from {', '.join(before)}."
        return
    known = [ip_network(entry) for entry in before]
    added = [entry for entry in after if not _is_covered(ip_network(entry), known)]
    if added:
        yield f"It is accepted from more addresses: {', '.join(added)}."


def _is_covered(network: Network, known: Sequence[Network]) -> bool:
    return any(
        isinstance(network, type(other)) and network.subnet_of(other)  # type: ignore[arg-type]
        for other in known
    )


def _limits(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    for name, limit in before.items():
        if name not in after:
            yield f"Its daily limit of {limit:,} for {name} was removed."
        elif after[name] > limit:
            yield f"Its daily limit for {name} was raised from {limit:,} to {after[name]:,}."


def _later(expires_at: int | None) -> str:
    return "never" if expires_at is None else f"on {_at(expires_at)}"


def _at(seconds: Any) -> str:
    return minute_utc(seconds)
