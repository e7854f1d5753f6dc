"""Links, commands, tests, routes and functions that the documentation names exist."""

import ast
import json
import re
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest
import yaml

from jmpy.http import errors
from ops.smoke.__main__ import GROUPS
from project.functions import operations
from project.template import PROJECT

DOCUMENTS = sorted(
    [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("examples/*.md")]
)
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE))
README = (PROJECT / "README.md").read_text()
API = (PROJECT / "docs" / "api.md").read_text()

_FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_MAKE = re.compile(r"\bmake (?:-\w+ )*([a-z][a-z-]*)")
_TABLE = re.compile(r"(?:^ *\|.*\n)+", re.MULTILINE)
_TEST = re.compile(r"tests/[\w/]+\.py(?:::\w+)?")


WALKS = re.findall(
    r"^\| `([\w/]+\.py)` `([\w.]+)` \|",
    (PROJECT / "docs" / "architecture.md").read_text(),
    re.MULTILINE,
)
"""Module and function of each step."""


class Block(NamedTuple):
    language: str
    text: str


def blocks(text: str) -> list[Block]:
    return [Block(language, dedent(code)) for _, language, code in _FENCED.findall(text)]


def code(text: str) -> str:
    """Everything set as code, blocks and spans."""
    spans = re.findall(r"`([^`\n]+)`", _FENCED.sub("", text))
    return "\n".join([*(block.text for block in blocks(text)), *spans])


def cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row.strip())) - 1


def anchors(document: Path) -> set[str]:
    """Of the headings, as repository hosts make them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def relative(document: Path) -> str:
    return str(document.relative_to(PROJECT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    broken = []
    for link in _LINK.findall(_FENCED.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(document: Path) -> None:
    """Also within code, where a vertical bar has to be escaped as well (GFM, "Tables")."""
    broken = []
    for rows in _TABLE.findall(_FENCED.sub("", document.read_text())):
        head, *others = rows.splitlines()
        broken += [row for row in others if cells(row) != cells(head)]
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_make_target_exists(document: Path) -> None:
    named = set(_MAKE.findall(code(document.read_text())))
    assert named - TARGETS == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_test_that_is_named_exists(document: Path) -> None:
    missing = []
    for named in _TEST.findall(document.read_text()):
        path, _, test = named.partition("::")
        source = PROJECT / path
        if not source.is_file() or (test and f"def {test}(" not in source.read_text()):
            missing.append(named)
    assert missing == []


AUTHORIZER = {
    "a key is accepted in Authorization and X-API-Key, whatever their case",
    "a key in the query is accepted as deprecated",
    "without a key a request is unauthorized",
    "an invalid key is denied as invalid, as a Bearer token and as X-API-Key",
    "a revoked key: 401 INVALID_API_KEY",
}
"""The smoke test's checks of what the authorizer relies on."""


def test_smoke_checks_that_are_named_exist_and_those_of_the_authorizer_are_named() -> None:
    named = set(re.findall(r"smoke: `([^`]+)`", (PROJECT / "docs/aws-behaviours.md").read_text()))
    assert named - {title for checks in GROUPS.values() for title in checks} == set()
    assert named >= AUTHORIZER


def test_the_api_page_names_every_operation_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z]+) (/[^`]*)` \| .*? \| (.*?) \| (.*?) \|", API, re.MULTILINE)
    assert len(rows) == len(set(rows))
    counted = {0: "not counted", 1: "`{}`", None: "`{}`, each row"}
    assert set(rows) == {
        (
            operation.method,
            operation.path,
            f"`{operation.access_policy.permission}`"
            if operation.access_policy.permission
            else operation.access_policy.caller,
            counted[operation.access_policy.cost].format(operation.access_policy.limit),
        )
        for operation in operations()
    }


def test_the_api_page_has_the_statuses_of_the_reference() -> None:
    document = json.loads((PROJECT / "docs" / "openapi.json").read_text())
    rows = re.findall(r"^\| `([A-Z]+) (/[^`]*)` .*?\| (\d+) \| ([\d, ]*) \|$", API, re.MULTILINE)
    everywhere = {"400", "401", "403", "405", "429", "500", "503"}
    assert f"any operation can return {', '.join(sorted(everywhere)[:-1])} and 503." in API
    for method, path, success, own in rows:
        told = set(document["paths"][path][method.lower()]["responses"])
        assert told - everywhere == {success, *re.findall(r"\d+", own)}, (method, path)


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_data_that_is_shown_is_what_it_says(document: Path) -> None:
    for block in blocks(document.read_text()):
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "yaml":
            assert yaml.compose(block.text)
        elif block.language == "python":
            compile(block.text, document.name, "exec")


def test_the_readme_shows_the_three_errors_word_for_word() -> None:
    shown = [json.loads(block.text) for block in blocks(README) if block.language == "json"]
    refused = (errors.UNAUTHORIZED, errors.INVALID_API_KEY, errors.FORBIDDEN)
    assert shown == [error.body() for error in refused]


def test_no_document_shows_a_whole_key() -> None:
    # Longer than what the commands show of a key.
    shown = [name for name in DOCUMENTS if re.search(r"jmp[yt]_\w{9,}", name.read_text())]
    assert shown == []


@pytest.mark.parametrize(("module", "function"), WALKS)
def test_every_step_of_the_walks_through_the_code_exists(module: str, function: str) -> None:
    folder = PROJECT if module.startswith("functions/") else PROJECT / "layers" / "jmpy"
    scope: list[ast.stmt] = ast.parse((folder / module).read_text()).body
    for name in function.split("."):
        found = [
            statement
            for statement in scope
            if isinstance(statement, ast.ClassDef | ast.FunctionDef) and statement.name == name
        ]
        assert found, f"{module} has no {function}"
        scope = found[0].body


def test_the_walks_name_their_steps() -> None:
    assert len(WALKS) > 30
