"""A scanner's report: the message of GitHub's secret scanning partner program."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr, TypeAdapter, ValidationError

from jmpy.leaks.errors import MalformedReport

MAX_LEAKS = 100
"""Leaks in one message; GitHub sends far fewer."""


class Leak(BaseModel):
    token: SecretStr
    type: str = Field(max_length=100)
    url: str | None = Field(default=None, max_length=2048)
    """Where it was found; None if that is not public."""


_report = TypeAdapter(list[Leak])


def parse(body: bytes) -> list[Leak]:
    """Raises MalformedReport, which quotes nothing of the body."""
    try:
        leaks = _report.validate_json(body)
    except ValidationError:
        raise MalformedReport(MAX_LEAKS) from None
    if len(leaks) > MAX_LEAKS:
        raise MalformedReport(MAX_LEAKS)
    return leaks
