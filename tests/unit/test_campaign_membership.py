"""The items by which a campaign has links, and the number of them."""

from __future__ import annotations

from jmpy.links import membership
from jmpy.uuid7 import uuid7

CAMPAIGN = uuid7(1_800_000_000)


def sort_key(link_id: str) -> str:
    return str(membership.CAMPAIGN.key("a", CAMPAIGN, link_id)["sk"]["S"])


def test_memberships_sort_by_the_creation_of_their_links() -> None:
    links = [uuid7(1_800_000_000 + seconds) for seconds in range(5)]
    assert sorted(map(sort_key, reversed(links))) == list(map(sort_key, links))


def test_a_new_campaign_has_no_links() -> None:
    counts = membership.CAMPAIGN.empty_counts("a", CAMPAIGN)
    assert len({str(item["sk"]) for item in counts}) == membership.SHARDS
    assert membership.total(counts) == 0


def test_links_that_join_at_once_add_to_different_items() -> None:
    added = [membership.CAMPAIGN.counted("t", "a", CAMPAIGN, 1)["Update"] for _ in range(100)]
    assert len({str(update["Key"]) for update in added}) == membership.SHARDS
    assert {update["ConditionExpression"] for update in added} == {"attribute_exists(pk)"}
