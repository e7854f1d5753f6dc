"""A body that may be JSON or a form, checked against one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from jmpy.http import multipart
from jmpy.http.body import json_object, text
from jmpy.http.errors import UnsupportedMediaType

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

Model = TypeVar("Model", bound=BaseModel)


def checked(model: type[Model], event: BaseProxyEvent) -> Model:
    """Raises MalformedBody, EncodedBody, NotAnObject, UnsupportedMediaType,
    RequestValidationError."""
    content_type = event.headers.get("content-type") or ""
    match content_type.partition(";")[0].strip().lower():
        case "" | "application/json":
            sent: dict[str, Any] = json_object(event)
        case multipart.MEDIA_TYPE:
            sent = multipart.fields(content_type, text(event))
        case _:
            raise UnsupportedMediaType(content_type, f"application/json or {multipart.MEDIA_TYPE}")
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise RequestValidationError(
            [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors()]
        ) from None
