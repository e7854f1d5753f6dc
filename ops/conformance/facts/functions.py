"""What becomes of the responses of functions, and of functions that do not respond."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from ops.conformance.fact import Fact, Request, Source, call, calls, get
from ops.conformance.sources import (
    GATEWAY_RESPONSES,
    PROXY_INTEGRATION,
    PROXY_RESPONSE,
    assumed,
    azul,
    observed,
    recorded,
)
from ops.contract.matching import PRESENT, all_of, containing

_TOO_LARGE = 6_291_556
_INVOKED = "lambda_/test_lambda"


def _told(**parameters: Any) -> Request:
    return get(f"/scripted?{urlencode(parameters)}")


def _returns(returned: Any) -> Request:
    return _told(response=json.dumps(returned))


def _fault(reason: str) -> dict[str, Any]:
    return {
        "status": 502,
        "body": {"fault": "Internal server error"},
        "log": {
            "status": 502,
            "error": "INTEGRATION_FAILURE",
            "message": "Internal server error",
            "integration": all_of(containing("Lambda Customer Function Error"), containing(reason)),
        },
    }


def _malformed(name: str, statement: str, returned: Any, source: Source = PROXY_RESPONSE) -> Fact:
    expected = {
        "status": 502,
        "body": {"fault": "Internal server error"},
        "log": {"error": "INTEGRATION_FAILURE"},
    }
    return Fact(f"response-{name}", statement, _returns(returned), expected, source)


def _invoked(name: str, statement: str, payload: Any, seen: Any, source: Source) -> Fact:
    own = call("lambda", "invoke", FunctionName="{out.ToldFunction}", Payload=json.dumps(payload))
    expected = {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": seen}
    return Fact(f"invoke-{name}", statement, calls(own), expected, source)


FACTS = (
    Fact(
        "function-raises",
        "A function that raises is INTEGRATION_FAILURE; its error is in the access log only.",
        _told(error="a secret of the function"),
        _fault("a secret of the function"),
        azul(6624, "an error of a function's", "2024-06-04"),
    ),
    Fact(
        "function-times-out",
        "So is one that takes longer than its own timeout.",
        _told(seconds=5),
        _fault("Task timed out after 1.00 seconds"),
        azul(7466, "a function's timeout"),
    ),
    Fact(
        "function-too-large",
        "So is one that returns more than 6 MB.",
        _told(size=_TOO_LARGE),
        _fault(f"({_TOO_LARGE} bytes)"),
        azul(8258, "a response that is too large"),
    ),
    Fact(
        "function-request-id",
        "A header of a gateway response may be the id of its request.",
        _told(error="not now"),
        {"status": 502, "headers": {"x-request-id": PRESENT}},
        assumed(GATEWAY_RESPONSES),
    ),
    _malformed("unknown-key", "A key that is no part of a response is a failure.",
               {"statusCode": 200, "wrong": "value"}),
    _malformed("bad-status", "So is a status that is no number.", {"statusCode": "test"}),
    _malformed("text", "So is text.", "text"),
    _malformed("multi-value-text", "So is a text in multiValueHeaders.",
               {"statusCode": 200, "multiValueHeaders": {"x-one": "value"}}),
    _malformed("header-list", "So is a list in headers.",
               {"statusCode": 200, "headers": {"x-one": ["value"]}}, assumed(PROXY_INTEGRATION)),
    _malformed("body-object", "So is a body that is an object.",
               {"statusCode": 200, "body": {"a": 1}}, assumed(PROXY_INTEGRATION)),
    Fact(
        "response-status-text",
        "A status may be text with a number.",
        _returns({"statusCode": "201"}),
        {"status": 201},
        PROXY_RESPONSE,
    ),
    Fact(
        "response-without-status",
        "A response without a status is 200, and without a body empty JSON.",
        _returns({"headers": {"x-one": "value"}}),
        {"status": 200, "body": "", "headers": {"x-one": "value",
                                                "content-type": "application/json"}},
        PROXY_RESPONSE,
    ),
    Fact(
        "response-headers-null",
        "headers may be null.",
        _returns({"statusCode": 200, "headers": None}),
        {"status": 200},
        PROXY_RESPONSE,
    ),
    Fact(
        "response-header-boolean",
        "A boolean header is text.",
        _returns({"statusCode": 200, "headers": {"x-one": True}}),
        {"status": 200, "headers": {"x-one": "true"}},
        PROXY_RESPONSE,
    ),
    Fact(
        "response-multi-value",
        "Every value of multiValueHeaders is sent.",
        _returns({"statusCode": 200, "multiValueHeaders": {"x-one": ["a", "b"]}}),
        {"status": 200, "headers": {"x-one": "a, b"}},
        PROXY_RESPONSE,
    ),
    Fact(
        "response-both-maps",
        "Of a name in both maps all values are sent, those of multiValueHeaders first.",
        _returns({"statusCode": 200, "headers": {"x-one": "single"},
                  "multiValueHeaders": {"X-One": ["multi"]}}),
        {"status": 200, "headers": {"x-one": "multi, single"}},
        PROXY_RESPONSE,
    ),
    Fact(
        "response-base64",
        "Without binary media types a body in Base64 is sent as it is.",
        _returns({"statusCode": 200, "body": "dGVzdA==", "isBase64Encoded": True}),
        {"status": 200, "body": "dGVzdA=="},
        PROXY_RESPONSE,
    ),
    Fact(
        "response-challenge",
        "WWW-Authenticate is sent under another name.",
        _returns({"statusCode": 401, "headers": {"WWW-Authenticate": "Bearer"}}),
        {"status": 401, "headers": {"x-amzn-remapped-www-authenticate": "Bearer",
                                    "www-authenticate": None}},
        observed("dherault/serverless-offline#236",
                 "https://github.com/dherault/serverless-offline/issues/236"),
    ),
    _invoked("raises", "Invoke reports a function that raised, with its error.",
             {"error": "not now"}, {"errorMessage": "not now", "errorType": "Exception"},
             recorded("TestLambdaErrors::test_lambda_handler_error", _INVOKED, "2025-11-24")),
    _invoked("times-out", "Invoke reports a function that took too long.", {"seconds": 5},
             {"errorType": "Sandbox.Timedout",
              "errorMessage": containing("Task timed out after 1.00 seconds")},
             recorded("TestLambdaBehavior::test_lambda_invoke_with_timeout", _INVOKED,
                      "2025-11-25")),
    _invoked("too-large", "Invoke reports a response that is too large.", {"size": _TOO_LARGE},
             {"errorType": "Function.ResponseSizeTooLarge",
              "errorMessage": containing(f"({_TOO_LARGE} bytes)")},
             recorded("TestLambdaBaseFeatures::test_lambda_too_large_response", _INVOKED,
                      "2025-11-24")),
)  # fmt: skip
