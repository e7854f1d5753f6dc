"""The reference: `/openapi.json`, and `/docs` to read it and try it in a browser.

Public and the same for everybody, so this function may do nothing in AWS. Swagger UI (Apache-2.0)
is the copy that Powertools brings; nothing is loaded from elsewhere.
"""

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from string import Template

from aws_lambda_powertools.event_handler import Response, content_types

from jmpy.dashboard.asset import FOLDER as SHARED
from jmpy.dashboard.pages.problem import show_problem
from jmpy.http import cacheable
from jmpy.http.assets import Assets
from jmpy.http.site import HTML, Site

CACHED = "public, max-age=300"
"""A deployment may change what is described; a reader waits minutes for it at most."""

FOR_ALL_ORIGINS: dict[str, str | list[str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
}
"""For tools on other sites that show or generate from the document, which is public."""

_FOLDER = Path(__file__).parent
_POWERTOOLS = find_spec("aws_lambda_powertools")
assert _POWERTOOLS is not None
assert _POWERTOOLS.origin is not None
_SWAGGER_UI = Path(_POWERTOOLS.origin).parent / "event_handler" / "openapi" / "swagger_ui"

FILES = {
    "swagger-ui.js": _SWAGGER_UI / "swagger-ui-bundle.min.js",
    "swagger-ui.css": _SWAGGER_UI / "swagger-ui.min.css",
    "reference.js": _FOLDER / "reference.js",
    "reference.css": _FOLDER / "reference.css",
    "logo.svg": SHARED / "logo.svg",
}
assets = Assets("docs/assets", FILES)

site = Site(
    lambda _session_id, _is_action: None,
    show_problem,
    sources={
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",  # the style sheet of Swagger UI has its icons within
        "connect-src": "'self'",
    },
)
handler = site.handle
assets.declare(site)


@lru_cache(maxsize=8)
def document(base_url: str) -> str:
    """The committed one, which says where it is served."""
    described = json.loads((_FOLDER / "openapi.json").read_text(encoding="utf-8"))
    described["servers"] = [{"url": base_url}]
    return json.dumps(described, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1)
def page() -> str:
    text = Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
    # In the page "swagger-ui.js" is ${swagger_ui_js}: a placeholder is an identifier.
    addresses = {name.replace("-", "_").replace(".", "_"): assets.path(name) for name in FILES}
    return text.substitute(addresses)


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
    return _shown(HTML, page())


def _shown(content_type: str, text: str) -> Response[str]:
    return cacheable.response(site.current_event.headers, content_type, text, CACHED)
