"""The files that pages load. Their addresses carry a hash of the content, so that browsers
may keep them for a year."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

_FOLDER = Path(__file__).with_name("assets")

CONTENT_TYPES = {
    "charts.css": "text/css; charset=utf-8",
    "dashboard.css": "text/css; charset=utf-8",
    "dashboard.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "logo.svg": "image/svg+xml",
}
"""By name; nothing else in the folder is served."""


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


def asset(name: str) -> tuple[str, bytes] | None:
    """Content type and content, or None when there is no such asset."""
    content_type = CONTENT_TYPES.get(name)
    return None if content_type is None else (content_type, _content(name))


@cache
def version(name: str) -> str:
    return sha256(_content(name)).hexdigest()[:12]
