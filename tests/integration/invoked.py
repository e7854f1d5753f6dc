"""Functions that functions invoke, in the place of Lambda."""

from __future__ import annotations

import json
from http.client import HTTPMessage
from typing import Any

from project import functions

FOLDERS = {
    "domain-tenants": "domain_tenants",
    "edge-key": "edge_key",
    "id-token": "id_token",
}
"""By their names in the environment of the tests."""


class Lambda:
    """Each function has one execution environment, as new as can be."""

    def __init__(self) -> None:
        self._apps: dict[str, Any] = {}

    def invoke(self, path: str, body: bytes) -> tuple[int, HTTPMessage, bytes]:
        folder = FOLDERS[path.split("/")[3]]
        if folder not in self._apps:
            self._apps[folder] = functions.load(folder)
        answered = HTTPMessage()
        try:
            response = self._apps[folder].handler(json.loads(body), None)
        except Exception as error:  # noqa: BLE001 - what Lambda would do with it
            answered["x-amz-function-error"] = "Unhandled"
            response = {"errorMessage": str(error)}
        return 200, answered, json.dumps(response).encode()
