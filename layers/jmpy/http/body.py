"""Reads a request body; whatever a client sends ends as a value or as `MalformedBody`."""

import json
from typing import Any, NoReturn


class MalformedBody(Exception):
    """The body is not JSON that this API can read; the message says why."""


def parse_json(text: str) -> Any:
    """Raises MalformedBody, also where `json.loads` fails in other ways than with
    JSONDecodeError: nesting beyond the stack, integers beyond the digit limit, NaN."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise MalformedBody(
            f"The body is not valid JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    except RecursionError:
        raise MalformedBody("The body is nested too deeply") from None
    except ValueError:
        raise MalformedBody("The body holds a number that is too large") from None


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedBody(f"The body is not valid JSON: {name} is not a JSON number")
