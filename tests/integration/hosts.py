"""Hosts with links of their own, as a redirect reads them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from jmpy.domains.item import HOST, host_key, to_file_item
from jmpy.domains.model import DomainKind, DomainName, DomainState, HostRecord, WellKnownFile
from jmpy.links import codes
from jmpy.links.item import TARGET, code_key
from jmpy.links.model import Target
from project import functions
from project.tables import LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.aws.codec import Item
    from project.functions import Response

BRANDED = "go.acme.com"
SUBDOMAIN = "promo.go.example.com"
URL = "https://example.com/a?b=c"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def event(host: str, path: str, method: str = "GET", **parts: Any) -> dict[str, Any]:
    """Of a request to another host; empty: to the API's own."""
    return functions.event(
        method,
        f"/{path}",
        resource="/{proxy+}" if path else "/",
        parameters={"proxy": path} if path else None,
        domain_name=host or functions.API_HOST,
        **parts,
    )


def host_item(
    host: str, domain_id: str = "d1", state: DomainState = DomainState.ACTIVE, **settings: str
) -> Item:
    record = HostRecord(domain_id, "a", DomainKind.BRANDED, state, **settings)  # type: ignore[arg-type]
    return host_key(host) | HOST.encode(record)


def link_item(
    code: str, host: str = "", url: str = URL, domain_id: str | None = "d1", **more: Any
) -> Item:
    """What a redirect reads of a link."""
    of_domain = domain_id if host else None
    target = Target(f"link-{code}-{host}", "a", url, domain_id=of_domain, **more)
    return code_key(codes.address(code, host)) | TARGET.encode(target)


class Hosts:
    def __init__(self, dynamodb: DynamoDBClient) -> None:
        self._dynamodb = dynamodb

    @cached_property
    def redirect(self) -> Any:
        """One execution environment."""
        return functions.load("redirect")

    def put(
        self,
        host: str,
        domain_id: str = "d1",
        state: DomainState = DomainState.ACTIVE,
        **settings: str,
    ) -> None:
        self._put(host_item(host, domain_id, state, **settings))

    def link(self, code: str, host: str = "", *of_link: Any, **more: Any) -> None:
        """`of_link` and `more`: as of `link_item`."""
        self._put(link_item(code, host, *of_link, **more))

    def file(self, host: str, name: WellKnownFile, content: str) -> None:
        domain = DomainName("d1", host, DomainKind.BRANDED)
        self._put(to_file_item(domain, name, content))

    def get(self, host: str, path: str, method: str = "GET", **parts: Any) -> Response:
        if accept := parts.pop("accept", None):
            parts["headers"] = {"accept": accept, **parts.get("headers", {})}
        return functions.call(self.redirect.handler, event(host, path, method, **parts))

    def _put(self, item: Any) -> None:
        self._dynamodb.put_item(TableName=LINKS, Item=item)
