"""The content of the page, read from the OpenAPI document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from jmpy.reference.curl import address, curl
from jmpy.reference.schemas import Field, Schemas

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter, or a field of a form."""

    name: str
    place: str
    """`path`, `query`, `header`, or `form` for a field of the body."""
    type: str
    is_required: bool
    description: str
    choices: list[str]
    value: str


@dataclass(frozen=True, slots=True)
class Body:
    media_type: str
    examples: dict[str, str]
    """Texts by name, if the body is JSON."""
    inputs: list[Input]
    """If it is a form."""
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Success:
    status: str
    description: str
    media_type: str
    example: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Failure:
    status: str
    description: str
    messages: list[str]


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[str]
    needs: str
    """The permission; `session`, `any key`, or empty if it is public."""
    credential: str
    """The credential to send: `key`, `session` or empty."""
    changes: bool
    """The id of an object of the account."""
    inputs: list[Input]
    bodies: list[Body]
    curl: str
    successes: list[Success]
    failures: list[Failure]


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    id: str
    description: str
    operations: list[Operation]


@dataclass(frozen=True, slots=True)
class Reference:
    base_url: str
    paragraphs: list[str]
    sections: list[Section]

    @property
    def count(self) -> int:
        return sum(len(section.operations) for section in self.sections)


def from_document(document: dict[str, Any], base_url: str) -> Reference:
    reader = _Reader(document, base_url)
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            found[described["tags"][0]].append(reader.operation(path, method.upper(), described))
    sections = [
        Section(name, name.lower().replace(" ", "-"), tag["description"], found[name])
        for tag in document["tags"]
        if found[name := tag["name"]]
    ]
    return Reference(base_url, document["info"]["description"].split("\n\n"), sections)


class _Reader:
    def __init__(self, document: dict[str, Any], base_url: str) -> None:
        self._components = document["components"]
        self._schemas = Schemas(self._components["schemas"])
        self._base_url = base_url

    def operation(self, path: str, method: str, described: dict[str, Any]) -> Operation:
        ways = [way for option in described["security"] for way in option]
        credential = "key" if "bearer" in ways else "session" if ways else ""
        needs = described.get("x-permission") or {"key": "any key"}.get(credential, credential)
        inputs = [self._parameter(one) for one in described["parameters"]]
        bodies = [
            self._body(media_type, content)
            for media_type, content in described.get("requestBody", {}).get("content", {}).items()
        ]
        return Operation(
            id=described["operationId"],
            method=method,
            path=path,
            summary=described["summary"],
            paragraphs=described["description"].split("\n\n"),
            needs=needs,
            credential=credential,
            changes=method in CHANGING and bool(ways),
            inputs=sorted(inputs, key=lambda one: not one.is_required),
            bodies=bodies,
            curl=curl(address(self._base_url + path, inputs), method, credential, bodies),
            successes=self._successes(described["responses"]),
            failures=self._failures(described["responses"]),
        )

    def _parameter(self, described: dict[str, Any]) -> Input:
        schema = described["schema"]
        default = schema.get("default")
        return Input(
            name=described["name"],
            place=described["in"],
            type=self._schemas.type_of(schema),
            is_required=described["required"],
            description=_and_default(described["description"], default),
            choices=self._schemas.choices(schema),
            value=schema.get("examples", [""])[0],
        )

    def _body(self, media_type: str, content: dict[str, Any]) -> Body:
        fields = list(self._schemas.fields(content["schema"]))
        if media_type == "application/json":
            shown = content.get("examples") or {"example": {"value": content["example"]}}
            texts = {name: _as_text(one["value"]) for name, one in shown.items()}
            return Body(media_type, texts, [], fields)
        inputs = [
            Input(field.name, "form", field.type, field.is_required, field.description, [],
                  content["example"][field.name])
            for field in fields
        ]  # fmt: skip
        return Body(media_type, {}, inputs, fields)

    def _successes(self, responses: dict[str, Any]) -> list[Success]:
        found = []
        for status, response in responses.items():
            if status >= "400":
                continue
            for media_type, content in response.get("content", {"": {"schema": {}}}).items():
                fields = list(self._schemas.fields(content["schema"]))
                example = content.get("example", "")
                text = example if isinstance(example, str) else _as_text(example)
                found.append(Success(status, response["description"], media_type, text, fields))
        return found

    def _failures(self, responses: dict[str, Any]) -> list[Failure]:
        found = []
        for status, reference in responses.items():
            if "$ref" not in reference:
                continue
            response = self._components["responses"][reference["$ref"].rpartition("/")[2]]
            shown = response["content"]["application/json"]["examples"]
            messages = [
                self._components["examples"][name]["value"]["error"]["message"] for name in shown
            ]
            found.append(Failure(status, response["description"], list(dict.fromkeys(messages))))
        return found


def _and_default(description: str, default: Any) -> str:
    if default is None:
        return description
    stop = "" if description.endswith(".") else "."
    return f"{description}{stop} Default: `{default}`"


def _as_text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
