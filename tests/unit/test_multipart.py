"""Forms as browsers, command-line tools and scripts send them."""

from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.http import multipart
from jmpy.http.body import MalformedBody

CSV = "url\r\nhttps://a.example/\r\n"
DISPOSITION = 'Content-Disposition: form-data; name="file"'
FILE = f'{DISPOSITION}; filename="links.csv"\r\nContent-Type: text/csv'


def form(
    content: str = CSV, *, headers: str = FILE, boundary: str = "----Boundaryx"
) -> tuple[str, str]:
    """Body and Content-Type."""
    body = f"--{boundary}\r\n{headers}\r\n\r\n{content}\r\n--{boundary}--\r\n"
    return body, f"multipart/form-data; boundary={boundary}"


BODY, TYPE = form()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (BODY, TYPE),
        (BODY.replace("\r\n", "\n"), TYPE),
        (BODY.replace("Boundaryx\r\n", "Boundaryx \t\r\n"), TYPE),
        (BODY.removesuffix("\r\n"), TYPE),
        (f"preamble\r\n{BODY}epilogue\r\n------Boundaryx\r\n", TYPE),
        (form(boundary="x")[0], "Multipart/Form-Data; charset=utf-8; BOUNDARY=x; y=z"),
        (form(boundary="a b'()+_,./:=?")[0], 'multipart/form-data; boundary="a b\'()+_,./:=?"'),
        form(headers=f'{DISPOSITION}; filename="a \\"b\\"; name=\\"x\\".csv"'),
        form(headers=f"{DISPOSITION}; filename*=UTF-8''%e2%82%ac.csv"),
        form(headers="content-disposition:FORM-DATA; Name=file; filename=caf\u00e9.csv"),
        form(headers=f"X-Other: 1\r\nContent-Transfer-Encoding: Binary\r\n{DISPOSITION}"),
        form(headers=f"Content-Type: message/rfc822\r\n{DISPOSITION}"),
        form(headers=f"Content-Type: multipart/mixed; boundary=y\r\n{DISPOSITION}"),
    ],
)
def test_forms_that_are_read(body: str, content_type: str) -> None:
    content = multipart.fields(content_type, body)["file"]
    assert content.replace("\r\n", "\n") == CSV.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "content", ["", "---b", "a\r\n--bc\r\nd", "a\r\n-- b\r\n", "\r\n\r\n", "x\r\r", "\ufeffx"]
)
def test_a_files_content_is_unchanged(content: str) -> None:
    body, content_type = form(content, boundary="b")
    assert multipart.fields(content_type, body) == {"file": content}


def test_a_form_may_have_several_parts() -> None:
    part = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = f"--b\r\n{part.format('x', 1)}--b\r\n{part.format('y', 2)}--b--"
    assert multipart.fields("multipart/form-data; boundary=b", body) == {"x": "1", "y": "2"}


@pytest.mark.parametrize(
    ("body", "content_type", "message"),
    [
        (BODY, "multipart/form-data", "boundary"),
        (BODY, "multipart/form-data; boundary=", "boundary"),
        (BODY, "multipart/form-data; boundary=\ud800", "boundary"),
        (BODY, "multipart/form-data; boundary=other", "cut off"),
        (BODY[:-4], TYPE, "cut off"),
        (BODY[:40], TYPE, "cut off"),
        ("", TYPE, "cut off"),
        (*form(headers="Content-Type: text/csv"), "lacks its header"),
        (*form(headers="Content-Disposition: attachment; name=file"), "lacks its header"),
        (*form(headers="Content-Disposition: form-data"), "lacks its header"),
        (*form(headers=""), "lacks its header"),
        (*form(headers=DISPOSITION + ";" * 2_000_000), "lacks its header"),
        (f"--x\r\n{FILE}\r\n--x--", "multipart/form-data; boundary=x", "lacks its header"),
        (*form(headers=f"{FILE}\r\nContent-Transfer-Encoding: base64"), "transfer encoding"),
        (BODY.replace("--\r\n", f"\r\n{FILE}\r\n\r\n\r\n------Boundaryx--"), TYPE, "twice"),
        ("--x\r\n" * 12 + "--x--", "multipart/form-data; boundary=x", "lacks its header"),
    ],
)
def test_a_form_that_cannot_be_read_says_why(body: str, content_type: str, message: str) -> None:
    with pytest.raises(MalformedBody, match=message):
        multipart.fields(content_type, body)


def test_a_form_has_a_bounded_number_of_parts() -> None:
    parts = (f"--x\r\nContent-Disposition: form-data; name={n}\r\n\r\n\r\n" for n in range(11))
    with pytest.raises(MalformedBody, match="more than 10 parts"):
        multipart.fields("multipart/form-data; boundary=x", "".join(parts) + "--x--")


@given(st.text(st.sampled_from("-x;=:*'\"\r\n a\0")), st.text(st.sampled_from('-xfile:;="\r\n ')))
def test_no_form_raises_anything_but_its_own_error(parameters: str, middle: str) -> None:
    for content_type in (f"multipart/form-data;{parameters}", "multipart/form-data; boundary=x"):
        for body in (middle, f"--x\r\n{DISPOSITION}{middle}\r\n\r\n{middle}\r\n--x--"):
            try:
                multipart.fields(content_type, body)
            except MalformedBody as error:
                assert str(error)  # noqa: PT017 - either outcome is fine, a third is not


def test_a_long_content_type_is_cut_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    class Header(Message):
        def __setitem__(self, name: str, value: str) -> None:
            parsed.append(value)
            super().__setitem__(name, value)

    monkeypatch.setattr(multipart, "Message", Header)
    with pytest.raises(MalformedBody):
        multipart.fields(f"multipart/form-data{'; ' * 5000}; boundary=x", form(boundary="x")[0])
    assert [len(text) for text in parsed] == [multipart.MAX_HEADERS]
