"""How long hypothesis looks for a sequence of steps after which the tables disagree with a plain
model in memory."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings


def steps() -> settings:
    """Few, and the same each time; with `make prove` other ones each time, and many."""
    is_long = "PROVE" in os.environ
    return settings(
        max_examples=60 if is_long else 5,
        stateful_step_count=30 if is_long else 12,
        derandomize=not is_long,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
