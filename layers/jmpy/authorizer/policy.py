"""The response of a Lambda authorizer: an IAM policy and a context of flat strings.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from jmpy.authorizer.denial import Denial
from jmpy.gateway import cors

if TYPE_CHECKING:
    from jmpy.access.identity import Identity
    from jmpy.authorizer.denial import DenialReason
    from jmpy.gateway.viewer import Viewer


class Grant(NamedTuple):
    """The caller is identified."""

    caller: Identity
    usage_identifier: str
    from_cache: bool

    def to_context(self) -> dict[str, str]:
        return self.caller.to_context()


class Anonymous(NamedTuple):
    """The request reaches its function without an identity, with which a function does nothing but
    respond to a preflight or with an error. `usage_identifier`: all such requests share the usage
    plan key that throttles them, since every method of a usage plan requires one."""

    usage_identifier: str
    reason: DenialReason | None = None
    from_cache: None = None

    def to_context(self) -> dict[str, str]:
        return {} if self.reason is None else {"reason": self.reason.value}


Decision: TypeAlias = Grant | Denial | Anonymous


def render(
    decision: Decision, method_arn: str, viewer: Viewer, allowed_origin: str | None
) -> dict[str, Any]:
    """The policy of a decision. For every caller, the context also has the fields that the access
    log and responses to browsers need: API Gateway and functions cannot read them elsewhere."""
    context = decision.to_context() | {"viewer": viewer.address}
    if decision.from_cache is not None:
        context["lookup"] = "cache" if decision.from_cache else "table"
    if viewer.country is not None:
        context["country"] = viewer.country
    if allowed_origin is not None:
        context[cors.CONTEXT_KEY] = allowed_origin
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Deny" if isinstance(decision, Denial) else "Allow",
        "Resource": _whole_stage(method_arn),
    }
    response = {
        "principalId": decision.caller.account_id if isinstance(decision, Grant) else "anonymous",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }
    if not isinstance(decision, Denial):
        response["usageIdentifierKey"] = decision.usage_identifier
    return response


def _whole_stage(method_arn: str) -> str:
    """Nothing of the path: AWS takes 512 characters of a Resource, and a client's `*`, `?` and
    `${...}` would be a policy's. The policy is evaluated for this request only, because API Gateway
    caches none (`ReauthorizeEvery: 0`); what the caller may do there is decided by the function."""
    api, stage, _ = method_arn.split("/", 2)
    return f"{api}/{stage}/*"
