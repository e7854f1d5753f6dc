"""The same operations as a collection of requests, in Postman's format 2.1, which Bruno, Insomnia
and Hoppscotch import too. The key is a variable that stays on the reader's machine."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
VARIABLES = {
    "base_url": "Where the API is; that of the local stack is here",
    "api_key": "Yours, from the dashboard or `make key`",
    "session_token": "The ID token of somebody who signed in: for API keys, access log, alerts",
}


def build(document: dict[str, Any]) -> dict[str, Any]:
    folders: dict[str, list[Any]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            folders[operation["tags"][0]].append(_request(path, method.upper(), operation))
    values = {"base_url": document["servers"][0]["url"]}
    return {
        "info": {
            "name": document["info"]["title"],
            "description": document["info"]["description"],
            "schema": SCHEMA,
        },
        "auth": _bearer("api_key"),
        "variable": [
            {"key": name, "value": values.get(name, ""), "description": description}
            for name, description in VARIABLES.items()
        ],
        "item": [{"name": name, "item": requests} for name, requests in folders.items()],
    }


def _bearer(variable: str) -> dict[str, Any]:
    token = {"key": "token", "value": f"{{{{{variable}}}}}", "type": "string"}
    return {"type": "bearer", "bearer": [token]}


def _auth(operation: dict[str, Any]) -> dict[str, Any]:
    """That of the collection, where the operation takes a key."""
    ways = [name for way in operation["security"] for name in way]
    if not ways:
        return {"auth": {"type": "noauth"}}
    return {} if "bearer" in ways else {"auth": _bearer("session_token")}


def _request(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = operation["parameters"]
    headers = [
        {"key": one["name"], "value": "", "description": one["description"], "disabled": True}
        for one in parameters
        if one["in"] == "header"
    ]
    body, media_type = _body(operation)
    if media_type:
        headers.append({"key": "Content-Type", "value": media_type})
    request = {
        "method": method,
        "header": headers,
        "url": _url(path, parameters),
        "description": operation["description"],
        **_auth(operation),
        **body,
    }
    return {"name": operation["summary"], "request": request}


def _url(path: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    named = path.replace("{", ":").replace("}", "")
    asked = [
        {
            "key": one["name"],
            "value": str(one["schema"].get("default", "")),
            "description": one["description"],
            "disabled": not one["required"],
        }
        for one in parameters
        if one["in"] == "query"
    ]
    sent = urlencode({one["key"]: one["value"] for one in asked if not one["disabled"]})
    return {
        "raw": "{{base_url}}" + named + (f"?{sent}" if sent else ""),
        "host": ["{{base_url}}"],
        "path": named.strip("/").split("/"),
        "query": asked,
        "variable": [
            {"key": one["name"], "value": "", "description": one["description"]}
            for one in parameters
            if one["in"] == "path"
        ],
    }


def _body(operation: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The first example of the first media type, and the media type."""
    if "requestBody" not in operation:
        return {}, ""
    media_type, content = next(iter(operation["requestBody"]["content"].items()))
    shown = content.get("examples", {"only": {"value": content.get("example")}})
    example = next(iter(shown.values()))["value"]
    if media_type == "application/x-www-form-urlencoded":
        fields = [{"key": key, "value": value} for key, value in example.items()]
        return {"body": {"mode": "urlencoded", "urlencoded": fields}}, ""
    options = {"raw": {"language": "json"}}
    return {"body": {"mode": "raw", "raw": as_text(example), "options": options}}, media_type


def as_text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)
