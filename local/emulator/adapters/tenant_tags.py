"""Evaluate conditions on the tags of distribution tenants.

MiniStack knows the tags of no CloudFront request, so that a statement which requires one allows
nothing, and evaluates all requests about tenants on the resource `*`. On AWS, `aws:RequestTag` has
the tags that a tenant is created with, and `aws:ResourceTag` those that it has (IAM user guide,
"Controlling access to AWS resources using tags"). It must never decide anything: MiniStack
evaluates the policies.

Tests: tests/emulator/test_gap_permissions.py.
"""

import re
from contextvars import ContextVar
from typing import Any

from ministack.core import iam_actions
from ministack.services import cloudfront

_TENANT = re.compile(r"/2020-05-31/(?:distribution-tenant|managed-certificate)/([^/]+)")
_requested: ContextVar[str] = ContextVar("requested", default="")
"""The ARN of the tenant that the request is about, or nothing."""


def apply() -> None:
    """Add the resource and the tags to what a request of CloudFront is evaluated with."""
    resource_of, tags_of = iam_actions.extract_resource_arn, iam_actions.request_tag_context

    def resource(service: str, method: str, path: str, *rest: Any) -> Any:
        arn = _arn(path) if service == "cloudfront" else ""
        _requested.set(arn)
        return arn or resource_of(service, method, path, *rest)

    def tags(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = tags_of(service, iam_action, body, params)
        if service != "cloudfront":
            return found
        stored = cloudfront._tags.get(_requested.get(), [])
        owned = {f"aws:resourcetag/{tag['Key']}".lower(): tag["Value"] for tag in stored}
        sent = {f"aws:requesttag/{key}".lower(): value for key, value in _sent(body).items()}
        return {**found, **owned, **sent}

    iam_actions.extract_resource_arn = resource
    iam_actions.request_tag_context = tags


def _arn(path: str) -> str:
    named = _TENANT.match(path)
    tenant = cloudfront._find_distribution_tenant(named[1]) if named else None
    return str(tenant["Arn"]) if tenant else ""


def _sent(body: bytes) -> dict[str, str]:
    document = cloudfront._parse_body(body)
    found = (
        {_name(part): part.text or "" for part in tag}
        for tag in (document.iter() if document is not None else ())
        if _name(tag) == "Tag"
    )
    return {tag["Key"]: tag.get("Value", "") for tag in found if "Key" in tag}


def _name(element: Any) -> str:
    """Without its namespace."""
    return str(element.tag).rpartition("}")[2]
