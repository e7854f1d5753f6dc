"""Every page that says what went wrong, to somebody who is signed in and to somebody who is not.

They come from the table that the site takes them from: a new one is among them.
"""

from jmpy.accounts.errors import AccountSuspended
from jmpy.dashboard.frame import Frame, View
from jmpy.dashboard.views.messages import ErrorPage
from jmpy.sessions.errors import TooManyRequests
from jmpy.web import site_errors
from jmpy.web.site_errors import MethodNotAllowed, SiteProblem
from tests.dashboard_sample_data import STRANGER, frame

PROBLEMS = {
    **{kind.__name__: problem for kind, problem in site_errors._PROBLEMS.items()},
    "TooManyRequests": site_errors.from_exception(TooManyRequests(12)),
    "MethodNotAllowed": site_errors.from_exception(MethodNotAllowed(["POST"])),
    "AnyOther": site_errors.from_exception(ValueError()),
}
assert AccountSuspended.__name__ in PROBLEMS


def page(problem: SiteProblem, around: Frame) -> ErrorPage:
    return ErrorPage(
        frame=around,
        status=problem.status,
        title=problem.title,
        message=problem.message,
        request_id="c6af9ac6-7b61",
        way_out=tuple(problem.way_out.strip("/").split("/")),
        link=problem.link,
    )


PAGES: dict[str, View] = {
    f"{name}-{who}": page(problem, around)
    for name, problem in PROBLEMS.items()
    for who, around in (("person", frame()), ("stranger", STRANGER))
}
