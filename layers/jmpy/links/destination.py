"""Where a link may lead.

Destinations are read as browsers read them, by the WHATWG URL Standard, so that what was pasted
leads where it leads in a browser's address bar, and is stored as a browser would write it. What is
rejected beyond that is rejected on purpose, here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import can_ada

from jmpy.gateway.own_names import NOWHERE, OwnNames
from jmpy.links import homographs, hosts, utm
from jmpy.links.errors import InvalidDestination

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LENGTH = 8000
"""Characters, as typed and as stored: what RFC 9110 section 4.1 recommends that everybody
supports. A link with more than some 3,500 costs a redirect a second read unit."""

LEADS_HERE = "A short URL cannot lead to this service itself"
"""Why: it could lead to itself, or to one that leads back."""

_MAX_HOST_LENGTH = 253
_MAX_LABEL_LENGTH = 63


def checked(url: str, own: OwnNames = NOWHERE) -> str:
    """The destination as it will be stored: the serialization of the URL Standard, in ASCII. It
    may lead to none of the `own` names.

    Raises InvalidDestination with the reason.
    """
    _check_length(url, "")
    parsed = _parsed(url)
    if parsed.username or parsed.password:
        raise InvalidDestination("A destination must not contain a user name or password")
    _check_host(parsed.hostname)
    homographs.check(parsed.hostname.removesuffix("."))
    stored = str(parsed.href)
    if own.include(stored):
        raise InvalidDestination(LEADS_HERE)
    _check_length(stored, " once it is encoded")
    return stored


def with_utm(stored: str, parameters: Mapping[str, str]) -> str:
    """What `checked` returned, with UTM parameters by name; an empty one is removed. Raises
    InvalidDestination."""
    written = utm.applied(stored, parameters)
    _check_length(written, " with its UTM parameters")
    return written


def readable(url: str) -> str:
    """A stored destination in the characters that people type and read."""
    parsed = _read(url)
    if parsed is None:  # of a link from before there was this rule
        return unquote(url)
    host = homographs.shown(parsed.hostname)
    return unquote(url).replace(parsed.hostname, host, 1)


def domain(text: str) -> str:
    """A host as operators name it, in the spelling that hosts are compared in: `evil.example`, a
    URL, `*.evil.example`, an address; a top-level domain only with the dot before it (`.zip`).

    Raises InvalidDestination with the reason.
    """
    name = text.strip().removeprefix("*")
    parsed = _read(name if "://" in name else f"http://{name.removeprefix('.')}")
    if parsed is None or not (found := hosts.host_of(str(parsed.href))):
        raise InvalidDestination(f"{text[:100]!r} is not a host, such as evil.example")
    if not {".", ":"} & set(found) and not name.startswith("."):
        raise InvalidDestination(
            f"{found!r} is a whole top-level domain; write .{found} if it is meant"
        )
    return found


def _parsed(url: str) -> can_ada.URL:
    """Raises InvalidDestination."""
    parsed = _read(url)
    if parsed is not None and parsed.protocol in ("http:", "https:"):
        return parsed
    # `example.com:8080/path` has the scheme `example.com:`, as the standard reads it.
    if parsed is None or "." in parsed.protocol:
        with_scheme = f"https://{url.strip().lstrip('/')}"
        if (guess := _read(with_scheme)) is not None and "." in guess.hostname:
            raise InvalidDestination(f"Add https:// before it: {with_scheme[:100]}")
    if parsed is None:
        raise InvalidDestination("The destination is not a valid http or https URL")
    raise InvalidDestination("A destination is an http or https URL")


def _read(url: str) -> can_ada.URL | None:
    try:
        return can_ada.parse(url)
    except (ValueError, TypeError):  # the latter for halves of surrogate pairs
        return None


def _check_host(host: str) -> None:
    """Beyond the standard: a name without a dot leads nowhere but in one's own network, and the
    Domain Name System has no names as long as the standard allows (RFC 1035 section 2.3.4)."""
    name = host.removesuffix(".")
    if "." not in name and not host.startswith("[") and name != "localhost":
        raise InvalidDestination(
            f"{host[:100]!r} is not a whole host name; write it with its domain, as in "
            "www.example.com"
        )
    labels = name.split(".")
    if len(name) > _MAX_HOST_LENGTH or not all(
        0 < len(label) <= _MAX_LABEL_LENGTH for label in labels
    ):
        raise InvalidDestination(f"{host[:100]!r} is not a valid host name")


def _check_length(text: str, when: str) -> None:
    if len(text) > MAX_LENGTH:
        raise InvalidDestination(
            f"A destination has at most {MAX_LENGTH:,} characters; this one has {len(text):,}{when}"
        )
