"""What lists of domains cost, however many an account has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jmpy.domains.holdings import Holdings
from jmpy.domains.item import to_account_host_item, to_item
from jmpy.domains.model import Domain, DomainKind, DomainState
from jmpy.links import membership
from jmpy.uuid7 import uuid7
from project.meter import Meter
from project.tables import LINKS
from tests.integration import moto_tables
from tests.integration.subdomain_client import ZONE, Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = 1_800_000_000


@pytest.fixture
def client(dynamodb: DynamoDBClient) -> Client:
    return Client()


@pytest.fixture
def meter(dynamodb: DynamoDBClient, client: Client) -> Meter:
    meter = Meter(dynamodb)
    meter.watch(client.app.dynamodb)
    return meter


def filled(account: str, number: int) -> None:
    """So many subdomains, and as many links on each as its number."""
    for n in range(number):
        domain = Domain(
            id=uuid7(NOW + n),
            account_id=account,
            host=f"{account}-{n}.{ZONE}",
            kind=DomainKind.SUBDOMAIN,
            state=DomainState.ACTIVE,
            name=f"{account}-{n}",
            created_at=NOW + n,
            updated_at=NOW + n,
        )
        first, *others = membership.DOMAIN.empty_counts(account, domain.id)
        counts = [first | {"links": {"N": str(n)}}, *others]
        moto_tables.put(LINKS, [to_item(domain), to_account_host_item(domain), *counts])
    numbers = {name: {"N": str(number)} for name in ("total", "subdomain", "branded")}
    moto_tables.put(LINKS, [Holdings.key(account) | numbers])


def test_a_page_costs_the_same_with_twenty_domains_and_a_thousand(
    client: Client, meter: Meter
) -> None:
    costs = []
    for account, number in (("few", 20), ("many", 1_000)):
        filled(account, number)
        meter.take()
        listed = client.listed(account, limit="20")
        costs.append(meter.take())
        assert listed["meta"]["total"] == number
        newest = [one["url_count"] for one in listed["data"]]
        assert newest == list(range(number - 1, number - 21, -1))
    assert costs[0] == costs[1]
    # The limit; the account's number of domains, the page, and the counts of its domains.
    assert costs[0].calls == {"UpdateItem": 1, "GetItem": 1, "Query": 2}
