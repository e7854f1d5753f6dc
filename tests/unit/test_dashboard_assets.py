"""The files that the pages load."""

import re
from hashlib import sha256

import pytest

from jmpy.dashboard.asset import CONTENT_TYPES, asset
from jmpy.dashboard.frame import Frame
from jmpy.dashboard.render import render
from tests.dashboard_sample_data import BASE_PATH
from tests.dashboard_samples import PAGES

FRAME = Frame(base_path="/live", now=0)


@pytest.mark.parametrize("name", CONTENT_TYPES)
def test_an_address_changes_with_the_content(name: str) -> None:
    found = asset(name)
    assert found is not None
    digest = sha256(found[1]).hexdigest()
    assert FRAME.asset(name) == f"/live/dashboard/assets/{name}?v={digest[:12]}"


@pytest.mark.parametrize("name", ["THIRD_PARTY.md", "../asset.py", "", "dashboard.css/"])
def test_nothing_else_is_served(name: str) -> None:
    assert asset(name) is None


@pytest.mark.parametrize("name", PAGES)
def test_every_asset_that_a_page_names_exists(name: str) -> None:
    named = re.findall(rf'"{BASE_PATH}/dashboard/assets/([^"?]+)\?v=', render(PAGES[name]))
    assert named
    assert all(asset(found) for found in named)


@pytest.mark.parametrize("name", ["dashboard.css", "charts.css"])
def test_a_style_sheet_loads_nothing_from_elsewhere(name: str) -> None:
    found = asset(name)
    assert found is not None
    assert re.findall(r"@import|url\(", found[1].decode()) == []


def test_the_version_of_htmx_is_the_one_that_is_noted() -> None:
    found = asset("htmx.min.js")
    assert found is not None
    assert b'version:"2.0.11"' in found[1]
