"""A first request with an API key, ready to copy: for curl, Python and JavaScript, and the `.env`
file of a program.

The only source of these texts: for the page that shows a key once, for the page of a key, and for
docs/api.md, whose copy is compared (tests/unit/test_snippets.py). Each of them is run by
tests/integration/test_snippets.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from jmpy.access.permission import Permission

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

VARIABLE = "JMPY_API_KEY"
"""The environment variable that holds the key where its text is not known."""
PLACEHOLDER = "your-api-key"
"""In a `.env` file, in the place of a key whose text is not known."""


class Request(NamedTuple):
    """`path` is below the base URL; `body` is sent as JSON."""

    purpose: str
    path: str
    body: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Snippet:
    name: str
    """The language or file, as its tab says."""
    language: str
    """As in a fenced code block."""
    code: str = field(repr=False)
    note: str
    """Empty where there is nothing to note."""


@dataclass(frozen=True, slots=True)
class FirstRequest:
    purpose: str
    snippets: tuple[Snippet, ...]


_REQUESTS = {
    Permission.WRITE: Request(
        "Create a short link.", "/api/v1/short-urls", {"url": "https://example.com/"}
    ),
    Permission.READ: Request("List the latest links.", "/api/v1/short-urls?limit=5"),
    Permission.ANALYTICS: Request(
        "Get an overview of the clicks on all links.", "/api/v1/analytics/overview"
    ),
}
"""What a key can do first, the most telling permission first."""
_OF_ANY_KEY = Request(
    "This key can only delete, which cannot be undone. Start with the details of the key itself, "
    "which any key may request; DELETE /api/v1/short-urls/{id} deletes a link.",
    "/api/v1/api-keys/current",
)


def request_for(permissions: Collection[Permission]) -> Request:
    """The first request that a key with these permissions can send."""
    return next((_REQUESTS[one] for one in _REQUESTS if one in permissions), _OF_ANY_KEY)


def first_request(
    base_url: str, permissions: Collection[Permission], secret: str | None = None
) -> FirstRequest:
    """`secret`: the text of the key, which the snippets then contain; without it they read it from
    the environment."""
    request = request_for(permissions)
    url = base_url + request.path
    return FirstRequest(
        request.purpose,
        (
            Snippet("curl", "sh", _curl(url, request, secret), _CURL_NOTE if secret else ""),
            Snippet("Python", "python", _python(url, request, secret), _PYTHON_NOTE),
            Snippet("JavaScript", "js", _javascript(url, request, secret), _JAVASCRIPT_NOTE),
            Snippet(".env", "text", _dotenv(base_url, secret), _DOTENV_NOTE),
        ),
    )


_CURL_NOTE = "Shells store commands in their history. For more than a first try, use a .env file."
_PYTHON_NOTE = "Needs one package: pip install requests."
_JAVASCRIPT_NOTE = (
    "Save it as first.mjs and run node first.mjs (Node.js 18 or newer). Never put a key into a web "
    "page: everybody who opens the page can read it."
)
_DOTENV_NOTE = (
    "Never commit this file. In a shell, set -a; . ./.env; set +a loads it; many frameworks do so "
    "themselves."
)


def _curl(url: str, request: Request, secret: str | None) -> str:
    bearer = f'"Authorization: Bearer ${VARIABLE}"'
    if secret is not None:
        bearer = _single_quoted(f"Authorization: Bearer {secret}")
    parts = [f"curl {_single_quoted(url)}", f"-H {bearer}"]
    if request.body is not None:
        parts.append("-H 'Content-Type: application/json'")
        parts.append(f"-d {_single_quoted(json.dumps(request.body))}")
    return " \\\n  ".join(parts)


def _python(url: str, request: Request, secret: str | None) -> str:
    bearer = f'"Bearer " + os.environ[{_literal(VARIABLE)}]'
    if secret is not None:
        bearer = _literal(f"Bearer {secret}")
    lines = [
        *(["import os", ""] if secret is None else []),
        "import requests",
        "",
        f"response = requests.{'get' if request.body is None else 'post'}(",
        f"    {_literal(url)},",
        f'    headers={{"Authorization": {bearer}}},',
        *([] if request.body is None else [f"    json={json.dumps(request.body)},"]),
        "    timeout=30,",
        ")",
        "print(response.json())",
    ]
    return "\n".join(lines)


def _javascript(url: str, request: Request, secret: str | None) -> str:
    bearer = f"`Bearer ${{process.env.{VARIABLE}}}`"
    if secret is not None:
        bearer = _literal(f"Bearer {secret}")
    lines = [f"const response = await fetch({_literal(url)}, {{"]
    if request.body is None:
        lines.append(f"  headers: {{ Authorization: {bearer} }},")
    else:
        lines += [
            '  method: "POST",',
            "  headers: {",
            f"    Authorization: {bearer},",
            '    "Content-Type": "application/json",',
            "  },",
            f"  body: JSON.stringify({json.dumps(request.body)}),",
        ]
    return "\n".join([*lines, "});", "console.log(await response.json());"])


def _dotenv(base_url: str, secret: str | None) -> str:
    """Quoted only where that is necessary: readers of such files differ in what they make of
    quotes."""
    values = {"JMPY_BASE_URL": base_url, VARIABLE: secret or PLACEHOLDER}
    return "\n".join(f"{name}={quote(value)}" for name, value in values.items())


def _single_quoted(text: str) -> str:
    """Literal in every POSIX shell (Shell Command Language, section 2.2.2)."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _literal(text: str) -> str:
    """A JSON string, which is the same string in Python and in JavaScript (ECMA-262 since 2019)."""
    return json.dumps(text, ensure_ascii=False)
