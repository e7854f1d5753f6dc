"""What functions are configured with: by their settings, by template.yaml, and by the roles that it
gives them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

from jmpy.settings import FunctionSettings, MissingSetting, ReadTable
from project import environment, functions, template
from tests import function_settings

FUNCTIONS = template.resources("AWS::Serverless::Function")
TABLES = set(template.resources("AWS::DynamoDB::Table"))

OF_LIBRARIES = {
    "POWERTOOLS_SERVICE_NAME",
    # jmpy/aws
    "URL_SUFFIX",
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


def global_variables() -> set[str]:
    return set(template.load()["Globals"]["Function"]["Environment"]["Variables"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_template_sets_the_variables_that_a_function_declares_and_no_others(
    function: str,
) -> None:
    declared = {field.name.upper() for field in fields(settings_of(function))}
    own = function_settings.variables(FUNCTIONS[function])
    assert declared <= own | global_variables()
    assert own <= declared | OF_LIBRARIES


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_variable_of_a_function_has_a_sample(function: str) -> None:
    settings_of(function).from_environment(environment.sample())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_permits_with_each_table_what_the_settings_declare(function: str) -> None:
    permitted = function_settings.permitted(FUNCTIONS[function], TABLES)
    assert permitted == function_settings.declared(settings_of(function))


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
