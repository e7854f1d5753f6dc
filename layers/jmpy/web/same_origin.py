"""Checks that a page of ours sent a request that would change something.

The second defence against cross-site request forgery; the first is the token in the form
(`Session.owns`). It also covers requests without a session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


class ForeignRequest(Exception):
    """The request was sent from another site, or its form was rendered for another session."""


def is_proven(headers: Mapping[str, str], base_url: str) -> bool:
    """Whether the browser's headers say that a page of ours sent the request."""
    sent = {name.lower(): value.strip() for name, value in headers.items()}
    return sent.get("origin") == _origin(base_url) or sent.get("sec-fetch-site") == "same-origin"


def require(headers: Mapping[str, str], base_url: str) -> None:
    """Raises ForeignRequest. A client that sends neither header is not a current browser, and
    passes on to the check of the token."""
    sent = {name.lower(): value.strip() for name, value in headers.items()}
    if "origin" in sent and sent["origin"] != _origin(base_url):
        raise ForeignRequest
    if sent.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForeignRequest


def _origin(base_url: str) -> str:
    url = urlsplit(base_url)
    return f"{url.scheme}://{url.netloc}"
