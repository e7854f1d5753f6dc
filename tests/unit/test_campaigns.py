"""A campaign's status, and the rule for names."""

from __future__ import annotations

import pytest

from jmpy.campaigns import name
from jmpy.campaigns.item import name_key
from jmpy.campaigns.model import Campaign, CampaignStatus

NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("start", "end", "archived", "status"),
    [
        (None, None, False, CampaignStatus.ACTIVE),
        (NOW, NOW, False, CampaignStatus.ACTIVE),
        (NOW + 1, NOW + 9, False, CampaignStatus.SCHEDULED),
        (None, NOW - 1, False, CampaignStatus.ENDED),
        (NOW - 9, NOW - 1, False, CampaignStatus.ENDED),
        (NOW + 1, None, True, CampaignStatus.ARCHIVED),
        (None, NOW - 1, True, CampaignStatus.ARCHIVED),
    ],
)
def test_the_status_follows_from_the_dates(
    start: int | None, end: int | None, archived: bool, status: CampaignStatus
) -> None:
    campaign = Campaign(
        "c", "a", "Autumn", NOW, NOW, start_date=start, end_date=end, archived=archived
    )
    assert campaign.status(NOW) is status


@pytest.mark.parametrize("other", ["ÉTÉ 2026", "été 2026", "  Été 2026 ", "e\u0301te\u0301 2026"])
def test_spellings_of_a_name_are_one_name(other: str) -> None:
    assert name_key("a", other) == name_key("a", "Été 2026")


@pytest.mark.parametrize("other", ["Ete 2026", "Été  2026", "Été 2027"])
def test_different_names_are_different(other: str) -> None:
    assert name_key("a", other) != name_key("a", "Été 2026")


def test_accounts_do_not_share_names() -> None:
    assert name_key("a", "Autumn") != name_key("b", "Autumn")


@pytest.mark.parametrize(
    ("sent", "stored"),
    [(" Autumn ", "Autumn"), ("E\u0301te\u0301", "Été"), ("x" * 100 + " ", "x" * 100)],
)
def test_names_are_normalized(sent: str, stored: str) -> None:
    assert name.normalized(sent) == stored


@pytest.mark.parametrize("sent", ["", " \u00a0", "x" * 101, "two\nlines", "a\u2028b", "\x00"])
def test_no_names(sent: str) -> None:
    with pytest.raises(ValueError, match=r"character|100|line"):
        name.normalized(sent)
