"""The domain of a short URL, in the forms and lists of the dashboard."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.domains.model import DomainName, DomainState
from tests import cognito
from tests.integration.domains import close_domain, create_domain
from tests.integration.subdomain_client import Client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.model import Link
    from project.functions import Response
    from tests.integration.browser import Browser

LINKS = "/dashboard/links"
URL = "https://example.com/"


@pytest.fixture
def promo(dynamodb: DynamoDBClient) -> DomainName:
    return create_domain(dynamodb, cognito.SUBJECT)


def created(person: Browser, alias: str, domain: str = "", **fields: str) -> Link:
    form = {"url": URL, "custom_alias": alias, "domain": domain, **fields}
    assert person.submit(LINKS, form).status == 303
    link: Link = person.app.services.links.get(cognito.SUBJECT, alias, domain)
    return link


def offered(page: Response, field: str = "domain") -> list[str]:
    (select,) = re.findall(rf'<select id="{field}".*?</select>', page.text, re.DOTALL)
    return re.findall(r'<option value="([^"]*)"', select)


def chosen(page: Response) -> str:
    (select,) = re.findall(r'<select id="domain".*?</select>', page.text, re.DOTALL)
    found = re.findall(r'<option value="([^"]*)" selected', select)
    return found[0] if found else ""


def test_without_a_domain_there_is_nothing_to_choose(person: Browser) -> None:
    for path in (f"{LINKS}/new", LINKS, "/dashboard/qr-codes/new/url"):
        assert 'id="domain"' not in person.get(path).text


def test_a_link_is_created_on_the_domain_that_is_chosen(person: Browser, promo: DomainName) -> None:
    page = person.get(f"{LINKS}/new")
    assert offered(page) == ["", promo.host]
    link = created(person, "sale", promo.host)
    assert link.domain == promo
    shown = person.get(f"{LINKS}/{link.id}")
    assert f'data-copy="https://{promo.host}/sale"' in shown.text
    assert chosen(shown) == promo.host
    assert created(person, "sale").domain is None


def test_new_links_are_on_the_primary_domain(person: Browser, dynamodb: DynamoDBClient) -> None:
    api = Client()
    for name in ("promo", "menu"):
        domain = api.create(name, account=cognito.SUBJECT)
    api("PATCH", domain["id"], account=cognito.SUBJECT, body={"is_primary": True})
    for path in (f"{LINKS}/new", "/dashboard/qr-codes/new/url"):
        assert chosen(person.get(path)) == "menu.go.example.com"
    assert chosen(person.get(f"{LINKS}/new?domain=promo.go.example.com")) == "promo.go.example.com"
    assert chosen(person.get(f"{LINKS}/new?domain=")) == ""


def test_only_domains_that_work_are_offered(person: Browser, dynamodb: DynamoDBClient) -> None:
    for state in DomainState:
        create_domain(dynamodb, cognito.SUBJECT, f"{state}.example.com", state)
    create_domain(dynamodb, "other", "other.example.com")
    assert offered(person.get(f"{LINKS}/new")) == ["", "active.example.com", "failing.example.com"]


def test_a_link_moves_to_the_domain_that_is_chosen(person: Browser, promo: DomainName) -> None:
    link = created(person, "sale")
    one = f"{LINKS}/{link.id}"
    form = {"url": URL, "custom_alias": "sale", "version": "1", "domain": promo.host}
    assert person.submit(one, form).status == 303
    moved = person.app.services.links.get(cognito.SUBJECT, link.id)
    assert (moved.domain, moved.short_code) == (promo, "sale")
    assert "promo.go.example.com" in person.get(one).text.partition("History")[2]
    back = {**form, "domain": "", "version": str(moved.version)}
    assert person.submit(one, back).status == 303
    assert person.app.services.links.get(cognito.SUBJECT, link.id).domain is None


def test_a_form_without_the_choice_leaves_a_link_where_it_is(
    person: Browser, promo: DomainName
) -> None:
    link = created(person, "sale", promo.host)
    form = {"url": URL, "custom_alias": "sale", "name": "Sale", "version": "1"}
    assert person.submit(f"{LINKS}/{link.id}", form).status == 303
    assert person.app.services.links.get(cognito.SUBJECT, link.id).domain == promo


@pytest.mark.parametrize("host", ["pending.example.com", "nobodys.example.com", "<b>"])
def test_a_domain_that_cannot_be_used_is_a_mistake_at_its_field(
    person: Browser, promo: DomainName, dynamodb: DynamoDBClient, host: str
) -> None:
    create_domain(dynamodb, cognito.SUBJECT, "pending.example.com", DomainState.PENDING)
    link = created(person, "sale")
    new = {"url": "nowhere", "domain": host}
    changed = {"url": URL, "custom_alias": "sale", "version": "1", "domain": host}
    for path, form, fields in (
        (LINKS, new, {"url", "domain"}),
        (f"{LINKS}/{link.id}", changed, {"domain"}),
    ):
        response = person.submit(path, form)
        assert response.status == 422
        assert set(re.findall(r'id="(\w+)-error"', response.text)) == fields


def test_the_link_of_a_domain_that_works_no_longer_can_be_changed_and_moved(
    person: Browser, promo: DomainName, dynamodb: DynamoDBClient
) -> None:
    link = created(person, "sale", promo.host)
    create_domain(dynamodb, cognito.SUBJECT, promo.host, DomainState.SUSPENDED)
    close_domain(dynamodb, cognito.SUBJECT, promo)
    one = f"{LINKS}/{link.id}"
    page = person.get(one)
    assert chosen(page) == promo.host
    form = {"url": URL, "custom_alias": "sale", "version": "1", "domain": promo.host}
    assert person.submit(one, {**form, "name": "Sale"}).status == 303
    assert person.submit(one, {**form, "version": "2", "domain": ""}).status == 303
    assert person.app.services.links.get(cognito.SUBJECT, link.id).domain is None


def test_an_alias_is_taken_on_its_domain_only(person: Browser, promo: DomainName) -> None:
    created(person, "sale")
    form = {"url": "nowhere", "custom_alias": "sale", "domain": promo.host}
    assert 'id="custom_alias-error"' not in person.submit(LINKS, form).text
    created(person, "sale", promo.host)
    assert 'id="custom_alias-error"' in person.submit(LINKS, form).text


def test_the_list_is_filtered_by_domain(person: Browser, promo: DomainName) -> None:
    created(person, "here")
    created(person, "there", promo.host)
    default = "api123.execute-api.eu-west-1.amazonaws.com"
    assert offered(person.get(LINKS)) == ["", default, promo.host]
    for domain, codes in (
        ("", ["there", "here"]),
        (promo.host, ["there"]),
        (promo.host.upper(), ["there"]),
        (default, ["here"]),
        ("nobodys.example.com", []),
        ("<b>", []),
    ):
        page = person.get(f"{LINKS}?domain={domain}")
        assert page.status == 200
        assert re.findall(r"</span><span>/(\w+)</span>", page.text) == codes
    found = person.get(f"{LINKS}?domain={promo.host}&search=there")
    assert chosen(found) == promo.host
    edit = re.findall(r'href="([^"]*back=[^"]*)"', found.text)
    assert f"domain%3D{promo.host}" in unescape(edit[0])


def test_a_qr_code_contains_a_short_url_on_the_domain_that_is_chosen(
    person: Browser, promo: DomainName
) -> None:
    form = {"content_data.url": URL, "is_dynamic": "on", "domain": promo.host}
    done = person.submit("/dashboard/qr-codes/new/url", form)
    assert done.status == 303
    page = person.get(done.headers["location"])
    assert f'data-copy="https://{promo.host}/' in page.text
    unknown = person.submit("/dashboard/qr-codes/new/url", {**form, "domain": "x.example.com"})
    assert unknown.status == 422
    assert 'id="domain-error"' in unknown.text


def test_a_link_on_a_domain_gets_a_qr_code(person: Browser, promo: DomainName) -> None:
    link = created(person, "sale", promo.host)
    assert person.submit(f"{LINKS}/{link.id}/qr-code", {}).status == 303
    assert f"https://{promo.host}/" in person.get(f"{LINKS}/{link.id}").text
    again = person.app.services.links.get(cognito.SUBJECT, link.id)
    assert again.qr_domain == promo
