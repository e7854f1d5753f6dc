"""The one way from a view to HTML."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jmpy.dashboard import filters
from jmpy.dashboard.frame import NAVIGATION, View

_TEMPLATES = Path(__file__).with_name("templates")


def render(view: View) -> str:
    return _environment().get_template(view.template).render(view=view, frame=view.frame)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for word in (
        filters.number,
        filters.plural,
        filters.compact,
        filters.percent,
        filters.iso,
        filters.day,
        filters.moment,
        filters.ago,
        filters.countdown,
        filters.web_address,
        filters.contact_address,
        filters.without_scheme,
    ):
        environment.filters[word.__name__] = word
    environment.globals["navigation"] = NAVIGATION
    return environment
