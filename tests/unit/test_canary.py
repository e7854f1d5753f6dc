"""The template with gradual deployment, as `make build CANARY=...` writes it. That SAM takes it is
part of `make scan`."""

import json

import pytest
import yaml

from ops import canary
from tests import template


def written(way: str = canary.WAYS[0]) -> dict[str, object]:
    text = canary.gradual((template.PROJECT / "template.yaml").read_text(), way)
    loaded: dict[str, object] = yaml.load(text, template._Loader)
    return loaded


def test_every_function_is_deployed_gradually_and_nothing_else_differs() -> None:
    gradual, plain = json.dumps(written(), sort_keys=True), template.load()
    functions = template.resources("AWS::Serverless::Function")
    assert gradual.count('"AutoPublishAliasAllProperties": true') == len(functions)
    loaded = json.loads(gradual)
    preference = loaded["Globals"]["Function"].pop("DeploymentPreference")
    assert preference["Type"] == "Canary10Percent5Minutes"
    assert preference["Alarms"] == [{"Ref": alarm} for alarm in canary.ALARMS]
    assert loaded["Globals"]["Function"].pop("AutoPublishAlias") == "live"
    for name in functions:
        loaded["Resources"][name]["Properties"].pop("AutoPublishAliasAllProperties")
    assert loaded == json.loads(json.dumps(plain))


@pytest.mark.parametrize("name", canary.ALARMS)
def test_the_alarms_of_a_deployment_do_not_wait_for_the_api(name: str) -> None:
    alarm = template.resources("AWS::CloudWatch::Alarm")[name]
    assert '"Api' not in json.dumps(alarm).replace('"ApiName"', "").replace("(docs/", "")


@pytest.mark.parametrize("way", ["", "Canary", "canary10percent5minutes"])
def test_only_ways_that_aws_knows_are_taken(way: str) -> None:
    with pytest.raises(SystemExit):
        canary.main([way])
