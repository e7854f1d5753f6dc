"""The cookie that holds a visitor's pass to a link with a password (`jmpy.links.passes`).

It is sent to its link alone. That wants a path, which `__Host-` forbids; with that prefix, every
such link that somebody opened would travel with each request to this host, those of the API
included. A page of a sibling domain may thus plant a pass: that opens a link to who could not open
it, which whoever has a pass could do anyway by telling the password. One that is invalid opens
nothing and hides none that is valid, since all that were sent are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jmpy.gateway import base_url
from jmpy.web.cookies import BoundCookie, sent

if TYPE_CHECKING:
    from collections.abc import Mapping


def for_link(event: Mapping[str, Any], code: str) -> BoundCookie:
    """Of the link of this short code."""
    url = urlsplit(base_url.from_event(event))
    secure = url.scheme == "https"
    name = "__Secure-jmpy_pass" if secure else "jmpy_pass"
    return BoundCookie(name, f"{url.path}/{code}", secure)


def read(event: Mapping[str, Any], code: str) -> list[str]:
    name = for_link(event, code).name
    return [value for found, value in sent(event) if found == name]
