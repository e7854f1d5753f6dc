"""Anybody can send any user agent and referrer: classifying one ends, soon and without an error.

Time is bounded by form: at most 256 characters, and patterns in which nothing that repeats without
bound holds another such, so that none takes exponential time.
"""

from __future__ import annotations

import re
import re._parser as sre  # type: ignore[import-not-found]
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmpy.clicks import agents, classify, devices, models, sources
from jmpy.clicks.model import AgentKind, DeviceType, Dimension, SourceCategory
from jmpy.redirect import click as request
from project.clicks import click

PATTERNS = [
    (module.__name__, name, value)
    for module in (agents, classify, devices, models, sources, request)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
]


def unbounded(parsed: Any, depth: int = 0) -> Iterator[int]:
    """How deep in others of its kind each repetition without bound is."""
    for operation, argument in parsed:
        inner = depth
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            inner += argument[1] == sre.MAXREPEAT
            yield inner
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            for found in part if isinstance(part, list) else (part,):
                if isinstance(found, sre.SubPattern):
                    yield from unbounded(found, inner)


@pytest.mark.parametrize(
    ("module", "name", "pattern"), PATTERNS, ids=[f"{m}.{n}" for m, n, _ in PATTERNS]
)
def test_no_pattern_repeats_within_a_repetition(
    module: str, name: str, pattern: re.Pattern[str]
) -> None:
    assert max(unbounded(sre.parse(pattern.pattern, pattern.flags)), default=0) <= 1


def test_a_repetition_within_another_would_be_found() -> None:
    assert max(unbounded(sre.parse("x|(?:a(?:b|c+)?)*$"))) == 2
    assert max(unbounded(sre.parse("a+b*?(?:c{1,9}){2,}"))) == 1


# Of what user agents and patterns are made of.
parts = st.sampled_from(
    [
        "Mozilla/5.0 (", "Linux; ", "Android 14; ", "Android", "iPad", "Build/", "TV", "Tab", "Pad",
        "43", "M50_", "-W0", "_EEA", "Windows NT 10.0; ", "compatible; ", "like Gecko; ", "Chrome/",
        "Darwin/", "FBDV/", "Mobile ", "bot", "https:", ")", ";", " ", "\x00", "é", "\ud800", "%",
    ]
)  # fmt: skip
hostile = st.lists(parts | st.text(max_size=8), max_size=80).map("".join)


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_any_user_agent_is_of_one_kind_and_one_device(user_agent: str) -> None:
    values = classify.values_of(replace(click(), user_agent=user_agent))
    assert AgentKind(values[Dimension.AGENT])
    assert DeviceType(values[Dimension.DEVICE])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([".", "google", "com", "mail", "co", "uk", "-", "x"])
                | st.text(max_size=5), max_size=60).map("".join))  # fmt: skip
def test_any_referrer_is_of_one_source(host: str) -> None:
    assert sources.category_of(host) in SourceCategory
