"""The files that pages load. Their names contain a hash of their content, so that browsers and CDNs
may cache them indefinitely."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from jmpy.http import cacheable
from jmpy.web.site_errors import NoPage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aws_lambda_powertools.event_handler import Response

    from jmpy.web.site import Site

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_NAME = re.compile(r"(?P<stem>.+?)(\.[0-9a-f]{12})?(?P<suffix>\.[a-z]+)")


class _File(NamedTuple):
    text: str
    name: str
    """The name with the hash."""


class Assets:
    def __init__(self, folder: str, files: Mapping[str, Path]) -> None:
        """`folder`: the path below which they are served, without slashes around it; `files`: the
        only ones that are served, by their names without a hash."""
        self._folder = folder
        self._files = dict(files)

    def path(self, name: str) -> str:
        """The path below the base URL, without a slash before it."""
        return f"{self._folder}/{_load(name, self._files[name]).name}"

    def text(self, name: str) -> str:
        return _load(name, self._files[name]).text

    def declare(self, site: Site) -> None:
        @site.public_page(f"/{self._folder}/<name>")
        def serve(name: str) -> Response[str]:
            return self._serve(site, name)

    def _serve(self, site: Site, name: str) -> Response[str]:
        found = _NAME.fullmatch(name)
        plain = found["stem"] + found["suffix"] if found else name
        if found is None or plain not in self._files:
            raise NoPage
        file = _load(plain, self._files[plain])
        if name != file.name:
            # A page of the deployment before or, during one, after this one. The response is not
            # the file: otherwise any hash would pass the CDN's cache to a file of a megabyte.
            return site.redirect(site.url(f"/{self._folder}/{file.name}"), status=302)
        content_type = CONTENT_TYPES[found["suffix"]]
        return cacheable.response(
            site.current_event.headers, content_type, file.text, cacheable.IMMUTABLE
        )


@cache
def _load(name: str, path: Path) -> _File:
    text = path.read_text(encoding="utf-8")
    stem, dot, suffix = name.rpartition(".")
    return _File(text, f"{stem}.{sha256(text.encode()).hexdigest()[:12]}{dot}{suffix}")
