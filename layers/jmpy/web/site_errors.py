"""The site's error pages: from exceptions to a status and a text for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from jmpy.accounts.errors import AccountSuspended
from jmpy.http import errors
from jmpy.sessions.errors import SignInDenied, SignInUnavailable, TooManyRequests
from jmpy.web.same_origin import ForeignRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

HOME = "/dashboard"


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was not processed, for the person who filled it in to send again."""

    action: str
    """The path that it was sent to, below the base URL."""
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    """Without secrets and tokens."""


class SessionRequired(Exception):
    """An action without a session: it expired, or the person signed out elsewhere."""

    def __init__(self, page: str = HOME, unsent: Unsent | None = None) -> None:
        """`page`: the page of the form."""
        super().__init__()
        self.page = page
        self.unsent = unsent


class NoPage(Exception):
    """No page has this path."""


class MethodNotAllowed(Exception):
    """A page has this path, but does not support this method."""

    def __init__(self, methods: Iterable[str]) -> None:
        super().__init__()
        self.allowed = ", ".join(sorted(methods))


@dataclass(frozen=True, slots=True)
class SiteProblem:
    status: int
    title: str
    message: str
    way_out: str = HOME
    """The target of the page's one link."""
    link: str = "Go to the dashboard"
    headers: dict[str, str | list[str]] = field(default_factory=dict)
    until: int | None = None
    """When the problem ends, in seconds since the Unix epoch."""
    return_to: str = ""
    """The final target, if the link leads to sign-in first."""
    unsent: Unsent | None = None

    @property
    def is_fault(self) -> bool:
        """Whether it is our fault, and so logged with a stack trace."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR


class ProblemPage(Exception):
    """An exception with a page of its own."""

    def __init__(self, problem: SiteProblem) -> None:
        super().__init__(problem.title)
        self.problem = problem


_SIGN_IN = ("/login", "Sign in")
_UNAVAILABLE = SiteProblem(
    503,
    "Please try again shortly",
    "The service is temporarily unavailable.",
    headers={"Retry-After": str(errors.RETRY_AFTER)},
)
_PROBLEMS: dict[type[Exception], SiteProblem] = {
    SignInDenied: SiteProblem(
        400, "Sign-in failed", "It took too long, or was started in another window.", *_SIGN_IN
    ),
    AccountSuspended: SiteProblem(
        403,
        "Your account is suspended",
        "Its keys and its dashboard are disabled. Contact the operator of this service.",
        *_SIGN_IN,
    ),
    ForeignRequest: SiteProblem(
        403,
        "This request did not come from our page",
        "Nothing was changed. Go back and try again.",
    ),
    NoPage: SiteProblem(404, "Page not found", "Check the URL."),
    SignInUnavailable: _UNAVAILABLE,
}


def from_exception(error: Exception) -> SiteProblem:
    """The page for an exception; an unexpected one is a fault of ours."""
    if isinstance(error, MethodNotAllowed):
        return SiteProblem(
            405,
            "This page does not support that",
            "Go back and use the page's own links.",
            headers={"Allow": error.allowed},
        )
    if isinstance(error, SessionRequired):
        return _signed_out(error)
    if isinstance(error, ProblemPage):
        return error.problem
    if isinstance(error, TooManyRequests):
        return SiteProblem(
            429,
            "Too many requests",
            "This browser has requested too many pages at once. Wait a few seconds, then reload "
            "this page: a form that you submitted is sent again.",
            headers={"Retry-After": str(error.retry_after)},
        )
    for kind in type(error).__mro__:
        if kind in _PROBLEMS:
            return _PROBLEMS[kind]
    return _as_the_api_would(errors.from_exception(error))


def _signed_out(error: SessionRequired) -> SiteProblem:
    message = "Nothing was changed. Sign in and try again."
    if error.unsent is not None:
        message = "Nothing was changed, and your input is not lost."
    return SiteProblem(
        401,
        "You are not signed in",
        message,
        *_SIGN_IN,
        return_to=error.page,
        unsent=error.unsent,
    )


def _as_the_api_would(error: errors.ApiError) -> SiteProblem:
    if error == errors.UNAVAILABLE:
        return _UNAVAILABLE
    title = "Something went wrong" if error.is_fault else "The request failed"
    return SiteProblem(error.status, title, error.message, headers=dict(error.headers))
