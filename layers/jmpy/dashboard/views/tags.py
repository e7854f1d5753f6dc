"""The list of tags, and the changes of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.list_query import ListQuery, Order
from jmpy.tags.service import TagCount


class _Sort(StrEnum):
    LINKS = "links"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagQuery(ListQuery):
    path = "/dashboard/tags"
    filters = ()
    orders: ClassVar = {"": Order(_Sort.LINKS, True, "Most links first")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsPage(View):
    template: ClassVar[str] = "tags.html"
    tags: Sequence[TagCount]
    query: TagQuery = TagQuery()
    total: int = 0
    """Of all pages."""
    page_count: int = 1
    searched: int | None = None
    """How many links were counted, if not all were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTagPage(View):
    template: ClassVar[str] = "tag_rename.html"
    tag: str
    links: int | None = None
    """That have it; None where the form is shown again."""
    name: str
    """What stands in the form, as it was typed."""
    back: str = ""
    """The list that it was reached from, below the base path."""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagProgressPage(View):
    """Between two requests that change links."""

    template: ClassVar[str] = "tag_progress.html"
    title: str
    changed: int
    """Links, by all requests so far."""
    total: int
    action: tuple[str, ...]
    """Where the form is posted to, as segments of a path."""
    fields: Mapping[str, str]
    back: str = ""
    """The list to return to, below the base path."""
    continues: bool
    """By itself, where scripts run."""
