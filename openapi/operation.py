"""An operation as Powertools describes it, and what Powertools has no word for: the responses to
errors, which operations share, and examples of bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jmpy.formats import csv_file
from jmpy.limits.errors import BudgetExceeded, RateLimitExceeded
from openapi import components, errors, examples
from project import functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_lambda_powertools.event_handler import APIGatewayRestResolver
    from pydantic import BaseModel

    from jmpy.access.policy import AccessPolicy
    from jmpy.http.errors import ApiError
    from jmpy.http.operation import Operation
    from jmpy.http.resource import Resource


@dataclass(frozen=True, slots=True)
class DocumentedOperation:
    method: str
    route: str
    """As Powertools spells it: `/api/v1/short-urls/<id>`."""
    tag: str
    summary: str
    handler: Callable[..., Any]
    """Its parameters and what it returns are described; its name becomes the operationId, its
    docstring the description."""
    responses: dict[int, dict[str, Any]]
    """Those of success; the body of one without `content` is what the handler returns."""
    errors: dict[str, ApiError]
    policy: AccessPolicy | None = None
    """Without one, it requires no credential."""
    body: dict[str, Any] | None = None
    """The content of a body that the handler reads itself."""
    upload: type[BaseModel] | None = None
    """The model of such a body."""

    @property
    def path(self) -> str:
        return self.route.replace("<", "{").replace(">", "}")

    @property
    def security(self) -> list[dict[str, list[str]]]:
        return [] if self.policy is None else components.security(self.policy)

    def register(self, app: APIGatewayRestResolver) -> None:
        terms = "" if self.policy is None else components.in_words(self.policy)
        docstring = re.sub(r"\s+", " ", self.handler.__doc__ or "").strip()
        extensions = {} if self.policy is None else components.extensions(self.policy)
        if self.body is not None:
            extensions["requestBody"] = {"required": True, "content": self.body}
        app.route(
            self.route,
            self.method,
            operation_id=self._id(),
            summary=self.summary,
            description="\n\n".join(filter(None, (docstring, terms))),
            tags=[self.tag],
            security=self.security,
            responses=self.responses,  # type: ignore[arg-type]  # a reference to a header is one
            openapi_extensions=extensions,
        )(self.handler)

    def _id(self) -> str:
        """`update_short_url`, which two methods share, is `updateShortUrl` and `putShortUrl`."""
        first, *rest = self.handler.__name__.split("_")
        first = self.method.lower() if self.method == "PUT" else first
        return first + "".join(map(str.title, rest))

    def complete(self, described: dict[str, Any], schemas: dict[str, Any]) -> None:
        """Adds what Powertools did not describe."""
        described["security"] = self.security
        described["parameters"] = [_parameter(one) for one in described.get("parameters", [])]
        if sent := described.get("requestBody", {}).get("content", {}).get("application/json"):
            shown = examples.of_request(sent["schema"], schemas)
            sent["examples"] = {
                name: {"value": value}
                for name, value in zip(("shortest", "longer"), shown, strict=False)
            }
        for response in described["responses"].values():
            if not response["content"]:
                del response["content"]
            if received := response.get("content", {}).get("application/json"):
                received["example"] = examples.of_schema(received["schema"], schemas)
            if file := response.get("content", {}).get(csv_file.MEDIA_TYPE):
                file["example"] = examples.of_file(self.handler.__name__, schemas)
        described["responses"] |= {
            str(status): {"$ref": f"#/components/responses/{name}"}
            for status, (name, _) in errors.responses(self.errors).items()
        }


def _parameter(described: dict[str, Any]) -> dict[str, Any]:
    """Header fields as they are usually written; the description once."""
    described["schema"].pop("description", None)
    is_header = described["in"] == "header"
    name = described["name"].title() if is_header else described["name"]
    return {**described, "name": name}


def protected() -> Iterator[DocumentedOperation]:
    """Those of the functions behind the authorizer."""
    for resource in _resources():
        for declared in resource.operations.values():
            yield _documented(resource, declared)


def tags() -> dict[str, str]:
    """Of the resources behind the authorizer: descriptions by name."""
    return {resource.tag: resource.description for resource in _resources()}


def _resources() -> Iterator[Resource]:
    for folder in functions.FOLDERS.values():
        yield functions.declared(folder).resource


def _documented(resource: Resource, declared: Operation) -> DocumentedOperation:
    raised = errors.PROTECTED | errors.samples(*declared.errors)
    if declared.access_policy.cost != 0:
        raised |= errors.samples(RateLimitExceeded, BudgetExceeded)
    return DocumentedOperation(
        declared.method,
        declared.path,
        resource.tag,
        declared.summary,
        getattr(resource, declared.handler),
        {declared.status: _success(declared)},
        raised,
        declared.access_policy,
        None if declared.upload is None else _upload(declared.upload),
        declared.upload,
    )


def _success(declared: Operation) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": HTTPStatus(declared.status).phrase,
        "headers": components.headers(*declared.headers, *components.EVERY_SUCCESS),
    }
    if declared.media_type != "application/json":
        response["content"] = {declared.media_type: {"schema": {"type": "string"}}}
    return response


def _upload(model: type[BaseModel]) -> dict[str, Any]:
    """A body that is JSON, or a form with a file."""
    form = {
        "type": "object",
        "properties": {"file": {"type": "string", "description": "CSV text"}},
        "required": ["file"],
        "additionalProperties": False,
    }
    file = "url,name\nhttps://example.com/,Example\n"
    return {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}},
        "multipart/form-data": {"schema": form, "example": {"file": file}},
    }
