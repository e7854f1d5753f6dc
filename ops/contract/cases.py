"""All cases of the contract, by group."""

from ops.contract import (
    bulk,
    campaigns,
    creating,
    credentials,
    lists,
    one_link,
    permissions,
    routes,
)

GROUPS = {
    "credentials": credentials.CASES,
    "permissions": permissions.CASES,
    "routes": routes.CASES,
    "create": creating.CASES,
    "link": one_link.CASES,
    "list": lists.CASES,
    "bulk": bulk.CASES,
    "campaigns": campaigns.CASES,
}
CASES = [case for cases in GROUPS.values() for case in cases]
