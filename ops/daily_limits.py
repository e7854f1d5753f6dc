"""Daily limits as commands take them: `url_creation=5000,analytics=900`."""

from __future__ import annotations

import argparse

from jmpy.limits.plan import MAX_LIMIT, LimitClass

EXAMPLE = f"url_creation=5000,analytics=900; of: {', '.join(LimitClass)}"


def parsed(text: str) -> dict[LimitClass, int]:
    """The type of an option."""
    limits = {}
    for pair in text.replace(",", " ").split():
        name, _, limit = pair.partition("=")
        if name not in set(LimitClass) or not limit.isascii() or not limit.isdigit():
            raise argparse.ArgumentTypeError(
                f"{pair!r} is not like url_creation=5000; classes are: {', '.join(LimitClass)}"
            )
        if int(limit) > MAX_LIMIT:
            raise argparse.ArgumentTypeError(f"{pair!r} is more than {MAX_LIMIT:,}")
        limits[LimitClass(name)] = int(limit)
    return limits
