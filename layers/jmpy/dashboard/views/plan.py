"""The account's plan beside the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.usage import LIMIT_NAMES, DailyUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOffer:
    """None stands for "as agreed"."""

    name: str
    requests_per_second: float | None
    burst: int | None
    limits: Mapping[str, int | None]
    """Per UTC day, by class of the limit; a class that is left out is not included."""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage(View):
    template: ClassVar[str] = "plan.html"
    plan_name: str
    usage: DailyUsage
    offers: tuple[PlanOffer, ...] = ()
    upgrade_url: str | None = None
    """The operator's; as is the next. Without them nothing is offered."""
    contact_url: str | None = None

    @property
    def limit_names(self) -> list[tuple[str, str]]:
        """Class and words of every limit that an offer names."""
        named = {limit_class for offer in self.offers for limit_class in offer.limits}
        unknown = sorted(named - LIMIT_NAMES.keys())
        return [item for item in LIMIT_NAMES.items() if item[0] in named] + [
            (limit_class, limit_class) for limit_class in unknown
        ]
