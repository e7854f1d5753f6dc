"""Writes `canary.template.yaml`: template.yaml with published versions of the functions.

With gradual deployment by AWS CodeDeploy: a new version of each function gets a part of the traffic
first, and all of it later; if an alarm goes off meanwhile, CodeDeploy shifts all traffic back to
the previous version, and CloudFormation rolls the deployment back. And with features that AWS
offers only for published versions: SnapStart or the parameter `ProvisionedConcurrency`
(docs/performance.md).

Not parameters of template.yaml: SAM creates aliases and CodeDeploy's resources when it reads the
template, regardless of conditions, and the emulator has no CodeDeploy. Nor is SnapStart one: SAM
publishes a version when the template changes, and not when a parameter does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[1]
RESOURCES = PROJECT / "deploy" / "canary.yaml"
WRITTEN = PROJECT / "canary.template.yaml"
ALL_AT_ONCE = "AllAtOnce"
"""Keeps the aliases, and waits for no alarm: so a fix can be deployed while one is on."""

WAYS = {
    "Canary10Percent5Minutes": 5,
    "Canary10Percent10Minutes": 10,
    "Canary10Percent15Minutes": 15,
    "Linear10PercentEvery1Minute": 9,
    "Linear10PercentEvery2Minutes": 18,
    ALL_AT_ONCE: 0,
}
"""AWS's deployment configurations (AWS SAM developer guide, "Deploying serverless applications
gradually"), and after how many minutes each has shifted all traffic. Without those that last longer
than the job of .github/workflows/deploy-stack.yml allows for."""

ALARMS = (
    "DeploymentFaultsAlarm", "DeploymentLatencyAlarm", "BackgroundErrorsAlarm",
    "ClicksNotQueuedAlarm",
)  # fmt: skip
"""Those that go off within the shortest of these. None names the API: that would be a circle, since
the API needs the aliases, which need the deployment and its alarms."""

AWAITED = ("AuthorizerFunction", "LinksFunction", "RedirectFunction")
"""Most requests wait for one of these, so they get snapshots or warm environments. Both are billed
by the hour and function; the others serve fewer requests and do without."""

_SNAPSTART = "SnapStart: { ApplyOn: PublishedVersions }"
_PROVISIONED = """
ProvisionedConcurrencyConfig: !If
  - HasProvisionedConcurrency
  - ProvisionedConcurrentExecutions: !Ref ProvisionedConcurrency
  - !Ref AWS::NoValue
"""
_PARAMETER = """
ProvisionedConcurrency:
  Type: Number
  Default: 0
  MinValue: 0
  Description: >-
    How many environments of each function that most requests meet are always warm; billed by the
    hour (docs/performance.md).
"""
_CONDITION = "HasProvisionedConcurrency: !Not [!Equals [!Ref ProvisionedConcurrency, 0]]"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ops.canary", description=__doc__)
    parser.add_argument("way", choices=WAYS, help="how traffic is shifted; one of %(choices)s")
    parser.add_argument(
        "--snapstart",
        action="store_true",
        help="start functions from snapshots; instead of the parameter ProvisionedConcurrency",
    )
    options = parser.parse_args(arguments)
    text = gradual(
        (PROJECT / "template.yaml").read_text(), options.way, snapstart=options.snapstart
    )
    WRITTEN.write_text(text)
    alarms = ", ".join(alarms_of(options.way)) or "no alarm"
    print(f"- Wrote {WRITTEN.name}: {options.way}, rolled back on {alarms}")
    return 0


def alarms_of(way: str) -> tuple[str, ...]:
    """That roll the deployment back."""
    return () if way == ALL_AT_ONCE else ALARMS


def gradual(template: str, way: str, *, snapstart: bool = False) -> str:
    """The template with aliases, deployments, and SnapStart or a parameter for provisioned
    concurrency: Lambda has no function with both."""
    whole = _parsed(template)
    alarms = ", ".join(f"!Ref {alarm}" for alarm in alarms_of(way))
    preference = f"{{ Type: {way}, Role: !GetAtt DeploymentRole.Arn, Alarms: [{alarms}] }}"
    _set(whole, ("Globals", "Function"), "AutoPublishAlias: live")
    _set(whole, ("Globals", "Function"), f"DeploymentPreference: {preference}")
    for name, resource in _entries(_at(whole, ("Resources",))):
        if _at(resource, ("Type",)).value == "AWS::Serverless::Function":
            # Also if only the layer changed, which contains nearly all of our code. SAM does not
            # allow it in Globals.
            _set(resource, ("Properties",), "AutoPublishAliasAllProperties: true")
            if name in AWAITED:
                _set(resource, ("Properties",), _SNAPSTART if snapstart else _PROVISIONED)
    # SAM points routes to aliases, but not an authorizer that the template names itself.
    authorizer = ("Resources", "Api", "Properties", "Auth", "Authorizers", "ApiKeyAuthorizer")
    _set(whole, authorizer, "FunctionArn: !Ref AuthorizerFunction.Alias")
    _add(whole, RESOURCES.read_text())
    if not snapstart:
        _set(whole, ("Parameters",), _PARAMETER)
        _set(whole, ("Conditions",), _CONDITION)
    return yaml.serialize(whole, Dumper=yaml.SafeDumper, width=120)


def _parsed(text: str) -> yaml.MappingNode:
    """As nodes, which preserve CloudFormation's short tags."""
    node = yaml.compose(text, yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    return node


def _entries(mapping: yaml.Node) -> list[tuple[str, yaml.Node]]:
    assert isinstance(mapping, yaml.MappingNode)
    return [(key.value, value) for key, value in mapping.value]


def _at(node: yaml.Node, path: tuple[str, ...]) -> yaml.Node:
    for key in path:
        node = dict(_entries(node))[key]
    return node


def _add(whole: yaml.Node, template: str) -> None:
    """Adds the resources of another template."""
    resources = _at(whole, ("Resources",))
    resources.value += _at(_parsed(template), ("Resources",)).value


def _set(whole: yaml.Node, path: tuple[str, ...], entry: str) -> None:
    """Puts the one entry, in YAML, into the mapping at the path, in place of one of its name."""
    mapping, (added,) = _at(whole, path), _parsed(entry).value
    mapping.value = [pair for pair in mapping.value if pair[0].value != added[0].value] + [added]


if __name__ == "__main__":
    sys.exit(main())
