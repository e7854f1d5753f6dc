"""The adapted emulator does what AWS was recorded to do, but for what is listed."""

import pytest

from ops.conformance.emulator import KNOWN_MISSES
from ops.conformance.facts import FACTS
from ops.conformance.run import Outcome, run
from tests.emulator.gap_stack import Stack


@pytest.fixture(scope="module")
def outcomes(adapted: Stack) -> dict[str, Outcome]:
    found = run(FACTS, adapted.target, KNOWN_MISSES, lambda _: None)
    return {outcome.fact.id: outcome for outcome in found}


@pytest.mark.parametrize("fact", [fact.id for fact in FACTS])
def test_a_fact_holds_or_is_listed(outcomes: dict[str, Outcome], fact: str) -> None:
    outcome = outcomes[fact]
    assert not outcome.verdict.is_fault, "\n".join(outcome.lines)
