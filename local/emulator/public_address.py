"""The address of the API on this machine: a root, as a custom domain of API Gateway is.

The emulator serves an API below a path; a custom domain with an empty base path maps `/` to a
stage. There the function gets the `Host` that was sent, and neither `path` nor
`requestContext.path` has the stage (API Gateway developer guide, "Custom domain name for public
REST APIs"). Nothing of a request changes but where its path begins: bytes of path and query, and
repeated headers, stay.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote

from local.emulator.settings import API_PATH

Scope = MutableMapping[str, Any]

sent_host: ContextVar[str | None] = ContextVar("Host at the public address", default=None)
"""The `Host` of the current request, if it was sent there. A context variable, because the emulator
serves requests concurrently in one event loop."""


def received_at(scope: Scope, address: str) -> bool:
    """Whether the request was sent to `address`, host:port, where this process listens."""
    host, port = scope.get("server") or ("", 0)
    return f"{host}:{port}" == address


def below_the_stage(scope: Scope) -> Scope:
    """The request under the path where the emulator serves the API, and under the emulator's own
    name: it also routes by names, such as those of CloudFront distributions."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return {
        **scope,
        "path": f"{API_PATH}{scope['path']}",
        "raw_path": API_PATH.encode() + raw,
        "headers": [
            *(line for line in scope["headers"] if line[0].lower() != b"host"),
            (b"host", b"127.0.0.1"),
        ],
    }
