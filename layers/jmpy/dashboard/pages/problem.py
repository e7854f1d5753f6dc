"""The page in place of one that cannot be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Frame
from jmpy.dashboard.render import render
from jmpy.dashboard.views.messages import ErrorPage, UnsentForm

if TYPE_CHECKING:
    from jmpy.sessions.model import Session
    from jmpy.web.site_errors import SiteProblem, Unsent


def show_problem(
    problem: SiteProblem, base_url: str, request_id: str, now: float, session: Session | None = None
) -> str:
    """With navigation for who is signed in; it may be the session that is missing."""
    return render(
        ErrorPage(
            frame=Frame(
                base_url=base_url,
                now=int(now),
                email=session.email if session else None,
                csrf_token=session.csrf_token() if session else "",
            ),
            status=problem.status,
            title=problem.title,
            message=problem.message,
            request_id=request_id,
            way_out=_segments(problem.way_out),
            link=problem.link,
            until=problem.until,
            return_to=problem.return_to,
            unsent=_unsent(problem.unsent),
        )
    )


def _unsent(form: Unsent | None) -> UnsentForm | None:
    return None if form is None else UnsentForm(_segments(form.action), form.fields)


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))
