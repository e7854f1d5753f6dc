"""A `Campaign` as DynamoDB items and back, in the table of the links.

- `account#<account>` / `campaign#<uuid>`: the record. Its sort key is ordered by time, so a page of
  an account's campaigns, newest first, is one consistent query.
- `account#<account>` / `campaign-name#<SHA-256 of the folded name>`: which campaign has the name,
  and the proof that only one has it.

The numbers of its links are apart (`membership`).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from jmpy.aws.codec import TEXT, Codec, many, texts
from jmpy.campaigns.model import Campaign
from jmpy.formats.caseless import folded

if TYPE_CHECKING:
    from jmpy.aws.codec import Item

CAMPAIGN = Codec(Campaign, apart=("account_id", "id"), kinds={"tags": many(TEXT), "utm": texts()})


def campaign_key(account_id: str, campaign_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"campaign#{campaign_id}"}}


def name_key(account_id: str, name: str) -> Item:
    """The same for all spellings of a name that differ in case, in how letters are composed, or in
    spaces around it."""
    digest = sha256(folded(name.strip()).encode(errors="surrogatepass")).hexdigest()
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"campaign-name#{digest}"}}


def to_item(campaign: Campaign) -> Item:
    return campaign_key(campaign.account_id, campaign.id) | CAMPAIGN.encode(campaign)


def to_name_item(campaign: Campaign) -> Item:
    key = name_key(campaign.account_id, campaign.name)
    return key | {"campaign_id": TEXT.encode(campaign.id)}


def from_item(item: Item) -> Campaign:
    return CAMPAIGN.decode(
        item,
        account_id=item["pk"]["S"].removeprefix("account#"),
        id=item["sk"]["S"].removeprefix("campaign#"),
    )
