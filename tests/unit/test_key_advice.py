from typing import Any

import pytest

from jmpy.access.permission import Permission
from jmpy.activity.model import KeyUse, LastUse
from jmpy.clock import DAY
from jmpy.keys.advice import about
from jmpy.keys.model import KeyStatus
from project.keys import issued

NOW = 1_800_000_000
NEEDED = frozenset({Permission.READ, Permission.WRITE})


def use(at: int = NOW, first: int | None = None, **changes: Any) -> KeyUse:
    values: dict[str, Any] = {"permissions": NEEDED, **changes}
    last = LastUse(at, "192.0.2.1", "curl/8", "GET /api/v1/short-urls", 200)
    return KeyUse("key-1", "account-1", at if first is None else first, last, **values)


def reasons(found: KeyUse | None, **key: Any) -> list[str]:
    _, record = issued(**{"created_at": NOW - DAY, **key})
    return [advice.reason.value for advice in about(record, found, NOW)]


@pytest.mark.parametrize(
    ("found", "key", "expected"),
    [
        (use(), {}, []),
        (None, {}, []),
        (use(NOW - 90 * DAY), {}, ["unused"]),
        (use(NOW - 90 * DAY + 1), {}, []),
        (None, {"created_at": NOW - 90 * DAY}, ["unused"]),
        (None, {"created_at": NOW - 90 * DAY + 1}, []),
        (use(), {"created_at": NOW - 180 * DAY}, ["old"]),
        (use(), {"created_at": NOW - 180 * DAY + 1}, []),
        (use(), {"expires_at": NOW + 7 * DAY}, ["expiring"]),
        (use(), {"expires_at": NOW + 7 * DAY + 1}, []),
        (use(first=NOW - 30 * DAY), {"permissions": frozenset(Permission)}, ["broad"]),
        (use(first=NOW - 30 * DAY + 1), {"permissions": frozenset(Permission)}, []),
        (use(exposed_at=NOW - 300 * DAY), {}, ["in_url"]),
        (KeyUse("key-1", "account-1", exposed_at=NOW), {}, ["in_url"]),
    ],
)
def test_advice_begins_at_its_boundary(
    found: KeyUse | None, key: dict[str, Any], expected: list[str]
) -> None:
    assert reasons(found, **key) == expected


@pytest.mark.parametrize(
    "ended",
    [
        {"status": KeyStatus.REVOKED},
        {"expires_at": NOW},
        {"replaced_by": "key-2", "expires_at": NOW + DAY},
    ],
)
def test_there_is_no_advice_about_a_key_that_ended_or_is_replaced(ended: dict[str, Any]) -> None:
    assert reasons(use(exposed_at=NOW), created_at=NOW - 200 * DAY, **ended) == []


def test_advice_names_what_was_never_needed_and_when() -> None:
    _, key = issued(created_at=NOW - 40 * DAY, permissions=frozenset(Permission))
    broad, exposed = about(key, use(first=NOW - 40 * DAY, exposed_at=NOW - 5), NOW)
    assert broad.permissions == (Permission.DELETE, Permission.ANALYTICS)
    assert exposed.at == NOW - 5
