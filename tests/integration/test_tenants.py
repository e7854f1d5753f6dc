"""A host at CloudFront, from the first call to its certificate, and out of service again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from jmpy.domains import tenants as words
from jmpy.domains.serving import Serving, ServingState
from jmpy.domains.tenant import RETRY_CERTIFICATE, name_of
from jmpy.domains.tenant_store import Place, TenantStore
from jmpy.domains.tenants import Tenants
from tests.integration.cloudfront import DISTRIBUTION, FakeCloudFront
from tests.integration.conftest import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "go.acme.com"
ACTIVE = Serving(ServingState.ACTIVE)


class Edge:
    """CloudFront, and the hosts that have a record."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.cloudfront = FakeCloudFront(self.clock)
        self.cloudfront.pointed = {HOST}
        self.records = {HOST}
        self.store = TenantStore(self.cloudfront, Place(DISTRIBUTION, "cg_1", "jmpy"))
        self.tenants = Tenants(self.store, self.records.intersection, self.clock)

    def serve(self, host: str = HOST) -> Serving:
        return self.tenants.serve(host)

    def in_service(self) -> None:
        self.serve()
        self.cloudfront.issue(HOST)
        self.serve()
        self.cloudfront.activate(HOST)
        self.cloudfront.deploy(HOST)
        assert self.serve() == ACTIVE


@pytest.fixture
def edge() -> Edge:
    return Edge()


def pending(reason: str) -> Serving:
    return Serving(ServingState.PENDING, reason)


def failed(reason: str) -> Serving:
    return Serving(ServingState.FAILED, reason)


def test_a_host_is_served_once_its_certificate_is_issued_attached_and_active(edge: Edge) -> None:
    assert edge.serve() == pending(words.ISSUING)
    assert edge.serve() == pending(words.ISSUING)
    edge.cloudfront.issue(HOST)
    assert edge.serve() == pending(words.ACTIVATING)
    assert edge.serve() == pending(words.ACTIVATING)
    edge.cloudfront.activate(HOST)
    assert edge.serve() == ACTIVE


def test_what_is_served_is_left_as_it_is(edge: Edge) -> None:
    edge.in_service()
    edge.cloudfront.calls.clear()
    assert edge.serve() == ACTIVE
    assert edge.cloudfront.calls == [
        "GetDistributionTenantByDomain",
        "GetManagedCertificateDetails",
    ]


def test_a_tenant_has_one_host_a_fixed_name_and_the_stacks_tag(edge: Edge) -> None:
    edge.serve()
    tenant = edge.cloudfront.tenant(HOST)
    assert tenant["Name"] == name_of(HOST)
    assert tenant["Tags"] == {"Items": [{"Key": "jmpy:stack", "Value": "jmpy"}]}
    assert (tenant["DistributionId"], tenant["ConnectionGroupId"]) == (DISTRIBUTION, "cg_1")


def test_no_tenant_before_dns_leads_here(edge: Edge) -> None:
    edge.cloudfront.pointed.clear()
    assert edge.serve() == pending(words.NOT_POINTED)
    assert edge.cloudfront.tenants == {}
    edge.cloudfront.pointed.add(HOST)
    assert edge.serve() == pending(words.ISSUING)


def test_dns_that_leads_away_again_is_named_as_the_reason(edge: Edge) -> None:
    edge.serve()
    edge.cloudfront.pointed.clear()
    assert edge.serve() == pending(words.NOT_POINTED)


def test_a_host_on_another_cloudfront_distribution_fails_with_that_reason(edge: Edge) -> None:
    edge.cloudfront.elsewhere.add(HOST)
    assert edge.serve() == failed(words.TAKEN)
    assert "the domain is on another CloudFront distribution" in words.TAKEN


def test_so_does_one_on_another_distribution_of_the_same_account(edge: Edge) -> None:
    edge.serve()
    edge.cloudfront.tenant(HOST)["DistributionId"] = "E2OTHER"
    assert edge.serve() == failed(words.TAKEN)
    edge.records.clear()
    assert edge.tenants.sweep() == 0
    assert edge.cloudfront.tenant(HOST)["Enabled"]


def test_without_room_for_another_tenant_the_operator_is_notified(
    edge: Edge, capsys: pytest.CaptureFixture[str]
) -> None:
    edge.cloudfront.quota = 0
    assert edge.serve() == pending(words.FULL)
    assert "DomainsNotServed" in capsys.readouterr().out


@pytest.mark.parametrize("status", ["failed", "validation-timed-out", "expired", "revoked"])
def test_another_certificate_is_requested_an_hour_after_one_failed(edge: Edge, status: str) -> None:
    edge.serve()
    first = edge.cloudfront.tenant(HOST)["Id"]
    edge.cloudfront.issue(HOST, status)
    assert edge.serve() == failed(words.NOT_ISSUED)
    edge.clock.time += RETRY_CERTIFICATE
    assert edge.serve() == pending(words.ISSUING)
    assert edge.serve() == pending(words.ISSUING)
    assert edge.cloudfront.calls.count("UpdateDistributionTenant") == 1
    edge.cloudfront.issue(HOST)
    assert edge.serve() == pending(words.ACTIVATING)
    assert edge.cloudfront.tenant(HOST)["Id"] == first


