"""Clients generated from the document: whole, without a warning, and with types that hold.

That they work is shown by tests/e2e/test_generated_clients.py.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import generated_clients
from tests.generated_clients import DOCUMENT, EXAMPLES, checked, compiled

PATHS: Any = json.loads(DOCUMENT.read_text())["paths"]
OPERATION_IDS = {
    operation["operationId"] for methods in PATHS.values() for operation in methods.values()
}


@pytest.fixture(scope="module")
def python_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("python")
    said = generated_clients.python(folder)
    assert "WARNING" not in said
    return folder / "client"


FIELDS = """
import type { components } from "./jmpy.js";
type Schemas = components["schemas"];
type Optional<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
type Same<A, B> = [A, B] extends [B, A] ? true : false;
type None<T extends never> = T;
type Create = Schemas["CreateLink"];

export const onlyTheUrl: Same<Exclude<keyof Create, Optional<Create>>, "url"> = true;
export const nothing: Same<keyof Schemas["UpdateLink"], Optional<Schemas["UpdateLink"]>> = true;
export const key: Schemas["CreateApiKey"] = { name: "one", permissions: ["read"] };
export type Whole = [
  None<Optional<Schemas["Link"]>>, None<Optional<Schemas["LinkResponse"]>>,
  None<Optional<Schemas["Pagination"]>>, None<Optional<Schemas["Click"]>>,
];
"""
"""Does not compile unless those fields are optional that may be left out, and no others."""


class TypescriptClient(NamedTuple):
    source: str
    complaints: list[str]
    """Of the compiler, about it and what uses it."""


@pytest.fixture(scope="module")
def typescript_client(tmp_path_factory: pytest.TempPathFactory) -> TypescriptClient:
    folder = tmp_path_factory.mktemp("typescript")
    said = generated_clients.typescript(folder)
    assert "\N{WARNING SIGN}" not in said
    (folder / "fields.ts").write_text(FIELDS)
    complaints = compiled(folder, "first_request.ts", "fields.ts")
    return TypescriptClient((folder / "jmpy.ts").read_text(), complaints)


def test_the_python_client_has_a_function_for_every_operation(python_client: Path) -> None:
    modules = {path.stem for path in (python_client / "jmpy_client" / "api").glob("*/[a-z]*.py")}
    assert modules == {re.sub(r"(?=[A-Z])", "_", name).lower() for name in OPERATION_IDS}


def test_every_module_of_the_python_client_can_be_imported(python_client: Path) -> None:
    code = (
        "import importlib, pkgutil, jmpy_client\n"
        "for found in pkgutil.walk_packages(jmpy_client.__path__, 'jmpy_client.'):\n"
        "    importlib.import_module(found.name)\n"
    )
    checked("python", "-c", code, cwd=python_client)


def test_the_python_client_and_the_readmes_first_request_hold_their_types(
    python_client: Path,
) -> None:
    """Strictly; but a cast too many in what is generated is the generator's own affair."""
    used = python_client / "first_request.py"
    used.write_text((EXAMPLES / "first_request.py").read_text())
    checked("mypy", "--strict", "--no-warn-redundant-casts", "jmpy_client", used.name,
            "--config-file", "/dev/null", cwd=python_client)  # fmt: skip


def test_the_typescript_client_has_every_operation(typescript_client: TypescriptClient) -> None:
    operations = typescript_client.source.partition("export interface operations {")[2]
    assert set(re.findall(r"^    (\w+): \{$", operations, re.MULTILINE)) == OPERATION_IDS


def test_the_typescript_client_and_the_readmes_first_request_hold_their_types(
    typescript_client: TypescriptClient,
) -> None:
    about = [said for said in typescript_client.complaints if not said.startswith("fields.ts")]
    assert about == []


def test_fields_are_optional_in_requests_and_always_there_in_responses(
    typescript_client: TypescriptClient,
) -> None:
    about = [said for said in typescript_client.complaints if said.startswith("fields.ts")]
    assert about == []
