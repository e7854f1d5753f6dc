"""The OpenAPI document of all functions: their operations on one Powertools resolver, which serves
none of them (ADR 0046), completed by what they share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.models import License, Server, Tag

from openapi import components, errors, operation, public, schemas

if TYPE_CHECKING:
    from jmpy.http.errors import ApiError
    from openapi.operation import DocumentedOperation

LOCAL = "http://127.0.0.1:8080"
"""Where `make start` serves; what is served names its own address instead."""


def build() -> dict[str, Any]:
    """Raises Missing."""
    operations = [*operation.protected(), *public.OPERATIONS]
    document = _described(operations)
    found = document["components"]["schemas"]
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        described = document["paths"][one.path][one.method.lower()]
        one.complete(described, found)
        paths.setdefault(one.path, {})[one.method.lower()] = described
    document["paths"] = paths
    schemas.complete(paths, found)
    document["components"] |= {
        "schemas": dict(sorted(found.items())),
        **_errors(operations),
        "headers": components.HEADERS,
    }
    return document


def _described(operations: list[DocumentedOperation]) -> dict[str, Any]:
    """As Powertools describes them."""
    app = APIGatewayRestResolver()
    for one in operations:
        one.register(app)
    tags = operation.tags() | components.PUBLIC_TAGS
    text = app.get_openapi_json_schema(
        title="Jmpy",
        version="1",
        description=components.DESCRIPTION,
        license_info=License(name="Apache-2.0", identifier="Apache-2.0"),
        servers=[Server(url=LOCAL, description="The local stack (make start)")],
        tags=[Tag(name=name, description=described) for name, described in tags.items()],
        security_schemes=components.SECURITY_SCHEMES,
    )
    described: dict[str, Any] = schemas.tidied(json.loads(text))
    found = described["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        del found[unused]
    uploads = (one.upload for one in operations if one.upload)
    for model in (errors.ErrorResponse, *uploads):
        for name, schema in schemas.of_model(model).items():
            assert found.setdefault(name, schema) == schema, f"two models are named {name}"
    # Pydantic puts the module before a name that two models have.
    twice = [name for name in found if "__" in name]
    assert twice == [], f"two models have one name: {twice}"
    return described


def _errors(operations: list[DocumentedOperation]) -> dict[str, dict[str, Any]]:
    """The responses to errors, which operations share, and their examples."""
    responses: dict[str, Any] = {}
    raised: dict[str, ApiError] = {}
    for one in operations:
        responses |= dict(errors.responses(one.errors).values())
        raised |= one.errors
    return {
        "responses": dict(sorted(responses.items())),
        "examples": {name: errors.example(error) for name, error in sorted(raised.items())},
    }
