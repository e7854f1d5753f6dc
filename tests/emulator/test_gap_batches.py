"""MiniStack delivers messages in tens and log events by words: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from itertools import chain
from pathlib import Path

from tests.emulator.gap_stack import Stack, client
from tests.emulator.witness import Witness

MESSAGES = 25
EVENTS = 3
WINDOW = 300
"""Seconds: the longest that a mapping gathers messages for."""


def delivered(stack: Stack, folder: Path) -> list[list[str]]:
    """The batches of 25 messages that were sent one after the other, to a function that requests
    25 and gathers for longer than any test lasts."""
    sqs, witness = client("sqs", stack), Witness(stack, folder)
    url = sqs.create_queue(QueueName=witness.name)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    client("lambda", stack).create_event_source_mapping(
        EventSourceArn=attributes["QueueArn"],
        FunctionName=witness.name,
        BatchSize=MESSAGES,
        MaximumBatchingWindowInSeconds=WINDOW,
    )
    for number in range(MESSAGES):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    return witness.await_texts(MESSAGES)


def test_batches_bare_emulator_lacks_it(bare: Stack, tmp_path: Path) -> None:
    assert max(map(len, delivered(bare, tmp_path))) <= 10


def test_batches_adapted(adapted: Stack, tmp_path: Path) -> None:
    (batch,) = delivered(adapted, tmp_path)
    assert sorted(map(int, batch)) == list(range(MESSAGES))


def invoked_with(stack: Stack, folder: Path) -> list[list[str]]:
    """What a function is invoked with for events that are written one right after the other."""
    witness = Witness(stack, folder)
    witness.subscribe()
    for number in range(EVENTS):
        witness.write(str(number))
    return witness.await_texts(EVENTS)


def test_log_batches_bare_emulator_lacks_it(bare: Stack, tmp_path: Path) -> None:
    assert len(invoked_with(bare, tmp_path)) == EVENTS


def test_log_batches_adapted(adapted: Stack, tmp_path: Path) -> None:
    batches = invoked_with(adapted, tmp_path)
    assert len(batches) < EVENTS
    assert sorted(map(int, chain(*batches))) == list(range(EVENTS))


PATTERN = "%keyId.:.[0-9A-Za-z]%"
LINES = ['{"keyId":"-","n":"1"}', '{"keyId":"key-1","n":"2"}', '{"keyId":"key-1","cut', "keyId"]


def selected(stack: Stack, folder: Path) -> list[list[str]]:
    """What a subscription for lines with a key selects of events that are written at once. The
    last one contains the pattern itself, which is not what it selects."""
    witness = Witness(stack, folder)
    witness.subscribe(PATTERN)
    witness.write(*LINES, PATTERN)
    return witness.await_texts(1)


def test_regular_expression_bare_emulator_lacks_it(bare: Stack, tmp_path: Path) -> None:
    assert selected(bare, tmp_path) == [[PATTERN]]


def test_regular_expression_adapted(adapted: Stack, tmp_path: Path) -> None:
    assert selected(adapted, tmp_path) == [LINES[1:3]]
