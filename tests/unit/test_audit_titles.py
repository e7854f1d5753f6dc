"""Every change that the log records has a title on its page."""

from jmpy.audit.model import Action
from jmpy.dashboard.views.audit_log import TITLES


def test_every_action_has_a_title() -> None:
    assert set(TITLES) == set(Action)
