"""The committed OpenAPI document: generated from the code, valid, complete, with valid examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from jmpy.http import errors as api_errors
from openapi import operation, public
from openapi.__main__ import files
from project import functions
from project.template import PROJECT

DOCUMENT: Any = json.loads((PROJECT / "docs" / "openapi.json").read_text())
COMPONENTS = DOCUMENT["components"]


SAMPLES = {
    name: error
    for one in (*operation.protected(), *public.OPERATIONS)
    for name, error in one.errors.items()
}


class Operation(NamedTuple):
    path: str
    method: str
    described: dict[str, Any]


OPERATIONS = [
    Operation(path, method.upper(), described)
    for path, methods in DOCUMENT["paths"].items()
    for method, described in methods.items()
]
every_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=lambda operation: operation.described["operationId"]
)


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    _, _, kind, name = part["$ref"].split("/", 3)
    found: dict[str, Any] = COMPONENTS[kind][name]
    return found


def responses(operation: Operation) -> Iterator[tuple[int, dict[str, Any]]]:
    for status, response in operation.described["responses"].items():
        yield int(status), resolved(response)


def shown(content: dict[str, Any]) -> list[Any]:
    if "example" in content:
        return [content["example"]]
    return [resolved(example)["value"] for example in content.get("examples", {}).values()]


def violations(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {**schema, "components": COMPONENTS}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_the_committed_files_are_what_the_code_makes() -> None:
    stale = [path.name for path, text in files().items() if path.read_text() != text]
    assert stale == [], "run 'make openapi' and commit what it writes"


def test_it_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    validate(DOCUMENT)


def test_it_has_every_operation_and_no_other() -> None:
    behind_keys = {(operation.path, operation.method) for operation in functions.operations()}
    public = {
        ("/{short_code}", "GET"), ("/{short_code}", "POST"), ("/{short_code}+", "GET"),
        ("/api/v1/leaked-keys", "POST"),
    }  # fmt: skip
    assert {(operation.path, operation.method) for operation in OPERATIONS} == behind_keys | public
    ids = [operation.described["operationId"] for operation in OPERATIONS]
    assert len(set(ids)) == len(ids)


@every_operation
def test_an_operation_is_told_in_full(operation: Operation) -> None:
    described = operation.described
    assert described["summary"]
    assert described["description"]
    assert described["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    assert [one["name"] for one in described["parameters"] if not one.get("description")] == []
    placeholders = set(re.findall(r"\{(\w+)\}", operation.path))
    assert {one["name"] for one in described["parameters"] if one["in"] == "path"} == placeholders
    assert described.get("x-permission") or described.get("x-caller") or described["security"] == []
    for status, response in responses(operation):
        assert "X-Request-Id" in response["headers"]
        assert response.get("content") or 300 <= status < 400
        for media_type, content in response.get("content", {}).items():
            assert shown(content) or media_type == "text/html"


@every_operation
def test_every_example_is_one_that_its_schema_allows(operation: Operation) -> None:
    for _, response in responses(operation):
        for content in response.get("content", {}).values():
            for example in shown(content):
                assert violations(content["schema"], example) == []
    for content in operation.described.get("requestBody", {}).get("content", {}).values():
        assert shown(content)
        for example in shown(content):
            assert violations(content["schema"], example) == []


@every_operation
def test_every_error_is_shown_under_its_status(operation: Operation) -> None:
    for status, response in responses(operation):
        if status >= 400:
            for name in response["content"]["application/json"]["examples"]:
                assert status == SAMPLES[name].status
                assert COMPONENTS["examples"][name]["value"] == SAMPLES[name].body()


def test_the_three_errors_of_keys_are_the_specifications() -> None:
    shown_errors = [
        COMPONENTS["examples"][name]["value"] for name in ("NoKey", "InvalidKey", "Forbidden")
    ]
    errors_of_keys = (api_errors.UNAUTHORIZED, api_errors.INVALID_API_KEY, api_errors.FORBIDDEN)
    assert shown_errors == [error.body() for error in errors_of_keys]


def test_every_header_of_a_limit_is_documented() -> None:
    response = COMPONENTS["responses"][
        "429.BudgetExceeded.QuotaExceeded.RateLimitExceeded.Throttled"
    ]
    assert {"Retry-After", "X-RateLimit-Limit", "X-RateLimit-Reset"} <= response["headers"].keys()


def test_every_field_of_a_request_has_a_description() -> None:
    models = {
        content["schema"]["$ref"].rpartition("/")[2]
        for operation in OPERATIONS
        for content in operation.described.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    }
    silent = [
        f"{model}.{name}"
        for model in models
        for name, field in COMPONENTS["schemas"][model]["properties"].items()
        if not field.get("description")
    ]
    assert silent == []
