"""Which resource and method a request reaches, and what those get that reach none."""

from __future__ import annotations

from ops.conformance.fact import Fact, Request, get
from ops.conformance.sources import (
    KNOWN_ISSUES,
    ROUTING,
    assumed,
    azul,
    documented,
    recorded,
)
from ops.contract.matching import containing

_NO_ROUTE = {
    "status": 403,
    "headers": {"x-amzn-errortype": "MissingAuthenticationTokenException"},
    "body": {"message": "Missing Authentication Token"},
}
_ANY = documented(
    "Set up a method request in API Gateway",
    "apigateway/latest/developerguide/api-gateway-method-settings-method-request.html",
)
_FALLS_THROUGH = recorded(
    "TestApigatewayRouting::test_proxy_routing_with_hardcoded_resource_sibling",
    "apigateway/test_apigateway_common",
    "2024-07-23",
)

FACTS = (
    Fact(
        "route-unknown",
        "A path without a resource is MISSING_AUTHENTICATION_TOKEN.",
        get("/nowhere"),
        _NO_ROUTE,
        ROUTING,
    ),
    Fact(
        "route-wrong-method",
        "So is a method that the resource has not.",
        Request("/open", method="POST"),
        _NO_ROUTE,
        ROUTING,
    ),
    Fact(
        "route-unknown-in-the-log",
        "The access log names that type, and no resource.",
        get("/nowhere"),
        {"status": 403, "log": {"error": "MISSING_AUTHENTICATION_TOKEN", "resource": "-"}},
        azul(7470, "types of errors"),
    ),
    Fact(
        "route-unknown-with-bearer",
        "On an unknown route an Authorization header is read as an AWS signature: DEFAULT_4XX.",
        get("/nowhere", Authorization="Bearer token"),
        {
            "status": 403,
            "body": {"message": containing("Invalid key=value pair (missing equal-sign)")},
            "log": {"error": "DEFAULT_4XX"},
        },
        azul(7470, "886 lines with this type, status and message"),
    ),
    Fact(
        "route-method-falls-through",
        "A method that a resource has not is served by the catch-all beside it.",
        Request("/any/fixed/below", method="POST"),
        {"status": 200, "body": {"resource": "/any/{proxy+}", "httpMethod": "POST"}},
        _FALLS_THROUGH,
    ),
    Fact(
        "route-resource-without-method",
        "So is a resource that has no method at all.",
        get("/any/fixed"),
        {"status": 200, "body": {"resource": "/any/{proxy+}"}},
        assumed(_ANY),
    ),
    *(
        Fact(
            f"any-{method.lower()}",
            f"The method ANY serves {method}.",
            Request("/any", method=method),
            {"status": 200, "body": {"httpMethod": method}},
            _ANY,
        )
        for method in ("PATCH", "OPTIONS")
    ),
    Fact(
        "any-trace",
        "The method ANY does not serve TRACE.",
        Request("/any", method="TRACE"),
        {"status": 403, "body": {"message": "Missing Authentication Token"}},
        _ANY,
    ),
    Fact(
        "method-override",
        "X-HTTP-Method-Override replaces the method.",
        Request("/any", method="POST", headers=(("X-HTTP-Method-Override", "PUT"),)),
        {"status": 200, "body": {"httpMethod": "PUT"}},
        assumed(KNOWN_ISSUES),
    ),
)
