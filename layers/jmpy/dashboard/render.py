"""The one way from a view to HTML."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jmpy.dashboard import words
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
        words.number,
        words.plural,
        words.compact,
        words.percent,
        words.iso,
        words.day,
        words.moment,
        words.ago,
        words.countdown,
        words.web_address,
        words.contact_address,
        words.without_scheme,
    ):
        environment.filters[word.__name__] = word
    environment.globals["navigation"] = NAVIGATION
    return environment
