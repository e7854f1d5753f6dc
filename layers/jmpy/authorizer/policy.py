"""The response of a Lambda authorizer: an IAM policy and a context of flat strings.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from jmpy.access.errors import INVALID
from jmpy.access.identity import Identity
from jmpy.access.permission import Permission
from jmpy.authorizer import denial
from jmpy.gateway.credentials import CredentialKind
from jmpy.limits.model import Customer

if TYPE_CHECKING:
    from jmpy.access.errors import Words
    from jmpy.accounts.model import Account, Subscription
    from jmpy.authorizer.hints import Hint
    from jmpy.keys.model import ApiKey


def allow(method_arn: str, key: ApiKey, kind: CredentialKind) -> dict[str, Any]:
    caller = Identity(
        customer=_customer(key.account_id, key.subscription),
        key_id=key.id,
        key_name=key.name,
        permissions=frozenset(key.permissions),
        credential=kind,
    )
    return _allow(method_arn, caller, key.subscription)


def allow_session(method_arn: str, account: Account) -> dict[str, Any]:
    """Everything, for the account's owner. There is no key, so the context names none."""
    caller = Identity(
        customer=_customer(account.id, account.subscription),
        key_id=None,
        permissions=frozenset(Permission),
        credential=CredentialKind.SESSION,
        email=account.email,
    )
    return _allow(method_arn, caller, account.subscription)


def _customer(account_id: str, subscription: Subscription) -> Customer:
    return Customer(account_id, subscription.plan, subscription.limits)


def _allow(method_arn: str, caller: Identity, subscription: Subscription) -> dict[str, Any]:
    response = _policy("Allow", method_arn, caller.account_id, caller.to_context())
    return response | {"usageIdentifierKey": subscription.usage_identifier}


def deny(
    method_arn: str,
    reason: str,
    key: ApiKey | None = None,
    account: Account | None = None,
    *,
    words: Words = INVALID,
    hint: Hint | None = None,
) -> dict[str, Any]:
    """The response has `words` and perhaps `hint`; `reason` is for the access log, as is whose
    key, or session, it was."""
    context = {"reason": reason, **denial.context(words, hint)}
    if key is not None:
        context |= {"account_id": key.account_id, "key_id": key.id}
    elif account is not None:
        context["account_id"] = account.id
    return _policy("Deny", method_arn, "anonymous", context)


def closed(method_arn: str, identifier: str) -> dict[str, Any]:
    """For a request that should have come through the operator's CDN. A denial would be answered
    with the words for a bad key; so the functions are let say it, and the context names nobody
    that they could serve."""
    response = _policy("Allow", method_arn, "anonymous", {"reason": "edge"})
    return response | {"usageIdentifierKey": identifier}


def preflight(method_arn: str, identifier: str) -> dict[str, Any]:
    """For a request that carries no credential because browsers send none with it. The context
    names nobody, so that functions do nothing for it but say what a path serves."""
    return _policy("Allow", method_arn, "anonymous", {}) | {"usageIdentifierKey": identifier}


def _policy(
    effect: Literal["Allow", "Deny"], method_arn: str, principal: str, context: dict[str, str]
) -> dict[str, Any]:
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": effect,
        "Resource": _whole_stage(method_arn),
    }
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }


def _whole_stage(method_arn: str) -> str:
    """Nothing of the path: AWS takes 512 characters of a Resource, and a client's `*`, `?` and
    `${...}` would be a policy's. The policy is evaluated for this request only, because API Gateway
    caches none (`ReauthorizeEvery: 0`); what the caller may do there is decided by the function."""
    api, stage, _ = method_arn.split("/", 2)
    return f"{api}/{stage}/*"
