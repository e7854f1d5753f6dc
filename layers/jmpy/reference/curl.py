"""A request as a command; `reference.js` updates it with the reader's input."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from jmpy.reference.view import Body, Input

VARIABLES = {"key": "$JMPY_API_KEY", "session": "$JMPY_SESSION_TOKEN"}


def address(url: str, inputs: list[Input]) -> str:
    """`url` with the values of the inputs."""
    for one in inputs:
        if one.place == "path":
            url = url.replace(f"{{{one.name}}}", one.value or f":{one.name}")
    query = [(one.name, one.value) for one in inputs if one.place == "query" and one.value]
    return f"{url}?{urlencode(query)}" if query else url


def curl(url: str, method: str, credential: str, bodies: list[Body]) -> str:
    """In lines that a shell reads as one command."""
    parts = [f'curl "{url}"']
    if method not in ({"GET", "POST"} if bodies else {"GET"}):
        parts.append(f"-X {method}")
    if credential:
        parts.append(f'-H "Authorization: Bearer {VARIABLES[credential]}"')
    if bodies:
        parts += _body(bodies[0])
    return " \\\n  ".join(parts)


def _body(body: Body) -> list[str]:
    if body.media_type == "application/json":
        text = next(iter(body.examples.values()))
        return ['-H "Content-Type: application/json"', f"-d {quoted(text)}"]
    return [f"--data-urlencode {quoted(f'{one.name}={one.value}')}" for one in body.inputs]


def quoted(text: str) -> str:
    """Always in single quotes, so that the command looks the same for every value."""
    text = shlex.quote(text)
    return text if text.startswith("'") else f"'{text}'"
