"""Delegates to EdgeKeyFunction, the only function that may, the creation of a usage plan key for a
new account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.accounts.model import DEFAULT_PLAN
from jmpy.aws.errors import AwsUnavailable
from jmpy.limits.plan import UnknownPlan

if TYPE_CHECKING:
    from collections.abc import Callable


class Admission:
    def __init__(self, invoke: Callable[[dict[str, Any]], Any]) -> None:
        self._invoke = invoke

    def admit(self, plan: str, account_id: str) -> str:
        """The identifier of the account's usage plan key. Raises UnknownPlan for any plan but the
        default one, and AwsUnavailable on a fault."""
        if plan != DEFAULT_PLAN:
            raise UnknownPlan(plan, [DEFAULT_PLAN])
        response = self._invoke({"account_id": account_id})
        identifier = response.get("identifier") if isinstance(response, dict) else None
        if not isinstance(identifier, str) or not identifier:
            raise AwsUnavailable("EdgeKeyFunction returned no identifier")
        return identifier
