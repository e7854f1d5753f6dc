"""Writes `canary.template.yaml`: template.yaml with published versions of the functions.

With gradual deployment by AWS CodeDeploy: a new version of each function gets a part of the traffic
first, and all of it later; if an alarm goes off meanwhile, CodeDeploy gives all traffic back to the
version before, and CloudFormation undoes the deployment. And with what AWS has for published
versions only: SnapStart or the parameter `ProvisionedConcurrency` (docs/performance.md).

Not parameters of template.yaml: SAM makes aliases and what CodeDeploy needs when it reads the
template, whatever a condition says, and the emulator has no CodeDeploy. Nor is SnapStart one here:
SAM publishes a version when the template's text changes, and not when a parameter does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

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
"""Who calls the API waits for these first, so that snapshots and warm environments are for them.
Both are paid for by the hour and function: the others, which fewer requests want, stay without."""

_SNAPSTART = "      SnapStart: { ApplyOn: PublishedVersions }\n"
_PROVISIONED = """      ProvisionedConcurrencyConfig: !If
        - HasProvisionedConcurrency
        - ProvisionedConcurrentExecutions: !Ref ProvisionedConcurrency
        - !Ref AWS::NoValue
"""
_PARAMETER = """Parameters:
  ProvisionedConcurrency:
    Type: Number
    Default: 0
    MinValue: 0
    Description: >-
      How many environments of each function that clients meet first are always warm; paid for by
      the hour (docs/performance.md).
"""
_CONDITION = """Conditions:
  HasProvisionedConcurrency: !Not [!Equals [!Ref ProvisionedConcurrency, 0]]
"""
_ROLE = """Resources:
  # As SAM would make it, but within the boundary of whoever deploys.
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
_AUTHORIZER = "            FunctionArn: !GetAtt AuthorizerFunction.Arn\n"
_GLOBALS = "Globals:\n  Function:\n"
_FUNCTION = (
    "    Type: AWS::Serverless::Function\n    Metadata: { BuildMethod: makefile }\n"
    "    Properties:\n"
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ops.canary", description=__doc__)
    parser.add_argument("way", choices=WAYS, help="how traffic goes over; one of %(choices)s")
    parser.add_argument(
        "--snapstart",
        action="store_true",
        help="start functions from snapshots; instead of the parameter ProvisionedConcurrency",
    )
    asked = parser.parse_args(arguments)
    text = gradual((PROJECT / "template.yaml").read_text(), asked.way, snapstart=asked.snapstart)
    WRITTEN.write_text(text)
    print(f"- Wrote {WRITTEN.name}: {asked.way}, until {', '.join(ALARMS)} say otherwise")
    return 0


def gradual(template: str, way: str, *, snapstart: bool = False) -> str:
    """The text of template.yaml, with aliases, deployments, and SnapStart or a parameter for
    provisioned concurrency: Lambda has no function with both."""
    for_all = [
        "    AutoPublishAlias: live",
        "    DeploymentPreference:",
        f"      Type: {way}",
        "      Role: !GetAtt DeploymentRole.Arn",
        "      Alarms:",
        *(f"        - !Ref {alarm}" for alarm in ALARMS),
        "",
    ]
    for_awaited = _SNAPSTART if snapstart else _PROVISIONED
    changes = {
        _GLOBALS: _GLOBALS + "\n".join(for_all),
        "\nResources:\n": f"\n{_ROLE}",
        # SAM leads routes to aliases, but not an authorizer that is named by us.
        _AUTHORIZER: "            FunctionArn: !Ref AuthorizerFunction.Alias\n",
        **{
            f"\n  {name}:\n{_FUNCTION}": f"\n  {name}:\n{_FUNCTION}{for_awaited}"
            for name in AWAITED
        },
    }
    if not snapstart:
        changes |= {"\nParameters:\n": f"\n{_PARAMETER}", "\nConditions:\n": f"\n{_CONDITION}"}
    for text, changed in changes.items():
        assert template.count(text) == 1, f"template.yaml has changed around {text!r}"
        template = template.replace(text, changed)
    # Also where only the layer changed, which holds nearly all of our code. No global, for SAM.
    return template.replace(_FUNCTION, f"{_FUNCTION}      AutoPublishAliasAllProperties: true\n")


if __name__ == "__main__":
    sys.exit(main())
