"""Compares a stack of ops/conformance/template.yaml on AWS with what AWS was recorded to do. Exits
with 1 if it does something else."""

from __future__ import annotations

import os
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from ops import terminal
from ops.conformance import report, target
from ops.deployment import StackNotFound


@terminal.guarded
def main() -> int:
    parser = report.parser("ops.conformance", __doc__)
    parser.add_argument("--stack", required=True, help="name of the stack")
    options = parser.parse_args()
    try:
        # Unlike the AWS CLI, boto3 does not read AWS_REGION.
        found = target.find(options.stack, boto3.Session(region_name=os.environ.get("AWS_REGION")))
        return report.compare(options, found, {})
    except (StackNotFound, target.OtherStack, ClientError, BotoCoreError) as error:
        print(f"error: {terminal.line(error)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
