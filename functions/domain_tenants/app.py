"""Has CloudFront serve branded domains: one, when a function verifies it; and every hour, those out
of service that are nobody's any more.

Invoked by functions and by a schedule, never by a client. ACM restricts the permission to request
certificates to no name, so only this function has it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from jmpy.aws import clients
from jmpy.domains.lookup import DomainLookup
from jmpy.domains.tenant_store import Place, TenantStore
from jmpy.domains.tenants import Tenants
from jmpy.settings import FunctionSettings, ReadTable


@dataclass(frozen=True)
class Settings(FunctionSettings):
    links_table: ReadTable
    stack_name: str
    tenant_distribution_id: str
    tenant_connection_group_id: str


settings = Settings.from_environment()
logger = Logger()
domains = DomainLookup(clients.dynamodb(), settings.links_table)
place = Place(
    settings.tenant_distribution_id, settings.tenant_connection_group_id, settings.stack_name
)


@cache
def tenants() -> Tenants:
    return Tenants(TenantStore(clients.cloudfront(), place), domains.records)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Of a host, how far it is; of the schedule, how many tenants were deleted. Can be repeated."""
    if "host" not in event:
        deleted = tenants().sweep()
        logger.info("swept", deleted=deleted)
        return {"deleted": deleted}
    host = str(event["host"])
    serving = tenants().serve(host)
    logger.info("serving", host=host, state=serving.state, reason=serving.reason)
    return asdict(serving)
