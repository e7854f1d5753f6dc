"""The pages of branded domains on the dashboard."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from jmpy.domains.model import DomainState
from tests import cognito
from tests.integration import branded
from tests.integration.branded import HOST, Branded

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.domains.model import Domain
    from project.functions import Response
    from project.resolver import FakeResolver
    from tests.integration.browser import Browser

PAGES = "/dashboard/domains"
NEW = f"{PAGES}/new/branded"


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> FakeResolver:
    return branded.resolver(monkeypatch)


def words(page: Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def claimed(person: Browser, host: str = HOST) -> Domain:
    assert person.submit(NEW, {"domain": host}).status == 303
    (domain, *_) = person.app.services.domain_store.newest(cognito.SUBJECT, 100)
    assert domain.host == host
    found: Domain = domain
    return found


def proven(person: Browser, dns: FakeResolver, domain: Domain) -> None:
    records = person.app.services.branded.verification.records(domain)
    dns.add(records.txt_name, "TXT", records.txt_value)
    dns.add(domain.host, "CNAME", records.target)


def test_a_domain_is_claimed_and_its_records_are_shown_to_be_copied(person: Browser) -> None:
    done = person.submit(NEW, {"domain": "GO.Acme.COM.", "name": "", "description": "For print"})
    assert done.status == 303
    (domain,) = person.app.services.domain_store.newest(cognito.SUBJECT, 100)
    assert (domain.host, domain.name, domain.description) == (HOST, HOST, "For print")
    assert done.headers["location"].endswith(f"{PAGES}/{domain.id}?done=domain-claimed")
    page = person.get(f"{PAGES}/{domain.id}")
    for value in (f"_jmpy.{HOST}", f"jmpy-verify={domain.token}", HOST):
        assert f'data-copy="{value}"' in page.text
    assert f'data-copy="{domain.id}.' in page.text
    assert "Not verified" in words(page)
    assert "Not checked yet" in words(page)


@pytest.mark.parametrize(
    "host", ["", "co.uk", "localhost", "1.2.3.4", "promo.go.example.com", "*.acme.com", "-a.com"]
)
def test_a_name_that_nobody_can_own_is_a_mistake_at_its_field(person: Browser, host: str) -> None:
    response = person.submit(NEW, {"domain": host, "name": "Mine"})
    assert response.status == 422
    assert 'id="domain-error"' in response.text
    assert 'value="Mine"' in response.text
    assert list(person.app.services.domain_store.newest(cognito.SUBJECT, 100)) == []


def test_a_domain_is_claimed_once(person: Browser) -> None:
    claimed(person)
    response = person.submit(NEW, {"domain": HOST})
    assert response.status == 409
    assert f"You already have the domain {HOST}" in words(response)


def test_a_check_says_what_is_missing(person: Browser, dns: FakeResolver) -> None:
    domain = claimed(person)
    one = f"{PAGES}/{domain.id}"
    done = person.submit(f"{one}/check", {})
    assert done.headers["location"].endswith(f"{one}?done=domain-checked")
    page = words(person.get(one))
    assert f"There is no TXT record _jmpy.{HOST} with jmpy-verify={domain.token}." in page
    assert "Last checked" in page
    assert "Not verified" in page


def test_a_domain_whose_records_are_there_works(person: Browser, dns: FakeResolver) -> None:
    domain = claimed(person)
    one = f"{PAGES}/{domain.id}"
    proven(person, dns, domain)
    assert person.submit(f"{one}/check", {}).status == 303
    page = words(person.get(one))
    assert "Active" in page
    assert "all records were found" in page
    assert f'<option value="{HOST}"' in person.get("/dashboard/links/new").text
    assert "hx-get" not in person.get(f"{one}/status").text


def test_the_holder_of_a_domain_is_not_disturbed_by_a_claim(
    person: Browser, dynamodb: DynamoDBClient, dns: FakeResolver
) -> None:
    other = Branded(dynamodb, dns)
    held = other.owned("other")
    domain = claimed(person)
    person.submit(f"{PAGES}/{domain.id}/check", {})
    assert other.read(held).state is DomainState.ACTIVE
    assert "Not verified" in words(person.get(f"{PAGES}/{domain.id}"))


def test_a_name_is_shown_in_both_spellings(person: Browser) -> None:
    domain = claimed(person, "xn--mnchen-3ya.de")
    for page in (person.get(f"{PAGES}/{domain.id}"), person.get(PAGES)):
        assert "münchen.de" in page.text
        assert "xn--mnchen-3ya.de" in page.text


def test_a_subdomain_has_nothing_to_check(person: Browser) -> None:
    person.submit(f"{PAGES}/new/subdomain", {"subdomain": "promo"})
    (domain,) = person.app.services.domain_store.newest(cognito.SUBJECT, 100)
    one = f"{PAGES}/{domain.id}"
    assert "Check now" not in person.get(one).text
    assert person.submit(f"{one}/check", {}).status == 404


def test_without_branded_domains_there_is_no_page_to_claim_one(
    person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOMAIN_HOSTING", "off")
    fresh = type(person)(person.pool)
    fresh.sign_in()
    assert fresh.get(NEW).status == 404
    assert fresh.submit(NEW, {"domain": HOST}).status == 404
    assert "This service does not offer them" in words(fresh.get(PAGES))
