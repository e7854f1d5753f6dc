"""MiniStack reports the first value of a repeated parameter: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from tests.emulator.gap_stack import Stack

QUERY = "?price=10&price=20&price=30&sort=up"


def test_repeated_parameters_bare_emulator_lacks_it(bare: Stack) -> None:
    event = bare.get("/open", query=QUERY).json
    assert event["queryStringParameters"] == {"price": "10", "sort": "up"}


def test_repeated_parameters_adapted(adapted: Stack) -> None:
    event = adapted.get("/open", query=QUERY).json
    assert event["queryStringParameters"] == {"price": "30", "sort": "up"}
    assert event["multiValueQueryStringParameters"] == {
        "price": ["10", "20", "30"],
        "sort": ["up"],
    }


def test_no_parameters_adapted(adapted: Stack) -> None:
    event = adapted.get("/open").json
    assert event["queryStringParameters"] is event["multiValueQueryStringParameters"] is None


def test_repeated_parameters_of_the_authorizer_adapted(adapted: Stack) -> None:
    key = adapted.target.ample_key
    event = adapted.get("/planned", query=QUERY, Authorization=f"Allow {key}").json
    assert event["requestContext"]["authorizer"]["price"] == "30"
