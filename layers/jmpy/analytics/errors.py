"""What can be wrong with a request for figures or clicks.

`field` names the query parameter that has to change.
"""

from jmpy.errors import Malformed


class InvalidRange(Malformed):
    example = ("start_date", "date_range=custom needs start_date")

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class OffsetTooDeep(Malformed):
    field = "offset"
    example = (10_000,)

    def __init__(self, bound: int) -> None:
        super().__init__(
            f"The maximum offset is {bound:,}; list the clicks of one link at a time, or export "
            "them as CSV from "
            "/api/v1/analytics/export?report=clicks"
        )


class TooManyLinks(Malformed):
    """More links match than are added up for one response."""

    field = "tags"
    example = (100,)

    def __init__(self, bound: int) -> None:
        super().__init__(f"More than {bound} links match; choose tags with fewer links")


class NoRangeOfClicks(Malformed):
    """A list of clicks is requested by date."""

    example = ("start_date",)

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(
            f"{field} is valid with report=timeseries only; report=clicks returns the newest "
            "clicks that are retained"
        )
