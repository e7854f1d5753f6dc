"""What every page of the dashboard promises, whatever it shows."""

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jmpy.clicks.counts import Counts, Tally
from jmpy.dashboard.frame import View
from jmpy.dashboard.render import render
from tests.dashboard_sample_data import BASE_PATH
from tests.dashboard_samples import FULL, PAGES, PARTS

ROOT = Path(__file__).parents[2]
EVERYTHING = PAGES | PARTS
PAYLOADS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)><a href='",
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "{{ 271828 * 314159 }}{% raw %}",
)
ADDRESSES = ("href", "action", "src", "hx-get", "hx-post", "formaction", "poster", "data")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path"}

every_page = pytest.mark.parametrize("name", EVERYTHING)


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    """Tags around it, the outermost first."""


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes, tuple(self._open)))
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and tag not in {"circle", "line", "rect"}:
            assert self._open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def shape(self) -> list[tuple[str, list[str]]]:
        """Elements and the names of their attributes."""
        return [(element.tag, sorted(element.attributes)) for element in self.elements]

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]


@cache
def html_of(name: str) -> str:
    return render(EVERYTHING[name])


@cache
def page(name: str) -> Page:
    return Page(html_of(name))


@cache
def harmless_shape(name: str) -> list[tuple[str, list[str]]]:
    """With nothing but letters stored."""
    return Page(render(with_every_text(EVERYTHING[name], "harmless"))).shape


def is_local(address: str) -> bool:
    return not re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE)


def values(number: int, text: str) -> dict[str, Tally]:
    """So many values of a dimension, which visitors and owners of links choose."""
    return {f"{text}{place}": Tally(2, 1) for place in range(number)}


