"""The envelope of every success."""

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel

Data = TypeVar("Data")


class Success(BaseModel, Generic[Data]):
    success: Literal[True] = True
    data: Data
