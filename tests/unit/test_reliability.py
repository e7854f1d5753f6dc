"""The page of reliability is what its generator makes of what was measured."""

import json

import pytest

from bench import reliability

TEXT = reliability.PAGE.read_text()


@pytest.mark.parametrize("source", reliability.results())
def test_the_page_tells_what_was_measured(source: str) -> None:
    told = reliability.section(source, reliability.results()[source])
    assert told in TEXT, "run 'make reliability'"


def test_the_page_begins_with_all_figures_in_one_table() -> None:
    findings = json.loads(reliability.FINDINGS.read_text())
    summary = reliability.summary(reliability.results(), findings)
    assert TEXT.partition("\n## ")[0].endswith(summary), "run 'make reliability'"


def test_the_table_leaves_out_what_was_not_measured() -> None:
    measured = {"faults": {"figures": {"faults": 1234}}}
    assert reliability.summary(measured, []).splitlines()[3:] == [
        "| AWS faults injected | 1,234 |",
        "| [Findings fixed](#found-and-fixed), each with a test | 0 |",
    ]


def test_the_page_tells_every_finding() -> None:
    for finding in json.loads(reliability.FINDINGS.read_text()):
        assert f"| {finding['found']} | {finding['by']} | {finding['commit']}" in TEXT
