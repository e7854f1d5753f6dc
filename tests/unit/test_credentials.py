from typing import Any

import pytest

from jmpy.gateway.credentials import AmbiguousCredential, Credential, CredentialKind, find


def event(
    headers: dict[str, list[str]] | None = None, query: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    return {"multiValueHeaders": headers, "multiValueQueryStringParameters": query}


@pytest.mark.parametrize(
    "value", ["Bearer K", "bearer K", "BEARER K", "Bearer   K", " Bearer K ", "Bearer\tK"]
)
@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
def test_bearer_in_any_case(name: str, value: str) -> None:
    assert find(event({name: [value]})) == Credential(CredentialKind.BEARER, "K")


@pytest.mark.parametrize("name", ["X-API-Key", "x-api-key"])
def test_x_api_key_in_any_case(name: str) -> None:
    assert find(event({name: ["K"]})) == Credential(CredentialKind.HEADER, "K")


def test_legacy_query_parameter() -> None:
    assert find(event(query={"api_key": ["K"]})) == Credential(CredentialKind.QUERY, "K")


def test_the_order_is_bearer_then_header_then_query() -> None:
    query = {"api_key": ["Q"]}
    headers = {"Authorization": ["Bearer B"], "x-api-key": ["H"]}
    assert find(event(headers, query)) == Credential(CredentialKind.BEARER, "B")
    del headers["Authorization"]
    assert find(event(headers, query)) == Credential(CredentialKind.HEADER, "H")


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {"Authorization": []},
        {"Authorization": [""]},
        {"Authorization": ["Bearer"]},
        {"Authorization": ["Bearer "]},
        {"Authorization": ["Basic dXNlcjpwYXNz"]},
        {"Authorization": ["BearerK"]},
        {"Authorization": ["K"]},
        {"x-api-key": ["  "]},
    ],
)
def test_no_credential(headers: dict[str, list[str]] | None) -> None:
    assert find(event(headers)) is None


def test_another_scheme_does_not_hide_an_api_key_elsewhere() -> None:
    found = find(event({"Authorization": ["Basic dXNlcjpwYXNz"], "X-API-Key": ["K"]}))
    assert found == Credential(CredentialKind.HEADER, "K")


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"Authorization": ["Bearer A", "Bearer B"]}, None),
        ({"Authorization": ["Bearer A"], "authorization": ["Bearer A"]}, None),
        ({"X-API-Key": ["A", "B"]}, None),
        (None, {"api_key": ["A", "B"]}),
    ],
)
def test_a_repeated_credential_is_ambiguous(
    headers: dict[str, list[str]] | None, query: dict[str, list[str]] | None
) -> None:
    with pytest.raises(AmbiguousCredential):
        find(event(headers, query))


def test_a_credential_does_not_show_its_secret() -> None:
    assert "K-secret" not in repr(Credential(CredentialKind.BEARER, "K-secret"))
