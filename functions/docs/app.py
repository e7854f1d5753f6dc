"""The reference: `/openapi.json`, and `/docs` to read it and try it in a browser.

Public and the same for everybody, so this function may do nothing in AWS. Nothing is loaded from
elsewhere.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response, content_types

from jmpy import reference
from jmpy.dashboard.asset import FOLDER as SHARED
from jmpy.dashboard.pages.problem import show_problem
from jmpy.http import cacheable
from jmpy.reference.render import render
from jmpy.web.assets import Assets
from jmpy.web.site import HTML, Site

CACHED = "public, max-age=300"
"""A deployment may change what is described; a reader waits minutes for it at most."""

FOR_ALL_ORIGINS: dict[str, str | list[str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
}
"""For tools on other sites that show or generate from the document, which is public."""

_FILES = Path(reference.__file__).parent / "assets"

assets = Assets(
    "docs/assets",
    {
        "requests.js": _FILES / "requests.js",
        "reference.js": _FILES / "reference.js",
        "reference.css": _FILES / "reference.css",
        "dashboard.css": SHARED / "dashboard.css",
        "logo.svg": SHARED / "logo.svg",
    },
)

site = Site(
    lambda _session_id, _is_action: None,
    show_problem,
    sources={
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
    },
)
handler = site.handle
assets.declare(site)


def described(base_url: str) -> dict[str, Any]:
    """The committed document, which says where it is served."""
    document = json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8"))
    return {**document, "servers": [{"url": base_url}]}


@lru_cache(maxsize=8)
def document(base_url: str) -> str:
    return json.dumps(described(base_url), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=8)
def page(base_url: str) -> str:
    return render(described(base_url), base_url, assets.path)


@site.public_page("/openapi.json")
def openapi_json() -> Response[str]:
    shown = _shown(content_types.APPLICATION_JSON, document(site.base_url))
    shown.headers |= FOR_ALL_ORIGINS
    return shown


@site.public_preflight("/openapi.json")
def openapi_json_preflight() -> Response[str]:
    allowed = {"Access-Control-Allow-Methods": "GET", "Access-Control-Allow-Headers": "*"}
    return Response(204, headers=FOR_ALL_ORIGINS | allowed)


@site.public_page("/docs")
def docs() -> Response[str]:
    return _shown(HTML, page(site.base_url))


def _shown(content_type: str, text: str) -> Response[str]:
    return cacheable.response(site.current_event.headers, content_type, text, CACHED)
