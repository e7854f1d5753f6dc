"""EdgeKeyFunction: the API Gateway key of a new account, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.accounts.admission import Admission
from jmpy.accounts.errors import InvalidAccountId
from jmpy.aws.errors import AwsUnavailable
from jmpy.limits.plan import UnknownPlan
from project import functions
from tests.integration.network import Network, behind
from tests.integration.test_accounts import at_the_edge

if TYPE_CHECKING:
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys

ACCOUNT = "d4e5f6a7-7ffd-451d-8525-64b71813239e"


def created(account_id: object = ACCOUNT, **more: object) -> dict[str, str]:
    event: dict[str, Any] = {"account_id": account_id, **more}
    response: dict[str, str] = functions.load("edge_key").handler(event, None)
    return response


def test_an_account_gets_one_key_in_the_default_plan_however_often_it_is_requested(
    edge: UsagePlanKeys,
) -> None:
    assert created() == created() == {"identifier": edge.identifier("free", ACCOUNT)}
    assert at_the_edge(edge) == {"free": [edge.identifier("free", ACCOUNT)]}


def test_no_caller_chooses_a_plan_or_a_value(edge: UsagePlanKeys) -> None:
    chosen = created(plan="enterprise", identifier="x" * 40, usagePlanIds="other")
    assert chosen == {"identifier": edge.identifier("free", ACCOUNT)}
    assert list(at_the_edge(edge)) == ["free"]


@pytest.mark.parametrize(
    "account_id", ["", "a,b", "a\nname,key", "a" * 65, "é", None, 7, ["a"], {"a": 1}]
)
def test_what_is_no_account_gets_none(edge: UsagePlanKeys, account_id: object) -> None:
    with pytest.raises(InvalidAccountId):
        created(account_id)
    assert boto3.client("apigateway").get_api_keys()["items"] == []


def test_a_key_that_never_got_into_its_plan_gets_there(edge: UsagePlanKeys) -> None:
    identifier = edge.identifier("free", ACCOUNT)
    boto3.client("apigateway").create_api_key(name=identifier, value=identifier)
    assert created() == {"identifier": identifier}
    assert at_the_edge(edge) == {"free": [identifier]}


def test_the_keys_of_the_aws_account_are_never_listed(edge: UsagePlanKeys) -> None:
    network = Network()
    with behind(network):
        created()
        created()
        edge.admit("pro", ACCOUNT)
        edge.dismiss_others("pro", ACCOUNT)
        edge.dismiss(ACCOUNT)
    requested = {call.operation for call in network.calls}
    assert requested == {"CreateApiKey", "CreateUsagePlanKey", "GetUsagePlanKeys", "DeleteApiKey"}
    assert at_the_edge(edge) == {}


@pytest.mark.parametrize("response", [None, [], "text", {}, {"identifier": ""}, {"identifier": 1}])
def test_a_response_without_an_identifier_is_a_fault(response: object) -> None:
    with pytest.raises(AwsUnavailable):
        Admission(lambda _: response).admit("free", ACCOUNT)


def test_people_who_sign_in_begin_on_the_default_plan() -> None:
    with pytest.raises(UnknownPlan):
        Admission(lambda _: pytest.fail("asked")).admit("enterprise", ACCOUNT)
