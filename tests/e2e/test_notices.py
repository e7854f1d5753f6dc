"""Mails before keys end, from the deployed function to the mail that is sent."""

from __future__ import annotations

import time

from jmpy.clock import DAY
from jmpy.keys.service import KeyService
from local import mail
from project.mails import mails
from project.origins import SOMEBODY
from project.stack import Stack


def run(stack: Stack) -> None:
    """What the schedule does every hour."""
    functions = stack.deployment.session.client("lambda", endpoint_url=stack.env.endpoint)
    (name,) = (
        function["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for function in page["Functions"]
        if "NoticesFunction" in function["FunctionName"]
    )
    response = functions.invoke(FunctionName=name, Payload=b"{}")
    assert "FunctionError" not in response, response["Payload"].read()


def test_an_owner_is_mailed_once_before_a_key_expires(stack: Stack) -> None:
    target, owner = stack.deployment, "owner@example.com"
    target.accounts.ensure("mailed", owner, by=SOMEBODY)
    long_ago = time.time() - 30 * DAY
    keys = KeyService(target.key_store, target.account_store, target.audit_log, lambda: long_ago)
    issued = keys.create("mailed", "CI", ["read"], int(time.time()) + 5 * DAY, by=SOMEBODY)
    stack.secrets.append(issued.secret)
    run(stack)
    run(stack)
    (sent,) = mails(stack, owner)
    assert sent["Source"] == mail.SENDER
    assert "CI" in sent["Subject"]
    assert f"{stack.env.base_url}/dashboard/api-keys/{issued.record.id}" in sent["BodyText"]
    assert issued.secret not in str(sent)


def test_the_schedule_runs_where_there_is_a_sender(stack: Stack) -> None:
    events = stack.deployment.session.client("events", endpoint_url=stack.env.endpoint)
    (rule,) = [rule for rule in events.list_rules()["Rules"] if "NoticesFunction" in rule["Name"]]
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 hour)", "ENABLED")
