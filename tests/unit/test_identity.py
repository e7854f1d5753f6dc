from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.access.identity import Identity, NoIdentity
from jmpy.access.permission import Permission
from jmpy.gateway.credentials import CredentialKind
from jmpy.limits.model import Budget, Subscriber
from jmpy.limits.plan import LimitClass

VALID = {
    "account_id": "a",
    "key_id": "k",
    "plan": "free",
    "permissions": "delete read",
    "credential": "bearer",
    "principalId": "a",
}


def test_the_context_of_the_authorizer_is_read() -> None:
    identity = Identity.from_event({"requestContext": {"authorizer": VALID}})
    assert identity.account_id == "a"
    assert identity.permissions == {Permission.READ, Permission.DELETE}


def test_no_permissions_is_a_valid_identity_that_may_do_nothing() -> None:
    identity = Identity.from_event({"requestContext": {"authorizer": {**VALID, "permissions": ""}}})
    assert identity.permissions == frozenset()


@pytest.mark.parametrize("key_id", [{}, {"key_id": ""}])
def test_a_session_has_no_key(key_id: dict[str, str]) -> None:
    session = {k: v for k, v in VALID.items() if k != "key_id"} | {"credential": "session"}
    identity = Identity.from_event({"requestContext": {"authorizer": session | key_id}})
    assert (identity.account_id, identity.key_id, identity.credential) == ("a", None, "session")


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"requestContext": None},
        {"requestContext": {}},
        {"requestContext": {"authorizer": None}},
        {"requestContext": {"authorizer": {}}},
        {"requestContext": {"authorizer": {"principalId": "user"}}},
        *(
            {"requestContext": {"authorizer": {k: v for k, v in VALID.items() if k != missing}}}
            for missing in ("account_id", "key_id", "plan", "permissions", "credential")
        ),
        {"requestContext": {"authorizer": {**VALID, "account_id": ""}}},
        {"requestContext": {"authorizer": {**VALID, "key_id": ""}}},
        {"requestContext": {"authorizer": {**VALID, "credential": "session"}}},
        {"requestContext": {"authorizer": {**VALID, "permissions": "read admin"}}},
        {"requestContext": {"authorizer": {**VALID, "credential": "guess"}}},
        *(
            {"requestContext": {"authorizer": {**VALID, "budget": budget}}}
            for budget in ("", "k", "k ", " url_reads=1", "k url_reads", "k links=1")
        ),
    ],
)
def test_anything_less_is_nobody(context: dict[str, Any]) -> None:
    with pytest.raises(NoIdentity):
        Identity.from_event(context)


_NAMES = st.text(min_size=1, max_size=50).filter(lambda text: text.isprintable())
_LIMITS = st.dictionaries(st.sampled_from(LimitClass), st.integers(0, 10**9))
_BUDGETS = st.builds(Budget, st.uuids().map(str), _LIMITS.filter(lambda limits: len(limits) > 0))
_CUSTOMERS = st.builds(Subscriber, _NAMES, _NAMES, _LIMITS)
_PERMISSIONS = st.frozensets(st.sampled_from(Permission))
_OF_KEYS = st.builds(
    Identity,
    st.builds(Subscriber, _NAMES, _NAMES, _LIMITS, st.none() | _BUDGETS),
    _NAMES,
    _PERMISSIONS,
    st.sampled_from([kind for kind in CredentialKind if kind is not CredentialKind.SESSION]),
    st.none() | _NAMES,
)
_OF_SESSIONS = st.builds(
    Identity,
    _CUSTOMERS,
    st.none(),
    _PERMISSIONS,
    st.just(CredentialKind.SESSION),
    email=st.none() | _NAMES,
)


@given(_OF_KEYS | _OF_SESSIONS)
def test_functions_read_who_the_authorizer_says_is_calling(caller: Identity) -> None:
    context = caller.to_context()
    assert all(isinstance(value, str) for value in context.values())
    assert Identity.from_event({"requestContext": {"authorizer": context}}) == caller
