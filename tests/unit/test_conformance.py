"""The facts about AWS are complete, and a run says what came of each."""

from __future__ import annotations

from typing import Any

import pytest

from ops.conformance.comparison import differences
from ops.conformance.emulator import KNOWN_MISSES
from ops.conformance.fact import Certainty, Fact, Source, get
from ops.conformance.facts import FACTS
from ops.conformance.run import Verdict, verdict
from ops.contract.matching import containing


def test_every_id_is_unique() -> None:
    ids = [fact.id for fact in FACTS]
    assert len(ids) == len(set(ids))


def test_every_fact_is_a_sentence_with_a_source() -> None:
    for fact in FACTS:
        assert fact.statement.endswith("."), fact.id
        assert fact.source.title, fact.id
        assert fact.source.link.startswith("https://"), fact.id


def test_what_is_recorded_has_a_day() -> None:
    undated = {fact.id for fact in FACTS if not fact.source.recorded
               and fact.source.certainty is Certainty.RECORDED}  # fmt: skip
    assert undated == set()


def test_only_facts_that_may_fail_are_listed_as_missed() -> None:
    assert set(KNOWN_MISSES) <= {fact.id for fact in FACTS if fact.may_fail}


@pytest.mark.parametrize(
    ("certainty", "status", "reason", "expected"),
    [
        (Certainty.RECORDED, 200, "", Verdict.HOLDS),
        (Certainty.RECORDED, 500, "", Verdict.MISSED),
        (Certainty.RECORDED, 500, "it cannot", Verdict.KNOWN),
        (Certainty.RECORDED, 200, "it cannot", Verdict.UNEXPECTED),
        (Certainty.DOCUMENTED, 500, "", Verdict.MISSED),
        (Certainty.ASK_AWS, 200, "", Verdict.AS_ASSUMED),
        (Certainty.ASK_AWS, 500, "", Verdict.NOT_AS_ASSUMED),
    ],
)
def test_a_verdict_follows_from_what_is_seen_and_known(
    certainty: Certainty, status: int, reason: str, expected: Verdict
) -> None:
    source = Source(certainty, "A page", "https://example.com")
    fact = Fact("one", "It is so.", get("/"), {"status": 200}, source)
    assert verdict(fact, bool(differences(fact.expected, {"status": status})), reason) is expected


def test_what_fails_a_run() -> None:
    assert {each for each in Verdict if each.is_fault} == {Verdict.MISSED, Verdict.UNEXPECTED}


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 2, "d": 3}]}}),
        ({"a": None}, {}),
        ({"a": containing("x")}, {"a": "axb"}),
    ],
)
def test_what_is_not_named_may_be_anything(expected: Any, seen: Any) -> None:
    assert differences(expected, seen) == []


@pytest.mark.parametrize(
    ("expected", "seen", "difference"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b: 1 was expected, not 2"),
        ({"a": {"b": 1}}, {"a": "text"}, "a: {'b': 1} was expected, not 'text'"),
        ({"a": [1]}, {"a": [1, 2]}, "a: [1] was expected, not [1, 2]"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "a[0].b: 1 was expected, not 2"),
        ({"a": None}, {"a": 1}, "a: None was expected, not 1"),
    ],
)
def test_a_difference_names_where_it_is(expected: Any, seen: Any, difference: str) -> None:
    assert differences(expected, seen) == [difference]
