"""What the API says of a link's domain, and which addresses it shows."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from jmpy.domains.choice import UrlType, domain_fields
from jmpy.domains.model import DomainKind, DomainName
from jmpy.formats import csv_file
from jmpy.links import export
from jmpy.links.model import Link
from jmpy.links.schema import LinkBody

NOW = 1_800_000_000
BASE_URL = "https://go.example.com"
PROMO = DomainName("1", "promo.go.example.com", DomainKind.SUBDOMAIN)
ACME = DomainName("2", "link.acme.test", DomainKind.BRANDED)


def link_on(domain: DomainName | None) -> Link:
    return Link(
        "1", "a", "sale", "https://a.example/", 1, 2,
        domain=domain, qr_id="q", qr_code="p", qr_domain=domain,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "fields"),
    [
        (None, (UrlType.STANDARD, None, None)),
        (PROMO, (UrlType.SUBDOMAIN, "promo", None)),
        (ACME, (UrlType.BRANDED, None, "link.acme.test")),
    ],
)
def test_a_response_has_three_fields_for_the_domain(
    domain: DomainName | None, fields: tuple[Any, ...]
) -> None:
    assert tuple(domain_fields(domain).values()) == fields
    body = LinkBody.from_link(link_on(domain), BASE_URL, NOW)
    assert (body.url_type, body.subdomain, body.branded_domain) == fields


@pytest.mark.parametrize(
    ("domain", "base"),
    [(None, BASE_URL), (PROMO, f"https://{PROMO.host}"), (ACME, f"https://{ACME.host}")],
)
def test_short_urls_and_printed_ones_are_on_the_domain_in_responses_and_files(
    domain: DomainName | None, base: str
) -> None:
    body = LinkBody.from_link(link_on(domain), BASE_URL, NOW)
    assert (body.short_url, body.full_url, body.qr_content) == (
        f"{base}/sale", f"{base}/sale", f"{base}/p",
    )  # fmt: skip
    lines = csv_file.line(export.HEADER), csv_file.line(export.row(link_on(domain), BASE_URL, NOW))
    (row,) = csv.DictReader(io.StringIO("".join(lines), newline=""))
    assert (row["short_url"], row["qr_content"]) == (f"{base}/sale", f"{base}/p")
