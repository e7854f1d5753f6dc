"""Reads a request body; whatever a client sends ends as a value or as `MalformedBody`."""

from __future__ import annotations

import json
from types import NoneType
from typing import TYPE_CHECKING, Any, NoReturn

from jmpy.errors import Invalid, Malformed, UnsupportedMedia
from jmpy.formats.json_text import RepeatedName, unique_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent


REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_NOT_UTF8 = (
    "The body is not UTF-8 text (the character U+FFFD itself can be sent as \\ufffd within JSON)"
)


_BYTE_ORDER_MARK = "\ufeff"


class MalformedBody(Malformed):
    """The body is not JSON that this API can read; the message says why."""

    example = (
        "The body is not valid JSON: Expecting property name enclosed in double quotes at line 1 "
        "column 2",
    )


class NotAnObject(Invalid):
    """The body is JSON, and another kind of it."""

    field = "body"
    example = ([],)

    def __init__(self, sent: object) -> None:
        hint = (
            "; create many links with POST /api/v1/bulk-urls/create, and change them one by one"
            if isinstance(sent, list)
            else ""
        )
        super().__init__(f"The body must be a JSON object, such as {{}}, not {_kind(sent)}{hint}")


class EncodedBody(UnsupportedMedia):
    """The body is compressed."""

    example = ("gzip",)

    def __init__(self, coding: str) -> None:
        super().__init__(
            f"Send the body as it is, without Content-Encoding: {coding[:50]} (RFC 9110 "
            "section 8.4)"
        )


def text(event: BaseProxyEvent) -> str:
    """Empty where there is none. Raises MalformedBody, EncodedBody."""
    # API Gateway hands a form over as text too: the API has no binary media types, since a file
    # of 5 MB in Base64 would pass the 6 MB that Lambda takes.
    try:
        body = event.decoded_body or ""
    except ValueError:
        body = REPLACEMENT
    return checked(body, event.headers)


def checked(body: str, headers: Mapping[str, str]) -> str:
    """A body as API Gateway hands it over: bytes that are no UTF-8 have become U+FFFD by then, and
    what they stood for is lost.

    Raises MalformedBody, EncodedBody.
    """
    if REPLACEMENT not in body:
        return body
    # API Gateway decodes what it knows; what it left encoded is no text.
    coding = next((v for n, v in headers.items() if n.lower() == "content-encoding"), "").strip()
    if coding.lower() not in ("", "identity"):
        raise EncodedBody(coding)
    raise MalformedBody(_NOT_UTF8)


def json_object(event: BaseProxyEvent) -> dict[str, Any]:
    """Raises MalformedBody, EncodedBody, NotAnObject."""
    if not text(event).strip():
        raise MalformedBody("The body is empty; send a JSON object")
    sent = event.json_body  # which Powertools keeps for the handler
    if not isinstance(sent, dict):
        raise NotAnObject(sent)
    return sent


def parse_json(text: str) -> Any:
    """Raises MalformedBody, also where `json.loads` fails in other ways than with
    JSONDecodeError: nesting beyond the stack, integers beyond the digit limit, NaN. Also where an
    object has a name twice. A byte order mark, as Windows' tools write one, is ignored (RFC 8259
    section 8.1)."""
    try:
        return json.loads(
            text.removeprefix(_BYTE_ORDER_MARK),
            parse_constant=_reject_constant,
            object_pairs_hook=unique_names,
        )
    except RepeatedName as error:
        raise MalformedBody(f"The body is ambiguous: {error}") from None
    except json.JSONDecodeError as error:
        raise MalformedBody(
            f"The body is not valid JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    except RecursionError:
        raise MalformedBody("The body is nested too deeply") from None
    except ValueError:
        raise MalformedBody("The body contains a number that is too large") from None


def _kind(sent: object) -> str:
    for kind, name in (
        (list, "a list"),
        (str, "text"),
        (bool, "true or false"),
        (NoneType, "null"),
    ):
        if isinstance(sent, kind):
            return name
    return "a number"


def _reject_constant(name: str) -> NoReturn:
    raise MalformedBody(f"The body is not valid JSON: {name} is not a JSON number")
