"""Which requests a page of another origin could have sent, or had a browser send.

Browsers state it themselves: in `Origin` (Fetch standard, "append a request Origin header") and in
`Sec-Fetch-*` (W3C, "Fetch Metadata Request Headers"), which no page can set. A page whose own name
resolves to this machine (DNS rebinding) has the same origin as the requested address; its `Host`
gives it away: the emulator's port has names of loopback only, and under a name that is not the
API's own its functions serve short links and nothing else. It must never allow a request because of
a missing header: programs send none of these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.[0-9]{1,3}|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Whether the value of `Host` is a name that leads to this machine from everywhere."""
    return _LOOPBACK.fullmatch(host) is not None


def rejection_by_api(
    method: str, path: str, headers: Mapping[str, str], *, origins: frozenset[str]
) -> str | None:
    """Why a request to the public address is rejected, if it is. Its operations allow `origins`;
    its dashboard and its short URLs no other origin. The functions decide about its host."""
    allowed = origins if path.startswith("/api/v1/") else frozenset()
    if is_foreign(method, headers, navigable=True, allowed=allowed):
        return "Pages of other origins have no access."
    return None


def is_foreign(
    method: str,
    headers: Mapping[str, str],
    *,
    navigable: bool,
    allowed: frozenset[str] = frozenset(),
) -> bool:
    """Whether a page of another origin caused it. Names of headers are in lower case.

    `navigable` says whether people may reach the address by a link on such a page; `allowed` are
    the origins whose pages may send any request."""
    if not _is_cross_origin(headers) or headers.get("origin") in allowed:
        return False
    return not (navigable and _is_visit(method, headers))


def listed_in(path: str) -> frozenset[str]:
    """The origins that `make start` wrote for the emulator and `make sam-local`."""
    try:
        return frozenset(Path(path).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


def _is_cross_origin(headers: Mapping[str, str]) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site not in (None, "same-origin", "none"):
        return True  # "same-site" too: to browsers all ports of this machine are one site.
    if origin == "null":
        # Forms of our own pages, too, where these send no referrer.
        return site != "same-origin"
    return origin not in (None, f"http://{headers.get('host')}")


def _is_visit(method: str, headers: Mapping[str, str]) -> bool:
    """A link that was followed, in a window of its own: it changes nothing, and the page with the
    link does not see the response."""
    return (
        method == "GET"
        and "origin" not in headers
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
