"""What the documentation says about facts and adapters is what the code says."""

from __future__ import annotations

import re

import pytest

from ops.conformance.emulator import KNOWN_MISSES
from ops.conformance.fact import Certainty, Fact, Source, get
from ops.conformance.facts import FACTS
from project import aws_behaviours
from project.aws_behaviours import BEHAVIOURS, CONFORMANCE, NAMED_FACT
from project.template import PROJECT

PAGE = BEHAVIOURS.read_text()


def fact(name: str, certainty: Certainty) -> Fact:
    source = Source(certainty, "A page", "https://example.com")
    return Fact(name, "It is so.", get("/"), {}, source)


def test_the_behaviours_are_generated() -> None:
    """`make behaviours` writes them."""
    assert aws_behaviours.behaviours(PAGE) == PAGE


def test_the_facts_are_generated() -> None:
    """`make behaviours` writes them."""
    page = CONFORMANCE.read_text()
    assert aws_behaviours.conformance(page) == page


def test_every_fact_that_is_named_exists() -> None:
    assert set(NAMED_FACT.findall(PAGE)) - {fact.id for fact in FACTS} == set()


def test_every_adapter_is_applied_and_no_other() -> None:
    applied = re.findall(r"(\w+)\.apply\(", (PROJECT / "local/emulator/__main__.py").read_text())
    assert sorted(applied) == [adapter.name for adapter in aws_behaviours.adapters()]


def test_every_test_of_an_adapter_exists() -> None:
    named = {test for adapter in aws_behaviours.adapters() for test in adapter.tests}
    assert {test for test in named if not (PROJECT / test).is_file()} == set()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([fact("a", Certainty.RECORDED)], "emulator (AWS: recorded)"),
        ([fact("a", Certainty.ASK_AWS)], "ask AWS"),
        (
            [fact("a", Certainty.ASK_AWS), fact("b", Certainty.RECORDED)],
            "emulator (AWS: recorded, ask)",
        ),
        ([fact("missed", Certainty.OBSERVED)], "no: it cannot (AWS: observed)"),
        (
            [fact("missed", Certainty.OBSERVED), fact("a", Certainty.DOCUMENTED)],
            "half: it cannot (AWS: observed, documented)",
        ),
    ],
)
def test_where_a_row_was_tried_follows_from_its_facts(
    facts: list[Fact], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KNOWN_MISSES, "missed", "it cannot")
    assert aws_behaviours.tried(facts) == expected
