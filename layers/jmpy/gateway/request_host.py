"""Which host a request is for: the default domain, or another one with links of its own.

A CDN in front cannot pass the `Host` on, since API Gateway rejects any but its own: it states it in
`X-Jmpy-Host`. That counts only with the proof that the request came through the CDN
(`jmpy.gateway.viewer`); without it, the host is `requestContext.domainName`, which API Gateway
writes itself. The `Host` header is never read, because clients write it.

A host that is not one of the deployment's own names is another one, even if nobody has it: never
the default domain, which would then serve its links under every name that leads here.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jmpy.gateway.host_names import ascii_host, is_local

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = "x-jmpy-host"

DEFAULT_DOMAIN = ""

NO_HOST = "."
"""Of a request for a name that no host can have."""

_LONGEST = 253
"""Characters of a host name (RFC 1035)."""

_HOST = re.compile(
    r"(?P<name>[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\])\.?(?::[0-9]*)?"
)


def from_event(event: Mapping[str, Any], *, proven: bool) -> str:
    """In lower case, without a port or a dot at the end; `DEFAULT_DOMAIN` under one of the
    deployment's own names. `proven`: whether the request came through the operator's CDN."""
    context = event["requestContext"]
    stated = _stated(event) if proven else ""
    host = _canonical(stated or str(context["domainName"]))
    return DEFAULT_DOMAIN if _is_own(host, str(context.get("apiId"))) else host


def _stated(event: Mapping[str, Any]) -> str:
    """Empty if the CDN states none. Several values together are no host name."""
    headers = event.get("multiValueHeaders") or {}
    values = [value for name, sent in headers.items() if name.lower() == HEADER for value in sent]
    return ",".join(values).strip()


def _canonical(text: str) -> str:
    found = _HOST.fullmatch(text)
    if found is None or len(found["name"]) > _LONGEST:
        return NO_HOST
    return found["name"].lower()


def _is_own(host: str, api_id: str) -> bool:
    """Names below `localhost` are not: on the local stack they are subdomains."""
    settings = os.environ.get
    own = _own_hosts(settings("PUBLIC_BASE_URL", ""), settings("OWN_DOMAINS", ""))
    return (
        host in own
        or host == "localhost"
        or host.startswith(f"{api_id}.execute-api.")
        or (not host.endswith(".localhost") and is_local(host.strip("[]")))
    )


@lru_cache(maxsize=1)
def _own_hosts(public_base_url: str, own_domains: str) -> frozenset[str]:
    named = (f"https://{name.strip()}" for name in own_domains.split(","))
    return frozenset(filter(None, map(ascii_host, (public_base_url, *named))))
