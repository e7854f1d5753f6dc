"""What the OpenAPI document says of an operation's errors.

Every operation can answer with the errors of its way in (credential, permission, query); it names
the others itself.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from jmpy.http.terms import Caller

if TYPE_CHECKING:
    from jmpy.http.terms import Terms

EVERYWHERE = (400, 401, 403, 405, 429, 503)
"""Malformed query, no or a bad key, lacking permission, another method, no room in
the daily limit or at the edge, a fault behind us."""

WITH_BODY = (413, 415, 422)


class FieldProblem(BaseModel):
    field: str
    reason: str


class ErrorDetails(BaseModel):
    """`errors` of fields, the other three of a limit."""

    errors: list[FieldProblem] | None = None
    limit: int | None = None
    remaining: int | None = None
    reset_at: str | None = None


class Error(BaseModel):
    code: str
    message: str
    details: ErrorDetails | None = None


class ErrorBody(BaseModel):
    """The envelope of every error; the specification's bodies have no `details`."""

    success: Literal[False]
    error: Error


_CALLERS = {
    None: "",
    Caller.SESSION: "Needs a session; an API key is refused, whatever its permissions.",
    Caller.ANY_KEY: "Takes any API key, whatever its permissions.",
}


def description(terms: Terms) -> str:
    permission = f"Needs the permission `{terms.permission}`." if terms.permission else ""
    counted = {0: "Is not counted.", None: f"Each row counts against `{terms.limit}`."}
    counting = counted.get(terms.cost, f"Counts against `{terms.limit}`.")
    return " ".join(filter(None, (permission, _CALLERS[terms.caller], counting)))


def responses(
    status: int, success: str, errors: tuple[int, ...], media_type: str | None = None
) -> dict[int, dict[str, Any]]:
    """The responses of an operation, in Powertools' form; it adds the success body, unless that is
    of another `media_type` than JSON."""
    documented: dict[int, dict[str, Any]] = {status: {"description": success}}
    if media_type:
        documented[status]["content"] = {media_type: {"schema": {"type": "string"}}}
    for code in sorted({*EVERYWHERE, *errors}):
        documented[code] = {
            "description": HTTPStatus(code).phrase,
            "content": {"application/json": {"model": ErrorBody}},
        }
    return documented
