"""The same operations as a collection of requests, in Postman's format 2.1, which Bruno, Insomnia
and Hoppscotch import too. The key is a variable that stays on the reader's machine."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from openapi import collection_run
from openapi.collection_run import CLEAN_UP, VARIABLES, Step

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_CLEANING = "Clean up"


def build(document: dict[str, Any]) -> dict[str, Any]:
    folders: dict[str, list[Any]] = {tag["name"]: [] for tag in document["tags"]}
    folders[_CLEANING] = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            named = operation["operationId"]
            folder = _CLEANING if named in CLEAN_UP else operation["tags"][0]
            folders[folder] += [
                _request(path, method.upper(), operation, step)
                for step in collection_run.steps(operation)
            ]
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


def _token(operation: dict[str, Any], step: Step) -> str:
    """The variable that is sent; empty where none is."""
    ways = [name for way in operation["security"] for name in way]
    if not ways:
        return ""
    return step.token or ("api_key" if "bearer" in ways else "session_token")


def _auth(token: str) -> dict[str, Any]:
    """That of the collection, where the operation takes a key."""
    if not token:
        return {"auth": {"type": "noauth"}}
    return {} if token == "api_key" else {"auth": _bearer(token)}  # noqa: S105 - its name


def _request(path: str, method: str, operation: dict[str, Any], step: Step) -> dict[str, Any]:
    parameters = operation["parameters"]
    headers = [
        {"key": one["name"], "value": "", "description": one["description"], "disabled": True}
        for one in parameters
        if one["in"] == "header"
    ]
    body, media_type = _body(operation, step)
    if media_type:
        headers.append({"key": "Content-Type", "value": media_type})
    token = _token(operation, step)
    request = {
        "method": method,
        "header": headers,
        "url": _url(path, parameters, step),
        "description": operation["description"],
        **_auth(token),
        **body,
    }
    status = max(int(status) for status in operation["responses"] if status < "400")
    status = 301 if operation["operationId"] == "followShortUrl" else status
    scripts = {
        "prerequest": collection_run.before(step, token),
        "test": collection_run.after(step, status),
    }
    return {
        "name": f"{operation['summary']} {step.title}".strip(),
        "request": request,
        "event": [
            {"listen": when, "script": {"type": "text/javascript", "exec": lines}}
            for when, lines in scripts.items()
            if lines
        ],
        # What a redirect says is shown, and nobody else's server is asked.
        "protocolProfileBehavior": {"followRedirects": False},
    }


def _url(path: str, parameters: list[dict[str, Any]], step: Step) -> dict[str, Any]:
    values = {name: f"{{{{{variable}}}}}" for name, variable in step.fills.items()}
    # A variable of the path is a whole segment of it.
    named = re.sub(r"/\{(\w+)\}(?=/|$)", r"/:\1", path)
    named = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], named)
    asked = [
        {
            "key": one["name"],
            "value": values.get(one["name"], str(one["schema"].get("default", ""))),
            "description": one["description"],
            "disabled": not one["required"],
        }
        for one in parameters
        if one["in"] == "query"
    ]
    sent = urlencode({one["key"]: one["value"] for one in asked if not one["disabled"]}, safe="{}")
    return {
        "raw": "{{base_url}}" + named + (f"?{sent}" if sent else ""),
        "host": ["{{base_url}}"],
        "path": named.strip("/").split("/"),
        "query": asked,
        "variable": [
            {"key": one["name"], "value": values[one["name"]], "description": one["description"]}
            for one in parameters
            if one["in"] == "path" and f":{one['name']}" in named
        ],
    }


def _body(operation: dict[str, Any], step: Step) -> tuple[dict[str, Any], str]:
    """The step's, or the first example of the first media type; and the media type."""
    if "requestBody" not in operation:
        return {}, ""
    media_type, content = next(iter(operation["requestBody"]["content"].items()))
    shown = content.get("examples", {"only": {"value": content.get("example")}})
    example = step.body or next(iter(shown.values()))["value"]
    if media_type == "application/x-www-form-urlencoded":
        fields = [{"key": key, "value": value} for key, value in example.items()]
        return {"body": {"mode": "urlencoded", "urlencoded": fields}}, ""
    options = {"raw": {"language": "json"}}
    text = example if isinstance(example, str) else as_text(example)
    return {"body": {"mode": "raw", "raw": text, "options": options}}, media_type


def as_text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)
