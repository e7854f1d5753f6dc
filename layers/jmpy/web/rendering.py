"""Rendering of the site's pages from templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def environment(folder: Path, filters: Iterable[Callable[..., Any]]) -> Environment:
    """The environment of a folder's templates. A filter has the name of its function; a variable
    that a template uses but does not get is an error."""
    templates = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update({one.__name__: one for one in filters})
    return templates
