"""Deliver only those log events that a subscription's regular expression selects.

MiniStack searches the text for a pattern's words, so `%key.:.[a-z]%` selects nothing. On AWS the
text between percent signs is a regular expression, searched for in every event, JSON or not
(CloudWatch Logs user guide, "Supported regular expressions (regex) syntax"). Patterns over fields
of JSON raise an error. It must never change how other patterns are interpreted.

Tests: tests/emulator/test_gap_batches.py.
"""

import re

from ministack.services import cloudwatch_logs

_EXPRESSION = re.compile(r"%(.*)%", re.DOTALL)

# All that AWS allows in one, besides its operators.
_TAKEN = re.compile(r"[A-Za-z0-9:_#=@/;,\-^$?\[\]{}|\\*+.]+")


def apply() -> None:
    """Read regular expressions."""
    bare = cloudwatch_logs._subscription_pattern_matches

    def matches(pattern: str, message: str) -> bool:
        stripped = (pattern or "").strip()
        if stripped.startswith("{"):
            raise NotImplementedError(f"the filter pattern {pattern}")
        expression = _EXPRESSION.fullmatch(stripped)
        if expression is None:
            return bool(bare(pattern, message))
        if not _TAKEN.fullmatch(expression[1]):
            raise ValueError(f"the filter pattern {pattern}")
        return re.search(expression[1], message) is not None

    cloudwatch_logs._subscription_pattern_matches = matches
