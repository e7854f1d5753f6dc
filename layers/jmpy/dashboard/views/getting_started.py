"""The checklist of a new account: what each step is, whether it is done, and where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from jmpy.dashboard.frame import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What an account has and did, as far as the checklist is concerned."""

    has_key: bool
    """Also one that has been revoked since."""
    key_id: str | None
    """The newest key that works; None without any."""
    is_used: bool
    """Whether a request was sent with one of the keys."""
    link_id: str | None
    """The newest link; None without any."""
    is_clicked: bool
    has_alerts: bool
    """Whether the account has rules or a webhook of its own."""

    @property
    def is_waiting(self) -> bool:
        """Whether the next step ends outside of the dashboard: with a request, or with a click."""
        is_request_due = self.key_id is not None and not self.is_used
        return is_request_due or (self.link_id is not None and not self.is_clicked)


class Action(NamedTuple):
    """A link of a step."""

    words: str
    path: tuple[str, ...]
    """Segments of an address of ours."""
    fragment: str = ""


class Step(NamedTuple):
    title: str
    text: str
    is_done: bool
    action: Action | None
    """Leads to where the step is done; None while an earlier step has to be done first."""
    afterwards: Action
    """Leads to what there is once it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GettingStarted(View):
    """Also what the overview fetches anew while it waits: GET /dashboard/getting-started."""

    template: ClassVar[str] = "getting_started.html"
    progress: Progress

    @property
    def steps(self) -> tuple[Step, ...]:
        its = self.progress
        alerts = Action("Alert settings", ("dashboard", "alerts", "settings"))
        return (
            Step(
                "Create an API key",
                "With it a program acts on your behalf, with the permissions that you choose.",
                its.has_key,
                Action("Create key", ("dashboard", "api-keys", "new")),
                Action("API keys", ("dashboard", "api-keys")),
            ),
            Step(
                "Send the first request",
                "Copy it for curl, Python or JavaScript. This step is ticked when it arrives.",
                its.is_used,
                _action("Show request", "api-keys", its.key_id, "#try-it"),
                Action("Requests", ("dashboard", "activity")),
            ),
            Step(
                "Create a link",
                "Here, or with the API.",
                its.link_id is not None,
                Action("Create link", ("dashboard", "links", "new")),
                Action("Links", ("dashboard", "links")),
            ),
            Step(
                "See a click",
                "Open the short URL. Clicks are counted within seconds.",
                its.is_clicked,
                _action("Show link", "links", its.link_id),
                Action("Analytics", ("dashboard", "analytics")),
            ),
            Step(
                "Set up alerts",
                "Choose what counts as unusual, or add a webhook.",
                its.has_alerts,
                alerts,
                alerts,
            ),
        )

    @property
    def done_count(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_complete(self) -> bool:
        return self.done_count == len(self.steps)


def _action(words: str, section: str, target_id: str | None, fragment: str = "") -> Action | None:
    return Action(words, ("dashboard", section, target_id), fragment) if target_id else None
