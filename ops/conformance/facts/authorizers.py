"""What a Lambda authorizer's output leads to. Its Authorization header says what it returns: with
an asterisk a policy for the whole stage, else one for the path of the request."""

from __future__ import annotations

from ops.conformance.fact import Fact, get
from ops.conformance.sources import (
    AUTHORIZER_OUTPUT,
    GATEWAY_RESPONSES,
    assumed,
    documented,
    observed,
)
from ops.contract.matching import one_of

_LONG = f"/planned/{'x' * 600}"
_LONGER = f"/planned/{'x' * 2000}"
_CONFIGURATION_ERRORS = one_of("AUTHORIZER_CONFIGURATION_ERROR", "API_CONFIGURATION_ERROR")
_LIMITS = documented(
    "Amazon API Gateway quotas",
    "apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html",
)
_RIGHT, _WRONG = "Allow* {ample_key}", "Deny*"


FACTS = (
    Fact(
        "authorizer-unauthorized",
        "An authorizer that fails with the word Unauthorized is UNAUTHORIZED.",
        get("/planned"),
        {
            "status": 401,
            "headers": {"x-refusal": "custom"},
            "body": {"refusal": "first"},
            "log": {"status": 401, "error": "UNAUTHORIZED", "caller": "-"},
        },
        observed("Custom authorizers in Node.js on Stack Overflow",
                 "https://stackoverflow.com/questions/64909861"),
    ),
    Fact(
        "authorizer-fails",
        "Any other failure is AUTHORIZER_FAILURE, and the function is not called.",
        get("/planned", Authorization="Fail"),
        {"status": 500, "log": {"error": "AUTHORIZER_FAILURE", "integration": "-"}},
        GATEWAY_RESPONSES,
    ),
    Fact(
        "authorizer-denies",
        "A Deny is ACCESS_DENIED; its response may hold the context of the authorizer.",
        get("/planned", Authorization=_WRONG),
        {
            "status": 403,
            "body": {"caller": "caller-1", "why": "$context.requestId"},
        },
        observed("$context.authorizer after a Deny on Stack Overflow",
                 "https://stackoverflow.com/questions/47921803"),
    ),
    Fact(
        "authorizer-denies-headers",
        "So may its headers; one whose value the authorizer did not return is left out.",
        get("/planned", Authorization=_WRONG),
        {"status": 403, "headers": {"x-caller": "caller-1", "x-nobody": None}},
        assumed(GATEWAY_RESPONSES),
    ),
    Fact(
        "authorizer-denies-in-the-log",
        "The access log has that context too.",
        get("/planned", Authorization=_WRONG),
        {"status": 403, "log": {"error": "ACCESS_DENIED", "caller": "caller-1"}},
        assumed(documented("Variables for access logging for API Gateway",
                           "apigateway/latest/developerguide/api-gateway-variables-for-access-"
                           "logging.html")),
    ),
    Fact(
        "authorizer-context",
        "The function gets the context, and the principal.",
        get("/planned", Authorization=_RIGHT),
        {
            "status": 200,
            "body": {"requestContext": {"authorizer": {"caller": "caller-1",
                                                       "principalId": "someone"}}},
        },
        AUTHORIZER_OUTPUT,
    ),
    Fact(
        "path-600-whole-stage",
        "A path of 600 characters passes if the policy is for the whole stage.",
        get(_LONG, Authorization=_RIGHT),
        {"status": 200, "body": {"pathParameters": {"below": "x" * 600}}},
        AUTHORIZER_OUTPUT,
    ),
    Fact(
        "path-600-whole-stage-denied",
        "And is denied like any other.",
        get(_LONG, Authorization=_WRONG),
        {"status": 403, "body": {"caller": "caller-1"}},
        AUTHORIZER_OUTPUT,
    ),
    Fact(
        "path-600-own-resource",
        "A policy for a path of 600 characters is invalid: a Resource has at most 512.",
        get(_LONG, Authorization="Allow {ample_key}"),
        {"status": 500, "log": {"error": _CONFIGURATION_ERRORS}},
        assumed(AUTHORIZER_OUTPUT),
    ),
    Fact(
        "path-600-own-resource-denied",
        "Even if it denies.",
        get(_LONG, Authorization="Deny"),
        {"status": 500, "log": {"error": _CONFIGURATION_ERRORS}},
        assumed(AUTHORIZER_OUTPUT),
    ),
    Fact(
        "path-2000-allowed",
        "A method's ARN of more than 1,600 bytes is 414.",
        get(_LONGER, Authorization=_RIGHT),
        {"status": 414},
        _LIMITS,
    ),
    Fact(
        "path-2000-denied",
        "Also with a wrong key.",
        get(_LONGER, Authorization=_WRONG),
        {"status": 414},
        _LIMITS,
    ),
)  # fmt: skip
