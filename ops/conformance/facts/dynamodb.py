"""How DynamoDB rejects writes, and which of them it repeats."""

from __future__ import annotations

from typing import Any

from ops.conformance.fact import AtOnce, Call, Fact, call, calls
from ops.conformance.sources import assumed, documented, recorded
from ops.contract.matching import Matching, containing

_TABLE = "{out.Table}"
_TESTS = "dynamodb/test_dynamodb"
_TRANSACTION = documented(
    "TransactWriteItems", "amazondynamodb/latest/APIReference/API_TransactWriteItems.html"
)
_NEW = "attribute_not_exists(id)"


def _item(name: str, count: int = 1) -> dict[str, Any]:
    return {"id": {"S": f"{{run}}-{name}"}, "count": {"N": str(count)}}


def _put(name: str, count: int = 1, **options: Any) -> dict[str, Any]:
    return {"TableName": _TABLE, "Item": _item(name, count), **options}


def _stored(name: str, count: int = 1) -> Call:
    return call("dynamodb", "put_item", **_put(name, count))


def _adding(name: str, amount: str = "1") -> dict[str, Any]:
    return {
        "TableName": _TABLE,
        "Key": {"id": {"S": f"{{run}}-{name}"}},
        "UpdateExpression": "ADD #count :amount",
        "ExpressionAttributeNames": {"#count": "count"},
        "ExpressionAttributeValues": {":amount": {"N": amount}},
    }


def _transaction(*writes: dict[str, Any], **options: Any) -> Call:
    return call("dynamodb", "transact_write_items", TransactItems=list(writes), **options)


def _cancelled(*reasons: Any) -> dict[str, Any]:
    return {"error": "TransactionCanceledException", "CancellationReasons": list(reasons)}


_OK_OR_CONFLICT = Matching(
    "outcomes without other errors than conflicts",
    lambda found: "ok" in found and set(found) <= {
        "ok", "TransactionCanceledException TransactionConflict", "TransactionInProgressException",
    },
)  # fmt: skip

FACTS = (
    Fact(
        "dynamodb-cancellation-order",
        "A cancelled transaction has a reason for each write, in their order; None of the others.",
        calls(
            _stored("taken"),
            _transaction(
                {"Put": _put("taken", ConditionExpression=_NEW)}, {"Put": _put("other")}
            ),
        ),
        _cancelled({"Code": "ConditionalCheckFailed"}, {"Code": "None"})
        | {"message": containing("[ConditionalCheckFailed, None]")},
        recorded("test_transaction_write_canceled", _TESTS, "2025-10-08"),
    ),
    Fact(
        "dynamodb-cancellation-undone",
        "And none of its writes is done.",
        calls(
            _stored("taken"),
            _transaction(
                {"Put": _put("other")}, {"Put": _put("taken", ConditionExpression=_NEW)}
            ),
            call("dynamodb", "get_item", TableName=_TABLE, Key={"id": _item("other")["id"]},
                 ConsistentRead=True),
        ),
        {"error": None, "Item": None},
        _TRANSACTION,
    ),
    Fact(
        "dynamodb-cancellation-item",
        "With ALL_OLD a reason has the item that failed the condition.",
        calls(
            _stored("taken", 7),
            _transaction(
                {"Put": _put("other")},
                {"Put": _put("taken", ConditionExpression=_NEW,
                             ReturnValuesOnConditionCheckFailure="ALL_OLD")},
            ),
        ),
        _cancelled({"Code": "None"},
                   {"Code": "ConditionalCheckFailed", "Item": {"count": {"N": "7"}}}),
        _TRANSACTION,
    ),
    Fact(
        "dynamodb-condition-item",
        "So has the error of a single write.",
        calls(
            _stored("taken", 7),
            call("dynamodb", "put_item", **_put(
                "taken", ConditionExpression=_NEW, ReturnValuesOnConditionCheckFailure="ALL_OLD")),
        ),
        {"error": "ConditionalCheckFailedException", "Item": {"count": {"N": "7"}}},
        recorded("test_return_values_on_conditions_check_failure", _TESTS, "2025-10-08"),
    ),
    Fact(
        "dynamodb-token-replay",
        "A transaction that is sent again with its token is done once, and succeeds twice.",
        calls(
            _transaction({"Update": _adding("sum")}, ClientRequestToken="{run}"),
            _transaction({"Update": _adding("sum")}, ClientRequestToken="{run}"),
            call("dynamodb", "get_item", TableName=_TABLE, Key={"id": _item("sum")["id"]},
                 ConsistentRead=True),
        ),
        {"Item": {"count": {"N": "1"}}},
        recorded("test_dynamodb_idempotent_writing", _TESTS, "2025-10-08"),
    ),
    Fact(
        "dynamodb-token-mismatch",
        "Another transaction with that token is rejected.",
        calls(
            _transaction({"Update": _adding("sum")}, ClientRequestToken="{run}"),
            _transaction({"Update": _adding("sum", "2")}, ClientRequestToken="{run}"),
        ),
        {"error": "IdempotentParameterMismatchException"},
        _TRANSACTION,
    ),
    Fact(
        "dynamodb-one-item-twice",
        "A transaction must not write one item twice.",
        calls(_transaction({"Put": _put("one")}, {"Update": _adding("one")})),
        {"error": "ValidationException",
         "message": containing("cannot include multiple operations on one item")},
        _TRANSACTION,
    ),
    Fact(
        "dynamodb-101-writes",
        "A transaction has at most 100 writes.",
        calls(_transaction(*({"Put": _put(str(number))} for number in range(101)))),
        {"error": "ValidationException"},
        _TRANSACTION,
    ),
    Fact(
        "dynamodb-conflict",
        "Transactions on one item at the same time conflict, and nothing else.",
        AtOnce(_transaction({"Update": _adding("busy")}), 10, before=(_stored("busy"),)),
        {"outcomes": _OK_OR_CONFLICT},
        assumed(_TRANSACTION),
    ),
)  # fmt: skip
