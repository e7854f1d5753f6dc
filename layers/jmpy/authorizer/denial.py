"""The words of a denial, for the gateway response ACCESS_DENIED.

The authorizer cannot respond itself: API Gateway puts these values of the context into the template
of its response (template.yaml), as they are, without escaping. So all of them are constants of
ours, and none is ever empty, since AWS does not say what becomes of a variable without a value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmpy.access.errors import Words
    from jmpy.authorizer.hints import Hint


def context(words: Words, hint: Hint | None) -> dict[str, str]:
    """What the template needs. Without a hint the body is the specification's, to the byte."""
    details = f',"details":{json.dumps({"hint": hint}, separators=(",", ":"))}' if hint else ""
    return {
        "error_code": words.code,
        "error_message": words.message,
        # All that follows the message.
        "error_end": details + "}}",
    }
