"""CloudFront's control plane, as far as the emulator has it: the same calls, errors and documents
as on AWS, but nothing takes time there."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest

from jmpy.domains.serving import Serving, ServingState
from jmpy.domains.tenant_store import HostTaken, Place, Raced, TenantStore
from jmpy.domains.tenants import TAKEN, Tenants
from project.work.domain_tenants import multi_tenant_distribution

if TYPE_CHECKING:
    from project.stack import Stack


@pytest.fixture(scope="module")
def cloudfront(stack: Stack) -> Any:
    return stack.deployment.session.client("cloudfront", endpoint_url=stack.env.endpoint)


@pytest.fixture
def host() -> str:
    return f"go-{secrets.token_hex(4)}.example"


@pytest.fixture
def store(cloudfront: Any, host: str) -> TenantStore:
    return placed(cloudfront, host)


def placed(cloudfront: Any, name: str) -> TenantStore:
    group = cloudfront.create_connection_group(Name=name)["ConnectionGroup"]["Id"]
    return TenantStore(
        cloudfront, Place(multi_tenant_distribution(cloudfront, name), group, "jmpy")
    )


def test_a_host_is_taken_into_service_and_out_of_it(store: TenantStore, host: str) -> None:
    records = {host}
    tenants = Tenants(store, records.intersection)
    assert tenants.serve(host).state is ServingState.PENDING
    assert tenants.serve(host) == Serving(ServingState.ACTIVE)
    assert tenants.serve(host) == Serving(ServingState.ACTIVE)
    tenant = store.find(host)
    assert tenant is not None
    assert store.is_own(tenant)
    assert tenant.is_enabled
    assert tenant.certificate
    assert tenants.sweep() == 0
    assert store.find(host) is not None
    records.clear()
    assert [tenants.sweep(), tenants.sweep(), tenants.sweep()] == [0, 1, 0]
    assert store.find(host) is None


def test_a_host_of_another_distribution_is_not_taken(
    cloudfront: Any, store: TenantStore, host: str
) -> None:
    aliases = {"Quantity": 1, "Items": [host]}
    multi_tenant_distribution(cloudfront, f"other-{host}", ConnectionMode="direct", Aliases=aliases)
    with pytest.raises(HostTaken):
        store.create(host)
    assert served(store, host) == Serving(ServingState.FAILED, TAKEN)


def test_nor_is_one_of_another_stack_of_the_same_aws_account(
    cloudfront: Any, store: TenantStore, host: str
) -> None:
    placed(cloudfront, f"other-{host}").create(host)
    assert served(store, host) == Serving(ServingState.FAILED, TAKEN)


def served(store: TenantStore, host: str) -> Serving:
    return Tenants(store, {host}.intersection).serve(host)


def test_what_changed_since_it_was_read_is_not_changed(store: TenantStore, host: str) -> None:
    store.create(host)
    read = store.find(host)
    assert read is not None
    with pytest.raises(Raced):
        store.delete(read)  # enabled
    store.enable(read, enabled=False)
    with pytest.raises(Raced):
        store.enable(read, enabled=True)
    now = store.find(host)
    assert now is not None
    store.delete(now)
    store.delete(now)
    assert store.find(host) is None
