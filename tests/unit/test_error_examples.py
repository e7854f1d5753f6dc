"""The examples of errors in the API reference: what the code raises, with its own bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jmpy.analytics import period
from jmpy.analytics.click_list import MAX_OFFSET
from jmpy.analytics.errors import OffsetTooDeep, TooManyLinks
from jmpy.analytics.period import ShortPeriod
from jmpy.analytics.selection import MAX_LINKS
from jmpy.errors import Problem
from jmpy.http.body import parse_json
from jmpy.http.errors import BodyTooLarge
from jmpy.http.validation import MAX_BODY
from jmpy.keys import fields
from jmpy.keys.errors import TooManyKeys
from jmpy.keys.working_limit import MAX_WORKING
from jmpy.leaks.errors import MalformedReport
from jmpy.leaks.report import MAX_LEAKS
from jmpy.limits.changes import MAX_CHANGES
from jmpy.limits.errors import TooManyChanges
from jmpy.links import bulk_csv, codes, destination, listing
from jmpy.links.bulk_schema import BulkValidateUpload
from jmpy.links.errors import PageTooDeep
from jmpy.webhooks.errors import WebhookTestThrottled
from jmpy.webhooks.service import PAUSE

BOUNDS = [
    (BodyTooLarge, MAX_BODY),
    (MalformedReport, MAX_LEAKS),
    (OffsetTooDeep, MAX_OFFSET),
    (PageTooDeep, listing.SEARCHED),
    (WebhookTestThrottled, PAUSE),
    (TooManyChanges, MAX_CHANGES),
    (TooManyKeys, MAX_WORKING),
    (TooManyLinks, MAX_LINKS),
]


@pytest.mark.parametrize(("error", "bound"), BOUNDS)
def test_an_example_states_the_bound(error: type[Problem], bound: int) -> None:
    assert bound in error.example


RAISED: list[Callable[[], object]] = [
    lambda: list(bulk_csv.rows("x" * (bulk_csv.MAX_BYTES + 1))),
    lambda: codes.checked_alias("a b"),
    lambda: destination.checked("ftp://example.com/"),
    lambda: fields.checked_name(" "),
    lambda: parse_json("{"),
    lambda: period.short(ShortPeriod.CUSTOM, None, None, 0),
    lambda: BulkValidateUpload(csv_content="url\n").rows(),
]


@pytest.mark.parametrize("work", RAISED)
def test_an_example_is_one_that_is_raised(work: Callable[[], object]) -> None:
    with pytest.raises(Problem) as raised:
        work()
    error = raised.value
    assert str(error) == str(type(error)(*error.example))
