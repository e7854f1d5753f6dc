import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.links import bulk_csv
from jmpy.links.bulk import Failure
from jmpy.links.bulk_errors import InvalidUpload, UploadTooLarge
from jmpy.links.bulk_schema import BulkValidateUpload


def rows(text: str) -> list[object]:
    return list(bulk_csv.rows(text))


def test_a_row_is_an_item_of_a_json_upload() -> None:
    text = 'url,custom_alias,name,domain,tags\r\nhttps://a.example,abc,"A ""b"", c",,"x, y,,z"\r\n'
    assert rows(text) == [
        {
            "row": 1,
            "original_url": "https://a.example",
            "custom_alias": "abc",
            "name": 'A "b", c',
            "tags": ["x", "y", "z"],
        }
    ]


@pytest.mark.parametrize(
    "text",
    [
        "url\nhttps://a.example",
        "url\r\nhttps://a.example\r\n",
        "url\rhttps://a.example\r",
        "\ufeffurl\nhttps://a.example\n",
        '\ufeff"URL"\n"https://a.example"\n',
        "\n\n Url \n\n https://a.example \n\n",
        "name,url\n,https://a.example\n,\n",
    ],
)
def test_spellings_of_the_same_file(text: str) -> None:
    assert rows(text) == [{"row": 1, "original_url": "https://a.example"}]


def test_lines_without_content_are_not_counted() -> None:
    found = rows("url,name\nhttps://a.example,\n\n,\nhttps://b.example,B\n")
    assert [item["row"] for item in found if isinstance(item, dict)] == [1, 2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("\ufeff\r\n\r\n", "is empty"),
        ("name\nA\n", "no column 'url'"),
        ("url;name\nhttps://a.example;A\n", "Unknown column 'url;name'.*commas"),
        ("url,colour\nhttps://a.example,red\n", "Unknown column 'colour'"),
        ("url,\nhttps://a.example,\n", "Unknown column ''"),
        ("original_url\nhttps://a.example\n", "'original_url' in the CSV; did you mean 'url'"),
        ("url,Short code\nhttps://a.example,a\n", "did you mean 'custom_alias'"),
        ("url,expires\nhttps://a.example,a\n", "Unknown column 'expires' in the CSV. Separate"),
        ("url,URL\na,b\n", "twice"),
        ("url\nhttps://a.example\0\n", "not UTF-8"),
        ("u\0r\0l\0", "not UTF-8"),
        ("url,name\nhttps://a.example,M\ufffdller\n", "not UTF-8"),
        ("url\n\ud800\n", "not UTF-8"),
        ('url\nhttps://a.example\n"https://b.example\nhttps://c.example\n', "from line 3 on"),
        ('url\n"https://a.example"x\n', "from line 2 on"),
        ("url\n" + "x" * 200_000, "from line 2 on.*field limit"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(InvalidUpload, match=reason):
        rows(text)


@pytest.mark.parametrize(
    ("line", "columns"), [("https://a.example/?q=1,2,Name", 3), ("https://a.example/", 1)]
)
def test_a_ragged_row_fails_alone(line: str, columns: int) -> None:
    ragged, whole = rows(f"url,name\n{line}\nhttps://b.example,B\n")
    assert isinstance(ragged, Failure)
    assert ragged.number == 1
    assert str(ragged.errors[0]) == f"The row has {columns} columns, but the header has 2"
    assert isinstance(whole, dict)


def test_a_file_has_at_most_five_megabytes() -> None:
    head = "url\nhttps://a.example\n"
    rows(head + "\n" * (bulk_csv.MAX_BYTES - len(head)))
    with pytest.raises(UploadTooLarge, match="5 MB"):
        rows(head + "\n" * (bulk_csv.MAX_BYTES - len(head) + 1))
    with pytest.raises(UploadTooLarge, match="5 MB"):
        rows("\u20ac" * (bulk_csv.MAX_BYTES // 3 + 1))


anything = st.text(st.characters(exclude_categories=()))
broken_csv = st.text(st.sampled_from('url,name"\r\n\0 \ufeff\ud800;'))


@given(anything | broken_csv | broken_csv.map(lambda text: "url,name\n" + text))
def test_no_text_raises_anything_but_its_own_error(text: str) -> None:
    with contextlib.suppress(InvalidUpload, UploadTooLarge):
        rows(text)
    with contextlib.suppress(InvalidUpload, UploadTooLarge):
        BulkValidateUpload(csv_content=text or "\n").rows()
