"""The resource that docs/resources.md builds, as it builds it."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

import jmpy
from project import functions, template
from project.template import PROJECT
from tests import function_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from project.functions import Response

BLOCKS = dict(
    re.findall(
        r"^```\w+\n# (\S+)\n(.*?)^```", (PROJECT / "docs/resources.md").read_text(), re.M | re.S
    )
)
"""The code of the page, by path."""

NOTES = "/api/v1/notes"


@pytest.fixture
def resources(tmp_path: Path) -> dict[str, Any]:
    """Those that the page adds to the template: properties by logical id."""
    file = tmp_path / "resources.yaml"
    file.write_text("Resources:\n" + BLOCKS["template.yaml"])
    return {name: one["Properties"] for name, one in template.read(file)["Resources"].items()}


@pytest.fixture
def app(
    tmp_path: Path,
    dynamodb: DynamoDBClient,
    resources: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    for path, code in BLOCKS.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code)
    known = set(sys.modules)
    monkeypatch.setattr(jmpy, "__path__", [*jmpy.__path__, str(tmp_path / "layers/jmpy")])
    table = resources["NotesTable"]
    names = ("AttributeDefinitions", "KeySchema", "BillingMode")
    dynamodb.create_table(TableName="notes", **{name: table[name] for name in names})
    monkeypatch.setenv("NOTES_TABLE", "notes")
    spec = importlib.util.spec_from_file_location("notes_app", tmp_path / "functions/notes/app.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["notes_app"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    for name in set(sys.modules) - known:
        if name == "notes_app" or name.startswith("jmpy.notes"):
            del sys.modules[name]


def send(app: Any, method: str, note_id: str = "", **sent: Any) -> Response:
    path, resource = (f"{NOTES}/{note_id}", f"{NOTES}/{{id}}") if note_id else (NOTES, NOTES)
    parameters = {"id": note_id} if note_id else None
    event = functions.event(method, path, resource=resource, parameters=parameters, **sent)
    return functions.call(app.handler, event)


def test_the_resource_does_what_its_page_says(app: Any) -> None:
    may_write = functions.authorizer_context("write")
    may_read = functions.authorizer_context("read")
    created = send(app, "POST", body={"text": "Call back"}, authorizer=may_write)
    assert created.status == 201, created
    note_id = created.body["data"]["id"]
    found = send(app, "GET", note_id, authorizer=may_read)
    assert (found.status, found.body) == (200, created.body)
    of_others = functions.authorizer_context("read", account="b")
    missing = send(app, "GET", note_id, authorizer=of_others)
    assert (missing.status, missing.code) == (404, "NOTE_NOT_FOUND")


def test_the_resource_has_the_rules_of_every_other(app: Any) -> None:
    body = {"text": "Call back"}
    may_read = functions.authorizer_context("read")
    assert send(app, "POST", body=body).code == "UNAUTHORIZED"
    assert send(app, "POST", body=body, authorizer=may_read).code == "FORBIDDEN"
    assert send(app, "DELETE", authorizer=may_read).headers["allow"] == "POST"
    too_long = {"text": "x" * 101}
    may_write = functions.authorizer_context("write")
    rejected = send(app, "POST", body=too_long, authorizer=may_write)
    assert (rejected.status, rejected.code) == (422, "VALIDATION_ERROR")
    assert rejected.headers["x-ratelimit-limit"]


def test_the_page_configures_the_function_as_its_settings_declare(
    app: Any, resources: dict[str, Any]
) -> None:
    properties = resources["NotesFunction"]
    tables = {"NotesTable", *template.resources("AWS::DynamoDB::Table")}
    declared = function_settings.declared(app.Settings)
    assert function_settings.permitted(properties, tables) == declared
    own = {field.name.upper() for field in fields(app.Settings)} - {"PLANS"}
    assert function_settings.variables(properties) == own


def test_the_page_routes_every_operation_to_the_function(
    app: Any, resources: dict[str, Any]
) -> None:
    events = resources["NotesFunction"]["Events"].values()
    routes = {event["Properties"]["Path"] for event in events}
    declared = {operation.resource_path for operation in app.resource.operations.values()}
    assert routes == declared
