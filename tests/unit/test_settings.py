"""What functions are configured with: by their settings, by template.yaml, and by the roles that it
gives them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, get_args, get_type_hints

import pytest

from jmpy.settings import FunctionSettings, MissingSetting, ReadTable, Use
from project import environment, functions, template

FUNCTIONS = template.resources("AWS::Serverless::Function")
READS = {"GetItem", "BatchGetItem", "Query", "Scan", "ConditionCheckItem"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}

OF_LIBRARIES = {
    "POWERTOOLS_LOG_LEVEL", "POWERTOOLS_SERVICE_NAME",
    # jmpy/gateway, of every request
    "EDGE_SECRET_HASHES", "OWN_DOMAINS", "PUBLIC_BASE_URL", "REQUIRE_EDGE", "VIEWER_ADDRESS_HEADER",
    "VIEWER_COUNTRY_HEADER",
}  # fmt: skip
"""Variables that are read elsewhere than in the settings of a function."""


def settings_of(function: str) -> type[FunctionSettings]:
    module = functions.declared(functions.folder(function))
    found = getattr(module, "Settings", getattr(module, "ResourceSettings", FunctionSettings))
    assert issubclass(found, FunctionSettings)
    return found


def variables(function: str) -> set[str]:
    """Set by the template for this function alone."""
    return set(FUNCTIONS[function].get("Environment", {}).get("Variables", {}))


def global_variables() -> set[str]:
    return set(template.load()["Globals"]["Function"]["Environment"]["Variables"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_template_sets_the_variables_that_a_function_declares_and_no_others(
    function: str,
) -> None:
    declared = {field.name.upper() for field in fields(settings_of(function))}
    assert declared <= variables(function) | global_variables()
    assert variables(function) <= declared | OF_LIBRARIES


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_variable_of_a_function_has_a_sample(function: str) -> None:
    settings_of(function).from_environment(environment.sample())


def uses(function: str) -> dict[str, Use]:
    """By logical id of the table."""
    hints = get_type_hints(settings_of(function), include_extras=True)
    declared = ((name, get_args(hint)) for name, hint in hints.items())
    return {
        template.logical_id_of_table(name): arguments[1]
        for name, arguments in declared
        if len(arguments) == 2 and isinstance(arguments[1], Use)
    }


def permitted(function: str) -> dict[str, Use]:
    """What the role's statements permit with the items of each table."""
    found: dict[str, Use] = {}
    for policy in FUNCTIONS[function].get("Policies", []):
        for statement in policy["Statement"]:
            for table in tables_in(statement["Resource"]):
                for action in listed(statement["Action"]):
                    name = action.removeprefix("dynamodb:")
                    use = Use.READ if name in READS else Use.WRITE if name in WRITES else Use(0)
                    if use:
                        found[table] = found.get(table, Use(0)) | use
    return found


def tables_in(resource: Any) -> set[str]:
    """Of `!GetAtt LinksTable.Arn`, `!Sub ${LinksTable.Arn}/index/...` and lists of them."""
    text = str(resource)
    return {name for name in template.resources("AWS::DynamoDB::Table") if f"{name}.Arn" in text}


def listed(actions: Any) -> list[str]:
    return [actions] if isinstance(actions, str) else actions


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_permits_with_each_table_what_the_settings_declare(function: str) -> None:
    assert permitted(function) == uses(function)


@dataclass(frozen=True)
class Sample(FunctionSettings):
    links_table: ReadTable
    days: int
    url: str = "none"


def test_settings_are_read_by_name_and_type_and_may_have_defaults() -> None:
    read = Sample.from_environment({"LINKS_TABLE": "links-1", "DAYS": "30", "OTHER": "x"})
    assert read == Sample("links-1", 30, "none")


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(MissingSetting, match=r"^DAYS$"):
        Sample.from_environment({"LINKS_TABLE": "links-1"})
