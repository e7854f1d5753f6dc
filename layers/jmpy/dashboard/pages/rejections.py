"""What happens to a form whose request is rejected: it is shown again, with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jmpy.dashboard.pages.daily_limits import changes_used_up
from jmpy.dashboard.pages.mistakes import Mistakes
from jmpy.limits.errors import TooManyChanges

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.web.site import Site


@dataclass(frozen=True, slots=True)
class Rejection:
    """With none of them, the page itself says what changed meanwhile."""

    status: int
    errors: Mapping[str, str] = field(default_factory=dict)
    """What is wrong, by the name of the field."""
    problem: Notice | str | None = None
    retry_after: int | str | None = None
    """Seconds."""


Again = Callable[["Notice | str | None", dict[str, str]], str]
"""Renders the form once more, with a problem and the errors by field."""

Rejections = Mapping[type[Exception], Callable[[Any], Rejection]]
"""By the exception that says it. The first that fits applies."""

OF_ALL: Rejections = {
    Mistakes: lambda wrong: Rejection(422, wrong.errors),
    TooManyChanges: lambda reached: Rejection(
        429, problem=changes_used_up(reached), retry_after=reached.retry_after
    ),
}


def at_field(wrong: Any) -> Rejection:
    """Of an error that names its field."""
    return Rejection(422, {wrong.field: str(wrong)})


def outdated(_changed: Exception) -> Rejection:
    return Rejection(409)


def conflict(error: Exception) -> Rejection:
    return Rejection(409, problem=str(error))


def submit(
    site: Site,
    work: Callable[[], Response[str]],
    again: Again,
    rejections: Rejections,
) -> Response[str]:
    """What `work` returns, or the form again with all of its mistakes."""
    known = {**OF_ALL, **rejections}
    try:
        return work()
    except tuple(known) as error:
        rejection = next(known[kind] for kind in known if isinstance(error, kind))(error)
    page = site.html(again(rejection.problem, dict(rejection.errors)), rejection.status)
    if rejection.retry_after is not None:
        page.headers["Retry-After"] = str(rejection.retry_after)
    return page
