"""MiniStack's log streams do not name their function: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import functools
import re

from tests.emulator.gap_stack import Stack, client, wait_for


def stream_of_an_invocation(stack: Stack) -> str:
    """The name of the stream, in a log group that the function shares."""
    logs, lambdas = client("logs", stack), client("lambda", stack)
    group = f"{stack.name}-shared"
    logs.create_log_group(logGroupName=group)
    before = lambdas.get_function_configuration(FunctionName=stack.function)["LoggingConfig"]
    lambdas.update_function_configuration(
        FunctionName=stack.function, LoggingConfig={"LogFormat": "JSON", "LogGroup": group}
    )
    try:
        stack.get("/open")
        find = functools.partial(logs.describe_log_streams, logGroupName=group)
        (stream,) = wait_for("the invocation's log", lambda: find()["logStreams"] or None)
        return str(stream["logStreamName"])
    finally:
        lambdas.update_function_configuration(FunctionName=stack.function, LoggingConfig=before)
        logs.delete_log_group(logGroupName=group)


def test_the_bare_emulator_lacks_it(bare: Stack) -> None:
    assert bare.function not in stream_of_an_invocation(bare)


def test_a_stream_of_a_shared_group_names_its_function(adapted: Stack) -> None:
    name = re.escape(adapted.function)
    assert re.fullmatch(
        rf"\d{{4}}/\d\d/\d\d/{name}\[\$LATEST\]\w+", stream_of_an_invocation(adapted)
    )
