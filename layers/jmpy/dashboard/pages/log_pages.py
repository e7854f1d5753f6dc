"""The pages of a log: a list with filters, and the same as a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from jmpy.dashboard.pages import view_models
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.key_names import KeyName
from jmpy.dashboard.views.log import LogView
from jmpy.formats import csv_file
from jmpy.formats.cursor import CURSOR, from_cursor, to_cursor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.event_handler import Response

    from jmpy.aws.log_query import LogPage
    from jmpy.formats.csv_file import CsvFile
    from jmpy.keys.service import KeyService
    from jmpy.web.site import Site

PAGE_SIZE = 50


class LogPages(SectionPages, ABC):
    path: ClassVar[str]
    file_name: ClassVar[str]

    def __init__(self, site: Site, keys: KeyService) -> None:
        super().__init__(site)
        self._keys = keys
        site.page(self.path)(self.list)
        site.page(f"{self.path}/export")(self.export)

    def list(self) -> str:
        cursor = self._sent("cursor", CURSOR)
        names = view_models.key_names(self._keys.of_account(self._account), self._now)
        found = self._read(from_cursor(cursor or None))
        return render(
            self._view(
                found,
                names,
                frame=self._frame(),
                keys=tuple(names.values()),
                key_id=self._id("key"),
                next_cursor=to_cursor(found.cursor),
                is_first=not cursor,
            )
        )

    def export(self) -> Response[str]:
        return csv_file.response(self._file(), self.file_name)

    @abstractmethod
    def _read(self, after: str | None) -> LogPage[Any]:
        """A page of the entries that match the filters."""

    @abstractmethod
    def _file(self) -> CsvFile:
        """All of them."""

    @abstractmethod
    def _view(self, found: LogPage[Any], names: Mapping[str, KeyName], **common: Any) -> LogView:
        """`names` of keys by their ids; `common`: the fields of every such view."""

    def _id(self, name: str) -> str:
        return self._sent(name, r".{1,64}")
