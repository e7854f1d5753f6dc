"""`make deploy`: what it says about a stack that cannot be deployed, and what it runs otherwise."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ops import deploy

NOW = "2026-11-27T00:00:00Z"


def reported(state: str, *retained: str) -> str | None:
    """By a stack in that state, of which those resources were retained."""
    client = boto3.client(
        "cloudformation", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    stack = {"StackName": "jmpy", "CreationTime": NOW, "StackStatus": state}
    ended = {"Gone": "DELETE_COMPLETE", **dict.fromkeys(retained, "DELETE_SKIPPED")}
    resources: list[Any] = [
        {
            "LogicalResourceId": name,
            "PhysicalResourceId": f"jmpy-{name}-1A2B",
            "ResourceType": "AWS::DynamoDB::Table",
            "LastUpdatedTimestamp": NOW,
            "ResourceStatus": status,
        }
        for name, status in ended.items()
    ]
    with Stubber(client) as stubber:
        stubber.add_response("describe_stacks", {"Stacks": [stack]})
        stubber.add_response("list_stack_resources", {"StackResourceSummaries": resources})
        return deploy.report(client, "jmpy")


@pytest.mark.parametrize("state", deploy.NEXT)
def test_a_state_that_no_deployment_leaves_comes_with_the_commands_that_do(
    state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reported(state) == state
    printed = capsys.readouterr().err
    assert f"The stack jmpy is in the state {state}. " in printed
    commands = [line for line in printed.splitlines() if line.startswith("  aws cloudformation ")]
    assert len(commands) == 2
    assert all(line.endswith("--stack-name jmpy") for line in commands)
    assert "retained" not in printed


def test_what_the_first_deployment_left_behind_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reported("ROLLBACK_COMPLETE", "LinksTable", "AccountsTable")
    printed = capsys.readouterr().err
    assert "jmpy-LinksTable-1A2B" in printed
    assert "jmpy-AccountsTable-1A2B" in printed
    assert "Gone" not in printed
    assert 'docs/deploy.md, "Taking it down"' in printed


@pytest.mark.parametrize("state", ["CREATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"])
def test_a_stack_that_is_being_deployed_is_waited_for(
    state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reported(state) == state
    assert "Deploy again once that is over" in capsys.readouterr().err


@pytest.mark.parametrize(
    "state",
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"],
)
def test_any_other_stack_is_deployed(state: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert reported(state) is None
    assert capsys.readouterr().err == ""


def test_so_is_one_that_does_not_exist() -> None:
    client = boto3.client(
        "cloudformation", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    with Stubber(client) as stubber:
        stubber.add_client_error("describe_stacks", "ValidationError", "does not exist")
        assert deploy.report(client, "jmpy") is None


@pytest.mark.parametrize(
    ("stack", "arguments"),
    [
        ("jmpy", ["--config-env", "default"]),
        ("jmpy-staging", ["--config-env", "staging"]),
        ("jmpy-production", ["--config-env", "production"]),
        ("mine", ["--stack-name", "mine"]),
    ],
)
def test_a_stack_is_deployed_with_its_settings_in_samconfig(
    stack: str, arguments: list[str]
) -> None:
    assert deploy.command(stack, guided=False) == ["sam", "deploy", *arguments]
    assert deploy.command(stack, guided=True) == ["sam", "deploy", *arguments, "--guided"]


def test_a_machine_without_a_region_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert deploy.main(["--stack", "jmpy"]) == 1
    assert capsys.readouterr().err == "error: You must specify a region.\n"
