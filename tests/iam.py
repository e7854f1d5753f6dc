"""Policies of templates as IAM evaluates them, as far as ours go.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
A condition or a function that is not known here fails the test instead of being passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Context = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Request:
    action: str
    resource: str
    context: Context = field(default_factory=dict)


def allows(statements: Iterable[Mapping[str, Any]], request: Request) -> bool:
    """Whether one of them allows it, and none denies it."""
    effects = {one["Effect"] for one in statements if _applies(one, request)}
    return effects == {"Allow"}


def resolved(node: Any, names: Mapping[str, str]) -> Any:
    """With references replaced; `names` has what `Ref` and `Sub` name, `GetAtt` with a dot, and of
    conditions "true" or "false"."""
    if isinstance(node, list):
        values = (resolved(value, names) for value in node)
        return [value for value in values if value is not None]
    if not isinstance(node, dict):
        return node
    if len(node) == 1 and node.keys() <= {"Ref", "GetAtt", "Sub", "If"}:
        return _referred(*next(iter(node.items())), names)
    return {key: resolved(value, names) for key, value in node.items()}


def _referred(function: str, value: Any, names: Mapping[str, str]) -> Any:
    match function:
        case "If":
            return resolved(value[1 if names[value[0]] == "true" else 2], names)
        case "Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda found: names[found[1]], value)
        case _:
            return None if value == "AWS::NoValue" else names[value]


def statements(policies: Iterable[Any], names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Of policy documents, or of what holds one."""
    for policy in policies:
        document = policy.get("PolicyDocument", policy)
        yield from resolved(document["Statement"], names)


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    assert statement.keys() <= {"Sid", "Effect", "Action", "Resource", "Condition"}, statement
    return (
        any(_like(one, request.action) for one in listed(statement["Action"]))
        and any(_like(one, request.resource) for one in listed(statement["Resource"]))
        and all(
            _holds(operator, key, listed(wanted), request.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    is_optional, operator = operator.endswith("IfExists"), operator.removesuffix("IfExists")
    quantifier, _, operator = operator.rpartition(":")
    found = listed(context.get(key, []))
    if not found:
        # Of no value at all each value is as wanted, and nothing equals it.
        return is_optional or quantifier == "ForAllValues" or operator.startswith("StringNot")
    match operator:
        case "StringEquals":
            matching = [any(value == one for one in wanted) for value in found]
        case "StringLike" | "ArnLike" | "ArnEquals":  # the last two are the same
            matching = [any(_like(one, value) for one in wanted) for value in found]
        case "StringNotEquals":
            matching = [all(value != one for one in wanted) for value in found]
        case "StringNotLike" | "ArnNotLike" | "ArnNotEquals":
            matching = [not any(_like(one, value) for one in wanted) for value in found]
        case _:
            raise AssertionError(f"{operator} is not known here")
    return all(matching) if quantifier == "ForAllValues" else any(matching)


def _like(pattern: str, text: str) -> bool:
    """`*` is any text, also with slashes and colons in it."""
    parts = (re.escape(part).replace(r"\?", ".") for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), text, re.DOTALL) is not None


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
