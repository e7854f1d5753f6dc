"""The forms of a domain's well-known files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jmpy.dashboard.pages.domain_form import DOMAINS
from jmpy.dashboard.pages.domain_page import ONE, DomainPageForms
from jmpy.dashboard.pages.mistakes import Mistakes
from jmpy.domains import files
from jmpy.domains.errors import FileNotFound, FileTooLong
from jmpy.domains.model import WellKnownFile
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.dashboard.frame import Notice
    from jmpy.dashboard.pages.daily_limits import DailyLimits
    from jmpy.dashboard.pages.domain_page import DomainSources
    from jmpy.domains.files import Content, DomainFiles
    from jmpy.web.form_token import Once
    from jmpy.web.site import Site


class DomainFileForms(DomainPageForms):
    def __init__(
        self,
        site: Site,
        sources: DomainSources,
        files: DomainFiles,
        limits: DailyLimits,
        *,
        once: Once,
    ) -> None:
        super().__init__(site, sources, limits, once=once)
        self._files = files
        site.action(f"{ONE}/{WellKnownFile.APPLE}", page=ONE)(self.save_apple)
        site.action(f"{ONE}/{WellKnownFile.ANDROID}", page=ONE)(self.save_android)

    def save_apple(self, id: str) -> Response[str]:  # noqa: A002 - the name in the path
        return self._save(id, WellKnownFile.APPLE)

    def save_android(self, id: str) -> Response[str]:  # noqa: A002
        return self._save(id, WellKnownFile.ANDROID)

    def _save(self, id: str, file: WellKnownFile) -> Response[str]:  # noqa: A002
        """Empty, it removes the file. Sent again, it changes nothing."""
        text = self._site.form.text("content")
        domain = self._domains.get(self._account, id)

        def work() -> Response[str]:
            try:
                content = _parsed(text) if text else None
                self._limits.consume(LimitClass.URL_READS)
                self._write(domain.id, file, content)
            except (ValueError, FileTooLong) as wrong:
                raise Mistakes({file.value: str(wrong)}) from None
            done = "file-removed" if content is None else "file-saved"
            return self._done(done, f"{DOMAINS}/{domain.id}")

        def again(problem: Notice | str | None, errors: dict[str, str]) -> str:
            return self._page_of(
                self._domains.get(self._account, id),
                errors=errors,
                problem=problem,
                typed={file: text},
            )

        return self._try(work, again)

    def _write(self, domain_id: str, file: WellKnownFile, content: Content | None) -> None:
        """Raises FileTooLong."""
        if content is not None:
            self._files.put(self._account, domain_id, file, content, by=self._site.origin)
            return
        try:
            self._files.remove(self._account, domain_id, file, by=self._site.origin)
        except FileNotFound:
            return


def _parsed(text: str) -> Content:
    """Raises ValueError with what is wrong, for people."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as wrong:
        where = f"line {wrong.lineno}, column {wrong.colno}"
        raise ValueError(f"This is not JSON: {wrong.msg} ({where})") from None
    except (ValueError, RecursionError):  # of thousands of digits, or of brackets
        raise ValueError("A number is too long, or too much is nested") from None
    if not isinstance(content, dict | list):
        raise ValueError("The file has to be a JSON object or array")
    return files.checked(content)
