"""Where a link may lead."""

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from jmpy.links.errors import InvalidDestination

MAX_LENGTH = 2048
MAX_HOST_LENGTH = 253

# What RFC 3986 allows in a path, query or fragment, and the sign of what is encoded already.
_KEPT = "%/:?#[]@!$&'()*+,;=~-._"

# RFC 1123 labels, and the underscore that real host names have.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def checked(url: str, own_host: str | None = None) -> str:
    """The destination as it will be stored, in ASCII: scheme and host in lower case, an
    internationalised host as IDNA 2008 (UTS 46), other characters percent-encoded as UTF-8.

    Raises InvalidDestination with the reason.
    """
    if len(url) > MAX_LENGTH:
        raise InvalidDestination(f"A destination has at most {MAX_LENGTH} characters")
    if not url.isprintable() or " " in url or "\\" in url:
        raise InvalidDestination(
            "A destination has no spaces, no backslashes and no control characters"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidDestination("The destination is not a valid URL") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise InvalidDestination("A destination is an http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise InvalidDestination("A destination has no user name and no password")
    host = _ascii_host(parts)
    if own_host is not None and host == own_host.lower():
        raise InvalidDestination("A short URL cannot lead to this service itself")
    stored = urlunsplit(
        (
            parts.scheme.lower(),
            host if port is None else f"{host}:{port}",
            *(quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment)),
        )
    )
    if len(stored) > MAX_LENGTH:
        raise InvalidDestination(f"A destination has at most {MAX_LENGTH} characters")
    return stored


def _ascii_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host:
        return f"[{host}]"  # an IPv6 address, which urlsplit has checked
    if not host.isascii():
        import idna  # noqa: PLC0415 - its tables are large and most hosts do not need them

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise InvalidDestination(f"{host[:100]!r} is not a valid host name") from None
    if len(host) > MAX_HOST_LENGTH or not _HOST.fullmatch(host):
        raise InvalidDestination(f"{host[:100]!r} is not a valid host name")
    return host
