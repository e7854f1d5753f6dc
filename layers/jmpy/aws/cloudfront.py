"""The operations of CloudFront that are used here, of the client that `clients` loads.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Any, Protocol


class CloudFrontOperations(Protocol):
    """Names, parameters and responses are those of boto3."""

    @property
    def exceptions(self) -> Any: ...

    def create_distribution_tenant(self, **parameters: Any) -> dict[str, Any]: ...

    def get_distribution_tenant_by_domain(self, *, Domain: str) -> dict[str, Any]: ...  # noqa: N803

    def update_distribution_tenant(self, **parameters: Any) -> dict[str, Any]: ...

    def delete_distribution_tenant(self, *, Id: str, IfMatch: str) -> Any: ...  # noqa: N803

    def list_distribution_tenants(self, **parameters: Any) -> dict[str, Any]: ...

    def get_managed_certificate_details(self, *, Identifier: str) -> dict[str, Any]: ...  # noqa: N803

    def verify_dns_configuration(self, *, Identifier: str, Domain: str) -> dict[str, Any]: ...  # noqa: N803
