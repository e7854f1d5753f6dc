import pytest

from jmpy.links.short_url import short_url


@pytest.mark.parametrize(
    ("base_url", "host", "expected"),
    [
        ("https://go.example.com", "", "https://go.example.com/sale"),
        ("https://go.example.com/stage", "", "https://go.example.com/stage/sale"),
        ("https://go.example.com", "acme.test", "https://acme.test/sale"),
        ("https://go.example.com/stage", "acme.test", "https://acme.test/sale"),
        ("http://127.0.0.1:8080", "acme.test", "http://acme.test:8080/sale"),
        ("http://localhost", "acme.localhost", "http://acme.localhost/sale"),
    ],
)
def test_the_short_url_is_on_the_domain_of_the_link(
    base_url: str, host: str, expected: str
) -> None:
    assert short_url(base_url, "sale", host) == expected
