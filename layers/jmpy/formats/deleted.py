"""The response to a deletion."""

from pydantic import BaseModel, Field

from jmpy.formats.envelope import Success
from jmpy.formats.time_field import Timestamp


class Message(BaseModel):
    message: str = Field(
        description="For people; the wording may change",
        examples=["The short URL autumn-sale was deleted"],
    )


class DeletedResponse(Success[Message]):
    timestamp: Timestamp = Field(description="When it was deleted")
