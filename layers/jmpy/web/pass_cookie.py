"""The cookie with a visitor's pass to a link with a password (`jmpy.links.passes`).

It is sent to its link alone. That requires a path, which `__Host-` forbids; with that prefix, the
passes of all opened links would be sent with every request to this host, including the API's. A
page of a sibling domain may thus plant a pass: that opens a link to a visitor who could not open
it, but anyone with a pass could also share the password. An invalid pass opens nothing, and does
not hide a valid one, since all that were sent are checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jmpy.web.cookies import BoundCookie, sent

if TYPE_CHECKING:
    from collections.abc import Mapping


def for_link(short_url: str) -> BoundCookie:
    """The cookie for the link with this short URL, which browsers send to its host only."""
    url = urlsplit(short_url)
    secure = url.scheme == "https"
    return BoundCookie("__Secure-jmpy_pass" if secure else "jmpy_pass", url.path, secure)


def read(event: Mapping[str, Any], short_url: str) -> list[str]:
    name = for_link(short_url).name
    return [value for found, value in sent(event) if found == name]
