"""The template with published versions, as `make build CANARY=...` writes it. That SAM takes it is
part of `make scan`."""

import json
from functools import cache
from typing import Any

import pytest
import yaml

from ops import canary
from project import template


@cache
def written(*, snapstart: bool = False) -> Any:
    text = (template.PROJECT / "template.yaml").read_text()
    return yaml.load(canary.gradual(text, canary.WAYS[0], snapstart=snapstart), template._Loader)


def functions_with(name: str, whole: Any) -> dict[str, Any]:
    """By logical id, what functions have of that property."""
    return {
        function: properties[name]
        for function, resource in whole["Resources"].items()
        if name in (properties := resource.get("Properties", {}))
    }


def test_every_function_is_deployed_gradually_and_nothing_else_differs() -> None:
    gradual, plain = json.dumps(written(), sort_keys=True), template.load()
    functions = template.resources("AWS::Serverless::Function")
    assert gradual.count('"AutoPublishAliasAllProperties": true') == len(functions)
    loaded = json.loads(gradual)
    preference = loaded["Globals"]["Function"].pop("DeploymentPreference")
    assert preference["Type"] == "Canary10Percent5Minutes"
    assert preference["Role"] == {"GetAtt": "DeploymentRole.Arn"}
    role = loaded["Resources"].pop("DeploymentRole")["Properties"]
    assert role["PermissionsBoundary"]["If"][:2] == ["HasRoleBoundary", {"Ref": "RoleBoundary"}]
    assert preference["Alarms"] == [{"Ref": alarm} for alarm in canary.ALARMS]
    assert loaded["Globals"]["Function"].pop("AutoPublishAlias") == "live"
    for name in functions:
        loaded["Resources"][name]["Properties"].pop("AutoPublishAliasAllProperties")
    for name in canary.AWAITED:
        loaded["Resources"][name]["Properties"].pop("ProvisionedConcurrencyConfig")
    loaded["Parameters"].pop("ProvisionedConcurrency")
    loaded["Conditions"].pop("HasProvisionedConcurrency")
    authorizer = loaded["Resources"]["Api"]["Properties"]["Auth"]["Authorizers"]["ApiKeyAuthorizer"]
    authorizer["FunctionArn"] = {"GetAtt": "AuthorizerFunction.Arn"}
    assert loaded == json.loads(json.dumps(plain))


@pytest.mark.parametrize("snapstart", [False, True])
def test_the_gateway_calls_the_published_authorizer(snapstart: bool) -> None:
    api = written(snapstart=snapstart)["Resources"]["Api"]["Properties"]
    authorizer = api["Auth"]["Authorizers"]["ApiKeyAuthorizer"]
    assert authorizer["FunctionArn"] == {"Ref": "AuthorizerFunction.Alias"}


def test_nothing_is_provisioned_by_default() -> None:
    whole = written()
    assert whole["Parameters"]["ProvisionedConcurrency"]["Default"] == 0
    assert whole["Conditions"]["HasProvisionedConcurrency"] == {
        "Not": [{"Equals": [{"Ref": "ProvisionedConcurrency"}, 0]}]
    }
    condition, expected, otherwise = functions_with("ProvisionedConcurrencyConfig", whole)[
        "LinksFunction"
    ]["If"]
    assert condition == "HasProvisionedConcurrency"
    assert expected == {"ProvisionedConcurrentExecutions": {"Ref": "ProvisionedConcurrency"}}
    assert otherwise == {"Ref": "AWS::NoValue"}
    assert functions_with("SnapStart", whole) == {}


def test_the_guide_explains_the_parameter() -> None:
    guide = (template.PROJECT / "docs" / "deploy.md").read_text()
    assert "\n| `ProvisionedConcurrency` | `0` |" in guide


def test_functions_that_clients_wait_for_can_be_provisioned_or_start_from_snapshots() -> None:
    provisioned = functions_with("ProvisionedConcurrencyConfig", written())
    snapshots = functions_with("SnapStart", written(snapstart=True))
    assert provisioned.keys() == snapshots.keys() == set(canary.AWAITED)
    assert all(value == {"ApplyOn": "PublishedVersions"} for value in snapshots.values())


def test_no_function_has_both_which_lambda_rejects() -> None:
    whole = written(snapstart=True)
    assert functions_with("ProvisionedConcurrencyConfig", whole) == {}
    assert "ProvisionedConcurrency" not in whole["Parameters"]


@pytest.mark.parametrize("name", canary.ALARMS)
def test_the_alarms_of_a_deployment_do_not_wait_for_the_api(name: str) -> None:
    alarm = template.resources("AWS::CloudWatch::Alarm")[name]
    assert '"Api' not in json.dumps(alarm).replace('"ApiName"', "").replace("(docs/", "")


@pytest.mark.parametrize("way", ["", "Canary", "canary10percent5minutes"])
def test_only_ways_that_aws_supports_are_accepted(way: str) -> None:
    with pytest.raises(SystemExit):
        canary.main([way])
