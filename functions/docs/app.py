"""The reference: `/openapi.json`, and `/docs` to read it and try it in a browser.

Public and the same for everybody, so this function may do nothing in AWS. Swagger UI (Apache-2.0)
is the copy that Powertools brings; nothing is loaded from elsewhere.
"""

import json
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from string import Template

from aws_lambda_powertools.event_handler import Response, content_types

from jmpy.dashboard.asset import asset
from jmpy.dashboard.pages.assets import A_YEAR
from jmpy.dashboard.pages.problem import show_problem
from jmpy.http.site import HTML, Site
from jmpy.http.site_errors import NoPage

CACHED = "public, max-age=300"
"""A deployment may change what is described; a reader waits minutes for it at most."""

_FOLDER = Path(__file__).parent
_POWERTOOLS = find_spec("aws_lambda_powertools")
assert _POWERTOOLS is not None
assert _POWERTOOLS.origin is not None
_SWAGGER_UI = Path(_POWERTOOLS.origin).parent / "event_handler" / "openapi" / "swagger_ui"

JAVASCRIPT = "text/javascript; charset=utf-8"
CSS = "text/css; charset=utf-8"
ASSETS = {
    "swagger-ui.js": (JAVASCRIPT, _SWAGGER_UI / "swagger-ui-bundle.min.js"),
    "swagger-ui.css": (CSS, _SWAGGER_UI / "swagger-ui.min.css"),
    "reference.js": (JAVASCRIPT, _FOLDER / "reference.js"),
    "reference.css": (CSS, _FOLDER / "reference.css"),
}

site = Site(
    lambda _session_id: None,
    show_problem,
    sources={
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",  # the style sheet of Swagger UI has its icons within
        "connect-src": "'self'",
    },
)
handler = site.handle


@lru_cache(maxsize=8)
def document(base_url: str) -> str:
    """The committed one, which says where it is served."""
    described = json.loads((_FOLDER / "openapi.json").read_text(encoding="utf-8"))
    described["servers"] = [{"url": base_url}]
    return json.dumps(described, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1)
def page() -> str:
    text = Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
    content = b"".join(path.read_bytes() for _, path in ASSETS.values())
    return text.substitute(version=sha256(content).hexdigest()[:12])


@site.public_page("/openapi.json")
def openapi_json() -> Response[str]:
    return _cacheable(content_types.APPLICATION_JSON, document(site.base_url))


@site.public_page("/docs")
def docs() -> Response[str]:
    return _cacheable(HTML, page())


@site.public_page("/docs/assets/<name>")
def assets(name: str) -> Response[str]:
    headers: dict[str, str | list[str]] = {
        # Their addresses change with their content.
        "Cache-Control": f"public, max-age={A_YEAR}, immutable"
    }
    if name == "logo.svg" and (logo := asset(name)):
        return Response(200, logo[0], logo[1].decode(), headers)
    if name not in ASSETS:
        raise NoPage
    content_type, path = ASSETS[name]
    return Response(200, content_type, path.read_text(encoding="utf-8"), headers)


def _cacheable(content_type: str, text: str) -> Response[str]:
    """304 to who has it already (RFC 9110 section 13.1.2)."""
    tag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
    headers: dict[str, str | list[str]] = {"ETag": tag, "Cache-Control": CACHED}
    known = site.current_event.headers.get("If-None-Match") or ""
    # Weak comparison: whoever compresses on the way makes the tag weak.
    if tag in [one.strip().removeprefix("W/") for one in known.split(",")]:
        return Response(304, content_type, "", headers)
    return Response(200, content_type, text, headers)
