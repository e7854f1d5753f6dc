"""The emulator as a process: its state survives, secrets do not reach it, failures are clear."""

import json
import os
import socket
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from local import emulator_process
from local.ports import HOST, PortUnusable, free_port, require_free
from local.stack import LocalStack
from tests.emulator.gap_stack import Stack, client, deploy

SECRET = "query-string-secret-0123456789"
KEPT = "user-agent-that-the-access-log-keeps"


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "state"
    yield folder
    emulator_process.stop(folder)


def _zip(name: str, text: str) -> bytes:
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr(name, text)
    return archive.getvalue()


def _store(stack: Stack) -> None:
    """One item of each kind that CloudFormation did not make."""
    dynamodb, s3 = client("dynamodb", stack), client("s3", stack)
    dynamodb.create_table(
        TableName="kept",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="kept", Item={"id": {"S": "1"}})
    region = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration=region)
    s3.put_object(Bucket="kept", Key="object", Body=b"content")
    lambda_ = client("lambda", stack)
    in_layer = _zip("python/layered.py", "def handler(event, context): return 'kept'\n")
    layer = lambda_.publish_layer_version(LayerName="kept", Content={"ZipFile": in_layer})
    lambda_.create_function(
        FunctionName="kept",
        Runtime="python3.13",
        Role=client("iam", stack).list_roles()["Roles"][0]["Arn"],
        Handler="own.handler",
        Code={"ZipFile": _zip("own.py", "from layered import handler\n")},
        Layers=[layer["LayerVersionArn"]],
    )


def _assert_stored(stack: Stack) -> None:
    dynamodb, s3 = client("dynamodb", stack), client("s3", stack)
    assert dynamodb.scan(TableName="kept")["Items"] == [{"id": {"S": "1"}}]
    assert s3.get_object(Bucket="kept", Key="object")["Body"].read() == b"content"
    invoked = client("lambda", stack).invoke(FunctionName="kept")
    assert json.load(invoked["Payload"]) == "kept"
    stacks = client("cloudformation", stack).describe_stacks()["Stacks"]
    assert [found["StackName"] for found in stacks] == [stack.name]


def _assert_private(state_dir: Path) -> None:
    contents = {path: path.read_bytes() for path in state_dir.rglob("*") if path.is_file()}
    assert [path for path, content in contents.items() if SECRET.encode() in content] == []
    # The search would find a secret: it finds what is meant to be kept.
    assert any(KEPT.encode() in content for content in contents.values())
    assert stat.S_IMODE(state_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((state_dir / "emulator.log").stat().st_mode) == 0o600


def test_state_survives_and_holds_no_secret(emulator_python: Path, state_dir: Path) -> None:
    port = free_port()
    first = emulator_process.start(emulator_python, port, state_dir)
    assert emulator_process.start(emulator_python, port, state_dir) == first
    stack = deploy(first, "kept", "first")
    _store(stack)
    sent: dict[str, Any] = {"query": f"?api_key={SECRET}", "X_Secret": SECRET}
    response = stack.get(
        "/planned", Authorization=f"Allow {stack.plan_key}", **sent, User_Agent=KEPT
    )
    assert response.status == HTTPStatus.OK
    assert stack.get("/none", **sent).status == HTTPStatus.FORBIDDEN
    emulator_process.stop(state_dir)
    assert emulator_process.running(state_dir) is None

    _assert_private(state_dir)

    second = emulator_process.start(emulator_python, port, state_dir, port=first.port)
    assert emulator_process.running(state_dir) == second
    assert second.endpoint == first.endpoint
    _assert_stored(stack)
    assert stack.logged(response)["status"] == HTTPStatus.OK
    response = stack.get("/planned", Authorization=f"Allow {stack.plan_key}")
    assert response.status == HTTPStatus.OK
    assert stack.logged(response)["status"] == HTTPStatus.OK
    assert stack.get("/planned").json["refusal"] == "first"
    # The restored stack can still be updated.
    assert deploy(stack, "kept", "second").api_id == stack.api_id


def test_two_starts_at_once_start_one_emulator(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        LocalStack, "_start", lambda self, port, *_: self._start_emulator(port, None)
    )
    port, stack = free_port(), LocalStack(state_dir, print)
    with ThreadPoolExecutor(4) as pool:
        started: set[Any] = set(pool.map(lambda _: stack.start(port), range(4)))
    assert started == {emulator_process.running(state_dir)}
    stack.stop()
    require_free(port)  # Nobody is left on it.


def test_a_taken_port_is_named(emulator_python: Path, state_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortUnusable, match=str(port)):
            emulator_process.start(emulator_python, port, state_dir)


def test_a_failed_start_shows_the_log(state_dir: Path, tmp_path: Path) -> None:
    # A Python that has no MiniStack.
    empty = tmp_path / "python"
    empty.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "$@"\n', encoding="utf-8")
    empty.chmod(0o700)
    with pytest.raises(emulator_process.EmulatorFailed, match="No module named"):
        emulator_process.start(empty, free_port(), state_dir)
    assert emulator_process.running(state_dir) is None


def test_a_foreign_process_is_left_alone(state_dir: Path) -> None:
    state_dir.mkdir()
    (state_dir / "emulator.pid").write_text(f"{os.getpid()}\n4566\n8080\n", encoding="ascii")
    assert emulator_process.running(state_dir) is None
    emulator_process.stop(state_dir)
    assert not (state_dir / "emulator.pid").exists()
