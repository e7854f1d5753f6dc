"""The list of API keys, and what revokes several of them, in every state."""

from dataclasses import replace

from jmpy.access.permission import Permission
from jmpy.activity.model import LastUse
from jmpy.clock import DAY, HOUR
from jmpy.dashboard.pages.key_query import PAGE_SIZE
from jmpy.dashboard.views.key_list import ApiKeyList, KeyQuery, KeyRow
from jmpy.dashboard.views.key_revocation import (
    RevocableKey,
    RevocationOutcome,
    RevocationQuestion,
)
from jmpy.keys.model import Environment
from jmpy.keys.revocation import Outcome, Revocation
from tests.dashboard_sample_data import (
    EXPIRED,
    EXPIRING,
    FORGOTTEN,
    KEYS,
    NEWSLETTER,
    NOT_YET_VALID,
    NOW,
    PAUSED,
    RESTRICTED,
    REVOKED,
    ROTATING,
    SAVED,
    SUCCESSOR,
    key,
)

_JOBS = [
    key(
        number,
        name=f"Job {number}: {('export', 'import', 'cleanup')[number % 3]}",
        environment=list(Environment)[number % 3],
        permissions=frozenset(list(Permission)[: 1 + number % 4]),
        created_at=NOW - number * 9 * HOUR,
        last_used_at=NOW - number * HOUR if number % 4 else None,
        expires_at=NOW + number * DAY if number % 5 == 0 else None,
    )
    for number in range(10, 10 + PAGE_SIZE - 6)
]
_ORPHAN = replace(ROTATING, record=replace(ROTATING.record, id=f"{ROTATING.record.id[:-2]}99"))

LISTED = ApiKeyList(
    frame=SAVED,
    rows=(
        KeyRow(key=RESTRICTED),
        KeyRow(key=SUCCESSOR),
        KeyRow(key=ROTATING, is_replaced_above=True),
        *(KeyRow(key=one) for one in (EXPIRING, PAUSED, NOT_YET_VALID, FORGOTTEN, *_JOBS)),
    ),
    total=40,
    page_count=2,
    searched=42,
)
ALL = ApiKeyList(
    frame=KEYS,
    rows=tuple(KeyRow(key=one) for one in (NEWSLETTER, EXPIRED, REVOKED)),
    query=KeyQuery(status="all", sort="-used"),
    total=3,
    searched=3,
)
FOUND = ApiKeyList(
    frame=KEYS,
    rows=(KeyRow(key=_ORPHAN), KeyRow(key=EXPIRING)),
    query=KeyQuery(
        search="checkout " + "x" * 60,
        status="rotating",
        permission="write",
        environment="staging",
        expiry="30",
        sort="name",
    ),
    total=2,
    searched=1_240,
)
TOO_MANY = ApiKeyList(
    frame=KEYS,
    rows=(KeyRow(key=NEWSLETTER),),
    query=KeyQuery(status="revoked", page=3),
    total=1_940,
    page_count=78,
    searched=2_000,
    is_complete=False,
)
NOT_FOUND = ApiKeyList(
    frame=KEYS, rows=(), query=KeyQuery(search="nightly export", sort="name"), searched=40
)
BEYOND = ApiKeyList(frame=KEYS, rows=(), query=KeyQuery(page=9), total=3, searched=3)
ENDED = ApiKeyList(frame=KEYS, rows=(), searched=1)
NONE = ApiKeyList(frame=KEYS, rows=())

_USE = LastUse(
    NOW - 4 * 60,
    "2001:db8:85a3::8a2e:370:7334",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "POST /api/v1/short-urls",
    201,
)
_BACK = "/dashboard/api-keys?search=job&status=active"
QUESTION = RevocationQuestion(
    frame=KEYS,
    keys=(
        RevocableKey(record=NEWSLETTER.record, last_use=_USE, is_in_use=True),
        RevocableKey(record=ROTATING.record, is_replaced=True),
        RevocableKey(record=FORGOTTEN.record, last_use=replace(_USE, at=NOW - 9 * DAY)),
    ),
    left_out=2,
    back=_BACK,
)
NOTHING = RevocationQuestion(frame=KEYS, keys=(), back=_BACK)
_GONE = replace(REVOKED.record, revoked_at=NOW - 3 * HOUR, name="Revoked by a colleague")
OUTCOMES = RevocationOutcome(
    frame=KEYS,
    revocations=(
        Revocation(NEWSLETTER.record.id, Outcome.REVOKED, NEWSLETTER.record),
        Revocation(ROTATING.record.id, Outcome.REVOKED, ROTATING.record),
        Revocation(_GONE.id, Outcome.REVOKED_BEFORE, _GONE),
        Revocation(f"{_GONE.id[:-2]}77", Outcome.NOT_FOUND),
        Revocation(f"{_GONE.id[:-2]}78", Outcome.CONTENDED),
    ),
    back=_BACK,
)
