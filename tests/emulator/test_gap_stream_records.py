"""MiniStack forgets the records of streams when it stops: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from local import emulator_process
from local.emulator_process import Adapters, Emulator
from local.ports import free_port
from tests.emulator.gap_stack import client, wait_for

NAME = "streamed"
WRITES = """
def handler(event, context):
    with open({path!r}, "a") as file:
        for record in event["Records"]:
            file.write(record["dynamodb"]["Keys"]["id"]["S"] + " ")
"""
"""Into a file: the bare emulator loses lines of the log."""


def create(emulator: Emulator, delivered: Path) -> None:
    """A table, and a function that writes what its stream delivers."""
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
        file.writestr("writes.py", WRITES.format(path=str(delivered)))
    lambdas = client("lambda", emulator)
    lambdas.create_function(
        FunctionName=NAME,
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="writes.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    lambdas.create_event_source_mapping(
        FunctionName=NAME,
        EventSourceArn=table["TableDescription"]["LatestStreamArn"],
        StartingPosition="TRIM_HORIZON",
    )


def put(emulator: Emulator, item: str) -> None:
    client("dynamodb", emulator).put_item(TableName=NAME, Item={"id": {"S": item}})


def is_processed(emulator: Emulator) -> bool:
    """Whether the emulator knows that the function has read the stream: it learns it later."""
    (mapping,) = client("lambda", emulator).list_event_source_mappings()["EventSourceMappings"]
    return str(mapping["LastProcessingResult"]).startswith("OK")


def delivered_after_a_restart(python: Path, folder: Path, adapters: Adapters) -> list[str]:
    """Which of the items that were put after it, once the last one is delivered."""
    state, delivered = folder / "state", folder / "delivered"
    delivered.touch()

    def start() -> Emulator:
        return emulator_process.start(python, free_port(), state, adapters=adapters)

    def wait(item: str) -> list[str]:
        def items() -> list[str] | None:
            found = delivered.read_text().split()
            return found if item in found else None

        return wait_for(f"the item {item}", items)

    try:
        emulator = start()
        create(emulator, delivered)
        put(emulator, "before")
        before = wait("before")
        wait_for("the end of the invocation", lambda: is_processed(emulator) or None)
        emulator_process.stop(state)
        emulator = start()
        put(emulator, "after")
        put(emulator, "last")
        return wait("last")[len(before) :]
    finally:
        emulator_process.stop(state)


def test_records_after_a_start_bare_emulator_lacks_it(
    emulator_python: Path, tmp_path: Path
) -> None:
    assert delivered_after_a_restart(emulator_python, tmp_path, Adapters.DOOR) == ["last"]


def test_records_after_a_start_adapted(emulator_python: Path, tmp_path: Path) -> None:
    assert delivered_after_a_restart(emulator_python, tmp_path, Adapters.ALL) == ["after", "last"]