def test_a_certificate_request_that_was_lost_is_repeated(edge: Edge) -> None:
    edge.serve()
    edge.cloudfront.certificates.clear()
    assert edge.serve() == pending(words.ISSUING)
    assert not edge.cloudfront.certificates
    edge.clock.time += RETRY_CERTIFICATE
    edge.serve()
    assert edge.cloudfront.certificates


def test_what_an_operator_customized_stays_when_the_certificate_is_attached(edge: Edge) -> None:
    edge.serve()
    edge.cloudfront.tenant(HOST)["Customizations"] = {"WebAcl": {"Action": "disable"}}
    edge.cloudfront.issue(HOST)
    edge.serve()
    assert edge.cloudfront.tenant(HOST)["Customizations"].keys() == {"WebAcl", "Certificate"}


def test_a_host_without_a_record_is_disabled_first_and_deleted_by_a_later_run(edge: Edge) -> None:
    edge.in_service()
    edge.records.clear()
    assert edge.tenants.sweep() == 0
    assert not edge.cloudfront.tenant(HOST)["Enabled"]
    assert edge.tenants.sweep() == 0, "still being deployed"
    edge.cloudfront.deploy(HOST)
    assert edge.tenants.sweep() == 1
    assert edge.cloudfront.tenants == {}
    assert edge.tenants.sweep() == 0


def test_hosts_with_a_record_and_tenants_of_the_operator_stay(edge: Edge) -> None:
    edge.cloudfront.pointed |= {"a.example", "b.example"}
    edge.records |= {"a.example", "b.example"}
    for host in (HOST, "a.example", "b.example"):
        edge.serve(host)
    edge.cloudfront.tenant("a.example")["Name"] = "the-operators-own"
    edge.records -= {"a.example", "b.example"}
    edge.tenants.sweep()
    enabled = {host: edge.cloudfront.tenant(host)["Enabled"] for host in edge.cloudfront.pointed}
    assert enabled == {HOST: True, "a.example": True, "b.example": False}


def test_a_host_that_is_proven_again_while_it_is_removed_is_served_again(edge: Edge) -> None:
    edge.in_service()
    edge.records.clear()
    edge.tenants.sweep()
    assert edge.serve().state is ServingState.PENDING
    assert edge.serve() == ACTIVE


def test_a_host_that_is_proven_between_two_calls_of_its_removal_stays_in_service(
    edge: Edge,
) -> None:
    edge.in_service()
    edge.records.clear()

    def proven(operation: str) -> None:
        if operation == "UpdateDistributionTenant":
            edge.records.add(HOST)

    edge.cloudfront.before = proven
    edge.tenants.sweep()
    assert edge.cloudfront.tenant(HOST)["Enabled"]


class Stopped(Exception):
    """The function's time is over."""


def stopping_at(number: int) -> Callable[[str], None]:
    counted = iter(range(1, number))

    def call(_: str) -> None:
        if next(counted, None) is None:
            raise Stopped

    return call


@pytest.mark.parametrize("number", range(1, 9))
def test_an_interruption_before_any_call_leaves_nothing_that_a_later_run_does_not_finish(
    edge: Edge, number: int
) -> None:
    """Each run stops before its call of this number, then the next goes on from there."""
    for _ in range(4):
        edge.cloudfront.before = stopping_at(number)
        with suppress(Stopped):
            edge.serve()
        edge.cloudfront.before = lambda _: None
        edge.serve()
        if edge.cloudfront.certificates:
            edge.cloudfront.issue(HOST)
    edge.cloudfront.activate(HOST)
    assert edge.serve() == ACTIVE
    assert len(edge.cloudfront.tenants) == 1
    edge.records.clear()
    for _ in range(3):
        edge.cloudfront.before = stopping_at(number)
        with suppress(Stopped):
            edge.tenants.sweep()
        edge.cloudfront.before = lambda _: None
        edge.tenants.sweep()
        if edge.cloudfront.tenants:
            edge.cloudfront.deploy(HOST)
    assert edge.cloudfront.tenants == {}


def test_two_runs_at_once_create_one_tenant(edge: Edge) -> None:
    def other(operation: str) -> None:
        edge.cloudfront.before = lambda _: None
        if operation == "GetDistributionTenantByDomain":
            edge.cloudfront.before = second

    def second(_: str) -> None:
        edge.cloudfront.before = lambda _: None
        assert edge.serve() == pending(words.ISSUING)

    edge.cloudfront.before = other
    assert edge.serve() == pending(words.ISSUING)
    assert len(edge.cloudfront.tenants) == 1


def test_a_tenant_that_changed_meanwhile_is_read_again_by_the_next_run(edge: Edge) -> None:
    edge.serve()
    edge.cloudfront.issue(HOST)

    def renewed(operation: str) -> None:
        if operation == "UpdateDistributionTenant":
            edge.cloudfront.before = lambda _: None
            edge.cloudfront.issue(HOST)

    edge.cloudfront.before = renewed
    assert edge.serve() == pending(words.ISSUING)
    assert edge.serve() == pending(words.ACTIVATING)
