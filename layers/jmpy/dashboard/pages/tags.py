"""The pages of an account's tags: list, rename, removal.

One request changes as many links as `Tags.replace` does; while any remain, its response is a page
whose form sends the next one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import confirming, list_address
from jmpy.dashboard.pages.link_forms import LinkForms
from jmpy.dashboard.pages.mistakes import validated
from jmpy.dashboard.pages.rejections import submit
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.tags import RenameTagPage, TagProgressPage, TagQuery, TagsPage
from jmpy.formats.caseless import folded
from jmpy.limits.plan import LimitClass
from jmpy.links.listing import SEARCHED
from jmpy.tags.errors import TagNotFound
from jmpy.tags.schema import RenameTag

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.tags.service import Tags
    from jmpy.web.site import Site

TAGS = TagQuery.path
PAGE_SIZE = 50
LONGEST_SEARCH = 50

_CHANGED = re.compile(r"[0-9]{1,5}")


class TagPages(SectionPages):
    section = Section.LINKS

    def __init__(self, site: Site, tags: Tags, limits: DailyLimits) -> None:
        super().__init__(site)
        self._tags = tags
        self._limits = limits
        site.page(TAGS)(self.list)
        site.page(f"{TAGS}/rename")(self.ask_for_name)
        site.action(f"{TAGS}/rename", page=TAGS, again=self._rename_again)(self.rename)
        site.page(f"{TAGS}/remove")(self.ask_to_remove)
        site.action(f"{TAGS}/remove", page=TAGS)(self.remove)

    def list(self) -> str:
        query = list_address.sent(
            TagQuery,
            self._site.current_event.get_query_string_value,
            longest_search=LONGEST_SEARCH,
            longest=LONGEST_SEARCH,
        )
        self._limits.consume(LimitClass.URL_READS)
        counts = self._tags.counted(self._account)
        found = [tag for tag in counts.tags if folded(query.search) in folded(tag.name)]
        start = (query.page - 1) * PAGE_SIZE
        return render(
            TagsPage(
                frame=self._frame(),
                tags=found[start : start + PAGE_SIZE],
                query=query,
                total=len(found),
                page_count=max(1, -(-len(found) // PAGE_SIZE)),
                searched=None if counts.is_complete else SEARCHED,
            )
        )

    def ask_for_name(self) -> str:
        """Raises TagNotFound."""
        self._limits.consume(LimitClass.URL_READS)
        tag = self._tags.count(self._account, self._sent_tag)
        return render(
            RenameTagPage(
                frame=self._frame(),
                tag=tag.name,
                links=tag.links,
                name=tag.name,
                back=self._list_before,
            )
        )

    def rename(self) -> Response[str]:
        """One that leads to a tag that other links have is confirmed about first."""
        form, tag = self._site.form, self._site.form.text("tag")

        def work() -> Response[str]:
            with validated():
                new = RenameTag.model_validate({"name": form.text("name")}).name
            self._limits.consume(LimitClass.URL_READS)
            if "merge" not in form and folded(new) != folded(tag):
                counts = self._tags.counted(self._account)
                merged, other = counts.find(tag), counts.find(new)
                if merged and other:
                    question = confirming.merge_tags(
                        self._frame(), merged, other, new, self._list_before
                    )
                    return self._site.html(render(question))
            return self._replace(tag, new)

        return submit(self._site, work, self._rename_again, LinkForms.rejections)

    def _rename_again(
        self, problem: Notice | str | None, errors: dict[str, str] | None = None
    ) -> str:
        form = self._site.form
        return render(
            RenameTagPage(
                frame=self._frame(problem),
                tag=form.text("tag"),
                name=form.text("name"),
                back=self._list_before,
                errors=errors or {},
            )
        )

    def ask_to_remove(self) -> str:
        """Raises TagNotFound."""
        self._limits.consume(LimitClass.URL_READS)
        tag = self._tags.count(self._account, self._sent_tag)
        return render(confirming.remove_tag(self._frame(), tag, self._list_before))

    def remove(self) -> Response[str]:
        self._limits.consume(LimitClass.URL_READS)
        return self._replace(self._site.form.text("tag"), None)

    @property
    def _sent_tag(self) -> str:
        return self._site.current_event.get_query_string_value("tag") or ""

    @property
    def _list_before(self) -> str:
        """The list that the page was reached from, with its search and page."""
        back = self._back()
        return back if back.startswith(f"{TAGS}?") else ""

    def _replace(self, tag: str, new: str | None) -> Response[str]:
        sent = self._site.form.text("changed")
        before = int(sent) if _CHANGED.fullmatch(sent) else 0
        done = "tag-removed" if new is None else "tag-renamed"
        try:
            progress = self._tags.replace(self._account, tag, new, by=self._site.origin)
        except TagNotFound:
            return self._done(done, TAGS) if before else self._warned("tag-gone", TAGS)
        if not progress.remaining:
            return self._done(done, TAGS)
        changed = before + progress.changed
        fields = {"tag": tag, "changed": str(changed)}
        if new is not None:
            fields |= {"name": new, "merge": "on"}  # some links have the new name by now
        return self._site.html(
            render(
                TagProgressPage(
                    frame=self._frame(),
                    title=f"Removing “{tag}”" if new is None else f"Renaming “{tag}” to “{new}”",
                    changed=changed,
                    total=changed + progress.remaining,
                    action=("dashboard", "tags", "remove" if new is None else "rename"),
                    fields=fields,
                    back=self._list_before,
                    continues=progress.changed > 0,
                )
            )
        )
