"""Whether a request that would change something was sent by a page of ours.

The second of two walls against cross-site request forgery; the first is the token in the form
(`Session.owns`). It also covers requests that carry no session yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


class ForeignRequest(Exception):
    """The request was sent from another site, or its form was not made for this session."""


def is_proven(headers: Mapping[str, str], base_url: str) -> bool:
    """Whether the browser itself says that a page of ours sent the request."""
    sent = {name.lower(): value.strip() for name, value in headers.items()}
    return sent.get("origin") == _origin(base_url) or sent.get("sec-fetch-site") == "same-origin"


def require(headers: Mapping[str, str], base_url: str) -> None:
    """Raises ForeignRequest. A client that says nothing about where it comes from is no browser of
    today, and passes on to the check of the token."""
    sent = {name.lower(): value.strip() for name, value in headers.items()}
    if "origin" in sent and sent["origin"] != _origin(base_url):
        raise ForeignRequest
    if sent.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForeignRequest


def _origin(base_url: str) -> str:
    url = urlsplit(base_url)
    return f"{url.scheme}://{url.netloc}"
