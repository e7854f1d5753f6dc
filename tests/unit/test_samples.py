"""Whether the samples leave out no page that people are shown: a browser and axe look at those."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from jmpy.dashboard import render, views
from jmpy.dashboard.frame import View
from jmpy.web import visitor_pages
from tests import public_samples
from tests.dashboard_samples import PAGES, PARTS

DASHBOARD = Path(render.__file__).with_name("templates")
PUBLIC = Path(visitor_pages.__file__).with_name("templates")


def declared() -> set[type[View]]:
    """Every view that has a template of its own."""
    names = [path.stem for path in Path(views.__file__).parent.glob("*.py")]
    modules = [import_module(f"{views.__name__}.{name}") for name in names]
    found = (one for module in modules for one in vars(module).values() if isinstance(one, type))
    return {one for one in found if issubclass(one, View) and "template" in vars(one)}


def test_every_view_has_a_sample() -> None:
    assert declared() == {type(sample) for sample in (PAGES | PARTS).values()}


def test_every_page_is_a_view() -> None:
    texts = {path.name: path.read_text() for path in DASHBOARD.glob("*.html")}
    bases = {name for text in texts.values() for name in re.findall(r'{% extends "(.*)" %}', text)}
    whole = {name for name, text in texts.items() if "{% extends" in text} - bases
    assert whole == {view.template for view in declared()} & whole


def test_every_public_page_has_a_sample() -> None:
    """Each template, and each status that has words of its own."""
    whole = {path.stem for path in PUBLIC.glob("*.html") if "{% extends" in path.read_text()}
    shown = {name.split("-")[1] for name in public_samples.PAGES}
    assert whole == {"error"} | (shown & whole)
    assert {
        problem.status for problem in public_samples.PROBLEMS.values()
    } >= visitor_pages._TEXTS.keys()
