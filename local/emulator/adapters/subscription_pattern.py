"""Hand on only those log events that a subscription's JSON pattern selects.

MiniStack looks for a pattern's words in the text, so that `{ $.keyId != "-" }` selects nothing.
On AWS it compares a field of a JSON event (CloudWatch Logs user guide, "Filter pattern syntax").
Known here are the patterns with one comparison; another one is refused loudly. It must never change
how other patterns are read.
"""

import json
import re

from ministack.services import cloudwatch_logs

_COMPARISON = re.compile(r'\{\s*\$\.(\w+)\s*(=|!=)\s*"([^"]*)"\s*\}')


def apply() -> None:
    """Read JSON patterns."""
    bare = cloudwatch_logs._subscription_pattern_matches

    def matches(pattern: str, message: str) -> bool:
        if not (pattern or "").lstrip().startswith("{"):
            return bool(bare(pattern, message))
        comparison = _COMPARISON.fullmatch(pattern.strip())
        if comparison is None:
            raise NotImplementedError(f"the filter pattern {pattern}")
        field, operator, wanted = comparison.groups()
        try:
            event = json.loads(message)
        except ValueError:
            return False
        if not isinstance(event, dict) or field not in event:
            return False
        return (str(event[field]) == wanted) == (operator == "=")

    cloudwatch_logs._subscription_pattern_matches = matches
