"""The page of reliability is what its generator makes of what was measured."""

import json

import pytest

from bench import reliability

TEXT = reliability.PAGE.read_text()


@pytest.mark.parametrize("result", reliability.results(), ids=lambda result: result["what"])
def test_the_page_tells_what_was_measured(result: dict[str, object]) -> None:
    assert reliability.section(result) in TEXT, "run 'make reliability'"


def test_the_page_tells_every_finding() -> None:
    for finding in json.loads(reliability.FINDINGS.read_text()):
        assert f"| {finding['found']} | {finding['by']} | {finding['commit']}" in TEXT
