"""The header `If-Match` as a parameter of an operation.

Apart from `entity_tag`, which the redirect loads with the error table: this one needs pydantic.
"""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header
from pydantic import WithJsonSchema

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` of an earlier response: only if it is still current, else 412",
    ),
    WithJsonSchema({"type": "string", "pattern": r'^(\*|"[0-9]{1,15}")$'}),
]
