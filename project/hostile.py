"""Input that nobody would send by mistake, and a watch over its effects.

`make test` runs a few cases of each kind, always the same. `make fuzz` (bench/fuzz.py) sets
JMPY_FUZZ to the number of cases per test, and draws new ones.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FEW = 25
"""Cases per test in `make test`."""

HANGS_AFTER = 30
"""Seconds that one case may take, even on a busy machine: it ends, or it is a bug."""

cases: Counter[str] = Counter()
"""Cases that were run, by test."""
slowest: dict[str, float] = {}
"""Seconds of the slowest case, by test."""

growth: dict[str, list[int]] = {}
"""Measurements of memory."""


class Hang(BaseException):
    """Not an Exception, so that no code in between catches it."""


def fuzz(share: float = 1.0) -> settings:
    """Settings of a fuzz test, for `share` times the usual number of cases."""
    cases = os.environ.get("JMPY_FUZZ")
    return settings(
        max_examples=max(5, int((int(cases) if cases else FEW) * share)),
        derandomize=cases is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def watching(test: str) -> Iterator[None]:
    """Counts a case of the test, and ends one that hangs."""

    def expired(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, expired)
    signal.alarm(HANGS_AFTER)
    started = time.perf_counter()
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        took = time.perf_counter() - started
        cases[test] += 1
        slowest[test] = max(slowest.get(test, 0.0), took)


def watched(test: Callable[..., None]) -> Callable[..., None]:
    """Watches the cases of a fuzz test. Below `given`."""

    @functools.wraps(test)
    def one(*arguments: Any, **named: Any) -> None:
        with watching(test.__name__):
            test(*arguments, **named)

    return one


EVIL = (
    "", " ", "\0", "\r\nSet-Cookie: x=1", "%00", "%ff", "\ufeff", "\u202e", "\ud800", "\udfff",
    "'", '"', "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "../../etc/passwd",
    "//evil.example", "\\\\evil.example", "javascript:alert(1)", "http://[", "http://[::1]:99999/",
    "http://169.254.169.254/latest/meta-data", "https://user:pw@example.com", "xn--", "a" * 300,
    "💣" * 50, "e\u0301", "0" * 30, "-1", "1e999", "NaN", "null", "[" * 2000, '{"a":' * 500,
    "9999999999999", "2026-02-30", "0000-00-00", "2026-01-01T00:00:00+99:99", "=cmd()", "\t",
    "\x85", "bearer", "Basic eDp5", "jmpy_", "jmpy_" + "A" * 38, "eyJhbGciOiJub25lIn0.e30.", "#",
    "account#a", '","keyId":"other', '","x":' + "[" * 2000,
)  # fmt: skip

texts = st.one_of(
    st.sampled_from(EVIL),
    st.text(max_size=40),
    st.text(st.characters(categories=None), max_size=20),  # also surrogates
    st.text("0123456789abcdefABCDEF%&=;,:/?#\"'\\ \r\n\t-_.", max_size=60),
    st.tuples(st.sampled_from(EVIL), st.text(max_size=8)).map("".join),
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def objects(*names: str) -> st.SearchStrategy[Any]:
    """JSON objects with some of these fields, of any type, and perhaps others."""
    fields = st.dictionaries(st.sampled_from(names) | texts, values, max_size=6)
    return fields | values


def bodies(*names: str) -> st.SearchStrategy[str | None]:
    """Bodies as text: JSON, almost JSON, and anything."""
    written = objects(*names).map(lambda value: json.dumps(value, allow_nan=True))
    cut = st.tuples(written, st.integers(0, 30)).map(lambda both: both[0][: -both[1] or None])
    return st.none() | written | cut | texts


def fields(*names: str) -> st.SearchStrategy[dict[str, str]]:
    """Headers, parameters or fields of a form: mostly of these names."""
    return st.dictionaries(st.sampled_from(names) | texts, texts, max_size=5)
