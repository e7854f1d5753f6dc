"""The files that the pages load."""

import re
from hashlib import sha256

import pytest

from jmpy.dashboard.asset import ASSETS, NAMES
from jmpy.dashboard.frame import Frame
from jmpy.dashboard.render import render
from tests.dashboard_sample_data import BASE_PATH
from tests.dashboard_samples import PAGES

FRAME = Frame(base_url="https://go.example.com/live", now=0)


@pytest.mark.parametrize("name", NAMES)
def test_an_address_changes_with_the_content(name: str) -> None:
    stem, _, suffix = name.rpartition(".")
    digest = sha256(ASSETS.text(name).encode()).hexdigest()
    assert FRAME.asset(name) == f"/live/dashboard/assets/{stem}.{digest[:12]}.{suffix}"


@pytest.mark.parametrize("name", PAGES)
def test_every_asset_that_a_page_names_exists(name: str) -> None:
    named = re.findall(rf'"{BASE_PATH}/(dashboard/assets/[^"]+)"', render(PAGES[name]))
    assert named
    assert set(named) <= {ASSETS.path(known) for known in NAMES}


@pytest.mark.parametrize("name", ["dashboard.css", "charts.css"])
def test_a_style_sheet_loads_nothing_from_elsewhere(name: str) -> None:
    assert re.findall(r"@import|url\(", ASSETS.text(name)) == []


def test_the_version_of_htmx_is_the_one_that_is_noted() -> None:
    assert 'version:"2.0.11"' in ASSETS.text("htmx.min.js")
