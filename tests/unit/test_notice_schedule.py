from typing import Any

import pytest

from jmpy.clock import DAY
from jmpy.keys.model import KeyStatus
from jmpy.notices.schedule import due
from project.keys import issued

NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, None),
        ({"expires_at": NOW + 7 * DAY + 1}, None),
        ({"expires_at": NOW + 7 * DAY}, "expiry-in-a-week"),
        ({"expires_at": NOW + DAY + 1}, "expiry-in-a-week"),
        ({"expires_at": NOW + DAY}, "expiry-in-a-day"),
        ({"expires_at": NOW + 1}, "expiry-in-a-day"),
        ({"expires_at": NOW}, None),
        ({"expires_at": NOW + DAY + 1, "replaced_by": "key-2"}, None),
        ({"expires_at": NOW + DAY, "replaced_by": "key-2"}, "grace-period-ends"),
        ({"expires_at": NOW + 60, "replaced_by": "key-2"}, "grace-period-ends"),
        ({"expires_at": NOW + DAY, "status": KeyStatus.REVOKED}, None),
    ],
)
def test_a_notice_is_due_by_the_time_that_is_left(
    changes: dict[str, Any], kind: str | None
) -> None:
    _, key = issued(**changes)
    assert due(key, NOW) == kind
