"""What can be wrong with a question about clicks.

`field` names the query parameter that has to change.
"""

from jmpy.errors import Malformed


class InvalidRange(Malformed):
    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class OffsetTooDeep(Malformed):
    field = "offset"

    def __init__(self, bound: int) -> None:
        super().__init__(
            f"Offsets end at {bound:,}; ask for one link at a time, or take the clicks as CSV from "
            "/api/v1/analytics/export?report=clicks"
        )


class TooManyLinks(Malformed):
    """More links match than are added up for one answer."""

    def __init__(self, field: str, bound: int) -> None:
        self.field = field
        super().__init__(
            f"More than {bound} links match; name a campaign or tags that fewer links have"
        )


class NoRangeOfClicks(Malformed):
    """A list of clicks is asked for by date."""

    example = ("start_date",)

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(
            f"{field} is for report=timeseries; report=clicks has the newest clicks that are kept"
        )
