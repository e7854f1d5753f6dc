"""The header `Idempotency-Key` as a parameter of an operation.

Separate from the service, which the redirect loads with the error table: this one needs pydantic.
"""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header
from pydantic import WithJsonSchema

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="A unique value for each create"),
    WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"}
    ),
]

UnusedIdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="Accepted without effect: nothing is created"),
]
"""For clients that send one with every POST. openapi-python-client also needs it: the function of
an operation with two kinds of body cannot be imported unless it has an optional parameter as well
(it uses `Unset`, which only such a parameter imports)."""
