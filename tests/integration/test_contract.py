"""The contract of the API (ops/contract), in process: the authorizer and the functions on moto.

The smoke test runs the same cases through a gateway (tests/e2e/test_smoke.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from ops.contract import cases
from ops.contract.case import Case, Key, Place
from ops.contract.run import applies, run
from project.origins import SOMEBODY
from tests.integration.gateway import BASE_URL, InProcess

if TYPE_CHECKING:
    from jmpy.accounts.service import AccountService
    from jmpy.keys.service import KeyService


class Stage:
    place = Place.IN_PROCESS
    strips_query_key = False
    short_urls_start = BASE_URL
    patience = 30.0

    def __init__(self, accounts: AccountService, keys: KeyService) -> None:
        self.http = httpx.Client(base_url=BASE_URL, transport=InProcess())
        self._accounts = accounts
        self._keys = keys
        self._secrets: dict[Key, str] = {}

    def secret_of(self, key: Key) -> str:
        if key not in self._secrets:
            self._accounts.ensure(key.account, by=SOMEBODY)
            self._accounts.subscribe(key.account, "enterprise", by=SOMEBODY)
            issued = self._keys.create(key.account, "contract", key.permissions, by=SOMEBODY)
            self._secrets[key] = issued.secret
        return self._secrets[key]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{group}: {case.promise}")
        for group, its in cases.GROUPS.items()
        for case in its
        if Place.IN_PROCESS in case.places
    ],
)
def test_the_contract(case: Case, accounts: AccountService, service: KeyService) -> None:
    stage = Stage(accounts, service)
    assert applies(case, stage)
    run(case, stage)
