"""How usage plans count the key that an authorizer names. The plan of `{plan_key}` lets one request
a second through and two at once; that of `{ample_key}` has no limits."""

from __future__ import annotations

from ops.conformance.fact import Fact, NewKey, Request, get
from ops.conformance.sources import GATEWAY_RESPONSES, assumed, documented, observed, recorded
from ops.contract.matching import between

_KEY_SOURCE = documented(
    "Choose an API key source in API Gateway",
    "apigateway/latest/developerguide/api-gateway-api-key-source.html",
)
_SAM = observed(
    "aws/serverless-application-model, integration test api_with_authorizer_apikey, run on AWS",
    "https://github.com/aws/serverless-application-model/blob/develop/integration/single/"
    "test_api_with_authorizer_apikey.py",
)
_NEW_KEY = recorded(
    "TestUsagePlans::test_api_key_required_for_methods, which waits up to two minutes",
    "apigateway/test_apigateway_common",
    "2023-07-27",
)


def _allowed(key: str, **headers: str) -> Request:
    return get("/planned", Authorization=f"Allow* {key}".rstrip(), **headers)


FACTS = (
    Fact(
        "plan-key-of-the-authorizer",
        "The authorizer's usageIdentifierKey is the key of the usage plan.",
        _allowed("{ample_key}"),
        {"status": 200},
        _SAM,
    ),
    Fact(
        "plan-key-in-the-header",
        "X-API-Key is ignored then.",
        _allowed("", X_API_Key="{ample_key}"),
        {"status": 403, "log": {"error": "INVALID_API_KEY"}},
        _KEY_SOURCE,
    ),
    Fact(
        "plan-unknown-key",
        "A key that is in no plan is INVALID_API_KEY.",
        _allowed("{run}-unknown-key"),
        {"status": 403, "log": {"error": "INVALID_API_KEY"}},
        GATEWAY_RESPONSES,
    ),
    Fact(
        "plan-throttles",
        "Requests over the rate of a plan are THROTTLED.",
        Request("/planned", headers=(("Authorization", "Allow* {plan_key}"),), times=50),
        {"status": 429, "log": {"error": "THROTTLED"}},
        GATEWAY_RESPONSES,
    ),
    Fact(
        "plan-throttles-in-the-log",
        "The access log has the authorizer's context of a throttled request too.",
        Request("/planned", headers=(("Authorization", "Allow* {plan_key}"),), times=50),
        {"status": 429, "log": {"caller": "caller-1"}},
        assumed(GATEWAY_RESPONSES),
    ),
    Fact(
        "plan-after-the-authorizer",
        "A denied request consumes nothing of its key's plan.",
        Request(
            "/planned",
            headers=(("Authorization", "Allow* {plan_key}"),),
            times=5,
            pause=1.0,
            after=(Request("/planned", headers=(("Authorization", "Deny* {plan_key}"),), times=5),),
        ),
        {"status": 200},
        assumed(_KEY_SOURCE),
    ),
    Fact(
        "plan-key-new",
        "A new key of a plan is known within two minutes.",
        NewKey(),
        {"seconds": between(0, 120)},
        assumed(_NEW_KEY),
    ),
    Fact(
        "plan-key-twice",
        "A second key with the value of another is a conflict.",
        NewKey(),
        {"again": "ConflictException"},
        documented("CreateApiKey", "apigateway/latest/api/API_CreateApiKey.html"),
    ),
    Fact(
        "plan-key-deleted",
        "A deleted key is in no plan any more.",
        NewKey(),
        {"seconds_until_deleted": between(0, 120)},
        assumed(documented("DeleteApiKey", "apigateway/latest/api/API_DeleteApiKey.html")),
    ),
)
