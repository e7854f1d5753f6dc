"""MiniStack knows no resource of a mail that is sent: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import json
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.emulator.gap_stack import Stack, client

SENDER = "notices@example.com"
REGION = "eu-central-1"


def permitted(stack: Stack, identity: str, address: str | None = None) -> Any:
    """SES for somebody who may send as this identity only, and from this address only."""
    iam, name = client("iam", stack), f"sender-{time.time_ns()}"
    iam.create_user(UserName=name)
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": "ses:SendEmail",
        "Resource": f"arn:aws:ses:{REGION}:000000000000:identity/{identity}",
    }
    if address is not None:
        statement["Condition"] = {"StringEquals": {"ses:FromAddress": address}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="send", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)
    return session.client("sesv2", endpoint_url=stack.endpoint)


def send(mail: Any, sender: str = SENDER) -> Any:
    return mail.send_email(
        FromEmailAddress=sender,
        Destination={"ToAddresses": ["a@example.org"]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
    )


def refusal(mail: Any, sender: str = SENDER) -> str:
    with pytest.raises(ClientError) as refused:
        send(mail, sender)
    return str(refused.value.response["Error"]["Code"])


def test_a_sender_in_a_policy_bare_emulator_lacks_it(bare: Stack) -> None:
    client("sesv2", bare).create_email_identity(EmailIdentity=SENDER)
    assert refusal(permitted(bare, SENDER)) == "AccessDeniedException"
    assert refusal(permitted(bare, "*", SENDER)) == "AccessDeniedException"


def test_a_sender_in_a_policy_adapted(adapted: Stack) -> None:
    identities = client("sesv2", adapted)
    for identity in (SENDER, "other@example.com", "example.net"):
        identities.create_email_identity(EmailIdentity=identity)
    as_address, as_domain = permitted(adapted, SENDER), permitted(adapted, "example.net")
    from_address = permitted(adapted, "*", SENDER)
    assert send(as_address)["MessageId"]
    assert send(from_address)["MessageId"]
    assert send(as_domain, "anybody@example.net")["MessageId"]
    for mail, sender in (
        (as_address, "other@example.com"),
        (from_address, "other@example.com"),
        (as_domain, SENDER),
    ):
        assert refusal(mail, sender) == "AccessDeniedException"
