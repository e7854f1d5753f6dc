"""The one way from a view to HTML."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jmpy.dashboard import filters
from jmpy.dashboard.frame import MANY_ALERTS, Section, View
from jmpy.formats.times import iso
from jmpy.web import rendering
from jmpy.webhooks.failures import describe_failure

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).with_name("templates")


def render(view: View) -> str:
    return _environment().get_template(view.template).render(view=view, frame=view.frame)


@cache
def _environment() -> Environment:
    words = (
        filters.number,
        filters.plural,
        filters.compact,
        filters.percent,
        iso,
        describe_failure,
        filters.iso_start,
        filters.axis_label,
        filters.day,
        filters.moment,
        filters.ago,
        filters.countdown,
        filters.web_address,
        filters.contact_address,
        filters.without_scheme,
    )
    environment = rendering.environment(_TEMPLATES, words)
    environment.globals["navigation"] = tuple(Section)
    environment.globals["many_alerts"] = MANY_ALERTS
    return environment
