"""How the visit of a short link ended, for the metrics."""

from enum import StrEnum
from http import HTTPStatus


class VisitOutcome(StrEnum):
    FOLLOWED = "followed"
    PREVIEWED = "previewed"
    NOT_FOUND = "not found"
    GONE = "gone"
    PASSWORD = "password"  # noqa: S105 - it is none
    """It was requested, wrong, or tried too often."""
    FAULT = "fault"

    @classmethod
    def from_status(cls, status: int) -> "VisitOutcome":
        """From the API's status for this error; a person who has to enter a password gets another
        one."""
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return cls.FAULT
        if status < HTTPStatus.BAD_REQUEST:
            return cls.FOLLOWED
        outcomes = {HTTPStatus.NOT_FOUND: cls.NOT_FOUND, HTTPStatus.GONE: cls.GONE}
        return outcomes.get(HTTPStatus(status), cls.PASSWORD)
