"""Reads a request body; whatever a client sends ends as a value or as `MalformedBody`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent


class MalformedBody(Exception):
    """The body is not JSON that this API can read; the message says why."""


def text(event: BaseProxyEvent) -> str:
    """Empty where there is none. Raises MalformedBody."""
    # API Gateway hands a form over as text too: the API has no binary media types, since a file
    # of 5 MB in Base64 would pass the 6 MB that Lambda takes.
    try:
        return event.decoded_body or ""
    except ValueError:
        raise MalformedBody("The body is not UTF-8 text") from None


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
