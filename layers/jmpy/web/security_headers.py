"""Headers of every response of the site that make mistakes in a page harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jmpy.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HSTS_SECONDS = 365 * DAY


def for_response(
    base_url: str, *, form_targets: Iterable[str] = (), sources: Mapping[str, str] | None = None
) -> dict[str, str]:
    """`form_targets` are origins besides our own that a form may lead to: Chromium applies
    form-action also to the redirects that follow. `sources` are further directives of the content
    policy, such as {"img-src": "'self'"}; without them a page may load nothing.
    """
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(base_url))
    directives = {
        "default-src": "'none'",
        **(sources or {}),
        "form-action": " ".join(dict.fromkeys(["'self'", origin, *form_targets])),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in directives.items()),
        # For browsers that do not support frame-ancestors.
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: with it browsers send `Origin: null` with our own forms
        # (Fetch standard, "append a request Origin header").
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }
    if origin.startswith("https:"):
        headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}"
    return headers
