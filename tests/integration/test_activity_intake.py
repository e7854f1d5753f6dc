"""Batches of the access log as the function takes them in: each account for itself, alerts first,
and nothing is lost of what fails."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jmpy.activity.intake import Part
from jmpy.activity.item import account_subject
from jmpy.activity.request_store import AccessLog, RequestFilter
from jmpy.activity.retry import LARGEST, RetryQueue
from jmpy.alerts.rule import Rule
from jmpy.alerts.store import AlertStore
from project import functions
from project.log_batches import packed
from project.tables import ACTIVITY, ACTIVITY_RETRY_QUEUE_URL
from tests.integration import retries
from tests.integration.alerts import Outgoing, rules
from tests.unit.test_access_log import line

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

AT = 1_800_000_000
DAY = date(2027, 1, 15)
ACCOUNTS = ("acme", "flooded", "zenith")


def lines(account: str, count: int = 3, **changes: str) -> list[str]:
    """Each with a key in its URL, so that there is something to tell."""
    sent = {"credential": "query", "keyId": f"key-of-{account}", "accountId": account, **changes}
    return [
        line(extendedRequestId=f"{n}=", time=str((AT + n) * 1000), **sent) for n in range(count)
    ]


BATCH = [text for account in ACCOUNTS for text in lines(account)]


class Function:
    """ActivityFunction, whose writes of one account a test can have fail."""

    def __init__(self) -> None:
        retries.create()
        self.app = functions.load("activity")
        self._operations = {
            name: getattr(self.app.dynamodb, name)
            for name in ("transact_write_items", "batch_get_item", "put_item", "update_item")
        }

    def break_for(self, account: str, *names: str) -> None:
        """As when its partitions are throttled."""
        for name in names:
            setattr(self.app.dynamodb, name, self._failing(name, account))

    def mend(self) -> None:
        for name, operation in self._operations.items():
            setattr(self.app.dynamodb, name, operation)

    def read(self, event: dict[str, Any], context: Any = None) -> None:
        assert self.app.handler(event, context or functions.LambdaContext()) is None

    def again(self, body: str) -> bool:
        """Whether the message stays in the queue."""
        record = {"messageId": "m-1", "body": body, "eventSource": "aws:sqs"}
        response = self.app.handler({"Records": [record]}, functions.LambdaContext())
        return bool(response["batchItemFailures"])

    def _failing(self, name: str, account: str) -> Callable[..., Any]:
        def fail(**request: Any) -> Any:
            if account in json.dumps(request, default=str):
                error: Any = {"Error": {"Code": "ThrottlingException", "Message": "injected"}}
                raise ClientError(error, name)
            return self._operations[name](**request)

        return fail


@pytest.fixture
def outgoing(dynamodb: DynamoDBClient) -> Outgoing:
    return Outgoing()


@pytest.fixture
def function(outgoing: Outgoing) -> Function:
    return Function()


@pytest.fixture
def log(dynamodb: DynamoDBClient) -> AccessLog:
    return AccessLog(dynamodb, ACTIVITY)


@pytest.fixture
def alerts(dynamodb: DynamoDBClient) -> AlertStore:
    return AlertStore(dynamodb, ACTIVITY)


def listed(log: AccessLog, account: str) -> int:
    return len(list(log.all(account, RequestFilter(), 1000)))


def test_a_batch_is_listed_counted_and_evaluated(
    function: Function, log: AccessLog, alerts: AlertStore
) -> None:
    function.read(packed(BATCH))
    for account in ACCOUNTS:
        assert listed(log, account) == 3
        assert log.usage(account_subject(account), DAY, DAY)[0].total == 3
        assert rules(alerts, account) == [Rule.KEY_IN_URL]
    assert retries.taken() == []


def test_a_check_by_cloudwatch_logs_is_no_unreadable_line(
    function: Function, capsys: pytest.CaptureFixture[str]
) -> None:
    probe = ["CWL CONTROL MESSAGE: Checking health of destination"]
    function.read(packed(probe))
    assert "UnreadableLines" in capsys.readouterr().out
    function.read(packed(probe, kind="CONTROL_MESSAGE"))
    assert "UnreadableLines" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "broken",
    [["transact_write_items"], ["batch_get_item"], ["put_item"], ["update_item"]],
    ids=["storing", "reading", "telling", "use"],
)
def test_one_accounts_trouble_is_no_other_accounts(
    function: Function, log: AccessLog, alerts: AlertStore, broken: list[str]
) -> None:
    function.break_for("flooded", *broken)
    function.read(packed(BATCH))
    for account in ("acme", "zenith"):
        assert listed(log, account) == 3
        assert rules(alerts, account) == [Rule.KEY_IN_URL]
    (waiting,) = retries.taken()
    assert json.loads(waiting) == {"lines": lines("flooded")}
    function.mend()
    assert not function.again(waiting)
    assert listed(log, "flooded") == 3
    assert log.usage(account_subject("flooded"), DAY, DAY)[0].total == 3
    assert rules(alerts, "flooded") == [Rule.KEY_IN_URL]
    assert log.usage(account_subject("acme"), DAY, DAY)[0].total == 3


def test_alerts_do_not_wait_for_what_is_stored(
    function: Function, outgoing: Outgoing, alerts: AlertStore
) -> None:
    function.break_for("flooded", "transact_write_items")
    function.read(packed(BATCH))
    assert rules(alerts, "flooded") == [Rule.KEY_IN_URL]
    assert len(outgoing.mails()) == len(ACCOUNTS)


def test_small_accounts_do_not_wait_for_a_flood(function: Function) -> None:
    order: list[tuple[str, str]] = []
    function.app.intake._steps = [
        lambda requests: order.append(("judged", requests[0].account_id)),
        lambda requests: order.append(("stored", requests[0].account_id)),
    ]
    function.read(packed([*lines("flooded", 50), *lines("acme", 2), *lines("zenith", 1)]))
    assert order == [
        (step, account)
        for step in ("judged", "stored")
        for account in ("zenith", "acme", "flooded")
    ]


def test_what_there_is_no_time_for_comes_again(function: Function, log: AccessLog) -> None:
    class Late(functions.LambdaContext):
        def get_remaining_time_in_millis(self) -> int:
            return 10_000

    function.read(packed(BATCH), Late())
    assert [listed(log, account) for account in ACCOUNTS] == [0, 0, 0]
    waiting = retries.taken()
    assert len(waiting) == 3
    assert not any(map(function.again, waiting))
    assert [listed(log, account) for account in ACCOUNTS] == [3, 3, 3]


def test_a_batch_that_lambda_gave_up_on_is_divided_by_account(
    function: Function, log: AccessLog
) -> None:
    function.break_for("flooded", "transact_write_items")
    assert not function.again(json.dumps({"version": "1.0", "requestPayload": packed(BATCH)}))
    assert [listed(log, account) for account in ACCOUNTS] == [3, 0, 3]
    (waiting,) = retries.taken()
    assert json.loads(waiting) == {"lines": lines("flooded")}


def test_a_message_that_cannot_be_divided_grows_old_for_the_alarm_to_see(
    function: Function,
) -> None:
    function.break_for("flooded", "transact_write_items")
    assert function.again(json.dumps({"lines": lines("flooded")}))
    assert retries.taken() == []


def test_lambda_brings_a_batch_again_that_can_be_put_nowhere(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "InternalError"}}, "SendMessage")

    function.break_for("flooded", "transact_write_items")
    monkeypatch.setattr(function.app.retries._client, "send_message", fail)
    with pytest.raises(ClientError):
        function.app.handler(packed(BATCH), functions.LambdaContext())


def test_an_ended_key_that_is_tried_all_the_time_writes_one_mark(
    function: Function, dynamodb: DynamoDBClient
) -> None:
    marks: list[str] = []
    put = function.app.dynamodb.put_item

    def counted(**request: Any) -> Any:
        marks.append(request["Item"]["sk"]["S"].partition("#")[0])
        return put(**request)

    function.app.dynamodb.put_item = counted
    ended = {"credential": "-", "reason": "revoked", "status": "401"}
    for number in range(20):
        function.read(packed(lines("acme", 2, requestId=str(number), **ended)))
    assert marks == ["sent", "alert"]


def test_lines_are_put_back_in_messages_that_sqs_takes() -> None:
    sent: list[str] = []

    class Queue:
        def send_message(self, **message: Any) -> None:
            sent.append(message["MessageBody"])

    whole = [line(userAgent="\x01" * 9000, requestId=str(number)) for number in range(50)]
    queue: Any = Queue()
    RetryQueue(queue, ACTIVITY_RETRY_QUEUE_URL).put([Part("acme", whole, [])])
    assert [text for body in sent for text in json.loads(body)["lines"]] == whole
    assert len(sent) > 1
    assert max(map(len, sent)) < LARGEST * 1.1 < 256 * 1024
