"""Where a link may lead."""

from urllib.parse import urlsplit

from jmpy.links.errors import InvalidDestination

MAX_LENGTH = 2048


def checked(url: str) -> str:
    """The destination as it will be stored. Raises InvalidDestination with the reason."""
    if len(url) > MAX_LENGTH:
        raise InvalidDestination(f"A destination has at most {MAX_LENGTH} characters")
    if not url.isprintable() or " " in url:
        raise InvalidDestination("A destination has no spaces and no control characters")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise InvalidDestination("The destination is not a valid URL") from None
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise InvalidDestination("A destination is an http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise InvalidDestination("A destination has no user name and no password")
    return url
