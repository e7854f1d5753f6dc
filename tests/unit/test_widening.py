"""Which changes of a key its owner is mailed about."""

import pytest

from jmpy.audit.model import Change
from jmpy.notices.widening import widenings

JANUARY, APRIL = 1_800_000_000, 1_807_776_000

WIDENED = [
    ("permissions", ["read"], ["read", "write", "delete"],
     "It has more permissions: write, delete."),
    ("permissions", ["read", "write"], ["read", "delete"], "It has more permissions: delete."),
    ("allowed_ips", ["203.0.113.0/24"], None,
     "It is accepted from any address; before, only from 203.0.113.0/24."),
    ("allowed_ips", ["203.0.113.0/24"], ["203.0.112.0/23"],
     "It is accepted from more addresses: 203.0.112.0/23."),
    ("allowed_ips", ["203.0.113.7"], ["203.0.113.7", "2001:db8::/32"],
     "It is accepted from more addresses: 2001:db8::/32."),
    ("header_only", True, False,
     "It is also accepted in a query string; before, only in a header."),
    ("expires_at", JANUARY, None,
     "It expires never; before, it would have expired on 2027-01-15 08:00 UTC."),
    ("expires_at", JANUARY, APRIL,
     "It expires on 2027-04-15 08:00 UTC; before, it would have expired on 2027-01-15 08:00 UTC."),
    ("not_before", APRIL, None,
     "It works at once; before, it would have worked from 2027-04-15 08:00 UTC."),
    ("not_before", APRIL, JANUARY,
     "It works from 2027-01-15 08:00 UTC; before, it would have worked from 2027-04-15 08:00 UTC."),
    ("limits", {"url_creation": 1000}, {"url_creation": 2500},
     "Its daily limit for url_creation was raised from 1,000 to 2,500."),
    ("limits", {"url_creation": 10, "url_reads": 5}, {"url_reads": 5},
     "Its daily limit of 10 for url_creation was removed."),
    ("limits", {"url_creation": 10}, None, "Its daily limit of 10 for url_creation was removed."),
]  # fmt: skip

NOT_WIDENED = [
    ("permissions", ["read", "write"], ["read"]),
    ("allowed_ips", None, ["203.0.113.0/24"]),
    ("allowed_ips", ["203.0.113.0/24"], ["203.0.113.0/25", "203.0.113.200"]),
    ("allowed_ips", ["203.0.113.0/24", "2001:db8::/32"], ["2001:db8:1::/48"]),
    ("header_only", False, True),
    ("expires_at", None, JANUARY),
    ("expires_at", APRIL, JANUARY),
    ("not_before", None, JANUARY),
    ("not_before", JANUARY, APRIL),
    ("limits", None, {"url_creation": 10}),
    ("limits", {"url_creation": 10}, {"url_creation": 5, "url_reads": 1}),
    ("name", "CI", "Renamed"),
    ("environment", "staging", "production"),
    ("description", None, "Deploys"),
    ("labels", [], ["ci"]),
    ("paused_at", JANUARY, None),
]


@pytest.mark.parametrize(("name", "before", "after", "sentence"), WIDENED)
def test_more_access_is_one_sentence(
    name: str, before: object, after: object, sentence: str
) -> None:
    assert widenings({name: Change(before, after)}) == [sentence]


@pytest.mark.parametrize(("name", "before", "after"), NOT_WIDENED)
def test_less_access_and_other_changes_are_none(name: str, before: object, after: object) -> None:
    assert widenings({name: Change(before, after)}) == []
