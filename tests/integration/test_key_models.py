"""Any sequence of what may be done with keys leaves the table as a plain model has it, also when
the answer to a write gets lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from jmpy.accounts.service import AccountService
from jmpy.accounts.store import AccountStore
from jmpy.audit.store import AuditLog
from jmpy.keys import token
from jmpy.keys.errors import KeyNotActive, KeyNotFound, TooManyKeys
from jmpy.keys.service import KeyService
from jmpy.keys.store import KeyStore
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT
from tests.conftest import Figures
from tests.integration.conftest import MOTO, Clock, make_tables
from tests.integration.models import steps
from tests.integration.network import Fault, Network, behind

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.usage_plan_keys import UsagePlanKeys

ROOM = 4
OWNERS = ("acme", "other")
PERMISSIONS = st.sets(st.sampled_from(["read", "write", "delete"]), min_size=1)
OUTCOMES = (KeyNotActive, KeyNotFound, TooManyKeys)


@dataclass(frozen=True)
class Known:
    """What the model knows of a key."""

    id: str
    secret: str
    account: str
    name: str
    permissions: frozenset[str]
    plan: str
    expires_at: float = float("inf")
    is_revoked: bool = False
    is_replaced: bool = False

    def works(self, now: float) -> bool:
        return not self.is_revoked and now < self.expires_at


def machine(
    client: DynamoDBClient, edge: UsagePlanKeys, engine: str
) -> type[RuleBasedStateMachine]:
    class Keys(RuleBasedStateMachine):
        keys = Bundle("keys")
        walked = 0

        def __init__(self) -> None:
            super().__init__()
            make_tables(client)
            self.clock = Clock()
            audit = AuditLog(client, AUDIT)
            accounts, store = AccountStore(client, ACCOUNTS), KeyStore(client, ACCOUNTS)
            self.accounts = AccountService(
                accounts, store, edge, audit, now=self.clock, pause=lambda _: None
            )
            self.service = KeyService(store, accounts, audit, self.clock)
            self.store = store
            self.known: dict[str, Known] = {}
            self.plans = dict.fromkeys(OWNERS, "free")

        @initialize()
        def begin(self) -> None:
            for owner in OWNERS:
                self.accounts.ensure(owner, by=SOMEBODY)

        def try_(self, lost: bool, work: Any) -> Any:
            """What the service answers or raises; with `lost`, the answer to its first write is."""
            Keys.walked += 1
            network = Network(Fault.LOST, is_write=True, emulates_tokens=engine == MOTO)
            with patch("jmpy.keys.working_limit.MAX_WORKING", ROOM):
                try:
                    if not lost:
                        return work()
                    with behind(network):
                        return work()
                except OUTCOMES as rejected:
                    return type(rejected)

        def working(self, account: str) -> list[Known]:
            return [
                key
                for key in self.known.values()
                if key.account == account and key.works(self.clock.time)
            ]

        @rule(
            target=keys,
            account=st.sampled_from(OWNERS),
            permissions=PERMISSIONS,
            lifetime=st.sampled_from([None, 100, 1000]),
            lost=st.booleans(),
        )
        def create(
            self, account: str, permissions: set[str], lifetime: int | None, lost: bool
        ) -> str:
            expires = None if lifetime is None else int(self.clock.time) + lifetime
            made = self.try_(
                lost, lambda: self.service.create(account, "key", permissions, expires, by=SOMEBODY)
            )
            if len(self.working(account)) >= ROOM:
                assert made is TooManyKeys
                return "none"
            self.known[made.record.id] = Known(
                made.record.id, made.secret, account, "key", frozenset(permissions),
                self.plans[account], expires or float("inf"),
            )  # fmt: skip
            return str(made.record.id)

        @rule(key=keys, name=st.sampled_from(["one", "two"]), lost=st.booleans())
        def rename(self, key: str, name: str, lost: bool) -> None:
            self.changed(key, lost, {"name": name}, name=name)

        @rule(key=keys, permissions=PERMISSIONS, lost=st.booleans())
        def re_scope(self, key: str, permissions: set[str], lost: bool) -> None:
            self.changed(
                key, lost, {"permissions": permissions}, permissions=frozenset(permissions)
            )

        def changed(self, key: str, lost: bool, changes: Any, **expected: Any) -> None:
            known = self.known.get(key)
            account = known.account if known else "acme"
            made = self.try_(
                lost, lambda: self.service.change(account, key, **changes, by=SOMEBODY)
            )
            if known is None:
                assert made is KeyNotFound
            elif not known.works(self.clock.time):
                assert made is KeyNotActive
            else:
                assert made.id == key
                self.known[key] = replace(known, **expected)

        @rule(key=keys, stranger=st.booleans(), lost=st.booleans())
        def revoke(self, key: str, stranger: bool, lost: bool) -> None:
            known = self.known.get(key)
            owner = known.account if known else "acme"
            account = next(name for name in OWNERS if (name != owner) == stranger)
            made = self.try_(lost, lambda: self.service.revoke(account, key, by=SOMEBODY))
            if known is None or stranger:
                assert made is KeyNotFound
            else:
                assert made.id == key
                self.known[key] = replace(known, is_revoked=True)

        @rule(target=keys, key=keys, grace=st.sampled_from([0, 50, 500]), lost=st.booleans())
        def rotate(self, key: str, grace: int, lost: bool) -> str:
            known = self.known.get(key)
            account = known.account if known else "acme"
            created = None if known is None else self.store.get(account, key).created_at
            made = self.try_(lost, lambda: self.service.rotate(account, key, grace, by=SOMEBODY))
            now = int(self.clock.time)
            if known is None:
                assert made is KeyNotFound
            elif not known.works(now) or known.is_replaced:
                assert made is KeyNotActive
            elif len(self.working(account)) - (grace == 0) >= ROOM:
                assert made is TooManyKeys
            else:
                assert created is not None
                lifetime = known.expires_at - created
                self.known[key] = replace(
                    known, expires_at=min(now + grace, known.expires_at), is_replaced=True
                )
                self.known[made.record.id] = replace(
                    known, id=made.record.id, secret=made.secret, plan=self.plans[account],
                    expires_at=now + lifetime,
                )  # fmt: skip
                return str(made.record.id)
            return "none"

        @rule(account=st.sampled_from(OWNERS), plan=st.sampled_from(["free", "pro", "enterprise"]))
        def subscribe(self, account: str, plan: str) -> None:
            self.accounts.subscribe(account, plan, by=SOMEBODY)
            self.plans[account] = plan
            for key in self.known.values():
                if key.account == account:
                    self.known[key.id] = replace(key, plan=plan)

        @rule(seconds=st.sampled_from([1, 60, 600]))
        def later(self, seconds: int) -> None:
            self.clock.time += seconds

        @invariant()
        def every_key_is_what_the_model_says(self) -> None:
            for known in self.known.values():
                found = self.store.find(token.parse(known.secret))
                assert found is not None
                assert (found.inactive_reason(self.clock.time) is None) == known.works(
                    self.clock.time
                )
                assert (found.id, found.account_id, found.name, found.permissions) == (
                    known.id, known.account, known.name, known.permissions,
                )  # fmt: skip
                assert found.subscription.plan == known.plan
                assert (found.replaced_by is not None) == known.is_replaced

        @invariant()
        def an_account_lists_its_own_keys_and_no_others(self) -> None:
            for owner in OWNERS:
                listed = {key.id for key in self.service.of_account(owner)}
                assert listed == {key.id for key in self.known.values() if key.account == owner}
                assert len(self.working(owner)) <= ROOM

    return Keys


def test_keys_are_what_a_plain_model_says(
    dynamodb: DynamoDBClient, edge: UsagePlanKeys, engine: str, figures: Figures
) -> None:
    keys = machine(dynamodb, edge, engine)
    run_state_machine_as_test(keys, settings=steps())
    figures("models", steps=keys.walked)  # type: ignore[attr-defined]
