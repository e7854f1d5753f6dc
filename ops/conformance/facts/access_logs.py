"""What a line of the access log looks like, whatever a client sends."""

from __future__ import annotations

from ops.conformance.fact import Fact, get
from ops.conformance.sources import assumed, azul, documented
from ops.contract.matching import ANYTHING, PRESENT

_VARIABLES = documented(
    "Variables for access logging for API Gateway",
    "apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html",
)
_QUOTED = 'quoted "agent" \\ with a backslash'

FACTS = (
    Fact(
        "log-absent",
        "A variable without a value is a hyphen.",
        get("/open"),
        {"status": 200, "log": {"error": "-", "message": "-", "caller": "-", "unknown": "-"}},
        azul(4348, "lines with hyphens", "2024-07"),
    ),
    Fact(
        "log-request",
        "Path, resource and method are those of the request, the path with its stage.",
        get("/any/one"),
        {"status": 200, "log": {"path": "/test/any/one", "resource": "/any/{proxy+}",
                                "method": "GET", "status": 200, "ip": PRESENT}},
        _VARIABLES,
    ),
    Fact(
        "log-quotes",
        "Quotation marks and backslashes of a User-Agent are escaped.",
        get("/open", User_Agent=_QUOTED),
        {"status": 200, "log": {"agent": _QUOTED}},
        azul(4348, "a User-Agent with quotation marks", "2024-07"),
    ),
    Fact(
        "log-long",
        "A line of more than 1,024 bytes is written whole.",
        get("/open", User_Agent="a" * 1500),
        {"status": 200, "log": {"agent": "a" * 1500, "unknown": "-"}},
        azul(4348, "lines of at least 1,449 bytes", "2024-07"),
    ),
    Fact(
        "log-request-id",
        "A client chooses the request id by x-amzn-RequestId, if it is a UUID.",
        get("/open", **{"x-amzn-RequestId": "7f4a6a0e-6a55-4c0b-8b3b-0e6f7a3c1d2e"}),
        {"status": 200, "headers": {"x-amzn-requestid": "7f4a6a0e-6a55-4c0b-8b3b-0e6f7a3c1d2e"},
         "log": ANYTHING},
        assumed(documented("Set up CloudWatch logging for REST APIs in API Gateway",
                           "apigateway/latest/developerguide/set-up-logging.html")),
    ),
)  # fmt: skip
