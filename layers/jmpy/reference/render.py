"""Renders the document as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from jmpy.reference import view
from jmpy.web import rendering

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).with_name("templates")


def render(document: dict[str, Any], base_url: str, asset: Callable[[str], str]) -> str:
    """`asset` returns the path of a file that the page loads."""
    shown = view.from_document(document, base_url)
    return _environment().get_template("page.html").render(reference=shown, asset=asset)


def with_code(text: str) -> Markup:
    """The one feature of Markdown that the document's texts use."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped


@cache
def _environment() -> Environment:
    return rendering.environment(_TEMPLATES, [with_code])
