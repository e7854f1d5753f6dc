"""The samples in events/: one for each trigger of the template, and none for anything else."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from local import invoke
from ops.local_credentials import Credentials
from ops.stack_env import StackEnv
from project import template
from project.functions import FOLDERS

SAMPLES = [pytest.param(*sample, id="-".join(sample)) for sample in invoke.samples()]


def load(function: str, event: str) -> Any:
    return json.loads((invoke.EVENTS / f"{function}-{event}.json").read_text())


def kind(event: dict[str, Any]) -> str:
    """The trigger that sends such events, in the template's words."""
    if event.get("type") == "REQUEST":
        return "Authorizer"
    if "httpMethod" in event:
        return "Api"
    if "awslogs" in event:
        return "CloudWatchLogs"
    if event.get("detail-type") == "Scheduled Event":
        return "Schedule"
    sources = {record["eventSource"] for record in event["Records"]}
    return {"aws:sqs": "SQS", "aws:dynamodb": "DynamoDB"}[sources.pop()]


def triggers() -> set[tuple[str, str]]:
    """Of every function, by logical id."""
    functions = template.resources("AWS::Serverless::Function").items()
    events = {
        (name, event["Type"])
        for name, function in functions
        for event in function.get("Events", {}).values()
    }
    return {*events, ("AuthorizerFunction", "Authorizer")}


def test_every_sample_has_a_trigger_and_every_trigger_but_those_of_the_api_a_sample() -> None:
    """Requests to the API are all of one kind."""
    sampled = {
        (invoke.logical_id(function), kind(load(function, event)))
        for function, event in invoke.samples()
    }
    assert sampled <= triggers()
    assert triggers() - sampled <= {(function, "Api") for function in FOLDERS}


@pytest.mark.parametrize(("function", "name"), SAMPLES)
def test_a_request_is_one_that_the_gateway_hands_to_its_function(function: str, name: str) -> None:
    event = load(function, name)
    if kind(event) == "Api":
        known = {e.path for e in template.api_events() if e.function == invoke.logical_id(function)}
        assert event["resource"] in known
        assert event["requestContext"]["resourcePath"] == event["resource"]
        assert event["requestContext"]["path"] == f"/live{event['path']}"
        expected = event["resource"].replace("{proxy+}", "{proxy}")
        assert expected.format(**(event["pathParameters"] or {})) == event["path"]


@pytest.mark.parametrize(("function", "name"), SAMPLES)
def test_a_sample_holds_no_key(function: str, name: str) -> None:
    text = json.dumps(load(function, name))
    assert text.count("jmpy_KEY") == text.count("jmpy_") - text.count("jmpy_api_key")


def test_samples_are_written_filled_in_for_sam_local(tmp_path: Path) -> None:
    env = StackEnv(
        "http://base", "jmpy_secret", "http://endpoint", Credentials("AKIAKEY", "s"), "stack",
        "account-1", "a@example.com", "password",
    )  # fmt: skip
    invoke.fill_in(env, tmp_path / "events")
    written = sorted(path.stem for path in (tmp_path / "events").iterdir())
    assert written == sorted("-".join(sample) for sample in invoke.samples())
    filled = (tmp_path / "events" / "authorizer-bearer.json").read_text()
    assert json.loads(filled)["headers"]["Authorization"] == "Bearer jmpy_secret"
    for path in (tmp_path / "events").iterdir():
        assert "jmpy_KEY" not in path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
