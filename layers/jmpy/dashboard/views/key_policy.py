"""The policy for the lifetime of keys, and the keys that exceed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from jmpy.dashboard.frame import View
from jmpy.key_policy.service import MAX_DAYS, KeyPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPolicyPage(View):
    template: ClassVar[str] = "key_policy.html"
    max_days: ClassVar = MAX_DAYS
    policy: KeyPolicy
    typed: str
    """What stands in the form."""
    errors: Mapping[str, str] = field(default_factory=dict)
