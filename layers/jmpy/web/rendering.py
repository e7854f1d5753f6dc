"""How pages of the site are made of templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def environment(folder: Path, filters: Iterable[Callable[..., Any]]) -> Environment:
    """Of the templates of a folder. A filter goes by its function's name; what a template names and
    was not given is an error."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update({one.__name__: one for one in filters})
    return made
