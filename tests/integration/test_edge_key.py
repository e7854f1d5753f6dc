"""EdgeKeyFunction: the API Gateway key of a new account, nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from jmpy.accounts.admission import Admission
from jmpy.accounts.errors import InvalidAccountId
from jmpy.aws.errors import AwsUnavailable
from project import functions
from tests.integration.network import Network, behind
from tests.integration.test_accounts import at_the_edge

if TYPE_CHECKING:
    from jmpy.accounts.usage_plan_keys import AdmittedKey, UsagePlanKeys

ACCOUNT = "d4e5f6a7-7ffd-451d-8525-64b71813239e"


def created(account_id: object = ACCOUNT, **more: object) -> AdmittedKey:
    """As the function that invokes EdgeKeyFunction gets it."""

    def invoke(event: dict[str, Any]) -> Any:
        response = functions.load("edge_key").handler(event | more, None)
        return json.loads(json.dumps(response))

    return Admission(invoke).admit_new(account_id)  # type: ignore[arg-type]


def test_an_account_gets_one_key_in_the_default_plan_however_often_it_is_requested(
    edge: UsagePlanKeys,
) -> None:
    assert created().identifier == created().identifier == edge.identifier("free", ACCOUNT)
    assert at_the_edge(edge) == {"free": [edge.identifier("free", ACCOUNT)]}


def test_no_caller_chooses_a_plan_or_a_value(edge: UsagePlanKeys) -> None:
    chosen = created(plan="enterprise", identifier="x" * 40, usagePlanIds="other")
    assert chosen.identifier == edge.identifier("free", ACCOUNT)
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
    assert created().identifier == identifier
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


INTERIM = {"identifier": "new-accounts-1", "until": 1_800_000_300}


@pytest.mark.parametrize(
    "response",
    [
        None, [], "text", {}, {"identifier": "", "interim": INTERIM},
        {"identifier": 1, "interim": INTERIM}, {"identifier": "own-1"},
        {"identifier": "own-1", "interim": None},
        {"identifier": "own-1", "interim": INTERIM | {"identifier": ""}},
        {"identifier": "own-1", "interim": INTERIM | {"until": "soon"}},
    ],
)  # fmt: skip
def test_a_response_without_both_identifiers_is_a_fault(response: object) -> None:
    with pytest.raises(AwsUnavailable):
        Admission(lambda _: response).admit_new(ACCOUNT)
