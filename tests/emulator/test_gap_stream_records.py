"""MiniStack forgets the records of streams when it stops: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from local import emulator_process
from local.emulator_process import Adapters, Emulator
from local.ports import free_port
from tests.emulator.gap_stack import client, wait_for

NAME = "streamed"
PRINTS = """
def handler(event, context):
    for record in event["Records"]:
        print("item", record["dynamodb"]["Keys"]["id"]["S"])
"""


def create(emulator: Emulator) -> None:
    """A table, and a function that logs what its stream delivers."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    policy = json.dumps({"Statement": [trust | {"Action": "sts:AssumeRole"}]})
    role = client("iam", emulator).create_role(RoleName=NAME, AssumeRolePolicyDocument=policy)
    table = client("dynamodb", emulator).create_table(
        TableName=NAME,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr("prints.py", PRINTS)
    lambdas = client("lambda", emulator)
    lambdas.create_function(
        FunctionName=NAME,
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="prints.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    lambdas.create_event_source_mapping(
        FunctionName=NAME,
        EventSourceArn=table["TableDescription"]["LatestStreamArn"],
        StartingPosition="TRIM_HORIZON",
    )


def put(emulator: Emulator, item: str) -> None:
    client("dynamodb", emulator).put_item(TableName=NAME, Item={"id": {"S": item}})


def delivered(emulator: Emulator) -> str:
    """What the function has logged."""
    logs: Any = client("logs", emulator)
    groups = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{NAME}")["logGroups"]
    found = [logs.filter_log_events(logGroupName=group["logGroupName"]) for group in groups]
    return "\n".join(event["message"] for each in found for event in each["events"])


def delivered_after_a_restart(python: Path, folder: Path, adapters: Adapters) -> list[str]:
    """Which of the items that were put after it, once the last one is delivered."""

    def start() -> Emulator:
        return emulator_process.start(python, free_port(), folder, adapters=adapters)

    def wait(emulator: Emulator, item: str) -> None:
        wait_for(f"the item {item}", lambda: item in delivered(emulator) or None)

    try:
        first = start()
        create(first)
        put(first, "before")
        wait(first, "before")
        emulator_process.stop(folder)
        second = start()
        put(second, "after")
        put(second, "last")
        wait(second, "last")
        return [item for item in ("after", "last") if f"item {item}" in delivered(second)]
    finally:
        emulator_process.stop(folder)


def test_records_after_a_start_bare_emulator_lacks_it(
    emulator_python: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "state"
    assert delivered_after_a_restart(emulator_python, folder, Adapters.DOOR) == ["last"]


def test_records_after_a_start_adapted(emulator_python: Path, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert delivered_after_a_restart(emulator_python, folder, Adapters.ALL) == ["after", "last"]
