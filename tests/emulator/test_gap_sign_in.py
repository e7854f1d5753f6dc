"""Gaps in MiniStack's Cognito: shown on the bare emulator, closed on the adapted one."""

from __future__ import annotations

import json
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
import urllib3
from botocore.exceptions import ClientError

from tests.emulator.gap_stack import Stack, client, status_after

PASSWORD = "Correct-horse-1"

_TEMPLATE = {
    "Resources": {
        "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "branded"}},
        "Client": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {"UserPoolId": {"Ref": "Pool"}},
        },
        "Branding": {
            "Type": "AWS::Cognito::ManagedLoginBranding",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "ClientId": {"Ref": "Client"},
                "UseCognitoProvidedValues": True,
            },
        },
    }
}


def test_managed_login_branding_bare_emulator_lacks_it(bare: Stack) -> None:
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        status_after(bare, "branded", _TEMPLATE)


def test_managed_login_branding_adapted(adapted: Stack) -> None:
    assert status_after(adapted, "branded", _TEMPLATE) == "CREATE_COMPLETE"


def test_managed_login_branding_of_no_client_adapted(adapted: Stack) -> None:
    wrong = json.loads(json.dumps(_TEMPLATE).replace('{"Ref": "Client"}', '"nobody"'))
    assert status_after(adapted, "unbranded", wrong) != "CREATE_COMPLETE"


class SignedIn(NamedTuple):
    endpoint: str
    client_id: str
    refresh_token: str
    access_token: str

    def post(self, path: str, **fields: str) -> int:
        url = f"{self.endpoint}/oauth2/{path}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return urllib3.request("POST", url, body=urlencode(fields), headers=headers).status

    def refresh(self) -> int:
        return self.post(
            "token",
            grant_type="refresh_token",
            client_id=self.client_id,
            refresh_token=self.refresh_token,
        )


def _sign_in(stack: Stack) -> SignedIn:
    cognito = client("cognito-idp", stack)
    pool_id = cognito.create_user_pool(PoolName="revoke")["UserPool"]["Id"]
    client_id = cognito.create_user_pool_client(
        UserPoolId=pool_id, ClientName="app", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool_id, Username="ada", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=pool_id, Username="ada", Password=PASSWORD, Permanent=True
    )
    response = cognito.admin_initiate_auth(
        UserPoolId=pool_id,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
    )
    tokens = response["AuthenticationResult"]
    return SignedIn(stack.endpoint, client_id, tokens["RefreshToken"], tokens["AccessToken"])


def test_revoke_endpoint_bare_emulator_lacks_it(bare: Stack) -> None:
    ada = _sign_in(bare)
    assert ada.post("revoke", token=ada.refresh_token, client_id=ada.client_id) != 200
    assert ada.refresh() == 200


def test_revoke_endpoint_adapted(adapted: Stack) -> None:
    ada = _sign_in(adapted)
    assert ada.refresh() == 200
    assert ada.post("revoke", token=ada.refresh_token, client_id=ada.client_id) == 200
    assert ada.refresh() == 400


def test_revoke_endpoint_of_another_client_adapted(adapted: Stack) -> None:
    ada, other = _sign_in(adapted), _sign_in(adapted)
    assert ada.post("revoke", token=ada.refresh_token, client_id=other.client_id) == 200
    assert ada.post("revoke", token=ada.refresh_token, client_id="nobody") == 401
    assert ada.post("revoke", client_id=ada.client_id) == 400
    assert ada.post("revoke", token=ada.access_token, client_id=ada.client_id) == 400
    assert ada.refresh() == 200


def test_revoke_endpoint_of_an_invalid_token_adapted(adapted: Stack) -> None:
    ada = _sign_in(adapted)
    for token in (ada.refresh_token, ada.refresh_token, "invalid", "in.val.id"):
        assert ada.post("revoke", token=token, client_id=ada.client_id) == 200
