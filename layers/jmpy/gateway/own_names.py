"""The names of this deployment. A link that leads to one of them could lead to itself, or to a link
that leads back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jmpy.gateway.host_names import ascii_host, is_local

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class OwnNames:
    hosts: frozenset[str] = frozenset()
    """In lower case and ASCII, without a dot at the end; on any port."""
    api_ids: frozenset[str] = frozenset()
    """API Gateway's: it serves each under `<id>.execute-api.<region>.<suffix>` as well."""
    local_ports: frozenset[int] = field(default_factory=frozenset)
    """Where the local stack listens, under any name of this machine."""
    zone: str = ""
    """Of the subdomains that accounts have here; empty without one."""
    have_others: bool = False
    """Whether hosts that customers own lead here, too, which only a look-up finds."""

    @classmethod
    def from_urls(cls, urls: Iterable[str], api_ids: Iterable[str] = ()) -> OwnNames:
        """From base URLs, of which only host and port matter."""
        places = [_place(url) for url in urls]
        return cls(
            hosts=frozenset(host for host, _ in places if host and not is_local(host)),
            api_ids=frozenset(filter(None, api_ids)),
            local_ports=frozenset(port for host, port in places if is_local(host)),
        )

    def include(self, url: str) -> bool:
        """Whether the URL, which is valid, leads here."""
        host, port = _place(url)
        if is_local(host):
            return port in self.local_ports
        return self.have(host) or self.are_above(host)

    def are_above(self, host: str) -> bool:
        """Whether the host, in lower case and ASCII, is within the zone of the subdomains."""
        return bool(self.zone) and host.endswith(f".{self.zone}")

    def have(self, host: str) -> bool:
        """Whether the host is one of them, whatever its port; it may be any text."""
        host = host.lower().removesuffix(".")
        api_id, _, rest = host.partition(".")
        return (
            host in self.hosts
            or (api_id in self.api_ids and rest.startswith("execute-api."))
            or (is_local(host) and bool(self.local_ports))
        )

    def are_default(self, host: str) -> bool:
        """Whether short URLs on the host are on the default domain. Names below `localhost` are
        subdomains of the local stack."""
        return self.have(host) and not host.endswith(".localhost")


NOWHERE = OwnNames()
"""For a deployment without a name."""


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return ascii_host(url), parts.port or _PORTS.get(parts.scheme, 0)
