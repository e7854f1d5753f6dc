"""What the ratios of `make bench` rest on: turns, neighbours, right answers, and that the emulator
measures the runtime and leaves nothing behind."""

import sys
from pathlib import Path

import pytest

from bench.speed import emulator, interpreter, measure
from bench.speed.comparisons import Pair, each
from bench.speed.measure import Sample, UnexpectedResponse
from bench.speed.subjects import Subject

OURS = Subject("ours", [], [{}])
THEIRS = Subject("theirs", [], [{}])

CLIENT = """
import importlib, json, os, sys, urllib.request
sys.path.insert(0, os.getcwd())
handler = importlib.import_module(sys.argv[1].split(".")[0]).handler
api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(api + "next") as event:
        request, body = event.headers["Lambda-Runtime-Aws-Request-Id"], json.load(event)
    answer = json.dumps(handler(body, None)).encode()
    urllib.request.urlopen(f"{api}{request}/response", answer).close()
"""
"""Stands in for AWS's runtime interface client, which only the bench installs."""

HANDLER = """
import os, time
def handler(event, context):
    started = time.process_time()
    while time.process_time() - started < event["seconds"]:
        pass
    return {"statusCode": event["status"], "process": os.getpid()}
"""


def test_ours_and_the_reference_take_turns() -> None:
    order: list[str] = []

    def environment(subject: Subject, calls: int) -> Sample:
        order.append(f"{subject.name} {calls}")
        return Sample({"statusCode": 200}, cold_wall=2.0, cold_cpu=1.0)

    figures = measure.rounds({"process": environment}, [(OURS, 30), (THEIRS, 0)], 2, _say_nothing)

    assert order == ["ours 30", "theirs 0", "ours 30", "theirs 0"]
    assert figures["process"]["theirs"].cold_cpu == [1000, 1000]


def test_a_ratio_is_of_neighbours_so_that_a_slow_minute_changes_nothing() -> None:
    assert measure.ratio([1, 20, 3], [2, 40, 6]) == 0.5


def test_a_wrong_answer_ends_the_measurement() -> None:
    def environment(_subject: Subject, _calls: int) -> Sample:
        return Sample({"errorMessage": "no"}, cold_wall=1.0, cold_cpu=1.0)

    with pytest.raises(UnexpectedResponse, match="ours answered"):
        measure.rounds({"process": environment}, [(OURS, 0)], 1, _say_nothing)


def test_a_subject_of_both_tables_is_run_once_with_its_warm_calls() -> None:
    pair = Pair("a link", OURS, THEIRS, None)
    other = Subject("other", [], [{}])

    subjects = each([pair, pair._replace(theirs=other)], [pair])

    assert subjects == [(OURS, measure.CALLS), (THEIRS, measure.CALLS), (other, 0)]


def test_what_is_no_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(interpreter.NoPython, match="is not a Python that starts"):
        interpreter.find(str(tmp_path))
    with pytest.raises(interpreter.NoPython, match="is not a Python that starts"):
        interpreter.find("true")


@pytest.fixture
def emulated(tmp_path: Path) -> emulator.Emulator:
    client = tmp_path / "awslambdaric"
    client.mkdir()
    (client / "__main__.py").write_text(CLIENT)
    (tmp_path / "app.py").write_text(HANDLER)
    try:
        return emulator.emulator(sys.executable, {}, tmp_path)
    except emulator.NotHere as error:
        pytest.skip(str(error))


def test_the_emulator_measures_the_cpu_of_the_runtime(
    emulated: emulator.Emulator, tmp_path: Path
) -> None:
    events = [{"seconds": 0.1, "status": 200}, {"seconds": 0.02, "status": 200}]
    subject = Subject("busy", [tmp_path], events)

    sample = emulated(subject, calls=2)

    assert sample.cold_cpu > 0.1
    assert sample.warm_cpu is not None
    assert sample.warm_cpu > 0.02
    assert not Path(f"/proc/{sample.response['process']}").exists()


def test_the_emulator_says_what_a_function_that_does_not_start_wrote(
    emulated: emulator.Emulator, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text("raise RuntimeError('no table')")

    with pytest.raises(UnexpectedResponse, match="no table"):
        emulated(Subject("broken", [tmp_path], [{}]), calls=0)


def _say_nothing(_done: int, _total: int) -> None:
    pass
