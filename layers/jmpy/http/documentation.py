"""What the OpenAPI document says of an operation's errors.

Every operation can answer with the errors of its way in (credential, permission, query); it names
the others itself.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel

EVERYWHERE = (400, 401, 403, 405, 503)
"""Malformed query, no or a bad key, lacking permission, another method, a fault behind us."""

WITH_BODY = (413, 415, 422)


class FieldProblem(BaseModel):
    field: str
    reason: str


class ErrorDetails(BaseModel):
    errors: list[FieldProblem]


class Error(BaseModel):
    code: str
    message: str
    details: ErrorDetails | None = None


class ErrorBody(BaseModel):
    """The envelope of every error; the specification's bodies have no `details`."""

    success: Literal[False]
    error: Error


def responses(status: int, success: str, errors: tuple[int, ...]) -> dict[int, dict[str, Any]]:
    """The responses of an operation, in Powertools' form; the success body is added by it."""
    documented: dict[int, dict[str, Any]] = {status: {"description": success}}
    for code in sorted({*EVERYWHERE, *errors}):
        documented[code] = {
            "description": HTTPStatus(code).phrase,
            "content": {"application/json": {"model": ErrorBody}},
        }
    return documented
