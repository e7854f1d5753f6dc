"""One OpenAPI document of all functions: Powertools describes parameters and models, the rest comes
from what each operation declares."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from openapi import components, errors, examples, fields, public
from project import functions

if TYPE_CHECKING:
    from jmpy.access.policy import AccessPolicy
    from jmpy.http.documentation import Documentation

VERSION = "3.1.0"
LOCAL = "http://127.0.0.1:4566/_aws/execute-api/jmpy/live"
"""Where `make start` serves; what is served names its own address instead."""

_REFERENCE = "#/components/schemas/"


class Document:
    """Collects what operations refer to, under names that stay the same."""

    def __init__(self) -> None:
        self.paths: dict[str, dict[str, Any]] = {}
        self.schemas: dict[str, Any] = {}
        self.responses: dict[str, Any] = {}
        self.named: set[str] = set()
        """Errors that a response shows."""

    def add_schemas(self, schemas: dict[str, Any]) -> None:
        for name, schema in schemas.items():
            found = self.schemas.setdefault(name, schema)
            assert found == schema, f"two different models are named {name}"

    def errors(self, named: tuple[str, ...]) -> dict[str, Any]:
        """References to the responses that have these errors."""
        references = {}
        for status, group in errors.grouped(named).items():
            name = errors.response_name(status, group)
            made = errors.response(status, group, components.LIMIT_HEADERS)
            self.responses.setdefault(name, made)
            self.named.update(group)
            references[str(status)] = {"$ref": f"#/components/responses/{name}"}
        return references

    def add(self, path: str, method: str, operation: dict[str, Any]) -> None:
        self.paths.setdefault(path, {})[method.lower()] = operation

    def to_json(self) -> dict[str, Any]:
        tags = dict(components.TAGS.values()) | components.PUBLIC_TAGS
        return {
            "openapi": VERSION,
            "info": {
                "title": "Jmpy",
                "version": "1",
                "description": components.DESCRIPTION,
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": LOCAL, "description": "The local stack (make start)"}],
            "tags": [{"name": name, "description": text} for name, text in tags.items()],
            "paths": self.paths,
            "components": {
                "schemas": dict(sorted(self.schemas.items())),
                "responses": dict(sorted(self.responses.items())),
                "examples": {name: errors.example(name) for name in sorted(self.named)},
                "headers": components.HEADERS,
                "securitySchemes": components.SECURITY_SCHEMES,
            },
        }


def build() -> dict[str, Any]:
    document = Document()
    document.add_schemas(_schemas(errors.ErrorBody))
    for folder in functions.FOLDERS.values():
        _add_function(document, folder)
    for path, method, operation, named in public.operations():
        operation["responses"] |= document.errors(named)
        document.add(path, method, operation)
    fields.state(document.paths, document.schemas)
    return document.to_json()


def _add_function(document: Document, folder: str) -> None:
    api = functions.declared(folder).api
    described = _tidied(json.loads(api.get_openapi_json_schema(title="Jmpy", version="1")))
    schemas = described["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        schemas.pop(unused)
    _forget_defaults(schemas)
    document.add_schemas(schemas)
    for (method, route), told in api.documented.items():
        path = route.replace("<", "{").replace(">", "}")
        access_policy = api.operations[method, route]
        made = described["paths"][path][method.lower()]
        operation = {
            "operationId": _operation_id(method, told),
            "tags": [_tag(folder)],
            "summary": told.summary,
            "description": _description(told, access_policy),
            **components.extensions(access_policy),
            "security": components.security(access_policy),
            "parameters": [_parameter(one) for one in made.get("parameters", [])],
            **_request_body(document, told, made),
            "responses": {
                str(told.status): _success(document, told, made["responses"]),
                **document.errors(_errors(told, access_policy)),
            },
        }
        document.add(path, method, operation)


def _tag(folder: str) -> str:
    if folder not in components.TAGS:
        raise errors.Missing(f"a tag for functions/{folder}: openapi/components.py")
    return components.TAGS[folder][0]


def _forget_defaults(schemas: dict[str, Any]) -> None:
    """Of the models of changes, where a field that is not sent stays as it is."""
    for name, schema in schemas.items():
        if name.startswith("Change"):
            for field in schema["properties"].values():
                field.pop("default", None)


def _parameter(made: Any) -> dict[str, Any]:
    """Header fields as they are usually written; the description once."""
    made["schema"].pop("description", None)
    name = made["name"].title() if made["in"] == "header" else made["name"]
    return {**made, "name": name}


def _operation_id(method: str, told: Documentation) -> str:
    """`change_short_url`, which two methods share, is `changeShortUrl` and `putShortUrl`."""
    first, *rest = told.handler.__name__.split("_")
    return (method.lower() if method == "PUT" else first) + "".join(map(str.title, rest))


def _description(told: Documentation, access_policy: AccessPolicy) -> str:
    says = re.sub(r"\s+", " ", told.handler.__doc__ or "").strip()
    return "\n\n".join(filter(None, (says, components.in_words(access_policy))))


def _errors(told: Documentation, access_policy: AccessPolicy) -> tuple[str, ...]:
    counted = () if access_policy.cost == 0 else ("RateLimitExceeded",)
    return (*errors.ALWAYS, *counted, *errors.names(told.errors))


def _request_body(document: Document, told: Documentation, made: Any) -> dict[str, Any]:
    if told.upload is not None:
        document.add_schemas(_schemas(told.upload))
        csv = "url,name\nhttps://example.com/,Example\n"
        schema = {"$ref": _REFERENCE + told.upload.__name__}
        content = {"application/json": {"schema": schema}, "multipart/form-data": _form(csv)}
    elif "requestBody" in made:
        content = made["requestBody"]["content"]
    else:
        return {}
    sent = content["application/json"]
    shown = examples.of_model(sent["schema"], document.schemas)
    sent["examples"] = {
        name: {"value": value} for name, value in zip(("shortest", "longer"), shown, strict=False)
    }
    return {"requestBody": {"required": True, "content": content}}


def _form(csv: str) -> dict[str, Any]:
    return {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "description": "CSV text"}},
            "required": ["file"],
            "additionalProperties": False,
        },
        "example": {"file": csv},
    }


def _success(document: Document, told: Documentation, responses: Any) -> dict[str, Any]:
    headers = (*told.headers, *components.EVERY_SUCCESS)
    answer: dict[str, Any] = {
        "description": HTTPStatus(told.status).phrase,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
    }
    if told.media_type != "application/json":
        content: dict[str, Any] = {
            "schema": {"type": "string"},
            "example": examples.of_file(told.handler.__name__),
        }
    else:
        (made,) = [answer for answer in responses.values() if _is_success(answer)]
        schema = made["content"]["application/json"]["schema"]
        content = {"schema": schema, "example": examples.of_schema(schema, document.schemas)}
    return answer | {"content": {told.media_type: content}}


def _is_success(answer: Any) -> bool:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return not str(schema.get("$ref", "")).endswith("ValidationError")


def _schemas(model: Any) -> dict[str, Any]:
    """The model and those that it is made of, by name."""
    schema = model.model_json_schema(ref_template=_REFERENCE + "{model}")
    parts = schema.pop("$defs", {})
    tidied: dict[str, Any] = _tidied({model.__name__: schema, **parts})
    return tidied


def _tidied(value: Any) -> Any:
    """Without the titles that only repeat a name, and with readable names of generic models:
    `Success_list_RecentLink__` becomes `SuccessOfListOfRecentLink`."""
    if isinstance(value, dict):
        return {
            _readable(key): _tidied(part)
            for key, part in value.items()
            if not (key == "title" and isinstance(part, str) and "openapi" not in value)
        }
    if isinstance(value, list):
        return [_tidied(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the bounds of integers
    if isinstance(value, str) and value.startswith(_REFERENCE):
        return _REFERENCE + _readable(value.removeprefix(_REFERENCE))
    return value


def _readable(name: str) -> str:
    return re.sub(
        r"^Success_(list_)?(\w+?)_+$",
        lambda found: f"SuccessOf{'ListOf' if found[1] else ''}{found[2]}",
        name,
    )
