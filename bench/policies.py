"""No function is granted a permission that it does not need.

Removes each permission from each function's role, one at a time, in the running local stack
(`make start`), and does the function's work (project/work), which then has to fail. The permission
is restored before the next is removed. Permissions that were not needed are printed, and the exit
status is 1.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from local.stack import LocalStack
from ops import stack_env
from project import template
from project.stack import Stack
from project.work import ALL
from project.work.context import Work

RESULTS = Path(__file__).resolve().parent / "results" / "reliability" / "policies.json"

NOT_EVALUATED = {
    ("ActivityFunction", "sqs:SendMessage", "ActivityRetryQueue"): (
        "Lambda itself sends events there that failed three times; the emulator checks no role"
    ),
    **dict.fromkeys(
        [
            ("DomainTenantsFunction", "acm:DescribeCertificate", "*"),
            ("DomainTenantsFunction", "acm:RequestCertificate", "*"),
            ("DomainTenantsFunction", "cloudfront:TagResource", "*"),
        ],
        "CloudFront does it on behalf of who creates a tenant; the emulator does not evaluate that",
    ),
    ("DomainTenantsFunction", "cloudfront:VerifyDnsConfiguration", "*"): (
        "called while a certificate is awaited; the emulator issues it at once"
    ),
}
"""By function, action and a part of the resource: why its removal has no effect here."""


@dataclass(frozen=True)
class Grant:
    function: str
    action: str
    resource: str
    statement: int

    def __str__(self) -> str:
        return f"{self.function}: {self.action} on {self.resource}"

    @property
    def excuse(self) -> str | None:
        return next(
            (
                reason
                for (function, action, part), reason in NOT_EVALUATED.items()
                if (function, action) == (self.function, self.action) and part in self.resource
            ),
            None,
        )


class Role:
    """The policy of a function's role that holds the statements of template.yaml."""

    def __init__(self, work: Work, function: str) -> None:
        session, endpoint = work.stack.deployment.session, work.stack.env.endpoint
        self._iam = session.client("iam", endpoint_url=endpoint)
        self._function = function
        name = work.functions[function]
        arn = work.lambdas.get_function_configuration(FunctionName=name)["Role"]
        self._name = arn.rpartition("/")[2]
        self._document: Any = None
        for policy in self._iam.list_role_policies(RoleName=self._name)["PolicyNames"]:
            found: Any = self._iam.get_role_policy(RoleName=self._name, PolicyName=policy)
            if "Policy0" in policy:
                self._policy, self._document = policy, found["PolicyDocument"]
        assert self._document, f"{function} has no policy of the template's"

    def grants(self) -> Iterator[Grant]:
        for number, statement in enumerate(self._document["Statement"]):
            for action in _listed(statement["Action"]):
                for resource in _listed(statement["Resource"]):
                    yield Grant(self._function, action, resource, number)

    @contextmanager
    def without(self, grant: Grant) -> Iterator[None]:
        """The statement is split, so that its other actions and resources stay."""
        statements = list(self._document["Statement"])
        whole = statements.pop(grant.statement)
        for action in _listed(whole["Action"]):
            remaining = [
                resource
                for resource in _listed(whole["Resource"])
                if (action, resource) != (grant.action, grant.resource)
            ]
            if remaining:
                statements.append({**whole, "Action": action, "Resource": remaining})
        self._put({**self._document, "Statement": statements})
        try:
            yield
        finally:
            self._put(self._document)

    def _put(self, document: Any) -> None:
        if not document["Statement"]:
            # IAM takes no policy without a statement.
            deny = {"Effect": "Deny", "Action": "none:None", "Resource": "*"}
            document = {**document, "Statement": [deny]}
        self._iam.put_role_policy(
            RoleName=self._name, PolicyName=self._policy, PolicyDocument=json.dumps(document)
        )


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _fails(work: Work, function: str) -> str | None:
    """Why the work failed, with an empty cache in the function; None if it did not."""
    with work.configured(function, MUTATION=str(time.time_ns())):
        try:
            ALL[function](work)
        except Exception as error:  # noqa: BLE001 - whatever a missing permission leads to
            return f"{type(error).__name__}: {error}"
    return None


def mutate(work: Work, function: str) -> Iterator[tuple[Grant, str | None]]:
    """Each grant, and why the work failed without it."""
    role = Role(work, function)
    if reason := _fails(work, function):
        raise SystemExit(f"{function} cannot do its work with its whole role: {reason}")
    for grant in role.grants():
        with role.without(grant):
            yield grant, _fails(work, function)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.policies",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "functions", nargs="*", metavar="FUNCTION", help=f"default: all, {', '.join(ALL)}"
    )
    options = parser.parse_args()
    if unknown := set(options.functions) - ALL.keys():
        parser.error(f"no such function: {', '.join(sorted(unknown))}")
    # So that the role is restored when the process is terminated, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    env = stack_env.read()
    stack = Stack(LocalStack(stack_env.STATE_DIR, print), env, [])
    known = json.loads(RESULTS.read_text())["figures"]["by_function"] if RESULTS.exists() else {}
    with httpx.Client(base_url=env.base_url, timeout=60, trust_env=False) as http:
        work = Work(stack, http)
        for function in options.functions or ALL:
            known[function] = _evaluated(work, function)
            _write({name: known[name] for name in ALL if name in known})
    survivors = [grant for counts in known.values() for grant in counts["survivors"]]
    for survivor in survivors:
        print(f"!! not needed: {survivor}")
    return 1 if survivors else 0


def _evaluated(work: Work, function: str) -> dict[str, Any]:
    missed, survivors, not_evaluated = 0, [], []
    for grant, reason in mutate(work, function):
        print(f"- {grant}: {(reason or 'NOT NEEDED').splitlines()[0][:90]}", flush=True)
        if grant.excuse:
            not_evaluated.append(f"{grant}: {grant.excuse}")
        elif reason:
            missed += 1
        else:
            survivors.append(str(grant))
    return {
        "policies": template.digest_of_policies(function),
        "missed": missed,
        "survivors": survivors,
        "not_evaluated": not_evaluated,
    }


def _write(by_function: dict[str, Any]) -> None:
    lists = by_function.values()
    document = {
        "what": "Permissions removed one at a time, and whether the function then fails",
        "command": "make mutate-policies",
        "measured": time.strftime("%Y-%m-%d", time.gmtime()),
        "figures": {
            "functions": len(by_function),
            "grants": sum(
                f["missed"] + len(f["survivors"]) + len(f["not_evaluated"]) for f in lists
            ),
            "missed": sum(f["missed"] for f in lists),
            "survivors": sum(len(f["survivors"]) for f in lists),
            "not_evaluated": sum(len(f["not_evaluated"]) for f in lists),
            "by_function": by_function,
        },
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
