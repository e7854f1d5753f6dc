"""MiniStack stores what functions print, whatever their log level: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import io
import json
import time
import zipfile

import pytest

from tests.emulator.gap_stack import Stack, client, wait_for

LOGS = b"""
import json, logging, os

def handler(event, context):
    for level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        logging.getLogger("own").log(logging.getLevelName(level), "record", extra={"n": 1})
        print(json.dumps({"level": level, "message": "printed"}))
    print(json.dumps({"level": os.environ.get("AWS_LAMBDA_LOG_LEVEL"), "message": "variable"}))
    print('{"_aws": {}}')
    print("plain")
"""
ALL = ["DEBUG", "INFO", "WARNING", "ERROR"]


class Logging:
    """A function that logs at every level."""

    def __init__(self, stack: Stack, **logging_config: str) -> None:
        self.name, self.logs = f"logging-{time.time_ns()}", client("logs", stack)
        self.lambdas = client("lambda", stack)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("app.py", LOGS)
        role = self.lambdas.get_function_configuration(FunctionName=stack.function)["Role"]
        self.lambdas.create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": packed.getvalue()},
            LoggingConfig=logging_config,
        )

    def lines(self) -> list[str]:
        """What is stored of one more invocation, and of those before."""
        self.lambdas.invoke(FunctionName=self.name)
        events = self.logs.filter_log_events(logGroupName=f"/aws/lambda/{self.name}")["events"]
        return [event["message"] for event in events]

    def levels(self, message: str) -> list[str]:
        found = [json.loads(line) for line in self.lines() if f'"{message}"' in line]
        return [line["level"] for line in found]


def test_levels_bare_emulator_lacks_it(bare: Stack) -> None:
    function = Logging(bare, LogFormat="JSON", ApplicationLogLevel="ERROR")
    assert wait_for("a line", lambda: function.levels("printed") or None)[0] == "DEBUG"
    assert function.levels("record") == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [({}, ALL[1:]), *(({"ApplicationLogLevel": level}, ALL[n:]) for n, level in enumerate(ALL[:2]))]
)  # fmt: skip
def test_records_and_printed_lines_from_a_level_adapted(
    adapted: Stack, config: dict[str, str], expected: list[str]
) -> None:
    assert Logging(adapted, LogFormat="JSON", **config).levels("record") == expected
    assert Logging(adapted, LogFormat="JSON", **config).levels("printed") == expected


def test_a_line_without_a_level_counts_as_info_adapted(adapted: Stack) -> None:
    assert {'{"_aws": {}}', "plain"} <= set(Logging(adapted, LogFormat="JSON").lines())
    above = Logging(adapted, LogFormat="JSON", ApplicationLogLevel="ERROR").lines()
    assert not {'{"_aws": {}}', "plain"} & set(above)
    assert len([line for line in above if '"ERROR"' in line]) == 3


def test_a_function_reads_its_level_adapted(adapted: Stack) -> None:
    assert Logging(adapted, LogFormat="JSON").levels("variable") == ["INFO"]
    assert Logging(adapted, LogFormat="Text").levels("variable") == [None]


def test_a_record_has_its_extra_fields_adapted(adapted: Stack) -> None:
    (line, *_) = [line for line in Logging(adapted, LogFormat="JSON").lines() if '"record"' in line]
    record = json.loads(line)
    assert (record["level"], record["logger"], record["n"]) == ("INFO", "own", 1)


def test_the_format_text_drops_nothing_adapted(adapted: Stack) -> None:
    function = Logging(adapted, LogFormat="Text")
    assert function.levels("printed") == ALL
    (record, *_) = [line for line in function.lines() if line.endswith("\trecord")]
    assert record.startswith("[WARNING]\t")