def with_every_text(value: Any, text: str) -> Any:
    """`value` with `text` in place of every text in it, but for the base URL and fixed words."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if isinstance(value, dict):
        return {name: with_every_text(held, text) for name, held in value.items()}
    if isinstance(value, Counts):
        return replace(value, by={name: values(len(held), text) for name, held in value.by.items()})
    if isinstance(value, tuple | list):
        held_values = [with_every_text(held, text) for held in value]
        return type(value)(*held_values) if hasattr(value, "_fields") else tuple(held_values)
    if is_dataclass(value) and not isinstance(value, type):
        names = {field.name for field in fields(value)} - {"base_url"}
        return replace(value, **{n: with_every_text(getattr(value, n), text) for n in names})
    return value


@every_page
def test_a_page_renders_and_closes_what_it_opens(name: str) -> None:
    rendered = page(name)
    assert rendered.elements
    assert rendered._open == []


@every_page
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_stored_text_becomes_markup(name: str, payload: str) -> None:
    poisoned: View = with_every_text(EVERYTHING[name], payload)
    html = render(poisoned)
    assert "85397212652" not in html
    assert Page(html).shape == harmless_shape(name)


FILE = "data:image/png;base64,"
IMAGE = "data:image/svg+xml;base64,"


@every_page
def test_no_stored_address_runs_script(name: str) -> None:
    for payload in ("javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\tscript:x", "data:x,y"):
        rendered = Page(render(with_every_text(EVERYTHING[name], payload)))
        for element in rendered.elements:
            for attribute in ADDRESSES:
                address = element.attributes.get(attribute, "")
                if "download" in element.attributes and address.startswith(FILE):
                    continue  # saved, never opened
                if element.tag == "img" and address.startswith(IMAGE):
                    continue  # no script runs in it
                assert re.match(r"(/|#|$|https://)", address), (
                    f"{element.tag} {attribute}={address}"
                )


@every_page
@pytest.mark.parametrize("base_path", ["", "/live"])
def test_every_address_of_ours_starts_with_the_base_path(name: str, base_path: str) -> None:
    view, base_url = EVERYTHING[name], f"https://go.example.com{base_path}"
    rendered = Page(render(replace(view, frame=replace(view.frame, base_url=base_url))))
    for element in rendered.elements:
        for attribute in ADDRESSES:
            address = element.attributes.get(attribute, "#")
            if is_local(address) and not address.startswith("#"):
                assert re.match(rf"{base_path}/(dashboard|login|logout|docs|_/qr)(/|\?|$)", address)


@every_page
def test_nothing_is_inline(name: str) -> None:
    rendered = page(name)
    assert rendered.all("style", "iframe", "object", "embed", "base") == []
    assert all(script.attributes.get("src") for script in rendered.all("script"))
    for element in rendered.elements:
        for attribute in element.attributes:
            assert attribute != "style"
            assert not attribute.startswith(("on", "hx-on"))


@pytest.mark.parametrize("name", PAGES)
def test_htmx_neither_evaluates_nor_injects_styles(name: str) -> None:
    (config,) = [
        meta.attributes["content"]
        for meta in page(name).all("meta")
        if meta.attributes.get("name") == "htmx-config"
    ]
    assert '"includeIndicatorStyles":false' in config
    assert '"allowEval":false' in config


@every_page
def test_every_form_that_changes_something_has_the_csrf_token(name: str) -> None:
    html = html_of(name)
    for form in re.findall(r"<form\b.*?</form>", html, re.DOTALL):
        if 'method="get"' in form:
            assert "_token" not in form  # it would end up in the address
        else:
            assert 'method="post"' in form
            session = PAGES[name].frame.csrf_token if name in PAGES else "c5rf-t0ken"
            assert f'<input type="hidden" name="csrf_token" value="{session}">' in form


@every_page
def test_every_form_that_changes_something_has_a_token_of_its_own(name: str) -> None:
    html = html_of(name)
    forms = re.findall(r'<form[^>]* method="post".*?</form>', html, re.DOTALL)
    tokens = [re.findall(r'name="form_token" value="([0-9a-f]{32})"', form) for form in forms]
    assert [len(found) for found in tokens] == [1] * len(forms)
    assert len({found[0] for found in tokens}) == len(forms)


TEMPLATES = sorted(
    path for folder in ("layers", "functions") for path in (ROOT / folder).rglob("*.html")
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_cuts_and_each_of_its_forms_is_sent_once(path: Path) -> None:
    """Also of what no sample shows. Outside of the dashboard, forms create nothing."""
    source = path.read_text(encoding="utf-8")
    assert "maxlength" not in source
    if "dashboard" not in path.parts:
        return
    for form in re.findall(r"<form\b.*?</form>", source, re.DOTALL):
        if 'method="post"' in form:
            assert "ui.csrf(frame)" in form
            assert "data-busy=" in form
        else:
            assert 'method="get"' in form


@every_page
def test_every_form_that_changes_something_says_that_it_is_busy(name: str) -> None:
    for form in re.findall(r'<form[^>]* method="post".*?</form>', html_of(name), re.DOTALL):
        buttons = re.findall(r"<button\b[^>]*>", form)
        submits = [button for button in buttons if 'type="button"' not in button]
        assert submits
        assert all(re.search(r'data-busy="[^"]+…"', button) for button in submits)


@every_page
def test_nothing_that_is_typed_or_pasted_is_cut(name: str) -> None:
    for field in page(name).all("input", "textarea"):
        assert field.attributes.keys().isdisjoint({"maxlength", "minlength"})


@every_page
def test_every_input_has_a_label(name: str) -> None:
    rendered = page(name)
    labelled = {label.attributes.get("for") for label in rendered.all("label")}
    for field in rendered.all("input", "select", "textarea"):
        if field.attributes.get("type") != "hidden":
            assert "label" in field.inside or field.attributes["id"] in labelled


@every_page
def test_no_id_is_there_twice_and_every_reference_leads_somewhere(name: str) -> None:
    rendered = page(name)
    ids = [element.attributes["id"] for element in rendered.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in rendered.elements:
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            for reference in element.attributes.get(attribute, "").split():
                assert reference in ids
        href = element.attributes.get("href", "")
        if href.startswith("#"):
            assert href.removeprefix("#") in ids


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_landmarks_one_heading_and_a_way_past_the_navigation(name: str) -> None:
    rendered = page(name)
    titles = [title for title in rendered.all("title") if "svg" not in title.inside]
    assert len(rendered.all("main")) == len(rendered.all("h1")) == len(titles) == 1
    assert rendered.all("a")[0].attributes["href"] == "#main"
    signed_in = PAGES[name].frame.email is not None
    actions = [form.attributes["action"] for form in rendered.all("form")]
    assert (f"{BASE_PATH}/logout" in actions) is signed_in
    assert any(nav.attributes["aria-label"] == "Dashboard" for nav in rendered.all("nav")) is (
        signed_in
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_current_section_is_marked(name: str) -> None:
    current = [
        link for link in page(name).all("a") if link.attributes.get("aria-current") == "page"
    ]
    assert len(current) == (1 if PAGES[name].frame.section else 0)


@pytest.mark.parametrize("name", FULL)
def test_times_are_for_machines_and_for_people(name: str) -> None:
    for time in page(name).all("time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time.attributes["datetime"])
