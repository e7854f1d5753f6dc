"""The pages of tags on the dashboard."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from jmpy.links.listing import Request
from jmpy.links.new_link import NewLink
from jmpy.links.writes import StaleLink
from jmpy.tags import service
from tests import cognito
from tests.integration.browser import STAGE

if TYPE_CHECKING:
    from project.functions import Response
    from tests.integration.browser import Browser

PAGES = "/dashboard/tags"
RENAME, REMOVE = f"{PAGES}/rename", f"{PAGES}/remove"


def create(person: Browser, *tags: str, account: str = cognito.SUBJECT) -> None:
    person.app.services.links.create(account, NewLink("https://example.com/", tags=tags))


def stored(person: Browser) -> list[tuple[str, ...]]:
    """The tags of each link, in the order in which the links were created."""
    links = person.app.services.links.page(cognito.SUBJECT, Request(descending=False)).links
    return [link.tags for link in links]


def listed(response: Response) -> list[str]:
    found = re.findall(
        r'<h3 class="wrap">(.*?)</h3>\s*<p class="hint"><a [^>]*>(.*?)<', response.text
    )
    return [unescape(f"{tag}: {links}") for tag, links in found]


def hidden(response: Response) -> dict[str, str]:
    """The fields of the form in the page's main part."""
    main = response.text.partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)
    return {name: unescape(value) for name, value in found}


def at(response: Response) -> str:
    assert response.status == 303, response.text
    return response.headers["location"].removeprefix(STAGE)


def test_the_list_says_how_many_links_have_each_tag(person: Browser) -> None:
    assert "No tags yet" in person.get(PAGES).text
    for tags in (("Sale", "Été & <b>"), ("sale",), ("sale", "news"), ()):
        create(person, *tags)
    create(person, "theirs", account="somebody else")
    page = person.get(PAGES)
    assert listed(page) == ["sale: 3 links", "news: 1 link", "Été & <b>: 1 link"]
    assert 'href="/live/dashboard/links" aria-current="page"' in page.text
    assert 'href="/live/dashboard/tags"' in person.get("/dashboard/links").text
    assert "were counted" not in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?search=SAL", ["sale: 1 link", "Sales: 1 link"]),
        ("?search=none", []),
        ("?page=2", ["sale: 1 link", "Sales: 1 link"]),
        ("?page=3", []),
        ("?page=nonsense", ["b: 1 link", "news: 1 link"]),
    ],
)
def test_the_list_is_searched_and_has_pages(
    person: Browser, monkeypatch: pytest.MonkeyPatch, query: str, found: list[str]
) -> None:
    monkeypatch.setattr("jmpy.dashboard.pages.tags.PAGE_SIZE", 2)
    create(person, "sale", "Sales", "news", "b")
    page = person.get(PAGES + query)
    assert (page.status, listed(page)) == (200, found)


