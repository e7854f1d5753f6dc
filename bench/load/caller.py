"""A caller with an account of its own: sends requests, and compares the responses."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any

from jmpy.limits.plan import LimitClass
from project.hosted_login import newcomer

if TYPE_CHECKING:
    import httpx

    from bench.load.progress import Tally
    from project.stack import Stack

LIMITS = dict.fromkeys(LimitClass, 1_000_000)


class Caller:
    def __init__(self, number: int, stack: Stack, http: httpx.Client, tally: Tally) -> None:
        email = f"load-{number}-{secrets.token_hex(4)}@example.com"
        self.account, self.session = newcomer(stack, email)
        stack.account(self.account, limits=LIMITS)
        self.number = number
        self.keys: list[str] = []
        """With all permissions; one of them is used, by chance."""
        self.random = random.Random()  # noqa: S311 - chooses, hides nothing
        self._http = http
        self._tally = tally
        self._used: Counter[LimitClass] = Counter()

    def send(
        self,
        kind: str,
        method: str,
        path: str,
        limit: LimitClass | None = None,
        *,
        key: str | None = "",
        cost: int = 1,
        headers: dict[str, str] | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """With any of the keys, or with `key`, or without one when that is None. A request that
        counts against a limit has to say what is left of it."""
        secret = self.random.choice(self.keys) if key == "" else key
        if secret is not None:
            headers = {**(headers or {}), "Authorization": f"Bearer {secret}"}
        self._tally.count(kind)
        response = self._http.request(method, path, headers=headers, **sent)
        if limit is not None:
            self._used[limit] += cost
            left = LIMITS[limit] - self._used[limit]
            remaining = response.headers.get("x-ratelimit-remaining")
            if remaining != str(left):
                self.wrong(kind, f"{remaining} requests left, not {left} ({response.status_code})")
                if remaining is not None:
                    self._used[limit] = LIMITS[limit] - int(remaining)
        return response

    def expect(self, kind: str, response: httpx.Response, status: int, **fields: object) -> bool:
        """Whether it has the status, and these fields in its `data`."""
        if response.status_code != status:
            self.wrong(kind, f"{response.status_code}, not {status}: {response.text[:200]}")
            return False
        if not fields:
            return True
        data = response.json()["data"]
        if different := {name: data.get(name) for name in fields if data.get(name) != fields[name]}:
            self.wrong(kind, f"{different}, not {fields}")
        return not different

    def wrong(self, kind: str, how: str) -> None:
        self._tally.note_wrong(kind, how)
