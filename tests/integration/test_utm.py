"""UTM parameters of links, however they are set."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from jmpy.links.destination import MAX_LENGTH
from jmpy.links.store import LinkStore
from project.tables import LINKS
from tests import cognito
from tests.integration.campaigns import create_campaign
from tests.integration.short_urls import Client, errors_of
from tests.integration.somebodys_links import SomebodysLinks
from tests.integration.test_bulk import Client as BulkClient
from tests.integration.test_redirect import follow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.integration.browser import Browser

URL = "https://e.com/?sig=%2f&q=2+2&utm_source=mine#x"
NEW = "/dashboard/links/new"


@pytest.mark.parametrize(
    ("sent", "url", "source"),
    [
        ({}, URL, None),
        ({"utm_source": None}, URL, None),
        ({"utm_source": ""}, "https://e.com/?sig=%2f&q=2+2#x", None),
        ({"utm_source": "  "}, "https://e.com/?sig=%2f&q=2+2#x", None),
        ({"utm_source": "x"}, "https://e.com/?sig=%2f&q=2+2&utm_source=x#x", "x"),
        (
            {"utm_source": " a+b & c ", "utm_term": "é"},
            "https://e.com/?sig=%2f&q=2+2&utm_source=a%2Bb%20%26%20c&utm_term=%C3%A9#x",
            "a+b & c",
        ),
    ],
)
@pytest.mark.parametrize("changes", [False, True])
def test_a_field_sets_removes_or_leaves_a_parameter(
    client: Client, *, sent: dict[str, Any], url: str, source: str | None, changes: bool
) -> None:
    if changes:
        link = client.create(url="https://e.com/?utm_source=old")
        response = client("PATCH", link["id"], body={**sent, "url": URL})
        assert response.status == 200
        link = response.body["data"]
    else:
        link = client.create(**sent, url=URL)
    assert (link["original_url"], link["utm_source"]) == (url, source)
    assert client("GET", link["id"]).body["data"] == link


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.com/?ug=a%2Bb", "https://e.com/?ug=a%2Bb&utm_source=x"),
        ("https://e.com/?abc", "https://e.com/?abc&utm_source=x"),
        ("https://e.com/?abc#x", "https://e.com/?abc&utm_source=x#x"),
        ("https://e.com/?a=1&a=2", "https://e.com/?a=1&a=2&utm_source=x"),
        ("https://e.com/?q=2+2", "https://e.com/?q=2+2&utm_source=x"),
        ("https://e.com/?sig=%2f", "https://e.com/?sig=%2f&utm_source=x"),
        ("https://e.com/#frag", "https://e.com/?utm_source=x#frag"),
        ("https://e.com/?utm_source=mine", "https://e.com/?utm_source=x"),
        ("https://e.com/?utm_source=1&b&utm_source=2", "https://e.com/?utm_source=x&b"),
    ],
)
def test_a_visitor_gets_the_destination_with_every_other_byte_as_it_was(
    client: Client, url: str, expected: str
) -> None:
    code = client.create(url=url, utm_source="x")["short_code"]
    assert follow(code).headers["location"] == expected
    plain = client.create(url=url, utm_source=None)["short_code"]
    assert follow(plain).headers["location"] == url


def test_a_changed_destination_keeps_the_parameters_of_the_link(client: Client) -> None:
    link = client.create(url="https://e.com/", utm_source="news", utm_medium="mail")
    path = link["id"]

    def changed(**body: Any) -> tuple[str, str | None, str | None]:
        link = client("PUT", path, body=body).body["data"]
        return link["original_url"], link["utm_source"], link["utm_medium"]

    both = "utm_source=news&utm_medium=mail"
    assert changed(url="https://e.com/a?utm_medium=b#c") == (
        "https://e.com/a?utm_medium=mail&utm_source=news#c", "news", "mail",
    )  # fmt: skip
    assert changed(url="https://e.com/") == (f"https://e.com/?{both}", "news", "mail")
    # What is left to the destination stays in it, and is no longer set.
    assert changed(utm_medium=None) == (f"https://e.com/?{both}", "news", None)
    assert changed(url="https://e.com/b") == ("https://e.com/b?utm_source=news", "news", None)
    assert changed(utm_source="") == ("https://e.com/b", None, None)
    assert changed(name="Sale") == ("https://e.com/b", None, None)


def test_the_length_of_a_destination_is_that_with_its_parameters(client: Client) -> None:
    long = f"https://e.com/{'x' * (MAX_LENGTH - 20)}"
    response = client("POST", body={"url": long, "utm_source": "news"})
    assert (response.status, [*errors_of(response)]) == (422, ["url"])
    link = client.create(url=long)
    response = client("PATCH", link["id"], body={"utm_source": "news"})
    assert (response.status, [*errors_of(response)]) == (422, ["url"])
    assert "with its UTM parameters" in errors_of(response)["url"]


def test_a_link_is_found_by_the_destination_that_it_has(client: Client) -> None:
    link = client.create(url="https://e.com/", utm_source="news")
    found = client("GET", "lookup", query={"url": link["original_url"]}).body["data"]
    assert [one["id"] for one in found["shortUrls"]] == [link["id"]]


@pytest.mark.parametrize(
    "upload",
    [
        {"csv_content": f"utm_term,url,utm_source\n,{URL},a b\n"},
        {"validated_urls": [{"original_url": URL, "utm_source": "a b", "utm_term": None}]},
        {"validated_urls": [{"original_url": URL, "utm_source": " a b ", "utm_term": ""}]},
    ],
)
def test_a_row_of_an_upload_sets_parameters(client: Client, upload: dict[str, Any]) -> None:
    bulk = BulkClient()
    if "csv_content" in upload:
        preview = bulk("validate", upload).body["data"]["preview"]["valid_urls"]
        upload = {"validated_urls": preview}
    (link,) = bulk("create", upload).body["data"]["created"]
    url = "https://e.com/?sig=%2f&q=2+2&utm_source=a%20b#x"
    assert (link["original_url"], link["utm_source"], link["utm_term"]) == (url, "a b", None)
    assert client("GET", link["id"]).body["data"] == link


def test_a_row_with_a_parameter_that_is_too_long_fails_alone(client: Client) -> None:
    rows = [{"original_url": URL, "utm_source": "x" * 256}, {"original_url": URL}]
    result = BulkClient()("create", {"validated_urls": rows}).body["data"]
    assert (len(result["created"]), result["failed"][0]["errors"][0]["field"]) == (1, "utm_source")


TEMPLATE = {"utm_source": "campaign", "utm_medium": "mail", "utm_content": ""}


@pytest.mark.parametrize(
    ("sent", "url", "fields"),
    [
        (
            {"url": "https://e.com/?utm_content=mine&utm_term=mine"},
            "https://e.com/?utm_term=mine&utm_source=campaign&utm_medium=mail",
            ("campaign", "mail", None),
        ),
        (
            {"url": URL, "utm_source": "request", "utm_content": "top"},
            "https://e.com/?sig=%2f&q=2+2&utm_source=request&utm_medium=mail&utm_content=top#x",
            ("request", "mail", "top"),
        ),
        (
            {"url": URL, "utm_source": "", "utm_medium": None},
            "https://e.com/?sig=%2f&q=2+2&utm_medium=mail#x",
            (None, "mail", None),
        ),
    ],
)
def test_a_request_wins_over_the_template_of_its_campaign_and_that_over_the_destination(
    client: Client,
    dynamodb: DynamoDBClient,
    sent: dict[str, Any],
    url: str,
    fields: tuple[str | None, ...],
) -> None:
    campaign = create_campaign(dynamodb, "a", utm=TEMPLATE)
    row = {name: value for name, value in sent.items() if name != "url"}
    upload = {"validated_urls": [{**row, "original_url": sent["url"], "campaign_id": campaign}]}
    for link in (
        client.create(**sent, campaign_id=campaign),
        *BulkClient()("create", upload).body["data"]["created"],
    ):
        assert link["original_url"] == url
        assert (link["utm_source"], link["utm_medium"], link["utm_content"]) == fields


def test_a_preview_of_an_upload_has_the_template_of_its_campaign(dynamodb: DynamoDBClient) -> None:
    campaign, bulk = create_campaign(dynamodb, "a", utm=TEMPLATE), BulkClient()
    upload = {"csv_content": f"url,campaign_id,utm_medium\n{URL},{campaign},own\n"}
    (row,) = bulk("validate", upload).body["data"]["preview"]["valid_urls"]
    url = "https://e.com/?sig=%2f&q=2+2&utm_source=campaign&utm_medium=own#x"
    assert (row["original_url"], row["utm_medium"], row["utm_content"]) == (url, "own", "")
    (link,) = bulk("create", {"validated_urls": [row]}).body["data"]["created"]
    assert link["original_url"] == url


def test_a_template_changes_no_link_that_exists(client: Client, dynamodb: DynamoDBClient) -> None:
    campaign = create_campaign(dynamodb, "a", utm=TEMPLATE)
    link = client.create(url=URL)
    response = client("PATCH", link["id"], body={"campaign_id": campaign})
    assert response.status == 200
    assert response.body["data"]["original_url"] == URL


@pytest.fixture
def links(dynamodb: DynamoDBClient) -> SomebodysLinks:
    return SomebodysLinks(LinkStore(dynamodb, LINKS))


def preview(person: Browser, **form: str) -> str:
    response = person.get(f"{NEW}/destination?{urlencode(form)}")
    assert response.status == 200
    return unescape(re.sub(r"<[^>]*>", "", response.text)).strip()


def test_the_form_of_a_link_builds_its_destination(person: Browser, links: SomebodysLinks) -> None:
    form = {"url": URL, "utm_source": "a & b", "utm_medium": "", "forward_query": "on"}
    result = "https://e.com/?sig=%2f&q=2+2&utm_source=a%20%26%20b#x"
    assert preview(person, **form, custom_alias="no way") == f"Leads to {result}"
    assert preview(person, url="nowhere", utm_source="x").startswith("Enter a valid destination")

    created = person.submit("/dashboard/links", form)
    one = created.headers["location"].partition("?")[0].removeprefix(person.base_url)
    link_id = one.rpartition("/")[2]
    link = links.stored(cognito.SUBJECT, link_id)
    assert (link.url, link.utm, link.forward_query) == (result, {"utm_source": "a & b"}, True)

    page = person.get(one).text
    assert 'value="a &amp; b"' in page
    assert unescape(re.findall(r"Leads to <strong>(.*?)</strong>", page)[0]) == result
    emptied = {"url": result, "utm_source": "", "utm_set": "utm_source"}
    removed = "https://e.com/?sig=%2f&q=2+2#x"
    assert preview(person, **emptied) == f"Leads to {removed}"
    assert person.submit(one, {**emptied, "version": "1"}).status == 303
    link = links.stored(cognito.SUBJECT, link_id)
    assert (link.url, link.utm, link.forward_query) == (removed, {}, False)


def test_the_preview_has_the_template_of_the_campaign_of_a_new_link(
    person: Browser, links: SomebodysLinks, dynamodb: DynamoDBClient
) -> None:
    create_campaign(dynamodb, cognito.SUBJECT, "Autumn", utm=TEMPLATE)
    form = {"url": "https://e.com/", "utm_source": "own", "campaign_id": " autumn"}
    result = "https://e.com/?utm_source=own&utm_medium=mail"
    assert preview(person, **form) == f"Leads to {result}"
    again = person.submit("/dashboard/links", {**form, "name": "x" * 256})
    assert (again.status, unescape(again.text).count(f"<strong>{result}</strong>")) == (422, 1)
    assert preview(person, **{**form, "campaign_id": "none"}) == (
        "Leads to https://e.com/?utm_source=own"
    )
    assert preview(person, **form, utm_set="") == "Leads to https://e.com/?utm_source=own"
    person.submit("/dashboard/links", form)
    (link,) = links.newest(cognito.SUBJECT, 2)
    assert link.url == result


def test_a_mistake_in_a_parameter_is_shown_at_its_field(person: Browser) -> None:
    response = person.submit("/dashboard/links", {"url": URL, "utm_term": "x" * 256})
    assert response.status == 422
    assert 'id="utm_term-error"' in response.text
    assert re.search(r'<details [^>]*id="utm" open', response.text)


def test_a_restored_destination_is_the_one_that_was_followed(
    person: Browser, links: SomebodysLinks
) -> None:
    person.submit("/dashboard/links", {"url": "https://e.com/", "utm_source": "old"})
    (link,) = links.newest(cognito.SUBJECT, 2)
    one = f"/dashboard/links/{link.id}"
    person.submit(one, {"url": link.url, "utm_source": "new", "utm_medium": "m", "version": "1"})
    restored = person.submit(f"{one}/destination", {"url": link.url, "version": "2"})
    assert restored.status == 303
    now = links.stored(cognito.SUBJECT, link.id)
    assert (now.url, now.utm) == (link.url, {"utm_source": "old"})
