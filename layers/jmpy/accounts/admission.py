"""Delegates to EdgeKeyFunction, the only function that may, the creation of a usage plan key for a
new account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.accounts.model import InterimKey
from jmpy.accounts.usage_plan_keys import AdmittedKey
from jmpy.aws.errors import AwsUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable


class Admission:
    def __init__(self, invoke: Callable[[dict[str, Any]], Any]) -> None:
        self._invoke = invoke

    def admit_new(self, account_id: str) -> AdmittedKey:
        """The account's usage plan key. Raises AwsUnavailable on a fault."""
        match self._invoke({"account_id": account_id}):
            case {
                "identifier": str(identifier),
                "interim": {"identifier": str(interim), "until": int(until)},
            } if identifier and interim:
                return AdmittedKey(identifier, InterimKey(interim, until))
        raise AwsUnavailable("EdgeKeyFunction returned no identifier")
