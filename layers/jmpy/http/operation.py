"""How an operation of a resource is declared: what is served, to whom, and what the reference says
of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.event_handler import content_types
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from jmpy.access.policy import AccessPolicy
from jmpy.http.body import EncodedBody, MalformedBody, NotAnObject
from jmpy.http.errors import BodyTooLarge, UnsupportedMediaType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel

    from jmpy.access.permission import Permission
    from jmpy.access.policy import Caller
    from jmpy.limits.plan import LimitClass

    Method = TypeVar("Method", bound=Callable[..., Any])

WITH_BODY = (
    MalformedBody, EncodedBody, NotAnObject, BodyTooLarge, UnsupportedMediaType,
    RequestValidationError,
)  # fmt: skip
"""What can be wrong with any JSON body."""

_DECLARED = "_operations"


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    """As Powertools spells it: `/api/v1/short-urls/<id>`."""
    access_policy: AccessPolicy
    handler: str
    """The name of the method that serves it, which becomes the operationId; its docstring is the
    description."""
    summary: str
    status: int
    """Of success."""
    errors: tuple[type[Exception], ...]
    """Beyond those of every operation."""
    media_type: str
    """Of success."""
    headers: tuple[str, ...]
    """Of success, beyond those of every operation."""
    upload: type[BaseModel] | None
    """The model of a body that the handler reads itself, as JSON or as a form."""

    @property
    def resource_path(self) -> str:
        """As API Gateway and the template spell it: `/api/v1/short-urls/{id}`."""
        return self.path.replace("<", "{").replace(">", "}")


def operation(
    method: str,
    path: str,
    *,
    limit: LimitClass,
    cost: int | None = 1,
    permission: Permission | None = None,
    caller: Caller | None = None,
    summary: str = "",
    status: int = 200,
    errors: tuple[type[Exception], ...] = (),
    media_type: str = content_types.APPLICATION_JSON,
    headers: tuple[str, ...] = (),
    upload: type[BaseModel] | None = None,
) -> Callable[[Method], Method]:
    """Declares a method of a `Resource` as the operation that serves `method` and `path`.

    It is served to requests with `permission`, or to what `caller` says; with neither, to nobody.
    Each request consumes `cost` of the daily `limit`; `None`: the operation says how much with
    `Resource.consume`, once it has read the body.
    """

    def declare(handler: Method) -> Method:
        declared = Operation(
            method,
            path,
            AccessPolicy(permission, limit, cost, caller),
            handler.__name__,
            summary,
            status,
            errors,
            media_type,
            headers,
            upload,
        )
        setattr(handler, _DECLARED, (*getattr(handler, _DECLARED, ()), declared))
        return handler

    return declare


def declared_by(resource: type) -> Iterator[Operation]:
    """The operations of a class and of those it is derived from, in the order of the source."""
    for base in reversed(resource.__mro__):
        for attribute in vars(base).values():
            yield from getattr(attribute, _DECLARED, ())
