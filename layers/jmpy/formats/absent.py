"""The type of a query parameter that was not sent. None is ever null: the reference has no such
type for it."""

from pydantic.json_schema import SkipJsonSchema

Absent = SkipJsonSchema[None]
