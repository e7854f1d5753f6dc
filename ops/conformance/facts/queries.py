"""What of query strings and headers reaches a function."""

from __future__ import annotations

from ops.conformance.fact import Fact, Request, get
from ops.conformance.sources import KNOWN_ISSUES, PROXY_EVENT, PROXY_INTEGRATION, assumed

FACTS = (
    Fact(
        "query-repeated",
        "Of a repeated parameter the single map has the last value, the other all of them.",
        get("/open?price=10&price=20&price=30"),
        {
            "status": 200,
            "body": {
                "queryStringParameters": {"price": "30"},
                "multiValueQueryStringParameters": {"price": ["10", "20", "30"]},
            },
        },
        PROXY_EVENT,
    ),
    Fact(
        "query-plus",
        "In a query + is a space, and %2B a plus sign.",
        get("/open?space=a+b&plus=a%2Bb&escaped=a%20b"),
        {
            "status": 200,
            "body": {"queryStringParameters": {"space": "a b", "plus": "a+b", "escaped": "a b"}},
        },
        PROXY_EVENT,
    ),
    Fact(
        "query-absent",
        "Without parameters and body, their fields are null.",
        get("/open"),
        {
            "status": 200,
            "body": {
                "queryStringParameters": None,
                "multiValueQueryStringParameters": None,
                "pathParameters": None,
                "body": None,
            },
        },
        PROXY_EVENT,
    ),
    Fact(
        "query-without-value",
        "A parameter without a value is empty text.",
        get("/open?a=&b"),
        {"status": 200, "body": {"queryStringParameters": {"a": "", "b": ""}}},
        assumed(PROXY_INTEGRATION),
    ),
    Fact(
        "query-semicolon",
        "A semicolon separates parameters.",
        get("/open?a=1;b=2"),
        {"status": 200, "body": {"queryStringParameters": {"a": "1", "b": "2"}}},
        assumed(KNOWN_ISSUES),
    ),
    Fact(
        "header-names",
        "Names of headers arrive as they were sent, Authorization and User-Agent with capitals.",
        get("/open", **{"tEsT-HEADeR": "aValUE", "authorization": "random", "user-agent": "a"}),
        {
            "status": 200,
            "body": {
                "headers": {
                    "tEsT-HEADeR": "aValUE", "Authorization": "random", "User-Agent": "a",
                }
            },
        },
        PROXY_EVENT,
    ),
    Fact(
        "header-repeated",
        "Of a repeated header the function gets every value.",
        Request("/open", headers=(("X-Twice", "one"), ("X-Twice", "two"))),
        {"status": 200, "body": {"multiValueHeaders": {"X-Twice": ["one", "two"]}}},
        PROXY_INTEGRATION,
    ),
)  # fmt: skip
