"""The cases of the contract (ops/contract) as checks of the smoke test."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ops.contract import cases
from ops.contract.run import applies, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ops.contract.case import Case
    from ops.smoke.fixtures import Fixture


def _check(case: Case, fixture: Fixture) -> str | None:
    if not applies(case, fixture):
        return "not applicable here"
    run(case, fixture)
    return None


GROUPS: Mapping[str, Mapping[str, Callable[[Fixture], str | None]]] = {
    group: {case.promise: partial(_check, case) for case in its}
    for group, its in cases.GROUPS.items()
}