def test_the_list_says_that_not_all_links_were_counted(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SEARCHED", 1)
    create(person, "old")
    create(person, "new")
    page = person.get(PAGES)
    assert listed(page) == ["new: 1 link"]
    assert "Only the newest 10,000 links were counted" in page.text


def test_a_tag_leads_to_the_links_that_have_it(person: Browser) -> None:
    create(person, "50 %/é")
    create(person, "50 %/é too")
    href = re.search(r'href="/live(/dashboard/links\?tag=[^"]+)"', person.get(PAGES).text)
    assert href is not None
    page = person.get(unescape(href[1])).text
    assert "1 link found" in page
    assert 'id="tag" name="tag" type="text" value="50 %/é' in page


@pytest.mark.parametrize(
    ("tag", "count"), [("SALE", 2), (" sale , news,", 3), ("sal", 0), (",", 4), ("", 4)]
)
def test_the_list_of_links_is_filtered_by_tag(person: Browser, tag: str, count: int) -> None:
    for tags in (("sale",), ("Sale", "news"), ("news",), ()):
        create(person, *tags)
    page = person.get(f"/dashboard/links?{urlencode({'tag': tag})}").text
    assert len(re.findall('class="short-url"', page)) == count
    assert (" found</p>" in page) == (count in {2, 3, 0})


def test_pages_of_links_stay_filtered_by_tag(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jmpy.dashboard.pages.links.PAGE_SIZE", 1)
    for _ in range(2):
        create(person, "sale & more")
    create(person)
    first = person.get("/dashboard/links?tag=sale+%26+more").text
    following = re.search(r'rel="next" href="/live([^"]+)"', first)
    assert following is not None
    assert "Page 2 of 2" in person.get(unescape(following[1])).text


def test_a_tag_is_renamed(person: Browser) -> None:
    create(person, "a", "50 %/Été")
    create(person, "other")
    back = f"{PAGES}?search=50"
    link = re.search(r'href="/live([^"]+/rename\?[^"]+)"', person.get(back).text)
    assert link is not None
    page = person.get(unescape(link[1]))
    assert "It is renamed in 1 link." in page.text
    form = {**hidden(page), "name": " Autumn "}
    assert at(person.post(RENAME, form)) == f"{back}&done=tag-renamed"
    assert stored(person) == [("a", "Autumn"), ("other",)]
    assert at(person.post(RENAME, form)) == f"{PAGES}?problem=tag-gone"


def test_the_case_of_a_tag_is_changed_without_a_question(person: Browser) -> None:
    create(person, "sale")
    assert at(person.submit(RENAME, {"tag": "sale", "name": "Sale"})).endswith("tag-renamed")
    assert stored(person) == [("Sale",)]


@pytest.mark.parametrize("name", ["", "a,b", "a|b", "x" * 51])
def test_a_mistake_is_shown_at_the_name(person: Browser, name: str) -> None:
    create(person, "sale")
    response = person.submit(RENAME, {"tag": "sale", "name": name})
    assert response.status == 422
    assert 'id="name-error"' in response.text
    assert f'value="{name}"' in response.text
    assert hidden(response)["tag"] == "sale"
    assert stored(person) == [("sale",)]


def test_two_tags_become_one_after_a_question(person: Browser) -> None:
    for tags in (("sale",), ("sale", "Autumn"), ("autumn",)):
        create(person, *tags)
    question = person.submit(RENAME, {"tag": "Sale", "name": "autumn"})
    assert question.status == 200
    text = unescape(question.text)
    assert "Merge “sale” into “autumn”?" in text
    assert "2 links will have “autumn” in place of “sale”, like the 2 links that" in text
    assert "cannot be undone" in text
    assert stored(person) == [("sale",), ("sale", "Autumn"), ("autumn",)]
    assert at(person.post(RENAME, hidden(question))) == f"{PAGES}?done=tag-renamed"
    assert stored(person) == [("autumn",)] * 3


def test_a_tag_is_removed_after_a_question(person: Browser) -> None:
    create(person, "sale", "news")
    create(person, "Sale")
    question = person.get(f"{REMOVE}?tag=SALE&back={PAGES}?page=2")
    assert "2 links will no longer have this tag" in question.text
    assert at(person.post(REMOVE, hidden(question))) == f"{PAGES}?page=2&done=tag-removed"
    assert stored(person) == [("news",), ()]


@pytest.mark.parametrize("path", [RENAME, REMOVE])
@pytest.mark.parametrize("query", ["", "?tag=", "?tag=sal", "?tag=a,b"])
def test_there_is_no_form_for_a_tag_that_no_link_has(
    person: Browser, path: str, query: str
) -> None:
    create(person, "sale")
    assert person.get(path + query).status == 404


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [(RENAME, {"name": "autumn"}, ("autumn",)), (REMOVE, {}, ())],
)
def test_many_links_are_changed_in_steps_that_say_how_far_they_are(
    person: Browser,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    name: dict[str, str],
    expected: tuple[str, ...],
) -> None:
    monkeypatch.setattr(service, "CHANGED_AT_ONCE", 2)
    for _ in range(5):
        create(person, "sale")
    back = f"{PAGES}?page=1"
    response = person.submit(path, {"tag": "sale", "back": back, **name})
    for changed in ("2 of 5 links changed", "4 of 5 links changed"):
        assert response.status == 200
        assert changed in response.text
        assert f'action="/live{path}" data-continues' in response.text
        response = person.post(path, hidden(response))
    assert at(response).startswith(f"{back}&done=")
    assert stored(person) == [expected] * 5


def test_what_others_change_meanwhile_waits_for_a_click(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing goes on by itself that gets nowhere."""
    create(person, "sale")

    def stale(*_: object) -> None:
        raise StaleLink

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(person.app.services.link_store, "change", stale)
        response = person.submit(REMOVE, {"tag": "sale"})
    assert "0 of 1 link changed" in response.text
    assert "data-continues" not in response.text
    assert at(person.post(REMOVE, hidden(response))).endswith("done=tag-removed")


@pytest.mark.parametrize("changed", ["", "-1", "1e3", "9" * 30, "٣"])
def test_a_number_that_no_page_of_ours_sends_counts_as_none(person: Browser, changed: str) -> None:
    assert at(person.submit(REMOVE, {"tag": "none", "changed": changed})).endswith("tag-gone")


def test_a_job_that_another_tab_finished_is_done(person: Browser) -> None:
    sent = {"tag": "sale", "changed": "100"}
    assert at(person.submit(REMOVE, sent)) == f"{PAGES}?done=tag-removed"
