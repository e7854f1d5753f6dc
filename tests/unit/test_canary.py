"""The template with published versions, as `make build CANARY=...` writes it. That SAM takes it is
part of `make scan`."""

import json
import re
from functools import cache
from typing import Any

import pytest
import yaml

from ops import canary
from project import template


@cache
def written(way: str = "Canary10Percent5Minutes", *, snapstart: bool = False) -> Any:
    text = (template.PROJECT / "template.yaml").read_text()
    return yaml.load(canary.gradual(text, way, snapstart=snapstart), template._Loader)


def alarm(name: str) -> dict[str, Any]:
    properties: dict[str, Any] = written()["Resources"][name]["Properties"]
    return properties


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
    for added in template.read(canary.RESOURCES)["Resources"]:
        assert added not in plain["Resources"]
        resource = loaded["Resources"].pop(added)
        if added == "DeploymentRole":
            role = resource["Properties"]
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
    assert '{"Ref": "Api' not in json.dumps(alarm(name))
    assert '"Api.' not in json.dumps(alarm(name))


DELAY = 120
"""Seconds until CloudWatch has the metrics of API Gateway and Lambda, and has evaluated alarms."""

GRADUAL = [way for way, minutes in canary.WAYS.items() if minutes]


@pytest.mark.parametrize("way", GRADUAL)
@pytest.mark.parametrize("name", canary.ALARMS)
def test_every_alarm_goes_off_before_all_traffic_has_been_shifted(name: str, way: str) -> None:
    properties = alarm(name)
    (period,) = set(map(int, re.findall(r"'Period': '?(\d+)", str(properties))))
    assert period * properties["DatapointsToAlarm"] + DELAY <= 60 * canary.WAYS[way]


@pytest.mark.parametrize("way", GRADUAL)
def test_a_name_says_how_long_it_lasts(way: str) -> None:
    """Canary: a tenth, and the rest after an interval. Linear: a tenth at once, and nine more."""
    found = re.fullmatch(r"(Canary|Linear)10Percent(?:Every)?(\d+)Minutes?", way)
    assert found
    assert canary.WAYS[way] == int(found[2]) * (9 if found[1] == "Linear" else 1)


OTHERWISE = 40
"""Minutes of the job for everything else: installing the tools (5), the other resources (10),
rolling them back (15), the smoke test (10)."""


def test_the_job_and_its_credentials_outlast_every_deployment() -> None:
    workflow = template.PROJECT / ".github" / "workflows" / "deploy-stack.yml"
    job = yaml.safe_load(workflow.read_text())["jobs"]["deploy"]
    assert max(canary.WAYS.values()) + OTHERWISE <= job["timeout-minutes"]
    # aws-actions/configure-aws-credentials assumes a role for an hour, unless it is told otherwise.
    role = template.read(template.PROJECT / "deploy" / "github.yaml")["Resources"]["DeployRole"]
    assert role["Properties"]["MaxSessionDuration"] == 60 * job["timeout-minutes"] == 3600


def test_a_fix_can_be_deployed_while_an_alarm_is_on() -> None:
    """CodeDeploy stops every deployment that begins while one of its alarms is on."""
    preference = written(canary.ALL_AT_ONCE)["Globals"]["Function"]["DeploymentPreference"]
    assert (preference["Type"], preference["Alarms"]) == ("AllAtOnce", [])


def test_a_failure_of_a_tenth_of_the_requests_is_found() -> None:
    """Also if the operator's alarm needs more faults, so as not to wake anybody for a few."""
    faults, latency = alarm("DeploymentFaultsAlarm"), alarm("DeploymentLatencyAlarm")
    assert float(faults["Threshold"]) < 10
    assert "IF" not in faults["Metrics"][-1]["Expression"]
    # Nine in ten requests are as quick as before.
    assert float(latency["ExtendedStatistic"].removeprefix("p")) > 90


@pytest.mark.parametrize(
    "way", ["", "Canary", "canary10percent5minutes", "Linear10PercentEvery10Minutes"]
)
def test_only_ways_that_aws_supports_are_accepted(way: str) -> None:
    with pytest.raises(SystemExit):
        canary.main([way])
