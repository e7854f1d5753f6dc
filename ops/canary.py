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
WRITTEN = PROJECT / "canary.template.yaml"
WAYS = (
    "Canary10Percent5Minutes", "Canary10Percent10Minutes", "Canary10Percent15Minutes",
    "Canary10Percent30Minutes", "Linear10PercentEvery1Minute", "Linear10PercentEvery2Minutes",
    "Linear10PercentEvery3Minutes", "Linear10PercentEvery10Minutes", "AllAtOnce",
)  # fmt: skip
"""AWS's names of its deployment configurations (AWS SAM developer guide, "Deploying serverless
applications gradually")."""

ALARMS = ("ApiFaultsAlarm", "ApiLatencyAlarm", "BackgroundErrorsAlarm", "ClicksNotQueuedAlarm")
"""Those that do not name the API: that would be a circle, since the API needs the aliases, which
need the deployment and its alarms."""

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
_ROLE = """
# As SAM would create it, but within the boundary of the deploying identity.
DeploymentRole:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: { Service: codedeploy.amazonaws.com }
          Action: sts:AssumeRole
    PermissionsBoundary: !If [HasRoleBoundary, !Ref RoleBoundary, !Ref AWS::NoValue]
    ManagedPolicyArns:
      - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda
"""


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
    print(f"- Wrote {WRITTEN.name}: {options.way}, rolled back on {', '.join(ALARMS)}")
    return 0


def gradual(template: str, way: str, *, snapstart: bool = False) -> str:
    """The template with aliases, deployments, and SnapStart or a parameter for provisioned
    concurrency: Lambda has no function with both."""
    whole = _parsed(template)
    alarms = ", ".join(f"!Ref {alarm}" for alarm in ALARMS)
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
    _set(whole, ("Resources",), _ROLE)
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


def _set(whole: yaml.Node, path: tuple[str, ...], entry: str) -> None:
    """Puts the one entry, in YAML, into the mapping at the path, in place of one of its name."""
    mapping, (added,) = _at(whole, path), _parsed(entry).value
    mapping.value = [pair for pair in mapping.value if pair[0].value != added[0].value] + [added]


if __name__ == "__main__":
    sys.exit(main())
