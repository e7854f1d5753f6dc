"""Work of the function that has CloudFront serve branded domains."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jmpy.domains.tenant import name_of
from project.work.context import Work


def domain_tenants(work: Work) -> None:
    """Brings a host that is nobody's into service and takes it out again."""
    host = f"work-{secrets.token_hex(4)}.example"

    def invoke(event: dict[str, Any]) -> Any:
        return work.invoke("DomainTenantsFunction", event)

    with with_distribution(work) as distribution:
        assert invoke({"host": host})["state"] == "pending"
        assert invoke({"host": host})["state"] == "active"
        assert invoke({}) == {"deleted": 0}
        assert invoke({}) == {"deleted": 1}
    found = (
        _cloudfront(work)
        .list_distribution_tenants(AssociationFilter={"DistributionId": distribution})
        .get("DistributionTenantList", [])
    )
    assert name_of(host) not in {tenant["Name"] for tenant in found}


@contextmanager
def with_distribution(work: Work) -> Iterator[str]:
    """The function with a distribution of its own, whose id it is."""
    cloudfront, name = _cloudfront(work), f"work-{secrets.token_hex(4)}"
    group = cloudfront.create_connection_group(Name=name)["ConnectionGroup"]["Id"]
    distribution = multi_tenant_distribution(cloudfront, name)
    with work.configured(
        "DomainTenantsFunction",
        TENANT_DISTRIBUTION_ID=distribution,
        TENANT_CONNECTION_GROUP_ID=group,
    ):
        yield distribution


def _cloudfront(work: Work) -> Any:
    session, endpoint = work.stack.deployment.session, work.stack.env.endpoint
    return session.client("cloudfront", endpoint_url=endpoint)


def multi_tenant_distribution(cloudfront: Any, name: str, **others: Any) -> str:
    """The id of one like that of deploy/domains.yaml, which the emulator's CloudFormation lacks.
    `others`: settings in place of its own."""
    created = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": name,
            "Comment": name,
            "Enabled": True,
            "ConnectionMode": "tenant-only",
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "api",
                        "DomainName": "api.example",
                        "CustomOriginConfig": {
                            "HTTPPort": 80,
                            "HTTPSPort": 443,
                            "OriginProtocolPolicy": "https-only",
                        },
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "api",
                "ViewerProtocolPolicy": "redirect-to-https",
                "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            },
            **others,
        }
    )
    return str(created["Distribution"]["Id"])


WORK = {"DomainTenantsFunction": domain_tenants}
