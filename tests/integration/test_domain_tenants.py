"""DomainTenantsFunction, as the functions that verify domains invoke it, and on its schedule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.aws.errors import AwsUnavailable
from jmpy.domains.item import to_host_item
from jmpy.domains.model import Domain, DomainKind, DomainState
from jmpy.domains.serving import OperatorsHosting, RemoteHosting, Serving, ServingState
from jmpy.domains.tenant_store import TenantStore
from jmpy.domains.tenants import ISSUING, TAKEN, Tenants
from project import functions
from project.tables import LINKS
from tests.integration.cloudfront import FakeCloudFront

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.conftest import Clock

HOST = "go.acme.com"


def domain(host: str) -> Domain:
    return Domain(
        id="01a2",
        account_id="acme",
        host=host,
        kind=DomainKind.BRANDED,
        state=DomainState.VERIFYING,
        name=host,
        created_at=1,
        updated_at=1,
    )


@pytest.fixture
def cloudfront(clock: Clock) -> FakeCloudFront:
    fake = FakeCloudFront(clock)
    fake.pointed = {HOST, "old.acme.com"}
    return fake


@pytest.fixture
def app(dynamodb: DynamoDBClient, cloudfront: FakeCloudFront, clock: Clock) -> Any:
    dynamodb.put_item(TableName=LINKS, Item=to_host_item(domain(HOST)))
    app = functions.load("domain_tenants")
    tenants = Tenants(TenantStore(cloudfront, app.place), app.domains.records, clock)
    app.tenants = lambda: tenants
    return app


def remote(app: Any) -> RemoteHosting:
    return RemoteHosting(lambda event: json.loads(json.dumps(app.handler(event, None))))


def test_it_brings_a_host_into_service(app: Any, cloudfront: FakeCloudFront) -> None:
    hosting = remote(app)
    assert hosting.serve(HOST) == Serving(ServingState.PENDING, ISSUING)
    cloudfront.issue(HOST)
    hosting.serve(HOST)
    cloudfront.activate(HOST)
    assert hosting.serve(HOST) == Serving(ServingState.ACTIVE)


def test_it_reports_a_host_that_it_cannot_have(app: Any, cloudfront: FakeCloudFront) -> None:
    cloudfront.elsewhere.add(HOST)
    assert remote(app).serve(HOST) == Serving(ServingState.FAILED, TAKEN)


def test_its_schedule_takes_hosts_out_of_service_that_are_nobodys(
    app: Any, cloudfront: FakeCloudFront
) -> None:
    for host in (HOST, "old.acme.com"):
        remote(app).serve(host)
    scheduled = {"source": "aws.events"}
    assert app.handler(scheduled, None) == {"deleted": 0}
    cloudfront.deploy("old.acme.com")
    assert app.handler(scheduled, None) == {"deleted": 1}
    assert [one["Domains"][0]["Domain"] for one in cloudfront.tenants.values()] == [HOST]


@pytest.mark.parametrize(
    "response",
    [
        None, [], "text", {}, {"state": "active", "reason": "why"}, {"state": "pending"},
        {"state": "pending", "reason": None}, {"state": "unknown", "reason": "why"},
    ],
)  # fmt: skip
def test_a_response_without_a_state_is_a_fault(response: object) -> None:
    with pytest.raises(AwsUnavailable):
        RemoteHosting(lambda _: response).serve(HOST)


def test_where_the_operator_sees_to_tls_a_host_is_served_at_once() -> None:
    assert OperatorsHosting().serve(HOST) == Serving(ServingState.ACTIVE)
