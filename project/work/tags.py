"""Work of the function of tags."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from project.work.context import Work

TAGS = "/api/v1/tags"


def tags(work: Work) -> None:
    auth = work.key()
    name, new = secrets.token_hex(4), secrets.token_hex(4)
    link = {"url": "https://example.com/", "tags": [name]}
    work.request("POST", "/api/v1/short-urls", auth, 201, json=link)
    assert work.request("GET", TAGS, auth)["data"]
    renamed = work.request("PATCH", f"{TAGS}/{name}", auth, json={"name": new})
    assert renamed["data"] == {"changed": 1, "remaining": 0}
    work.request("DELETE", f"{TAGS}/{new}", auth)
    work.request("GET", TAGS, work.exhausted(LimitClass.URL_READS), 429)


WORK = {"TagsFunction": tags}
