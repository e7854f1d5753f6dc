"""The short URL of a code."""

from __future__ import annotations

from urllib.parse import urlsplit

from jmpy.gateway.own_names import is_local


def short_url(base_url: str, code: str, host: str = "") -> str:
    """On the default domain, whose address is `base_url`, or on `host`."""
    return f"{site(base_url, host)}/{code}"


def site(base_url: str, host: str) -> str:
    """The address of a host, without a slash at the end. The local stack serves all hosts at its
    own port, without TLS."""
    if not host:
        return base_url
    parts = urlsplit(base_url)
    if not is_local(parts.hostname or ""):
        return f"https://{host}"
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
