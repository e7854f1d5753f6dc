"""Writes `canary.template.yaml`: template.yaml with gradual deployment by AWS CodeDeploy.

A new version of each function gets a part of the traffic first, and all of it later; if an alarm
goes off meanwhile, CodeDeploy gives all traffic back to the version before, and CloudFormation
undoes the deployment. Not a parameter of template.yaml: SAM makes aliases and what CodeDeploy needs
when it reads the template, whatever a condition says, and the emulator has no CodeDeploy.
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

_GLOBALS = "Globals:\n  Function:\n"
_FUNCTION = (
    "    Type: AWS::Serverless::Function\n    Metadata: { BuildMethod: makefile }\n"
    "    Properties:\n"
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ops.canary", description=__doc__)
    parser.add_argument("way", choices=WAYS, help="how traffic goes over; one of %(choices)s")
    way = parser.parse_args(arguments).way
    WRITTEN.write_text(gradual((PROJECT / "template.yaml").read_text(), way))
    print(f"- Wrote {WRITTEN.name}: {way}, until {', '.join(ALARMS)} say otherwise")
    return 0


def gradual(template: str, way: str) -> str:
    """The text of template.yaml, with aliases and deployments in its globals."""
    assert template.count(_GLOBALS) == 1, "template.yaml has other globals"
    for_all = [
        "    AutoPublishAlias: live",
        "    DeploymentPreference:",
        f"      Type: {way}",
        "      Alarms:",
        *(f"        - !Ref {alarm}" for alarm in ALARMS),
        "",
    ]
    # Also where only the layer changed, which holds nearly all of our code. No global, for SAM.
    for_each = f"{_FUNCTION}      AutoPublishAliasAllProperties: true\n"
    return template.replace(_GLOBALS, _GLOBALS + "\n".join(for_all)).replace(_FUNCTION, for_each)


if __name__ == "__main__":
    sys.exit(main())
