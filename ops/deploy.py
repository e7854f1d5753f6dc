"""Deploys what `make build` built, by `sam deploy`, unless the state of the stack does not allow
that.

A stack whose first deployment failed can neither be updated nor created again until it is deleted,
which SAM reports as an error of CloudFormation's. This says which command is the next one, before
and after a deployment.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from ops import terminal

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

PROJECT = Path(__file__).resolve().parents[1]

_DELETE = (
    "  aws cloudformation delete-stack --stack-name {stack}\n"
    "  aws cloudformation wait stack-delete-complete --stack-name {stack}"
)
NEXT = {
    "ROLLBACK_COMPLETE": (
        "Its first deployment failed and was rolled back, so that it can only be deleted. Find the "
        f"first failure above or in the console, run\n{_DELETE}\nand deploy again."
    ),
    "ROLLBACK_FAILED": (
        "Its first deployment failed, and so did the rollback. Run\n"
        f"{_DELETE}\nand deploy again. If that fails too, the console says what is in the way."
    ),
    "DELETE_FAILED": (
        "It could not be deleted as a whole. Remove what the console says is in the way, run\n"
        f"{_DELETE}\nand deploy again."
    ),
    "UPDATE_ROLLBACK_FAILED": (
        "An update failed, and so did the rollback. Run\n"
        "  aws cloudformation continue-update-rollback --stack-name {stack}\n"
        "  aws cloudformation wait stack-rollback-complete --stack-name {stack}\n"
        "and deploy again."
    ),
}
"""What to do about a stack in a state that `sam deploy` cannot leave, by that state."""

_PREPARED = "REVIEW_IN_PROGRESS"
"""Only a change set was created."""


@terminal.guarded
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ops.deploy", description=__doc__)
    parser.add_argument("--stack", default="jmpy", help="default: %(default)s")
    parser.add_argument(
        "--guided", action="store_true", help="ask for the parameters, and save them"
    )
    options = parser.parse_args(arguments)
    try:
        # Unlike the AWS CLI, boto3 does not read AWS_REGION.
        client = boto3.client("cloudformation", region_name=os.environ.get("AWS_REGION"))
        if report(client, options.stack):
            return 1
        failed = subprocess.run(
            command(options.stack, guided=options.guided), check=False
        ).returncode
        if failed:
            report(client, options.stack)
        return failed
    except (BotoCoreError, ClientError, OSError) as error:
        print(f"error: {terminal.line(error)}", file=sys.stderr)
        return 1


def command(stack: str, *, guided: bool) -> list[str]:
    """With the settings of the environment in samconfig.toml that has this stack, if any."""
    settings = tomllib.loads((PROJECT / "samconfig.toml").read_text())
    environments = (
        name
        for name, section in settings.items()
        if isinstance(section, dict)
        and section.get("deploy", {}).get("parameters", {}).get("stack_name") == stack
    )
    name = next(environments, None)
    which = ["--config-env", name] if name else ["--stack-name", stack]
    return ["sam", "deploy", *which, *(["--guided"] if guided else [])]


def report(client: CloudFormationClient, stack: str) -> str | None:
    """Prints why the stack cannot be deployed, if so, and what to run; returns its state then."""
    try:
        state = client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # there is none
            return None
        raise
    if state in NEXT:
        _say(f"The stack {stack} is in the state {state}. {NEXT[state].format(stack=stack)}")
        _report_retained(client, stack)
        return state
    if state.endswith("_IN_PROGRESS") and state != _PREPARED:
        _say(f"The stack {stack} is in the state {state}. Deploy again once that is over.")
        return state
    return None


def _report_retained(client: CloudFormationClient, stack: str) -> None:
    pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
    retained = [
        f"  {resource['ResourceType']}  {resource.get('PhysicalResourceId', '')}"
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceStatus"] == "DELETE_SKIPPED"
    ]
    if retained:
        _say(
            "The rollback retained these, which are empty; the next deployment creates new ones. "
            'To delete them: docs/deploy.md, "Taking it down".\n' + "\n".join(retained)
        )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
