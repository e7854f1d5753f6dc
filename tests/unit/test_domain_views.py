"""What pages of the dashboard say of domains."""

from html import unescape

import pytest

from jmpy.dashboard.render import render
from tests.dashboard_sample_data import API
from tests.dashboard_samples import PAGES


def html(name: str) -> str:
    return " ".join(unescape(render(PAGES[name])).split())


@pytest.mark.parametrize("name", ["links", "overview", "campaign"])
def test_a_short_url_is_shown_and_copied_on_its_own_host(name: str) -> None:
    page = html(name)
    for address in (
        f"{API}/autumn",
        "https://links.acme.example/code2",
        "https://promo.go.example.com/code4",
    ):
        host, _, code = address.removeprefix("https://").rpartition("/")
        assert f'<span class="host">{host}</span><span>/{code}</span>' in page
        assert f'data-copy="{address}"' in page
