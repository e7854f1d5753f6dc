"""The short URL of a code."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jmpy.gateway.host_names import is_local

if TYPE_CHECKING:
    from jmpy.links.model import Link


def link_url(base_url: str, link: Link) -> str:
    """The short URL of a link, on its domain."""
    return short_url(base_url, link.short_code, link.host)


def printed_url(base_url: str, link: Link) -> str | None:
    """What the QR code of a link contains, which stays where it is if the link moves; None of a
    link without one."""
    return None if link.qr_code is None else short_url(base_url, link.qr_code, link.qr_host)


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
