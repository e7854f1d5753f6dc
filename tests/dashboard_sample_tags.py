"""Tags as the pages of the dashboard show them."""

from jmpy.dashboard.frame import Section, View
from jmpy.dashboard.pages import confirming
from jmpy.dashboard.views.tags import RenameTagPage, TagProgressPage, TagQuery, TagsPage
from jmpy.tags.service import TagCount
from tests.dashboard_sample_data import frame

_FRAME = frame(Section.LINKS)
_BACK = "/dashboard/tags?page=2"
_SALE = TagCount("sale", 1_200)
_LISTED = (_SALE, TagCount("Été & “Spring” 🎉", 12), TagCount("x" * 50, 1))

FULL: dict[str, View] = {
    "tags": TagsPage(frame=_FRAME, tags=_LISTED, total=144, page_count=3, searched=10_000),
    "tags-found": TagsPage(
        frame=_FRAME, tags=_LISTED[:1], query=TagQuery(search="sale " + "x" * 45), total=1
    ),
    "tag-rename": RenameTagPage(
        frame=_FRAME,
        tag="x" * 50,
        name="a,b",
        back=_BACK,
        errors={"name": "A tag has no comma and no '|', which separate tags"},
    ),
    # One that continued by itself would be gone before anybody looked at it.
    "tag-progress": TagProgressPage(
        frame=_FRAME,
        title=f"Renaming “sale” to “{'x' * 50}”",
        changed=300,
        total=1_200,
        action=("dashboard", "tags", "rename"),
        fields={"tag": "sale", "name": "x" * 50, "changed": "300"},
        back=_BACK,
        continues=False,
    ),
    "question-tag": confirming.remove_tag(_FRAME, _SALE, _BACK),
    "question-tags": confirming.merge_tags(_FRAME, _SALE, _LISTED[2], "X" * 50, _BACK),
}
EMPTY: dict[str, View] = {
    "tags-empty": TagsPage(frame=_FRAME, tags=()),
    "tags-not-found": TagsPage(frame=_FRAME, tags=(), query=TagQuery(search="autumn")),
    "tags-page-beyond": TagsPage(frame=_FRAME, tags=(), query=TagQuery(page=9), total=3),
    "tag-rename-bare": RenameTagPage(frame=_FRAME, tag="sale", links=1, name="sale"),
}
