"""template.yaml as data, for tests and tools."""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

PROJECT = Path(__file__).resolve().parents[1]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags: `!Ref X` becomes {"Ref": "X"}."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {suffix: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


class Event(NamedTuple):
    function: str
    """Logical id."""
    method: str
    """Upper case; ANY for all."""
    path: str
    public: bool


@cache
def load() -> dict[str, Any]:
    return read(PROJECT / "template.yaml")


def read(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(), _Loader)
    return loaded


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Properties by logical id."""
    found = load()["Resources"].items()
    return {name: body["Properties"] for name, body in found if body["Type"] == kind}


def api_events() -> Iterator[Event]:
    for name, function in resources("AWS::Serverless::Function").items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "Api":
                properties = event["Properties"]
                public = properties.get("Auth", {}).get("Authorizer") == "NONE"
                yield Event(name, properties["Method"].upper(), properties["Path"], public)


def digest_of_policies(function: str) -> str:
    """Changes when the statements of the function's role do."""
    policies = resources("AWS::Serverless::Function")[function]["Policies"]
    return hashlib.sha256(json.dumps(policies, sort_keys=True).encode()).hexdigest()[:12]


def plans() -> str:
    """The environment variable PLANS, as CloudFormation renders it."""
    text, variables = load()["Globals"]["Function"]["Environment"]["Variables"]["PLANS"]["Sub"]
    for name, value in variables.items():
        mapping, plan, figure = value["FindInMap"]
        text = text.replace(f"${{{name}}}", str(load()["Mappings"][mapping][plan][figure]))
    assert isinstance(text, str)
    return text


def table(logical_id: str) -> dict[str, Any]:
    """The arguments of `create_table` for the same table."""
    properties = resources("AWS::DynamoDB::Table")[logical_id]
    names = (
        "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes",
        "BillingMode",
    )  # fmt: skip
    return {name: properties[name] for name in names if name in properties}
