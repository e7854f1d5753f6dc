"""The header `Idempotency-Key` as a parameter of an operation.

Apart from `idempotency`, which the redirect loads with the error table: this one needs pydantic.
"""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header
from pydantic import WithJsonSchema

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="Any text that is new for each create"),
    WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"}
    ),
]
