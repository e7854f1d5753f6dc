"""What an operation says of itself in the OpenAPI document, beyond its terms.

Only kept here: `make openapi` reads it, a request never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from jmpy.http.body import EncodedBody, MalformedBody, NotAnObject
from jmpy.http.errors import BodyTooLarge, UnsupportedMediaType

if TYPE_CHECKING:
    from collections.abc import Callable

WITH_BODY = (
    MalformedBody, EncodedBody, NotAnObject, BodyTooLarge, UnsupportedMediaType,
    RequestValidationError,
)  # fmt: skip
"""What can be wrong with any JSON body."""


@dataclass(frozen=True, slots=True)
class Documentation:
    handler: Callable[..., Any]
    """Its name becomes the operationId, its docstring the description."""
    summary: str
    status: int
    """Of success."""
    errors: tuple[type[Exception], ...]
    """Beyond those of every operation."""
    media_type: str
    """Of success."""
    headers: tuple[str, ...]
    """Of success, beyond those of every operation."""
    upload: type[Any] | None
    """The model of a body that the handler reads itself, as JSON or as a form."""
